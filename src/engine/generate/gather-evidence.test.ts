import { describe, expect, it } from 'vitest';
import { CLUSTER } from '../../../test/support/attributed.ts';
import { printEdge } from '../../../test/support/evidence.ts';
import { generated, type Wanted } from '../../../test/support/generating.ts';
import { observed } from '../../../test/support/observed.ts';
import { deployment, pod, scenario } from '../../../test/support/scenario.ts';
import type { ObservedFlow } from '../model/flow.ts';
import { detectPlatform, parsePlatformFlags } from '../platforms/index.ts';
import { gatherEvidence } from './gather-evidence.ts';

const FRONT = (() => {
  const made = JSON.parse(deployment('shop/front', 'app=front', '80'));
  made.spec.template.spec.containers[0].env = [{ name: 'CART_ADDR', value: 'cart:7070' }];
  return JSON.stringify(made);
})();

function gathered(flows?: readonly ObservedFlow[], namespaces = ['shop'], lost = 0) {
  const { state } = scenario([...CLUSTER, FRONT]);
  const given = flows === undefined ? undefined : { flows, broken: 2, lost, within: {} };
  return gatherEvidence(state, detectPlatform(state), namespaces, given);
}

describe('evidence', () => {
  it('comes from manifests, the platform and flows', () => {
    const { found } = gathered([observed('10.0.0.10 -> 10.0.0.11:7070')]);
    const kinds = new Set(found.evidence.map(({ kind }) => kind));
    for (const kind of ['environment', 'dns', 'observed', 'exposed-service'] as const)
      expect([...kinds]).toContain(kind);
    expect(found.evidence.map(printEdge)).toContain('shop/front -> shop/cart:7070/TCP');
    expect(found.evidence.map(printEdge)).toContain('shop/web -> shop/cart:7070/TCP');
  });

  it('asks where a node is only supposed to be the kubelet of a pod that is gone', () => {
    const made = JSON.parse(deployment('shop/probed', 'app=probed', '9000'));
    made.spec.template.spec.containers[0].readinessProbe = { httpGet: { port: 9000 } };
    const { state } = scenario([...CLUSTER, JSON.stringify(made)]);
    const gone = { namespace: 'shop', pod: 'probed-6bfb7f754-zzzzz', workload: { kind: 'Deployment', name: 'probed' } };
    const flows = [observed('192.168.0.1 -> 10.9.9.9:9000', {}, { destination: gone })];
    const given = { flows, broken: 0, lost: 0, within: {} };
    const { found } = gatherEvidence(state, detectPlatform(state), ['shop'], given);
    expect(found.questions.find(({ about }) => about === 'supposed-probes')?.says).toBe(
      'one record of a node at shop/probed:9000 was taken for probes of the kubelet, and nobody knows on which nodes those pods were',
    );
  });

  it('of the platform is for the namespaces asked for only', () => {
    expect(gathered(undefined, ['ops']).found.evidence.filter(({ kind }) => kind === 'dns')).toEqual([]);
  });

  it('never names the API server itself, but its addresses', () => {
    const { found } = gathered([observed('10.0.0.10 -> 10.96.0.1:443')]);
    expect(found.evidence.some(({ from, to }) => [from, to].some(({ type }) => type === 'api-server'))).toBe(false);
    expect(found.evidence.map(printEdge)).toContain('shop/web -> 192.168.0.1/32:6443/TCP');
  });
});

it('what flags say of the API server is followed through its Service, which policies do not see', () => {
  const { state } = scenario([...CLUSTER, FRONT]);
  const platform = parsePlatformFlags({ apiServer: ['10.96.0.1:443'], dns: ['10.96.0.40:5432'] });
  const { found } = gatherEvidence(state, detectPlatform(state, {}, platform), ['shop'], undefined);
  const edges = found.evidence.map(printEdge);
  expect(edges).toContain('shop/front -> 172.16.5.5/32:15432/TCP');
  expect(edges.filter((edge) => edge.includes('10.96.0.'))).toEqual([]);
});

describe('questions', () => {
  const denied = (parts: Parameters<typeof observed>[1] = {}) =>
    observed('10.0.0.10 -> 10.0.1.12:50051', { verdict: { kind: 'denied', by: 'policy' }, ...parts });

  it('are connections that never worked, with the words that allow them', () => {
    const { questions, evidence } = gathered([denied({ count: 3 })]).found;
    expect(evidence.filter(({ kind }) => kind === 'observed')).toEqual([]);
    expect(questions).toContainEqual(
      expect.objectContaining({
        about: 'denied',
        says: 'shop/web -> shop/high, 50051/TCP, was tried and refused by a policy (3 records)',
        hint: 'if it is wanted: --allow "shop/web -> shop/high:50051"',
      }),
    );
  });

  it('are settled by what the engineer says of that very connection', () => {
    const left = (wanted: Wanted): number =>
      generated([...CLUSTER, FRONT], { flows: [denied()], ...wanted }).document.questions.filter(
        ({ about }) => about === 'denied',
      ).length;
    expect(left({})).toBe(1);
    expect(left({ allow: ['shop/web -> shop/high:50051'] })).toBe(0);
    expect(left({ forbid: ['shop/web -> shop/high'] })).toBe(0);
    expect(left({ allow: ['shop/web -> shop/high:50052'] })).toBe(1);
    expect(left({ allow: ['shop/web -> shop/high:50051/udp'] })).toBe(1);
    expect(left({ forbid: ['shop/high -> shop/web'] })).toBe(1);
  });

  it('count one record in a word, and name the protocol where it is not TCP', () => {
    const { questions } = gathered([denied({ protocol: 'UDP' })]).found;
    const [question] = questions.filter(({ about }) => about === 'denied');
    expect(question?.says).toContain('(one record)');
    expect(question?.hint).toContain(':50051/udp"');
  });

  it('about addresses can be typed, IPv6 too', () => {
    const { questions } = gathered([
      observed('10.0.0.10 -> 203.0.113.7:443', { verdict: { kind: 'denied', by: 'other' } }),
    ]).found;
    expect(questions.map(({ hint }) => hint)).toContain('if it is wanted: --allow "shop/web -> 203.0.113.7:443"');
  });
});

it('a hint names the kind where two workloads have one name', () => {
  const twin = pod('shop/web', { labels: 'app=web-pod', ip: '10.0.0.99' });
  const { state } = scenario([...CLUSTER, FRONT, twin]);
  const refused = observed('10.0.0.10 -> 203.0.113.7:443', { verdict: { kind: 'denied', by: 'other' } });
  const { found } = gatherEvidence(state, detectPlatform(state), ['shop'], {
    flows: [refused],
    broken: 0,
    lost: 0,
    within: {},
  });
  expect(found.questions.map(({ hint }) => hint).join()).toContain('--allow "shop/deployment/web -> 203.0.113.7:443"');
});

describe('what the log says of itself', () => {
  it('is absent without one', () => {
    expect(gathered().observation).toBeUndefined();
  });

  it('is counted, ICMP as well', () => {
    const icmp = observed('10.0.0.10 -> 203.0.113.7', { protocol: 'ICMP', port: 8, count: 4 });
    const flows = [observed('10.0.0.10 -> 10.0.0.11:7070', { first: 5, last: 9 }), icmp];
    const { observation } = gathered(flows, ['shop'], 7);
    expect(observation).toMatchObject({
      first: 5,
      last: 9,
      broken: 2,
      lost: 7,
      icmp: 4,
      unattributed: 0,
    });
    expect(observation?.unseenProtocols).toContain('UDP');
    expect([...(observation?.unseenWorkloads ?? [])].some((key) => key.endsWith('/front'))).toBe(true);
  });

  it('counts what pods sent to many at once, and not what nodes did', () => {
    const sent = { protocol: 'UDP', count: 3 } as const;
    const { observation } = gathered([
      observed('10.0.0.10 -> 224.0.0.251:5353', sent),
      observed('192.168.0.1 -> 224.0.0.251:5353', sent),
    ]);
    expect(observation?.multicast).toBe(3);
  });
});
