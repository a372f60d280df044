// Pods that policies speak of, whether the snapshot has them or not: one for each distinct selector, and one that no
// selector means. So a change of a policy shows in a map even where the text declares no workload.

import type { ManifestObject, State } from '../../src/engine/index.ts';
import type { NamespaceScope, Policy } from '../../src/engine/model/policy.ts';
import { DIRECTIONS } from '../../src/engine/model/policy.ts';
import { EVERYTHING, labelOf, type Selector, selectorKey } from '../../src/engine/model/selector.ts';
import { manifestObject } from './manifest-object.ts';

const NAME_LABEL = 'kubernetes.io/metadata.name';

/** Namespaces and Pods for the policies of all states; none has an address. Only what conjunctions of labels ask for. */
export function witnessesOf(states: readonly State[]): ManifestObject[] {
  const policies = states.flatMap((state) => state.policies);
  const wanted = new Map<string, { readonly scope: NamespaceScope; readonly pods: Selector }>();
  const want = (scope: NamespaceScope, pods: Selector) => {
    for (const one of [pods, EVERYTHING]) wanted.set(`${keyOf(scope)} ${selectorKey(one)}`, { scope, pods: one });
  };
  want({ name: 'witness-elsewhere' }, EVERYTHING);
  for (const policy of policies) {
    for (const direction of DIRECTIONS) {
      const part = policy[direction];
      if (part === undefined) continue;
      want(part.subject.namespaces, part.subject.pods);
      for (const { peers } of part.rules) {
        for (const peer of typeof peers === 'string' ? [] : peers) {
          if (peer.type === 'pods') want(peer.namespaces, peer.pods);
        }
      }
    }
  }
  const declared = new Set(states.flatMap(({ cluster }) => [...cluster.namespaces.keys()]));
  const ports = portsOf(policies, states);
  const objects = new Map<string, ManifestObject>();
  [...wanted.values()].forEach(({ scope, pods }, index) => {
    const labels = 'name' in scope ? {} : labelsFor(scope.selector);
    const namespace =
      'name' in scope ? scope.name : (labelOf(labels, NAME_LABEL) ?? `witness-${selectorNumber(scope.selector)}`);
    if (!declared.has(namespace)) {
      objects.set(
        namespace,
        manifestObject({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } }),
      );
    }
    const metadata = { name: `witness-${index}`, namespace, labels: labelsFor(pods) };
    objects.set(
      `${namespace}/${index}`,
      manifestObject({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'main', ports }] } }),
    );
  });
  return [...objects.values()];
}

function keyOf(scope: NamespaceScope): string {
  return 'name' in scope ? `=${scope.name}` : selectorKey(scope.selector);
}

/** A number that is the same for the same selector. */
function selectorNumber(selector: Selector): number {
  return [...selectorKey(selector)].reduce((sum, sign) => (sum * 31 + sign.codePointAt(0)!) % 1_000_003, 7);
}

/** Labels that a conjunction of plain requirements asks for. */
function labelsFor(selector: Selector): Record<string, string> {
  switch (selector.op) {
    case 'and':
      return Object.assign({}, ...selector.of.map(labelsFor));
    case 'in':
      return { [selector.key]: selector.values[0] ?? '' };
    case 'exists':
      return { [selector.key]: 'any' };
    default:
      return {};
  }
}

/** Every port name of the policies, with the number that a pod of the snapshot gives it for that protocol, else one of its own. */
function portsOf(policies: readonly Policy[], states: readonly State[]): unknown[] {
  const known = new Map(
    states.flatMap(({ cluster }) =>
      cluster.pods.flatMap((pod) => pod.ports.map(({ name, protocol, number }) => [`${name}/${protocol}`, number])),
    ),
  );
  const names = new Map<string, string>();
  for (const policy of policies) {
    for (const direction of DIRECTIONS) {
      for (const { ports } of policy[direction]?.rules ?? []) {
        for (const port of typeof ports === 'string' ? [] : ports) {
          if (port.type === 'named') names.set(port.name, port.protocol === 'any' ? 'TCP' : port.protocol);
        }
      }
    }
  }
  return [...names].map(([name, protocol], index) => ({
    name,
    protocol,
    containerPort: known.get(`${name}/${protocol}`) ?? 9000 + index,
  }));
}
