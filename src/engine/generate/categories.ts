// What a need is for, as people divide policies: name resolution, the application itself, other namespaces, the world outside,
// the cloud's metadata. Decides nothing but which needs `--include` leaves out.

import type { Party } from '../model/evidence.ts';
import { workloadName } from '../model/party-names.ts';
import type { Direction } from '../model/policy.ts';
import type { Need } from './needs.ts';

/** Parts of a set of policies that can be asked for; `default-deny` is the only one that is not about needs. */
export const PARTS = ['default-deny', 'dns', 'app', 'cross-namespace', 'egress', 'metadata'] as const;

/** See {@link PARTS}. */
export type Part = (typeof PARTS)[number];

/** The part that a need belongs to, seen from a subject in a namespace. */
export function partOf(need: Need, direction: Direction, namespace: string): Exclude<Part, 'default-deny'> {
  const kinds = new Set(need.evidence.map(({ kind }) => kind));
  if (kinds.has('dns')) return 'dns';
  if (kinds.has('metadata')) return 'metadata';
  const peer = direction === 'egress' ? need.to : need.from;
  const other = namespaceOf(peer);
  if (other !== undefined) return other === namespace ? 'app' : 'cross-namespace';
  return direction === 'egress' ? 'egress' : 'app';
}

function namespaceOf(party: Party): string | undefined {
  if (party.type === 'workload') return workloadName(party.key).split('/')[0];
  if (party.type === 'pods') return 'name' in party.namespaces ? party.namespaces.name : '';
  return undefined;
}
