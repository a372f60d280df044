// Edits that serve several pairs at once, written on plain manifests with no code of the engine's search: rules that name all
// peers, policies for all subjects, requirements that leave all of them out.

import type { ManifestObject } from '../../src/engine/model/source.ts';
import {
  added,
  append,
  DIRECTIONS,
  type Direction,
  type GrammarEdit,
  type GrammarEnd,
  type GrammarGoal,
  insert,
  items,
  listOf,
  NAME,
  networkPolicyPort,
  plain,
  require,
  type Value,
} from './edit-grammar.ts';

/** Single edits for all of the goals, which differ in their ends only. None for one goal. Subjects are of one namespace. */
export function jointEdits(objects: readonly ManifestObject[], goals: readonly GrammarGoal[]): GrammarEdit[] {
  const [goal] = goals;
  if (goal === undefined || goals.length < 2) return [];
  const policies = objects.filter(({ value }) => String(value['kind']).endsWith('NetworkPolicy'));
  return DIRECTIONS.flatMap((direction) => {
    const [near, far] = direction === 'ingress' ? (['to', 'from'] as const) : (['from', 'to'] as const);
    const joint: Joint = {
      direction,
      goal,
      subjects: distinct(goals.map((one) => one[near])),
      peers: distinct(goals.map((one) => one[far])),
    };
    return [...policies.flatMap((object) => inPolicy(object, joint)), ...newPolicies(policies, joint)];
  });
}

interface Joint {
  readonly direction: Direction;
  readonly goal: GrammarGoal;
  readonly subjects: readonly GrammarEnd[];
  readonly peers: readonly GrammarEnd[];
}

function distinct(ends: readonly GrammarEnd[]): GrammarEnd[] {
  return [...new Map(ends.map((end) => [JSON.stringify(end), end])).values()];
}

/** For every label that all have, the values of all. */
function sharedKeys(ends: readonly GrammarEnd[]): { readonly key: string; readonly values: readonly string[] }[] {
  return Object.keys(ends[0]?.labels ?? {}).flatMap((key) => {
    const values = ends.map(({ labels }) => labels[key]);
    return values.every((value) => value !== undefined) ? [{ key, values: [...new Set(values)] }] : [];
  });
}

function networkPolicyPeers(peers: readonly GrammarEnd[]): Value[] {
  return peers.flatMap((end): Value[] =>
    end.namespace === undefined
      ? end.addresses.map((cidr) => ({ ipBlock: { cidr } }))
      : [{ namespaceSelector: { matchLabels: { [NAME]: end.namespace } }, podSelector: { matchLabels: end.labels } }],
  );
}

/** Undefined where one of the peers cannot be named. */
function clusterRules(object: Value, { direction, goal, peers }: Joint): Value[] {
  const { protocol, first, last, want } = goal;
  const isOurs = object['kind'] === 'ClusterNetworkPolicy';
  if (direction === 'ingress' && peers.some(({ namespace }) => namespace === undefined)) return [];
  const list = peers.map(({ namespace, labels, addresses }) =>
    namespace === undefined ? { networks: addresses } : { pods: podsOf(namespace, { matchLabels: labels }) },
  );
  const port = first === last ? { number: first } : { range: { start: first, end: last } };
  const ports = isOurs
    ? { protocols: [{ [protocol.toLowerCase()]: { destinationPort: port } }] }
    : { ports: [{ portRange: { protocol, start: first, end: last } }] };
  const actions = want === 'denied' ? ['Deny'] : [isOurs ? 'Accept' : 'Allow', 'Pass'];
  return actions.map((action) => ({ action, [listOf(direction)]: list, ...ports }));
}

function podsOf(namespace: string, podSelector: Value): Value {
  return { namespaceSelector: { matchLabels: { [NAME]: namespace } }, podSelector };
}

function inPolicy(object: ManifestObject, joint: Joint): GrammarEdit[] {
  const { direction, goal, peers, subjects } = joint;
  const spec = object.value['spec'] as Value;
  const path = ['spec', direction];
  const isPlain = object.value['kind'] === 'NetworkPolicy';
  const notIn = ({ key, values }: ReturnType<typeof sharedKeys>[number]): Value => ({ key, operator: 'NotIn', values });
  if (isPlain && goal.want === 'allowed') {
    const rule = { [listOf(direction)]: networkPolicyPeers(peers), ports: [networkPolicyPort(goal)] };
    return [append(object, path, spec[direction], rule)];
  }
  const leftOut =
    isPlain && goal.want === 'denied'
      ? sharedKeys(subjects).flatMap((one) => require(object, ['spec', 'podSelector'], spec['podSelector'], notIn(one)))
      : [];
  if (isPlain) return leftOut;
  const rules = clusterRules(object.value as Value, joint);
  const written = spec[direction];
  if (!Array.isArray(written)) return rules.map((rule) => append(object, path, written, rule));
  return rules.flatMap((rule) => [...items(written), null].map((_, at) => insert(object, [...path, at], rule)));
}

function newPolicies(policies: readonly ManifestObject[], joint: Joint): GrammarEdit[] {
  const { direction, goal, subjects, peers } = joint;
  const namespace = subjects[0]?.namespace;
  if (namespace === undefined) return [];
  const choices: Value[] = [
    ...sharedKeys(subjects).map(({ key, values }) => ({ matchExpressions: [{ key, operator: 'In', values }] })),
    {},
  ];
  const type = direction === 'ingress' ? 'Ingress' : 'Egress';
  const rules = [{ [listOf(direction)]: networkPolicyPeers(peers), ports: [networkPolicyPort(goal)] }];
  const plainOnes = choices.map((podSelector): GrammarEdit => {
    const spec = { podSelector, policyTypes: [type], [direction]: goal.want === 'denied' ? [] : rules };
    const metadata = { name: 'brute', namespace };
    const value = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec };
    return { edits: [added(value)], isolates: goal.want === 'denied' };
  });
  const tiered = policies
    .filter(({ value }) => ['ClusterNetworkPolicy', 'AdminNetworkPolicy'].includes(String(value['kind'])))
    .flatMap(({ value }) => {
      const spec = value['spec'] as Value & { priority: number };
      const tier = spec['tier'] === undefined ? {} : { tier: spec['tier'] };
      const orders = [spec.priority - 1, 1, 999].filter((order) => order >= 0);
      return orders.flatMap((priority) =>
        choices.flatMap((podSelector) =>
          clusterRules(value as Value, joint).map((rule) => {
            const own = { ...tier, priority, subject: { pods: podsOf(namespace, podSelector) }, [direction]: [rule] };
            return plain(added({ ...value, metadata: { name: 'brute' }, spec: own }));
          }),
        ),
      );
    });
  return [...plainOnes, ...tiered];
}
