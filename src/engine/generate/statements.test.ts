import { describe, expect, it } from 'vitest';
import { printEdge } from '../../../test/support/evidence.ts';
import { deployment, namespace, node, pod, scenario, service } from '../../../test/support/scenario.ts';
import { worldOf } from '../endpoints/world.ts';
import type { Evidence, Party } from '../model/evidence.ts';
import { EVERYTHING } from '../model/selector.ts';
import { parsePair } from '../questions/parse-pair.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import { forbidden, statedEvidence, withoutForbidden } from './statements.ts';

const WORLD = worldOf(
  scenario([
    namespace('shop'),
    namespace('ops'),
    node('n1', '192.168.0.1'),
    deployment('shop/web', 'app=web', 'http=8080'),
    deployment('shop/cart', 'app=cart', 'grpc=7070'),
    deployment('ops/probe', 'app=probe'),
    pod('shop/db', { labels: 'app=db', ip: '10.0.0.9' }),
    service('shop/cart', '{selector: {app: cart}, ports: [{port: 80, targetPort: grpc}]}'),
  ]).state,
);
const CONTEXT = { defaultNamespace: 'default', protocols: ['TCP', 'UDP', 'SCTP'] as const };

const stated = (...texts: readonly string[]): string[] =>
  statedEvidence(
    WORLD,
    texts.map((text) => parsePair([text])),
    CONTEXT,
  ).map(printEdge);

describe('what is allowed by hand', () => {
  it.each<[string, readonly string[]]>([
    ['shop/web -> shop/cart:7070', ['shop/web -> shop/cart:7070/TCP']],
    ['shop/web -> shop/cart:7070-7079/udp', ['shop/web -> shop/cart:7070-7079/UDP']],
    ['shop/web -> shop/svc/cart:80', ['shop/web -> shop/cart:7070/TCP']],
    ['shop/web -> shop/cart:grpc', ['shop/web -> shop/cart:7070/TCP']],
    [
      'shop/web -> shop/cart',
      ['shop/web -> shop/cart:1-65535/TCP', 'shop/web -> shop/cart:1-65535/UDP', 'shop/web -> shop/cart:1-65535/SCTP'],
    ],
    ['ops/ -> shop/web:8080', ['ops/probe -> shop/web:8080/TCP']],
    [
      'ops/probe -> shop/:80',
      ['ops/probe -> shop/cart:80/TCP', 'ops/probe -> shop/db:80/TCP', 'ops/probe -> shop/web:80/TCP'],
    ],
    ['shop/web -> 203.0.113.7:443', ['shop/web -> 203.0.113.7/32:443/TCP']],
    ['shop/web -> [2001:db8::/64]:443', ['shop/web -> 2001:db8::/64:443/TCP']],
    ['203.0.113.0/24 -> shop/web:8080', ['203.0.113.0/24 -> shop/web:8080/TCP']],
    ['node/n1 -> shop/web:8080', ['node n1 -> shop/web:8080/TCP']],
    ['{team=a}/{app=new} -> shop/web:8080', ['{team=a}/{app=new} -> shop/web:8080/TCP']],
  ])('%s', (text, edges) => {
    expect([...stated(text)].sort()).toEqual([...edges].sort());
  });

  it('is certain, and says how it was typed', () => {
    const [one] = statedEvidence(WORLD, [parsePair(['shop/web', 'shop/cart:7070'])], CONTEXT);
    expect(one).toMatchObject({
      kind: 'stated',
      confidence: 'certain',
      says: 'allowed by hand: shop/web -> shop/cart:7070',
    });
  });

  it.each([
    'shpo/web -> shop/cart:1',
    'shop/wbe -> shop/cart:1',
    'shop/web -> shop/svc/crat:80',
    'node/n9 -> shop/web:1',
  ])('%s names what is not there', (text) => {
    expect(() => stated(text)).toThrow();
  });
});

const workload = (path: string, kind = 'Deployment.apps'): Party => {
  const [home, name] = path.split('/');
  return { type: 'workload', key: `${home}/${kind}/${name}` };
};
const edge = (from: Party, to: Party, ports: readonly [number, number], protocol: Protocol = 'TCP'): Evidence => ({
  from,
  to,
  protocol,
  ports,
  kind: 'observed',
  confidence: 'certain',
  says: 'seen',
});
const addresses = (...cidrs: [string, ...string[]]): Party => ({ type: 'addresses', cidrs });
const OUTSIDE: Party = { type: 'outside' };

/** What is left of some evidence, and how much was taken from. */
function left(evidence: readonly Evidence[], ...bans: readonly string[]): string[] {
  const found = forbidden(
    WORLD,
    bans.map((text) => parsePair([text])),
    CONTEXT,
  );
  const { kept, dropped } = withoutForbidden(WORLD, evidence, found);
  return [...kept.map(printEdge).sort(), ...dropped.map(({ ban }) => `- ${ban.text}`)];
}

const WEB_TO_CART = edge(workload('shop/web'), workload('shop/cart'), [7000, 7099]);

describe('what is forbidden', () => {
  it.each<[string, readonly Evidence[], string, readonly string[]]>([
    ['nothing that is about others', [WEB_TO_CART], 'ops/probe -> shop/cart', ['shop/web -> shop/cart:7000-7099/TCP']],
    ['nothing at other ports', [WEB_TO_CART], 'shop/web -> shop/cart:8080', ['shop/web -> shop/cart:7000-7099/TCP']],
    [
      'nothing of another protocol',
      [WEB_TO_CART],
      'shop/web -> shop/cart:7050/udp',
      ['shop/web -> shop/cart:7000-7099/TCP'],
    ],
    ['all of it', [WEB_TO_CART], 'shop/web -> shop/cart', ['- shop/web -> shop/cart']],
    ['a whole namespace', [WEB_TO_CART], 'shop/ -> shop/', ['- shop/ -> shop/']],
    [
      'a port out of the middle',
      [WEB_TO_CART],
      'shop/web -> shop/cart:7050',
      ['shop/web -> shop/cart:7000-7049/TCP', 'shop/web -> shop/cart:7051-7099/TCP', '- shop/web -> shop/cart:7050'],
    ],
    [
      'what a Service leads to',
      [WEB_TO_CART],
      'shop/web -> shop/svc/cart:80',
      [
        'shop/web -> shop/cart:7000-7069/TCP',
        'shop/web -> shop/cart:7071-7099/TCP',
        '- shop/web -> shop/service/cart:80',
      ],
    ],
    [
      'some addresses',
      [edge(workload('shop/web'), addresses('203.0.113.0/30'), [443, 443])],
      'shop/web -> 203.0.113.2/31:443',
      ['shop/web -> 203.0.113.0/31:443/TCP', '- shop/web -> 203.0.113.2/31:443'],
    ],
    [
      'some addresses at one port: the others keep all ports, these keep the rest',
      [edge(workload('shop/web'), addresses('203.0.113.0/31'), [443, 444])],
      'shop/web -> 203.0.113.0:443',
      ['shop/web -> 203.0.113.0/31:444/TCP', 'shop/web -> 203.0.113.1/32:443-444/TCP', '- shop/web -> 203.0.113.0:443'],
    ],
    [
      'some clients outside: the others stay',
      [edge(addresses('203.0.113.0/24'), workload('shop/web'), [8080, 8080])],
      '203.0.113.0/25 -> shop/web',
      ['203.0.113.128/25 -> shop/web:8080/TCP', '- 203.0.113.0/25 -> shop/web'],
    ],
    [
      'pods that a platform names by labels, where the ban names their workload',
      [
        edge(
          {
            type: 'pods',
            namespaces: { name: 'ops' },
            pods: { op: 'in', key: 'app', values: ['probe'] },
            what: 'probes',
          },
          workload('shop/web'),
          [8080, 8080],
        ),
      ],
      'ops/probe -> shop/web',
      ['- ops/probe -> shop/web'],
    ],
    [
      'nothing of pods with other labels',
      [
        edge(
          {
            type: 'pods',
            namespaces: { name: 'ops' },
            pods: { op: 'in', key: 'app', values: ['other'] },
            what: 'others',
          },
          workload('shop/web'),
          [8080, 8080],
        ),
      ],
      'ops/probe -> shop/web',
      ['others -> shop/web:8080/TCP'],
    ],
    [
      'nothing from every pod of the cluster, of which no rule can name the others',
      [
        edge(
          { type: 'pods', namespaces: { selector: EVERYTHING }, pods: EVERYTHING, what: 'every pod' },
          workload('shop/web'),
          [8080, 8080],
        ),
      ],
      'ops/ -> shop/web',
      ['every pod -> shop/web:8080/TCP'],
    ],
    [
      'a workload by its address',
      [edge(workload('shop/web'), workload('shop/db', 'Pod'), [5432, 5432])],
      'shop/web -> shop/db',
      ['- shop/web -> shop/db'],
    ],
  ])('takes %s', (_, evidence, ban, expected) => {
    expect(left(evidence, ban)).toEqual(expected);
  });

  it('takes a block from everybody outside and leaves the rest', () => {
    const [rest, ...more] = left([edge(OUTSIDE, workload('shop/web'), [8080, 8080])], '203.0.113.0/24 -> shop/web');
    expect(more).toEqual(['- 203.0.113.0/24 -> shop/web']);
    expect(rest).toMatch(/^0\.0\.0\.0\/1,.*-> shop\/web:8080\/TCP$/);
    expect(rest).not.toContain('203.0.113.');
  });

  it('takes what several bans ask for', () => {
    expect(left([WEB_TO_CART], 'shop/web -> shop/cart:7000-7049', 'shop/web -> shop/cart:7050-7099')).toEqual([
      '- shop/web -> shop/cart:7000-7049',
      '- shop/web -> shop/cart:7050-7099',
    ]);
  });
});
