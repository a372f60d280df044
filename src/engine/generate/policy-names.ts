// Names for generated policies: those of their workloads where they are free, never the name of somebody else's policy.

import type { Workload } from '../model/cluster.ts';

/** The name of the policy that closes a namespace. */
export const DEFAULT_DENY = 'default-deny';

/**
 * A name for the policy of each workload of one namespace, by its key. `taken` are names of policies that are not ours. Two
 * workloads of one name are told apart by their kinds.
 */
export function namePolicies(workloads: readonly Workload[], taken: ReadonlySet<string>): ReadonlyMap<string, string> {
  const used = new Set([...taken, DEFAULT_DENY]);
  const names = new Map<string, string>();
  const shared = new Set<string>();
  const seen = new Set<string>();
  for (const { name } of workloads) (seen.has(name) ? shared : seen).add(name);
  for (const { key, name, kind } of [...workloads].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    const plain = shared.has(name) ? `${name}-${kind.toLowerCase()}` : name;
    const free = [plain, `${plain}-netweir`].find((one) => !used.has(one)) ?? numbered(plain, used);
    used.add(free);
    names.set(key, free);
  }
  return names;
}

function numbered(name: string, used: ReadonlySet<string>): string {
  for (let number = 2; ; number++) if (!used.has(`${name}-netweir-${number}`)) return `${name}-netweir-${number}`;
}
