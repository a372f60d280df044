// What a source of evidence is, and where it puts what it finds. Knows no source.

import type { Evidence, OpenQuestion } from '../model/evidence.ts';
import type { EvidenceContext } from './context.ts';

/** Takes what a source finds, in any order. */
export interface Findings {
  add(evidence: Evidence): void;
  ask(question: OpenQuestion): void;
}

/** One source of evidence: a pure function over the snapshot. Never throws for what objects say. */
export type EvidenceSource = (context: EvidenceContext, findings: Findings) => void;
