// Policies that somebody else wrote, by the namespace that they are in: whose names are taken, and which namespaces are closed
// already. Looked up for each of very many namespaces.

import type { Fields } from '../dialects/writer.ts';
import { DIRECTIONS, type Policy, type PolicyRef, type Rule } from '../model/policy.ts';
import { isEverything } from '../model/selector.ts';
import type { State } from '../state.ts';
import { MANAGED_BY } from './annotations.ts';

/** Policies that no run of this program wrote, by namespace, in the state's order; those of the whole cluster are left out. */
export type ForeignPolicies = ReadonlyMap<string, readonly Policy[]>;

/** Finds them. A namespace without any has no entry. */
export function foreignPolicies({ policies }: Pick<State, 'policies'>): ForeignPolicies {
  const found = new Map<string, Policy[]>();
  for (const policy of policies) {
    const { namespace } = policy.ref;
    if (namespace === undefined || isOurs(policy.object.value)) continue;
    const list = found.get(namespace);
    if (list === undefined) found.set(namespace, [policy]);
    else list.push(policy);
  }
  return found;
}

/**
 * Those that isolate every pod of a namespace in both directions: those that do so by themselves, or else all that do so
 * together. In order of names; empty: none do. One that opens a direction to addresses, or to everybody here or anywhere, does not count: where it
 * allows too much it is to be taken away, and nothing would close the namespace any more.
 */
export function closingPolicies(foreign: ForeignPolicies, namespace: string): readonly PolicyRef[] {
  const closing = DIRECTIONS.map((direction) =>
    (foreign.get(namespace) ?? []).filter(
      ({ [direction]: part }) => part?.isolates && isEverything(part.subject.pods) && part.rules.every(isForSome),
    ),
  );
  if (closing.some((own) => own.length === 0)) return [];
  const [ingress = [], egress = []] = closing;
  const both = ingress.filter((policy) => egress.includes(policy));
  const named = both.length > 0 ? both : [...ingress, ...egress];
  return named.map(({ ref }) => ref).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether a rule is for pods or namespaces that somebody chose, such as those of the DNS. */
function isForSome({ peers }: Rule): boolean {
  if (typeof peers === 'string') return peers === 'none';
  return peers.every((peer) => {
    if (peer.type !== 'pods') return false;
    const isChosen = 'selector' in peer.namespaces && !isEverything(peer.namespaces.selector);
    return isChosen || !isEverything(peer.pods);
  });
}

/** The names that they have in a namespace. */
export function foreignNames(foreign: ForeignPolicies, namespace: string): ReadonlySet<string> {
  return new Set((foreign.get(namespace) ?? []).map(({ ref }) => ref.name));
}

/** Reports whether an object says that a run of this program wrote it. */
export function isOurs(value: Fields): boolean {
  const labels = (value['metadata'] as Fields | undefined)?.['labels'] as Fields | undefined;
  return Object.entries(MANAGED_BY).every(([key, own]) => labels?.[key] === own);
}
