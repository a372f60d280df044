// Pods and namespaces that could exist beside a drawn cluster, enumerated over the universe of labels that drawn policies
// use. Builds its endpoints from the fields of the model, without the engine's own way to make one.

import fc from 'fast-check';
import { behaviourOf } from '../../src/engine/behaviours/index.ts';
import type { Behaviour } from '../../src/engine/model/behaviour.ts';
import type { Namespace } from '../../src/engine/model/cluster.ts';
import type { Endpoint } from '../../src/engine/model/endpoint.ts';
import type { Labels } from '../../src/engine/model/selector.ts';
import type { State } from '../../src/engine/state.ts';
import { behaviour } from './arbitrary-behaviour.ts';
import { POD_KEYS } from './arbitrary-policy-manifests.ts';
import { everyLabels } from './label-universe.ts';

const NAME = 'kubernetes.io/metadata.name';

/** Every label set of a pod: 125. */
export const EVERY_POD: readonly Labels[] = everyLabels(POD_KEYS);

/** Namespaces of the snapshot, and new ones: every label, every name that policies may ask for and one that none does. */
export function everyNamespace({ cluster }: State): Namespace[] {
  const names = ['a', 'b', 'x', 'y', 'z', 'w'].filter((name) => !cluster.namespaces.has(name));
  const added = names.flatMap((name) =>
    everyLabels(['team'], ['', 'a', 'b', 'x', 'y']).map(
      (labels): Namespace => ({ name, labels: { ...labels, [NAME]: name }, declared: true }),
    ),
  );
  return [...cluster.namespaces.values(), ...added];
}

/** A pod with exactly these labels. Its address is any of the pods' range, and its ports may have any names. */
export function possibleEnd({ plan, behaviour }: State, namespace: Namespace, labels: Labels): Endpoint {
  const { knobs } = behaviour;
  const name = `${namespace.name} ${JSON.stringify(namespace.labels)} ${JSON.stringify(labels)}`;
  return {
    key: name,
    name,
    type: 'pod',
    pod: {
      namespace: namespace.name,
      namespaceLabels: namespace.labels,
      namespaceDeclared: namespace.declared || knobs.undeclaredNamespaces === 'unlabelled',
      labels,
      openLabels: [],
      hostNetwork: false,
      ...(knobs.standalonePods === 'unknown' ? { perhapsSubject: 'standalone-pods' as const } : {}),
    },
    addresses: plan.pods,
    addressReason: knobs.ipBlockMatchesPods === 'unknown' ? 'ip-block' : 'pod-address',
    families: plan.families,
    ports: 'unknown',
    matchesBlocks: knobs.ipBlockMatchesPods === 'unknown' ? 'maybe' : knobs.ipBlockMatchesPods ? 'yes' : 'no',
  };
}

/** Any behaviour, and more often than by chance those in which it matters who may select such a pod. */
export const behaviourTowardsPods: fc.Arbitrary<Behaviour> = fc.oneof(
  { weight: 3, arbitrary: behaviour },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('npTier=anyDirection', 'standalonePods=unknown', 'sctp=unknown', 'ipBlockMatchesPods=unknown')
      .map((knob) => behaviourOf('default', [knob])),
  },
);
