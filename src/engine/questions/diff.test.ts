import { expect, it } from 'vitest';
import { stateOf as stateOfText } from '../../../test/support/lint.ts';
import { type Manifest, podManifest, stateOf } from '../../../test/support/replay.ts';
import { diff } from './diff.ts';

const CONTEXT = { defaultNamespace: 'default', protocols: ['TCP', 'UDP', 'SCTP'] } as const;

const pod = (name: string, ...addresses: readonly string[]) =>
  podManifest({ namespace: 'shop', name, labels: { app: name }, addresses, ports: [] });
const dual = pod('dual', '10.0.0.1', 'fd00::1');
const other = pod('other', '10.0.0.2', 'fd00::2');
const single = pod('single', '10.0.0.3');

/** Opens `dual` to these blocks on these ports. */
const open = (...rules: readonly (readonly [cidr: string, port: number])[]): Manifest => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { namespace: 'shop', name: 'dual' },
  spec: {
    podSelector: { matchLabels: { app: 'dual' } },
    ingress: rules.map(([cidr, port]) => ({ from: [{ ipBlock: { cidr } }], ports: [{ port }] })),
  },
});

/** What changed from pods to `dual`, with keys for ids. */
function changes(before: Manifest, after: Manifest) {
  const pods = [dual, other, single];
  const document = diff(stateOf([...pods, before]), stateOf([...pods, after]), CONTEXT);
  const keyOf = new Map(document.endpoints.map(({ id, key }) => [id, key.replace('shop/Pod/', '')]));
  const ofPods = <T extends { readonly from: readonly number[]; readonly to: readonly number[] }>(list: readonly T[]) =>
    list
      .map(({ from, to: _, ...rest }) => ({ ...rest, from: from.map((id) => keyOf.get(id)!) }))
      .filter(({ from }) => from.some((key) => !key.startsWith('addresses/')))
      .map(({ from, ...rest }) => ({ ...rest, from: from.filter((key) => !key.startsWith('addresses/')) }));
  return { added: ofPods(document.added), removed: ofPods(document.removed), changed: ofPods(document.changed) };
}

const V4 = '10.0.0.0/24';
const V6 = 'fd00::/64';
const policies = [
  {
    dialect: 'network-policy',
    kind: 'NetworkPolicy',
    namespace: 'shop',
    name: 'dual',
    source: { file: 'value', path: '' },
  },
];
const tcp = (port: number) => ({ TCP: [[port, port]] });

it('says which family of a pair changed where the other did not', () => {
  expect(changes(open([V6, 80]), open([V4, 80], [V6, 80]))).toEqual({
    added: [
      { from: ['dual', 'other'], family: 'IPv4', allowed: tcp(80), policies },
      { from: ['single'], allowed: tcp(80), policies },
    ],
    removed: [],
    changed: [],
  });
  expect(changes(open([V4, 80], [V6, 80]), open([V4, 443], [V6, 80]))).toEqual({
    added: [],
    removed: [],
    changed: [
      { from: ['dual', 'other'], family: 'IPv4', before: tcp(80), after: tcp(443), policies },
      { from: ['single'], before: tcp(80), after: tcp(443), policies },
    ],
  });
});

it('names no family where both change alike', () => {
  expect(changes(open([V4, 80], [V6, 80]), open([V4, 443], [V6, 443])).changed).toEqual([
    { from: ['dual', 'other'], before: tcp(80), after: tcp(443), policies },
    { from: ['single'], before: tcp(80), after: tcp(443), policies },
  ]);
});

it('asks each state which addresses may be nodes', () => {
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1', labels: {} },
    status: { addresses: [{ type: 'InternalIP', address: '192.168.0.1' }] },
  };
  const noNodes = {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name: 'no-nodes' },
    spec: {
      tier: 'Admin',
      priority: 1,
      subject: { namespaces: {} },
      egress: [{ action: 'Deny', to: [{ nodes: {} }] }],
    },
  };
  const [known, open] = [stateOf([single, noNodes, node]), stateOf([single, noNodes])];
  const outside = ({ endpoints, changed }: ReturnType<typeof diff>) => {
    const keys = new Set(endpoints.filter(({ type }) => type === 'addresses').map(({ id }) => id));
    return changed
      .filter(({ to }) => to.some((id) => keys.has(id)))
      .map(({ before, after, unknownBefore, unknownAfter }) => ({
        before,
        after,
        reasons: [unknownBefore, unknownAfter].map((list) => list?.map(({ reason }) => reason)),
      }));
  };
  expect(outside(diff(known, open, CONTEXT))).toEqual([
    { before: 'all', after: {}, reasons: [undefined, ['node-address']] },
  ]);
  expect(outside(diff(open, known, CONTEXT))).toEqual([
    { before: {}, after: 'all', reasons: [['node-address'], undefined] },
  ]);
});

it('says where the policies behind a change are written, and of which state a finding is', () => {
  const pods = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\n---\n';
  const head = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny}\nspec: ';
  const odd = '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: odd}\nspec: {typo: 1}\n';
  const before = stateOfText(`${pods}${head}{podSelector: {}}\n${odd}`);
  const after = stateOfText(`${pods}# moved\n${head}{podSelector: {}, policyTypes: [Egress]}\n${odd}`);
  const { removed, added, findings } = diff(before, after, CONTEXT);
  const places = [...removed, ...added].flatMap(({ policies = [] }) => policies.map(({ source }) => source));
  expect(places.length).toBeGreaterThan(0);
  for (const place of places) expect(place).toEqual({ file: 'test.yaml', line: 6, column: 1, path: '' });
  expect(findings.map(({ in: where, source }) => [where, source.line])).toEqual([
    ['both', 1],
    ['before', 13],
    ['after', 14],
  ]);
  expect(diff(before, before, CONTEXT).findings.map(({ in: where }) => where)).toEqual(['both', 'both']);
});

it('tells what changes from an entry point where policies alone change', () => {
  const balancer: Manifest = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'shop', name: 'lb' },
    spec: { type: 'LoadBalancer', selector: { app: 'dual' }, ports: [{ port: 80 }] },
  };
  const closed: Manifest = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: 'shop', name: 'dual' },
    spec: { podSelector: {} },
  };
  const document = diff(stateOf([dual, balancer]), stateOf([dual, balancer, closed]), CONTEXT);
  const keys = new Map(document.endpoints.map(({ id, key }) => [id, key]));
  // A plugin may show the client or the node, so that nobody knows whether the policy lets it in.
  const [change] = document.changed.map(({ from, to, before, unknownAfter }) => ({
    ends: [...from, ...to].map((id) => keys.get(id)),
    before,
    reason: unknownAfter?.map(({ reason }) => reason),
  }));
  expect(change).toEqual({
    ends: ['entry/shop/LoadBalancer/lb', 'shop/Pod/dual'],
    before: tcp(80),
    reason: ['source-nat'],
  });
});
