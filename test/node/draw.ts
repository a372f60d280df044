// Draws policies and labels for the test on a real node: small universes, so that everything collides with everything,
// and every shape that an empty or missing field can take. Leaves out what the node cannot do. Knows no answers.

import fc from 'fast-check';
import type { Labels } from '../../src/engine/model/selector.ts';
import {
  type DrawnLabels,
  type Manifest,
  NAMESPACES,
  namespaceName,
  PODS,
  PORT_NAME_CHOICES,
  portName,
} from './topology.ts';

/** What is never drawn, each with its reason. */
export const EXCLUSIONS: readonly string[] = [
  'ipBlock: on this node it never matches a pod, and nothing else can be reached',
  'endPort: ignored by this version of Cilium, so that it would be no range',
  'SCTP: no pod can open such a connection on a kernel without SCTP sockets',
  'IPv6: not set up on this node',
  'a pod and itself, or its node: not subject to policies here',
  'label keys of kubernetes.io on pods: Cilium leaves them out of identities',
];

/** One thing to try: labels of namespaces and pods, and policies. */
export interface PolicySet extends DrawnLabels {
  readonly policies: readonly Manifest[];
}

const absentOr = <T>(value: fc.Arbitrary<T>, weight: number): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 1, arbitrary: fc.constant(undefined) }, { weight, arbitrary: value });

const POD_LABELS: Readonly<Record<string, readonly string[]>> = {
  app: ['web', 'db', ''],
  tier: ['a', 'b'],
  constructor: ['', 'a'],
};
const NAMESPACE_LABELS: Readonly<Record<string, readonly string[]>> = {
  team: ['red', 'blue', ''],
  env: ['prod', 'test'],
};

function labels(universe: typeof POD_LABELS): fc.Arbitrary<Labels> {
  const keys = Object.keys(universe);
  return fc
    .tuple(...keys.map((key) => absentOr(fc.constantFrom(...universe[key]!), 2)))
    .map((values) =>
      withoutAbsent(Object.fromEntries(keys.map((key, index) => [key, values[index]]))),
    ) as fc.Arbitrary<Labels>;
}

/** Fields that were drawn as absent are not there. */
function withoutAbsent(fields: Readonly<Record<string, unknown>>): Manifest {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function expression(universe: typeof POD_LABELS): fc.Arbitrary<Manifest> {
  return fc.constantFrom(...Object.keys(universe)).chain((key) => {
    const values = fc.uniqueArray(fc.constantFrom(...universe[key]!), { minLength: 1, maxLength: 2 });
    return fc.oneof(
      fc.record({ key: fc.constant(key), operator: fc.constantFrom('In', 'NotIn'), values }),
      fc.record({ key: fc.constant(key), operator: fc.constantFrom('Exists', 'DoesNotExist') }),
    );
  });
}

/** A label selector: everything, labels, expressions or both; empty parts are there or not. */
function selector(universe: typeof POD_LABELS): fc.Arbitrary<Manifest> {
  const matchLabels = fc
    .constantFrom(...Object.keys(universe))
    .chain((key) => fc.constantFrom(...universe[key]!).map((value) => ({ [key]: value })));
  const matchExpressions = fc.array(expression(universe), { minLength: 1, maxLength: 2 });
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constantFrom<Manifest>({ matchLabels: {} }, { matchExpressions: [] }) },
    { weight: 3, arbitrary: fc.record({ matchLabels }) },
    { weight: 4, arbitrary: fc.record({ matchExpressions }) },
    { weight: 1, arbitrary: fc.record({ matchLabels, matchExpressions }) },
  );
}

/** Namespaces by their labels, or by the name that every namespace has as a label. */
function namespaceSelector(group: number): fc.Arbitrary<Manifest> {
  const names = fc
    .uniqueArray(fc.constantFrom(...NAMESPACES), { minLength: 1, maxLength: 2 })
    .map((shorts) => shorts.map((short) => namespaceName(group, short)));
  const byName = fc.tuple(fc.constantFrom('In', 'NotIn'), names).map(([operator, values]) => ({
    matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator, values }],
  }));
  return fc.oneof({ weight: 4, arbitrary: selector(NAMESPACE_LABELS) }, { weight: 1, arbitrary: byName });
}

function peer(group: number): fc.Arbitrary<Manifest> {
  const pods = selector(POD_LABELS);
  const namespaces = namespaceSelector(group);
  return fc.oneof(
    fc.record({ podSelector: pods }),
    fc.record({ namespaceSelector: namespaces }),
    fc.record({ podSelector: pods, namespaceSelector: namespaces }),
  );
}

/** An entry of ports: number, name or neither; protocol or not. 82 is a port that nobody serves. */
function port(group: number): fc.Arbitrary<Manifest> {
  const name = fc.constantFrom(...PORT_NAME_CHOICES).map((short) => portName(group, short));
  const number = fc.constantFrom<number | string>(80, 81, 80, 81, 82);
  return fc
    .record({ port: absentOr(fc.oneof(number, name), 4), protocol: absentOr(fc.constantFrom('TCP', 'UDP'), 2) })
    .map(withoutAbsent);
}

/** A list that is missing, empty or has up to `maxLength` members. */
function list<T>(item: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<readonly T[] | undefined> {
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 6, arbitrary: fc.array(item, { minLength: 1, maxLength }) },
  );
}

function policy(group: number): fc.Arbitrary<Manifest> {
  const rule = (peers: 'from' | 'to') =>
    fc.record({ [peers]: list(peer(group), 3), ports: list(port(group), 3) }).map(withoutAbsent);
  const types = fc.constantFrom<string[] | undefined>(
    undefined,
    undefined,
    [],
    ['Ingress'],
    ['Egress'],
    ['Ingress', 'Egress'],
  );
  return fc
    .record({
      namespace: fc.constantFrom(...NAMESPACES),
      spec: fc
        .record({
          podSelector: absentOr(selector(POD_LABELS), 6),
          policyTypes: types,
          ingress: list(rule('from'), 3),
          egress: list(rule('to'), 3),
        })
        .map(withoutAbsent),
    })
    .map(({ namespace, spec }) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace: namespaceName(group, namespace) },
      spec,
    }));
}

/** Seeds 1 to 5 share their labels, and so do 6 to 10 and so on: new labels cost Cilium seconds, policies do not. */
export const SEEDS_PER_LABELS = 5;

/** The set of a seed, the same every time; `group` changes nothing but names. One to five policies. */
export function drawSet(seed: number, group: number): PolicySet {
  const drawnLabels = fc.record({
    namespaces: labelsOfEach(NAMESPACES, NAMESPACE_LABELS),
    pods: labelsOfEach(PODS, POD_LABELS),
  });
  const policies = drawOne(seed, fc.array(policy(group), { minLength: 1, maxLength: 5 }));
  return {
    ...drawOne(Math.ceil(seed / SEEDS_PER_LABELS), drawnLabels),
    policies: policies.map((one, index) => ({
      ...one,
      metadata: { ...(one.metadata as Manifest), name: `p${index}` },
    })),
  };
}

function labelsOfEach(names: readonly string[], universe: typeof POD_LABELS): fc.Arbitrary<Record<string, Labels>> {
  return fc
    .tuple(...names.map(() => labels(universe)))
    .map((drawn) => Object.fromEntries(names.map((name, index) => [name, drawn[index]!])));
}

/** Unbiased: the bias towards small values is meant for many values of one seed, and here each seed is used once. */
function drawOne<T>(seed: number, arbitrary: fc.Arbitrary<T>): T {
  return fc.sample(arbitrary, { seed, numRuns: 1, unbiased: true })[0]!;
}
