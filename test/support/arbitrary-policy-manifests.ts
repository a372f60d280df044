// Draws policy manifests of every API over a small universe of names, labels and addresses, so that everything collides
// with everything. What is drawn is accepted by an API server, but written in every way that one accepts.

import fc from 'fast-check';
import type { Manifest } from './replay.ts';

/** Namespaces in which pods and policies lie. */
export const NAMESPACES = ['x', 'y', 'z'] as const;

/** Pods have addresses in 10.0.0.0/28 and fd00::/124, by one number. */
export function addressOf(family: 4 | 6, number: number): string {
  return family === 4 ? `10.0.0.${number}` : `fd00::${number.toString(16)}`;
}

/** A label's value; the empty one is legal. */
export const labelValue: fc.Arbitrary<string> = fc.constantFrom('a', 'b', '');

/** `constructor` is a name that plain objects inherit. */
export const POD_KEYS = ['app', 'tier', 'constructor'] as const;

const maybe = <T>(value: fc.Arbitrary<T>, freq = 2): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq });

/** The object without its undefined fields: those are absent, null stays. */
export function present(fields: Readonly<Record<string, unknown>>): Manifest {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** A LabelSelector over these keys, now and then with null or empty parts. */
export function labelSelector(
  keys: readonly string[],
  value: fc.Arbitrary<string> = labelValue,
): fc.Arbitrary<Manifest> {
  const key = fc.constantFrom(...keys);
  const values = fc.uniqueArray(value, { minLength: 1, maxLength: 2 });
  const expression = fc.oneof(
    fc.record({ key, operator: fc.constantFrom('In', 'NotIn'), values }),
    fc.record({ key, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
  );
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant({}) },
    {
      weight: 5,
      arbitrary: fc
        .record({
          matchLabels: fc.oneof(
            { weight: 2, arbitrary: fc.constant(undefined) },
            { weight: 1, arbitrary: fc.constant(null) },
            { weight: 5, arbitrary: fc.tuple(key, value).map(([one, text]) => ({ [one]: text })) },
          ),
          matchExpressions: fc.oneof(
            { weight: 4, arbitrary: fc.constant(undefined) },
            { weight: 1, arbitrary: fc.constant(null) },
            { weight: 4, arbitrary: fc.array(expression, { maxLength: 2 }) },
          ),
        })
        .map(present),
    },
  );
}

const podSelector = labelSelector(POD_KEYS);
const NAMESPACE_KEYS = ['team', 'kubernetes.io/metadata.name'];
const namespaceSelector = labelSelector(NAMESPACE_KEYS, fc.constantFrom('a', 'b', '', 'x', 'y'));

interface Block {
  readonly cidr: string;
  readonly family: 4 | 6;
  readonly first: number;
  readonly size: number;
}

/** Blocks of 1 to 16 addresses of the pods' universe, now and then with host bits, and whole families. */
const block: fc.Arbitrary<Block> = fc
  .tuple(fc.constantFrom(4 as const, 4 as const, 6 as const), fc.nat(4), fc.nat(15), fc.boolean(), fc.nat(5))
  .map(([family, bits, number, sloppy, wide]) => {
    if (wide === 0) return { cidr: family === 4 ? '0.0.0.0/0' : '::/0', family, first: 0, size: 32 };
    const size = 2 ** bits;
    const first = Math.floor(number / size) * size;
    const prefix = (family === 4 ? 32 : 128) - bits;
    return { cidr: `${addressOf(family, sloppy ? number : first)}/${prefix}`, family, first, size };
  });

/** An ipBlock whose excepts lie strictly within it, as an API server wants them. */
const ipBlock: fc.Arbitrary<Manifest> = fc
  .tuple(block, fc.array(block, { maxLength: 3 }), fc.constantFrom('absent', 'null', 'list'))
  .map(([whole, others, form]) => {
    const within = others.filter(
      (one) =>
        one.family === whole.family &&
        one.size < whole.size &&
        (whole.size === 32 || (whole.first <= one.first && one.first + one.size <= whole.first + whole.size)),
    );
    const except = within.length > 0 ? within.map((one) => one.cidr) : form === 'list' ? [] : null;
    return { cidr: whole.cidr, ...(except === null && form === 'absent' ? {} : { except }) };
  });

const networkPolicyPeer: fc.Arbitrary<Manifest> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ podSelector }) },
  { weight: 2, arbitrary: fc.record({ namespaceSelector }) },
  { weight: 2, arbitrary: fc.record({ namespaceSelector, podSelector }) },
  { weight: 1, arbitrary: fc.record({ podSelector, namespaceSelector: fc.constant(null) }) },
  { weight: 4, arbitrary: ipBlock.map((one) => ({ ipBlock: one })) },
);

/** Names that pods give to ports, and one that none has. */
export const PORT_NAMES = ['web', 'dns', 'none'] as const;

/** Numbers of ports around 80, and the last one. */
export const portNumber: fc.Arbitrary<number> = fc.constantFrom(79, 80, 81, 82, 65535);

const protocol = fc.constantFrom(undefined, null, 'TCP', 'UDP', 'SCTP');

const networkPolicyPort: fc.Arbitrary<Manifest> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ protocol }).map(present) },
  { weight: 3, arbitrary: fc.record({ protocol, port: portNumber }).map(present) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(protocol, portNumber, portNumber)
      .map(([one, a, b]) => present({ protocol: one, port: Math.min(a, b), endPort: Math.max(a, b) })),
  },
  { weight: 2, arbitrary: fc.record({ protocol, port: fc.constantFrom(...PORT_NAMES) }).map(present) },
);

/** Absent, null, empty or with items: all but the last mean the same in NetworkPolicy. */
function looseList<T>(item: fc.Arbitrary<T>, maxLength = 2): fc.Arbitrary<readonly T[] | null | undefined> {
  return fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(undefined, undefined, null, []) },
    { weight: 3, arbitrary: fc.array(item, { minLength: 1, maxLength }) },
  );
}

const networkPolicyRules = (peers: 'from' | 'to'): fc.Arbitrary<unknown> =>
  looseList(fc.record({ [peers]: looseList(networkPolicyPeer), ports: looseList(networkPolicyPort) }).map(present));

/** NetworkPolicies of the drawn namespaces; `name` must be unique. */
export function networkPolicy(name: string): fc.Arbitrary<Manifest> {
  const types = fc.constantFrom(
    undefined,
    undefined,
    null,
    [],
    ['Ingress'],
    ['Egress'],
    ['Ingress', 'Egress'],
    ['Egress', 'Egress'],
  );
  const selector = fc.oneof(podSelector, fc.constantFrom(undefined, null, {}));
  return fc
    .record({
      namespace: fc.constantFrom(...NAMESPACES),
      podSelector: selector,
      policyTypes: types,
      ingress: networkPolicyRules('from'),
      egress: networkPolicyRules('to'),
    })
    .map(({ namespace, ...spec }) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace, name },
      spec: present(spec),
    }));
}

/** Servers do not look into selectors of the cluster-scoped kinds: now and then one has an operator that does not exist. */
const looseSelector = (selector: fc.Arbitrary<Manifest>): fc.Arbitrary<Manifest> =>
  fc.oneof(
    { weight: 15, arbitrary: selector },
    { weight: 1, arbitrary: fc.constant({ matchExpressions: [{ key: 'app', operator: 'notIn', values: ['a'] }] }) },
  );

const selecting = (selectorOfNamespaces: fc.Arbitrary<Manifest>, optional: boolean): fc.Arbitrary<Manifest>[] => [
  selectorOfNamespaces.map((namespaces) => ({ namespaces })),
  fc
    .record({
      namespaceSelector: optional ? maybe(selectorOfNamespaces, 3) : selectorOfNamespaces,
      podSelector: looseSelector(podSelector),
    })
    .map((pods) => ({ pods: present(pods) })),
];

const clusterPeer = (direction: 'ingress' | 'egress', optional: boolean, domains: boolean): fc.Arbitrary<Manifest> => {
  const [namespaces, pods] = selecting(looseSelector(namespaceSelector), optional);
  if (direction === 'ingress') return fc.oneof(namespaces!, pods!);
  const networks = fc.uniqueArray(
    block.map((one) => one.cidr),
    { minLength: 1, maxLength: 2 },
  );
  return fc.oneof(
    { weight: 3, arbitrary: namespaces! },
    { weight: 3, arbitrary: pods! },
    { weight: 3, arbitrary: networks.map((list) => ({ networks: list })) },
    { weight: 2, arbitrary: labelSelector(['os']).map((nodes) => ({ nodes })) },
    ...(domains
      ? [
          {
            weight: 1,
            arbitrary: fc.constantFrom('example.com', '*.example.com').map((one) => ({ domainNames: [one] })),
          },
        ]
      : []),
  );
};

const transport = fc.constantFrom('tcp', 'udp', 'sctp');
const range = fc.tuple(portNumber, portNumber).filter(([a, b]) => a < b);
const portName = fc.constantFrom(...PORT_NAMES);

const protocolsEntry: fc.Arbitrary<Manifest> = fc.oneof(
  fc.tuple(transport, portNumber).map(([one, number]) => ({ [one]: { destinationPort: { number } } })),
  fc.tuple(transport, range).map(([one, [start, end]]) => ({ [one]: { destinationPort: { range: { start, end } } } })),
  portName.map((destinationNamedPort) => ({ destinationNamedPort })),
);

const upper = fc.constantFrom(undefined, 'TCP', 'UDP', 'SCTP');

const portsEntry: fc.Arbitrary<Manifest> = fc.oneof(
  fc.tuple(upper, portNumber).map(([one, port]) => ({ portNumber: present({ protocol: one, port }) })),
  fc
    .tuple(upper, portNumber, portNumber)
    .map(([one, start, end]) => ({ portRange: present({ protocol: one, start, end }) })),
  portName.map((namedPort) => ({ namedPort })),
);

interface Api {
  readonly apiVersion: string;
  readonly kind: string;
  readonly actions: readonly string[];
  readonly portsField: 'protocols' | 'ports';
  readonly portsEntry: fc.Arbitrary<Manifest>;
  readonly optionalNamespaces: boolean;
  readonly domains: boolean;
  readonly fields: fc.Arbitrary<Manifest>;
}

/** Rules that name domains or nodes or networks have no port names: the experimental CRDs refuse those. */
function clusterRule(api: Api, direction: 'ingress' | 'egress'): fc.Arbitrary<Manifest> {
  const peers = fc.array(clusterPeer(direction, api.optionalNamespaces, api.domains), { minLength: 1, maxLength: 2 });
  return fc
    .record({
      action: fc.constantFrom(...api.actions),
      peers,
      ports: maybe(fc.array(api.portsEntry, { minLength: 1, maxLength: 2 })),
    })
    .map(({ action, peers: list, ports }) => {
      const onlyPods = list.every((peer) => 'namespaces' in peer || 'pods' in peer);
      const kept = ports?.filter((one) => onlyPods || !('namedPort' in one || 'destinationNamedPort' in one));
      return present({
        action,
        [direction === 'ingress' ? 'from' : 'to']: list,
        [api.portsField]: kept === undefined || kept.length === 0 ? undefined : kept,
      });
    });
}

function clusterPolicy(api: Api, name: string): fc.Arbitrary<Manifest> {
  const rules = (direction: 'ingress' | 'egress') => maybe(fc.array(clusterRule(api, direction), { maxLength: 3 }), 4);
  const [namespaces, pods] = selecting(namespaceSelector, api.optionalNamespaces);
  return fc
    .record({
      fields: api.fields,
      subject: fc.oneof(namespaces!, pods!),
      ingress: rules('ingress'),
      egress: rules('egress'),
    })
    .map(({ fields, ...spec }) => ({
      apiVersion: api.apiVersion,
      kind: api.kind,
      metadata: { name },
      spec: { ...fields, ...present(spec) },
    }));
}

/** Few priorities, so that many are equal. */
const priority = fc.constantFrom(0, 10, 10, 1000);

const CLUSTER_NETWORK_POLICY: Api = {
  apiVersion: 'policy.networking.k8s.io/v1alpha2',
  kind: 'ClusterNetworkPolicy',
  actions: ['Accept', 'Deny', 'Pass'],
  portsField: 'protocols',
  portsEntry: protocolsEntry,
  optionalNamespaces: true,
  domains: true,
  fields: fc.record({ tier: fc.constantFrom('Admin', 'Baseline'), priority }),
};

const ADMIN_NETWORK_POLICY: Api = {
  apiVersion: 'policy.networking.k8s.io/v1alpha1',
  kind: 'AdminNetworkPolicy',
  actions: ['Allow', 'Deny', 'Pass'],
  portsField: 'ports',
  portsEntry,
  optionalNamespaces: false,
  domains: true,
  fields: fc.record({ priority }),
};

const BASELINE_ADMIN_NETWORK_POLICY: Api = {
  ...ADMIN_NETWORK_POLICY,
  kind: 'BaselineAdminNetworkPolicy',
  actions: ['Allow', 'Deny'],
  domains: false,
  fields: fc.constant({}),
};

/** A few policies of every kind, with unique names; at most one BaselineAdminNetworkPolicy. */
export const policies: fc.Arbitrary<readonly Manifest[]> = fc
  .tuple(
    ...[1, 2, 3].map((n) => maybe(networkPolicy(`np-${n}`), 3)),
    ...[1, 2].map((n) => maybe(clusterPolicy(CLUSTER_NETWORK_POLICY, `cluster-${n}`), 2)),
    ...[1, 2].map((n) => maybe(clusterPolicy(ADMIN_NETWORK_POLICY, `admin-${n}`), 2)),
    maybe(clusterPolicy(BASELINE_ADMIN_NETWORK_POLICY, 'default'), 2),
  )
  .map((list) => list.filter((one): one is Manifest => one !== undefined));

/** Up to four NetworkPolicies and nothing else. */
export const networkPolicies: fc.Arbitrary<readonly Manifest[]> = fc
  .tuple(...[1, 2, 3, 4].map((n) => maybe(networkPolicy(`np-${n}`), 3)))
  .map((list) => list.filter((one): one is Manifest => one !== undefined));
