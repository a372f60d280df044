// What manifests say about who needs whom: all sources asked, equal answers once, in an order that depends on content only.
// Knows no source.

import { type Evidence, type EvidenceFound, type OpenQuestion, partyKey } from '../model/evidence.ts';
import type { Source } from '../model/source.ts';
import { compareTexts } from '../snapshot/identity.ts';
import { type DeclaredInput, evidenceContext } from './context.ts';
import type { EvidenceSource } from './source-of-evidence.ts';
import { EVIDENCE_SOURCES } from './sources.ts';

/**
 * Evidence that the objects of a state declare, a loaded state being what it is asked of. Never throws for what objects say:
 * what they leave open is a question, and what resolves to nothing in the snapshot is never a connection. `sources` absent:
 * all of them.
 */
export function declaredEvidence(
  input: DeclaredInput,
  sources: readonly EvidenceSource[] = EVIDENCE_SOURCES,
): EvidenceFound {
  const evidence: Evidence[] = [];
  const questions: OpenQuestion[] = [];
  const context = evidenceContext(input);
  const findings = {
    add: (one: Evidence) => void evidence.push(one),
    ask: (one: OpenQuestion) => void questions.push(one),
  };
  for (const source of sources) source(context, findings);
  return {
    evidence: distinct(evidence, evidenceKey),
    questions: distinct(questions, ({ about, workload = '', says }) => JSON.stringify([workload, about, says])),
  };
}

function evidenceKey({ from, to, protocol, ports, kind, says }: Evidence): string {
  return JSON.stringify([partyKey(from), partyKey(to), protocol, pad(ports[0]), pad(ports[1]), kind, says]);
}

function pad(port: number): string {
  return String(port).padStart(5, '0');
}

/** Each once, the first place of those that say the same, sorted by key. */
function distinct<T extends { readonly source?: Source }>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const kept = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    const before = kept.get(key);
    if (before === undefined || compareSources(item.source, before.source) < 0) kept.set(key, item);
  }
  return [...kept].sort(([a], [b]) => compareTexts(a, b)).map(([, item]) => item);
}

/** What has a file comes first. */
function compareSources(a: Source | undefined, b: Source | undefined): number {
  const has = (one: Source | undefined) => (one?.file === undefined ? 1 : 0);
  return (
    has(a) - has(b) ||
    compareTexts(a?.file ?? '', b?.file ?? '') ||
    (a?.line ?? 0) - (b?.line ?? 0) ||
    (a?.column ?? 0) - (b?.column ?? 0) ||
    compareTexts(a?.path ?? '', b?.path ?? '')
  );
}
