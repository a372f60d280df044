// Evidence put together: the same connection, whoever speaks for it, is one need with all of its reasons. Knows no policies.

import type { Confidence, Evidence, EvidenceKind, Party } from '../model/evidence.ts';
import { EVIDENCE_KINDS, partyKey } from '../model/evidence.ts';
import type { Protocol } from '../sets/traffic-set.ts';

/** A connection that is needed, and why. */
export interface Need {
  readonly from: Party;
  readonly to: Party;
  readonly protocol: Protocol;
  /** Ports of the destination itself, inclusive. */
  readonly ports: readonly [number, number];
  /** At least one, strongest first. */
  readonly evidence: readonly [Evidence, ...Evidence[]];
  /** That of the strongest evidence. */
  readonly confidence: Confidence;
}

/** From the strongest to the weakest. */
export const CONFIDENCES: readonly Confidence[] = ['certain', 'likely', 'possible'];

/** Every need once, in order of parties, protocol and ports; what order the evidence came in does not show. */
export function needsOf(evidence: readonly Evidence[]): Need[] {
  const groups = new Map<string, [Evidence, ...Evidence[]]>();
  for (const one of evidence) {
    const key = needKey(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups]
    .sort(([a], [b]) => compare(a, b))
    .map(([, group]) => {
      const sorted = distinct(group.sort(compareEvidence)) as [Evidence, ...Evidence[]];
      const { from, to, protocol, ports, confidence } = sorted[0];
      return { from, to, protocol, ports, evidence: sorted, confidence };
    });
}

/** A text equal for evidence of the same connection. Ports are padded: keys sort as numbers do. */
export function needKey({ from, to, protocol, ports }: Pick<Need, 'from' | 'to' | 'protocol' | 'ports'>): string {
  const [first, last] = ports.map((port) => String(port).padStart(5, '0'));
  return [partyKey(from), partyKey(to), protocol, first, last].join('\n');
}

/** Stronger first, then in the order of kinds, then by place and words. */
function compareEvidence(a: Evidence, b: Evidence): number {
  return (
    CONFIDENCES.indexOf(a.confidence) - CONFIDENCES.indexOf(b.confidence) ||
    rankOf(a.kind) - rankOf(b.kind) ||
    compare(a.source?.file ?? '', b.source?.file ?? '') ||
    (a.source?.line ?? 0) - (b.source?.line ?? 0) ||
    (a.source?.column ?? 0) - (b.source?.column ?? 0) ||
    compare(a.source?.path ?? '', b.source?.path ?? '') ||
    compare(a.says, b.says) ||
    (a.seen?.place.line ?? 0) - (b.seen?.place.line ?? 0)
  );
}

function rankOf(kind: EvidenceKind): number {
  return EVIDENCE_KINDS.indexOf(kind);
}

/** Without what says the same twice: a ConfigMap that two containers mount. */
function distinct(sorted: Evidence[]): Evidence[] {
  if (sorted.length === 1) return sorted;
  const seen = new Set<string>();
  return sorted.filter((one) => {
    const { kind, confidence, says, source, seen: flows } = one;
    const key = JSON.stringify([kind, confidence, says, source?.file, source?.line, source?.column, flows?.place]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
