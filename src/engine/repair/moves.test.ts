// Which sorts of changes are found: in front of the Baseline tier, one for several causes, the first rule of a list.

import { describe, expect, it } from 'vitest';
import { CONTEXT, changes, SHOP } from '../../../test/support/repair-changes.ts';
import {
  adminPolicy,
  clusterPolicy,
  namespace,
  pod,
  policy,
  type ScenarioOptions,
  scenario,
} from '../../../test/support/scenario.ts';
import { worldOf } from '../endpoints/world.ts';
import { explain } from '../questions/explain.ts';
import { parsePair } from '../questions/parse-pair.ts';
import { resolvePair } from '../questions/resolve.ts';
import { NO_EDITS } from './draft.ts';
import { estimator } from './estimate.ts';
import { repairContext } from './repair-context.ts';
import { goalOf } from './repair-pair.ts';
import { answers } from './search.ts';
import { unmetFlows } from './unmet.ts';

/** The rules of the NetworkPolicy that the first change adds, in one direction, and whether the change is exact. */
function added(texts: readonly string[], pair: string, direction: 'ingress' | 'egress', options: ScenarioOptions = {}) {
  const { state } = scenario(texts, options);
  const [change] = explain(state, parsePair([pair]), CONTEXT, { changes: 'open' }).changes;
  const spec = change?.edits[0]?.add?.['spec'] as Record<string, unknown> | undefined;
  return { exact: change?.exact, beside: change?.beside, rules: spec?.[direction] };
}

const baseline = (rules: string) => adminPolicy('BaselineAdminNetworkPolicy', rules);
const PROBE = {
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ops' } },
  podSelector: { matchLabels: { app: 'probe' } },
};
const SQL = [{ protocol: 'TCP', port: 5432 }];
const OUTSIDE = { ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } };
const PAIR = 'ops/probe -> shop/db:5432';

describe('what the Baseline tier denies', () => {
  it('is opened by a NetworkPolicy that keeps what was open, as the tier puts it', () => {
    const deny = baseline('ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: ops}}}]}]');
    expect(added([...SHOP, deny], PAIR, 'ingress')).toEqual({
      exact: true,
      beside: 0,
      rules: [
        { from: [PROBE], ports: SQL },
        {
          from: [
            { namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['ops'] }] } },
            OUTSIDE,
          ],
        },
      ],
    });
  });

  it('is kept by the selector of the tier that means just what was denied', () => {
    const deny = baseline(
      'ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: none}}}, {namespaces: {matchLabels: {team: ops}}}]}]',
    );
    const other = { namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['ops'] }] } };
    expect(added([...SHOP, deny], PAIR, 'ingress').rules).toEqual([
      { from: [PROBE], ports: SQL },
      { from: [other, OUTSIDE] },
    ]);
  });

  it('is tried first, since it changes nothing else', () => {
    const deny = baseline('ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: ops}}}]}]');
    const { state } = scenario([...SHOP, deny]);
    const { sources, destinations } = resolvePair(worldOf(state), parsePair([PAIR]), CONTEXT);
    const context = repairContext(state, goalOf(state, sources, destinations, 'allowed'), CONTEXT.defaultNamespace);
    const unmet = unmetFlows(context, NO_EDITS);
    const moves = answers({ context, estimate: estimator(context), mayIsolate: false }, NO_EDITS, unmet);
    expect(moves[0]?.title).toBe('add NetworkPolicy shop/db-from-probe');
  });

  it('keeps ports for everybody, and the rest for those who had it', () => {
    const ports = '[{portNumber: {protocol: TCP, port: 5432}}]';
    const deny = baseline(`ingress: [{action: Deny, from: [{namespaces: {}}], ports: ${ports}}]`);
    expect(added([...SHOP, deny], PAIR, 'ingress')).toEqual({
      exact: true,
      beside: 0,
      rules: [
        { from: [PROBE], ports: SQL },
        {
          ports: [
            { protocol: 'TCP', port: 1, endPort: 5431 },
            { protocol: 'TCP', port: 5433, endPort: 65535 },
            { protocol: 'UDP' },
            { protocol: 'SCTP' },
          ],
        },
        { from: [OUTSIDE], ports: SQL },
      ],
    });
  });

  it('keeps namespaces by name where no selector in force means just them, the fewer names of the two ways', () => {
    const named = (names: string) =>
      baseline(
        `ingress: [{action: Deny, from: [{pods: {namespaceSelector: {matchExpressions: [{key: team, operator: In, values: [${names}]}, {key: team, operator: Exists}]}, podSelector: {}}}]}]`,
      );
    const lab = [namespace('lab', 'team=lab'), pod('lab/bench', { labels: 'app=bench', ip: '10.0.3.1' })];
    const other = (operator: string, values: string[]) => ({
      namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator, values }] },
    });
    expect(added([...SHOP, ...lab, named('ops, x')], PAIR, 'ingress').rules).toEqual([
      { from: [PROBE], ports: SQL },
      { from: [other('NotIn', ['ops']), OUTSIDE] },
    ]);
    expect(added([...SHOP, ...lab, named('ops, shop')], PAIR, 'ingress').rules).toEqual([
      { from: [PROBE], ports: SQL },
      { from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'lab' } } }, OUTSIDE] },
    ]);
    expect(added([...SHOP, ...lab, named('ops, lab')], PAIR, 'ingress').rules).toEqual([
      { from: [PROBE], ports: SQL },
      { from: [{ podSelector: {} }, OUTSIDE] },
    ]);
  });

  it('keeps single pods where others of their namespace are denied', () => {
    const deny = baseline(
      'ingress: [{action: Deny, from: [{pods: {namespaceSelector: {}, podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}}}]}]',
    );
    expect(added([...SHOP, deny], PAIR, 'ingress')).toEqual({
      exact: true,
      beside: 0,
      rules: [{ from: [PROBE], ports: SQL }, { from: [{ podSelector: { matchLabels: { app: 'web' } } }, OUTSIDE] }],
    });
  });

  it('is opened on the way out, also to addresses, and on both sides', () => {
    const networks = baseline('egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}, {namespaces: {}}]}]');
    expect(added([...SHOP, networks], 'shop/web -> 203.0.113.7:443', 'egress')).toEqual({
      exact: true,
      beside: 0,
      rules: [{ to: [{ ipBlock: { cidr: '203.0.113.7/32' } }], ports: [{ protocol: 'TCP', port: 443 }] }],
    });
    const both = baseline(
      'egress: [{action: Deny, to: [{namespaces: {}}]}], ingress: [{action: Deny, from: [{namespaces: {}}]}]',
    );
    expect(changes([...SHOP, both], PAIR, 'open')[0]).toMatch(/^exactly: /);
  });

  it('keeps no block with the address of a pod that was denied', () => {
    const deny = baseline(
      'egress: [{action: Allow, to: [{networks: [10.0.1.1/32]}]}], ingress: [{action: Deny, from: [{namespaces: {}}]}]',
    );
    expect(added([...SHOP, deny], PAIR, 'ingress').rules).toEqual([{ from: [PROBE], ports: SQL }, { from: [OUTSIDE] }]);
  });

  it('and what cannot be kept is announced', () => {
    const host = pod('ops/agent', { labels: 'app=agent', hostNetwork: true });
    const deny = baseline('ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: ops}}}]}]');
    const found = added([...SHOP, host, deny], PAIR, 'ingress', { assume: ['localNodeIngress=evaluate'] });
    expect([found.exact, found.beside]).toEqual([false, 1]);
  });

  it('is not opened so where all that was open would be too much to read', () => {
    const many = Array.from({ length: 24 }, (_, i) => [
      namespace(`n${i}`),
      pod(`n${i}/web`, { labels: 'app=web', ip: `10.0.4.${i}` }),
      pod(`n${i}/probe`, { labels: 'app=probe', ip: `10.0.5.${i}` }),
    ]);
    const deny = baseline(
      'ingress: [{action: Deny, from: [{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: probe}}}}]}]',
    );
    const offered = (count: number) => changes([...SHOP, ...many.slice(0, count).flat(), deny], PAIR, 'open')[0];
    // Peers: the probe, whole namespaces, addresses, and a pod of each other namespace.
    expect(offered(21)).toBe('exactly: + NetworkPolicy db-from-probe');
    expect(offered(22)).toMatch(/^47 more: \+ spec\.ingress/);
  });
});

describe('one change for several causes', () => {
  const isolated = policy('shop/deny', '{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}');
  const denyPort = (port: number, priority = 10) =>
    clusterPolicy(
      `c${port}`,
      `ingress: [{action: Deny, from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: ${port}}}}]}]`,
      { priority },
    );

  it('opens what a tier denies in part and isolation in part, whichever comes first', () => {
    const once = ['exactly: + ClusterNetworkPolicy shop-db-from-probe'];
    expect(changes([...SHOP, isolated, denyPort(80)], 'ops/probe -> shop/db:80-81', 'open')).toEqual(once);
    expect(changes([...SHOP, isolated, denyPort(81)], 'ops/probe -> shop/db:80-81', 'open')).toEqual(once);
  });

  it('opens several pods of which one is isolated and one denied by the Baseline tier', () => {
    const admin = clusterPolicy('a', 'ingress: [{action: Accept, from: [{namespaces: {matchLabels: {team: x}}}]}]');
    const deny = baseline('ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: ops}}}]}]');
    expect(changes([...SHOP, admin, isolated, deny], 'ops/probe -> shop/app in (db,web):5432', 'open')[0]).toBe(
      'exactly: + ClusterNetworkPolicy shop-shop-from-probe',
    );
  });

  it('opens several pods that lack different ports, in one rule', () => {
    const db = policy(
      'shop/db',
      '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]}',
    );
    expect(changes([...SHOP, db], 'shop/app in (web,api) -> shop/db:80-81', 'open')[0]).toBe(
      'exactly: + spec.ingress[1] {from:[{podSelector:{matchExpressions:[{key:app,operator:In,values:[api,web]}]}}],ports:[{protocol:TCP,port:80,endPort:81}]}',
    );
  });

  it('opens several pods to one, which lack different ports of it, in one rule', () => {
    const backs = policy(
      'shop/backs',
      '{podSelector: {matchExpressions: [{key: app, operator: In, values: [db, api]}]}}',
    );
    const api = policy('shop/api', '{podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: 80}]}]}');
    expect(changes([...SHOP, backs, api], 'ops/probe -> shop/app in (api,db):80-81', 'open')[0]).toMatch(
      /^exactly: \+ spec\.ingress = \[[^[]+\[[^[]+\],ports:\[\{protocol:TCP,port:80,endPort:81\}\]\}\]$/,
    );
  });

  it('opens a side once for all ports, though some of them are closed on the other side, too', () => {
    const out = policy(
      'ops/out',
      '{podSelector: {matchLabels: {app: probe}}, policyTypes: [Egress], egress: [{ports: [{port: 80}]}]}',
    );
    expect(changes([...SHOP, isolated, out], 'ops/probe -> shop/db:80-81', 'open')[0]).toMatch(
      /^exactly: \+ spec\.ingress = \[[^,]+,[^,]+,ports:\[\{protocol:TCP,port:80,endPort:81\}\]\}\], \+ spec\.egress/,
    );
  });

  it('closes several pods of which one is let in by a NetworkPolicy and one by the Baseline tier', () => {
    const admin = clusterPolicy('a', 'ingress: [{action: Accept, from: [{namespaces: {matchLabels: {team: x}}}]}]');
    const accept = baseline('ingress: [{action: Allow, from: [{namespaces: {matchLabels: {team: ops}}}]}]');
    const open = policy('shop/deny', '{podSelector: {matchLabels: {app: db}}, ingress: [{}]}');
    // Whichever of the two comes first.
    for (const other of ['api', 'web']) {
      const pair = `ops/probe -> shop/app in (db,${other}):5432`;
      expect(changes([...SHOP, admin, open, accept], pair, 'close')).toContain(
        'exactly: + ClusterNetworkPolicy shop-shop-deny-from-probe',
      );
    }
  });
});

describe('the first rule of a policy', () => {
  const RULE = '{from:[{podSelector:{matchLabels:{app:web}}}],ports:[{protocol:TCP,port:5432}]}';
  const specs = {
    'a missing list': 'policyTypes: [Ingress]',
    'a missing list, and no types': '',
    'an empty list': 'policyTypes: [Ingress], ingress: []',
    null: 'policyTypes: [Ingress], ingress: null',
  };
  for (const [name, fields] of Object.entries(specs)) {
    it(`in ${name}`, () => {
      const deny = policy('shop/db', `{podSelector: {matchLabels: {app: db}}${fields === '' ? '' : `, ${fields}`}}`);
      const place = name === 'an empty list' ? `spec.ingress[0] ${RULE}` : `spec.ingress = [${RULE}]`;
      expect(changes([...SHOP, deny], 'shop/web -> shop/db:5432', 'open')).toEqual([
        `exactly: + ${place}`,
        'exactly: + NetworkPolicy db-from-web',
      ]);
    });
  }

  it('in a missing list of the other direction, for both directions at once', () => {
    const deny = policy(
      'shop/db',
      '{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress, Egress], ingress: [{}]}',
    );
    expect(changes([...SHOP, deny], 'shop/db -> shop/web:80', 'open')[0]).toBe(
      'exactly: + spec.egress = [{to:[{podSelector:{matchLabels:{app:web}}}],ports:[{protocol:TCP,port:80}]}]',
    );
  });

  it('of a policy for several pods, with what it opens for the others', () => {
    const deny = policy(
      'shop/backs',
      '{podSelector: {matchExpressions: [{key: app, operator: In, values: [db, api]}]}}',
    );
    const lines = changes([...SHOP, deny], 'shop/web -> shop/db:5432', 'open');
    expect(lines[0]).toBe('exactly: + NetworkPolicy db-from-web');
    expect(changes([...SHOP, deny], 'shop/web -> shop/app in (api,db):5432', 'open')[0]).toBe(
      `exactly: + spec.ingress = [${RULE}]`,
    );
  });

  it('of a tier, in an empty list', () => {
    const empty = baseline('ingress: [], egress: []');
    const end =
      '{pods:{namespaceSelector:{matchLabels:{kubernetes.io/metadata.name:shop}},podSelector:{matchLabels:{app:db}}}}';
    expect(changes([...SHOP, empty], 'shop/web -> shop/db:5432', 'close')[0]).toBe(
      `3 more: + spec.egress[0] {action:Deny,to:[${end}],ports:[{portNumber:{protocol:TCP,port:5432}}]}`,
    );
  });
});
