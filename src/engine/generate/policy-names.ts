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
  for (const workload of workloads) (seen.has(baseOf(workload)) ? shared : seen).add(baseOf(workload));
  for (const workload of [...workloads].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    const { key, kind } = workload;
    const base = baseOf(workload);
    const plain = shared.has(base) ? `${base}-${kind.toLowerCase()}` : base;
    const free = [plain, `${plain}-netweir`].find((one) => !used.has(one)) ?? numbered(plain, used);
    used.add(free);
    names.set(key, free);
  }
  return names;
}

/** Room for what tells policies apart, within the 253 characters that a name may have. */
const MAX_BASE = 200;

/**
 * The workload's name as that of a policy. What the API server would refuse is mended: `generateName: run-` stands for names
 * that begin so, the second such object is `run-#2` here, and a template nobody rendered may leave anything.
 */
function baseOf({ name, kind }: Workload): string {
  const mended = name
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .slice(0, MAX_BASE)
    .replace(/-*\.[-.]*/g, '.')
    .replace(/^[-.]+|[-.]+$/g, '');
  return mended === '' ? kind.toLowerCase() : mended;
}

function numbered(name: string, used: ReadonlySet<string>): string {
  for (let number = 2; ; number++) if (!used.has(`${name}-netweir-${number}`)) return `${name}-netweir-${number}`;
}
