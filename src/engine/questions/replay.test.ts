// Observed flows under policies: what becomes of each, why, and what nobody used.

import { describe, expect, it } from 'vitest';
import { type FlowParts, observed } from '../../../test/support/observed.ts';
import { deployment, namespace, node, pod, policy, scenario, service } from '../../../test/support/scenario.ts';
import { validateDocument } from '../../../test/support/schemas.ts';
import type { ObservedFlow } from '../model/flow.ts';
import { type ReplayOptions, replay } from './replay.ts';
import type { Replay } from './replay-document.ts';

const CLUSTER: readonly string[] = [
  namespace('shop'),
  node('n1', '192.168.0.1'),
  pod('shop/web', { labels: 'app=web', ip: '10.0.0.10', ports: '8080', node: 'n1' }),
  pod('shop/api', { labels: 'app=api', ip: '10.0.0.11', ports: 'http=9090', node: 'n1' }),
  pod('shop/db', { labels: 'app=db', ip: '10.0.0.12', ports: '5432', node: 'n1' }),
  deployment('shop/blue', 'app=blue,tier=x', '80'),
  service('shop/api', '{clusterIP: 10.96.0.11, selector: {app: api}, ports: [{port: 80, targetPort: http}]}'),
];
const DB = policy(
  'shop/db',
  '{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {app: api}}}, {podSelector: {matchLabels: {app: blue}}}], ports: [{port: 5432}, {port: 5433}]}]}',
);
const WEB_TO_DB = '10.0.0.10 -> 10.0.0.12:5432';
const API_TO_DB = '10.0.0.11 -> 10.0.0.12:5432';
const REFUSED: FlowParts = { verdict: { kind: 'denied', by: 'policy', reason: 'POLICY_DENIED' } };

function run(flows: readonly ObservedFlow[], policies: readonly string[], options: ReplayOptions = {}): Replay {
  const document = replay(scenario([...CLUSTER, ...policies]).state, flows, options);
  expect(validateDocument(JSON.parse(JSON.stringify(document)))).toEqual([]);
  return document;
}

/** `outcome from -> to:port` of every connection. */
function outcomes({ observed: connections, endpoints }: Replay): string[] {
  const nameOf = (id: number) => endpoints[id]!.key.replace(/\/[A-Z][A-Za-z]+(\.[a-z.]+)?\//, '/');
  return connections.map(({ outcome, from, to, port }) => `${outcome} ${nameOf(from)} -> ${nameOf(to)}:${port}`);
}

describe('outcomes', () => {
  it('what got through and no rule allows is newly denied, with the policy and its nearest rule', () => {
    const document = run([observed(WEB_TO_DB, { count: 7 })], [DB]);
    expect(outcomes(document)).toEqual(['newly-denied shop/web -> shop/db:5432']);
    const [connection] = document.observed;
    expect(connection).toMatchObject({ log: 'passed', verdict: 'denied', seen: { count: 7, file: 'log' } });
    expect(connection!.ingress).toMatchObject({
      verdict: 'denied',
      isolatedBy: [{ namespace: 'shop', name: 'db' }],
      nearest: { policy: { name: 'db' }, rule: 0 },
    });
    expect(connection!.egress).toMatchObject({ verdict: 'allowed' });
    expect(document.summary).toMatchObject({ newlyDenied: 1, stillAllowed: 0 });
  });

  it('what a rule allows stays allowed, and says no more', () => {
    const document = run([observed(API_TO_DB)], [DB]);
    expect(outcomes(document)).toEqual(['still-allowed shop/api -> shop/db:5432']);
    expect(document.observed[0]).not.toHaveProperty('ingress');
  });

  it('what a policy refused is still denied, or newly allowed', () => {
    expect(outcomes(run([observed(WEB_TO_DB, REFUSED)], [DB]))).toEqual(['still-denied shop/web -> shop/db:5432']);
    expect(outcomes(run([observed(WEB_TO_DB, REFUSED)], []))).toEqual(['newly-allowed shop/web -> shop/db:5432']);
  });

  it('what got through and was refused as well is newly denied', () => {
    const document = run([observed(WEB_TO_DB), observed(WEB_TO_DB, { ...REFUSED, count: 3 })], [DB]);
    expect(document.observed).toMatchObject([{ outcome: 'newly-denied', refused: 3, seen: { count: 4 } }]);
  });

  it('what was dropped for another reason is no change', () => {
    const dropped: FlowParts = { verdict: { kind: 'denied', by: 'other', reason: 'NO_ROUTE' } };
    expect(outcomes(run([observed(WEB_TO_DB, dropped)], []))).toEqual(['still-allowed shop/web -> shop/db:5432']);
    expect(outcomes(run([observed(WEB_TO_DB, dropped)], [DB]))).toEqual(['still-denied shop/web -> shop/db:5432']);
  });

  it('what was refused for no reason that is given may have been by a policy', () => {
    const refused: FlowParts = { verdict: { kind: 'denied', by: 'other' } };
    expect(outcomes(run([observed(WEB_TO_DB, refused)], []))).toEqual(['newly-allowed shop/web -> shop/db:5432']);
    expect(outcomes(run([observed(WEB_TO_DB, refused)], [DB]))).toEqual(['still-denied shop/web -> shop/db:5432']);
  });

  it('what the log does not judge counts as let through', () => {
    const document = run([observed(WEB_TO_DB, { verdict: { kind: 'unknown' } })], [DB]);
    expect(document.observed).toMatchObject([{ outcome: 'newly-denied', log: 'unknown' }]);
  });

  it('what cannot be decided is neither, and says why', () => {
    const toBlue = policy(
      'shop/api',
      '{podSelector: {matchLabels: {app: api}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.1.0.0/16}}]}]}',
    );
    const destination = { namespace: 'shop', workload: { kind: 'Deployment', name: 'blue' } };
    const document = run([observed('10.0.0.11 -> 10.1.0.1:80', {}, { destination })], [toBlue]);
    expect(document.observed).toMatchObject([{ outcome: 'undecidable', verdict: 'unknown', reason: 'pod-address' }]);
  });

  it('is judged at the port of the pod, whatever the Service is called by', () => {
    const only = policy('shop/api', '{podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: http}]}]}');
    const document = run([observed('10.0.0.10 -> 10.96.0.11:80')], [only]);
    expect(outcomes(document)).toEqual(['still-allowed shop/web -> shop/api:9090']);
    expect(document.observed[0]!.via).toEqual({ namespace: 'shop', name: 'api', port: 80 });
  });

  it("a probe from the pod's own node is never cut off, another node's call is", () => {
    const deny = policy('shop/deny', '{podSelector: {}, policyTypes: [Ingress]}');
    const more = [node('n2', '192.168.0.2'), deny];
    expect(outcomes(run([observed('192.168.0.1 -> 10.0.0.10:8080')], more))).toEqual([
      'still-allowed node/ -> shop/web:8080',
    ]);
    expect(outcomes(run([observed('192.168.0.2 -> 10.0.0.10:8080')], more))).toEqual([
      'newly-denied node/n2 -> shop/web:8080',
    ]);
  });

  it('a probe is never cut off either where a workload runs on several nodes', () => {
    const deny = policy('shop/deny', '{podSelector: {}, policyTypes: [Ingress]}');
    const spread = ['n1', 'n2'].map((name, i) => {
      const made = JSON.parse(pod(`shop/many-${i}`, { labels: 'app=many', ip: `10.0.0.2${i}`, node: name }));
      made.metadata.ownerReferences = [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'many', controller: true }];
      return JSON.stringify(made);
    });
    const document = run([observed('192.168.0.1 -> 10.0.0.20:80')], [node('n2', '192.168.0.2'), deny, ...spread]);
    expect(outcomes(document)).toEqual(['still-allowed node/ -> shop/many:80']);
  });

  it('only some pods of a workload are partly denied', () => {
    const more = ['a', 'b'].map((name, i) => {
      const made = JSON.parse(pod(`shop/many-${name}`, { labels: `app=many,half=${name}`, ip: `10.0.0.2${i}` }));
      made.metadata.ownerReferences = [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'many', controller: true }];
      return JSON.stringify(made);
    });
    const half = policy('shop/half', '{podSelector: {matchLabels: {half: b}}, policyTypes: [Egress]}');
    const source = { namespace: 'shop', workload: { kind: 'StatefulSet', name: 'many' } };
    const all = run([observed('10.0.0.99 -> 10.0.0.12:5432', {}, { source })], [...more, half]);
    expect(all.observed).toMatchObject([{ outcome: 'newly-denied', verdict: 'partly' }]);
    const one = run([observed('shop/many-a@10.0.0.20 -> 10.0.0.12:5432')], [...more, half]);
    expect(one.observed).toMatchObject([{ outcome: 'still-allowed', verdict: 'allowed' }]);
  });
});

describe('a proposal over policies', () => {
  const { state } = scenario([...CLUSTER, DB]);
  const before = scenario([...CLUSTER, policy('shop/deny', '{podSelector: {}}')]).state.policies;

  it('newly allows what the policies before denied', () => {
    const document = replay(state, [observed(API_TO_DB, { verdict: { kind: 'unknown' } })], { before });
    expect(document.proposed).toBe(true);
    expect(document.observed).toMatchObject([{ outcome: 'newly-allowed', before: 'denied', verdict: 'allowed' }]);
  });

  it('still denies what both deny, unless the log saw it get through', () => {
    const unknown = replay(state, [observed(WEB_TO_DB, { verdict: { kind: 'unknown' } })], { before });
    expect(unknown.observed).toMatchObject([{ outcome: 'still-denied' }]);
    const passed = replay(state, [observed(WEB_TO_DB)], { before });
    expect(passed.observed).toMatchObject([{ outcome: 'newly-denied', before: 'denied' }]);
  });
});

describe('what was never used', () => {
  it('is told by rule, entry and workload', () => {
    const { unused, endpoints } = run([observed(API_TO_DB)], [DB]);
    expect(unused).toMatchObject([
      {
        policy: { name: 'db' },
        direction: 'ingress',
        used: 1,
        peers: [{ says: 'pods app=blue of namespace shop', source: { path: 'spec.ingress[0].from[1]' } }],
        ports: [{ says: '5433/TCP', source: { path: 'spec.ingress[0].ports[1]' } }],
        total: 1,
      },
    ]);
    expect(unused[0]!.endpoints.map((id) => endpoints[id]!.key)).toEqual(['shop/Deployment.apps/blue']);
  });

  it('is a whole rule where no flow used any of it, and none where all of it was used', () => {
    expect(run([observed(WEB_TO_DB)], [DB]).unused).toMatchObject([{ used: 0, total: 2 }]);
    const open = policy('shop/open', '{podSelector: {matchLabels: {app: db}}, ingress: [{}]}');
    expect(run([observed(WEB_TO_DB)], [open]).unused).toEqual([]);
  });
});

it('lists what was not attributed, left aside and never seen', () => {
  const document = run(
    [
      observed('10.0.0.10 -> nowhere:80'),
      observed('10.0.0.10 -> 224.0.0.1:80'),
      observed(API_TO_DB, { first: 0, last: 1 }),
    ],
    [],
  );
  expect(document.unattributed).toMatchObject([
    { reason: 'invalid-address', destination: 'nowhere', seen: { count: 1 } },
  ]);
  expect(document.leftAside).toMatchObject([{ reason: 'multicast' }]);
  expect(document.records).toEqual({ total: 3, connections: 1, unattributed: 1, leftAside: 1 });
  expect(document.unseen.map((id) => document.endpoints[id]!.key)).toEqual([
    'shop/Deployment.apps/blue',
    'shop/Pod/web',
  ]);
  expect(document.window).toEqual({ first: '1970-01-01T00:00:00.000Z', last: '1970-01-01T00:00:00.001Z' });
});
