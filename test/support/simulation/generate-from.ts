// Policies from manifests, from flows and from both, with the values that the command line takes where nobody says anything.

import { PARTS } from '../../../src/engine/generate/categories.ts';
import { type FlowsGiven, gatherEvidence } from '../../../src/engine/generate/gather-evidence.ts';
import { type Need, needsOf } from '../../../src/engine/generate/needs.ts';
import { applicationNamespaces } from '../../../src/engine/generate/scope.ts';
import { detectPlatform } from '../../../src/engine/platforms/index.ts';
import { generatePolicies } from '../../../src/engine/questions/generate.ts';
import type { GeneratedPolicies } from '../../../src/engine/questions/generated-document.ts';
import { PORT_PROTOCOLS } from '../../../src/engine/sets/traffic-set.ts';
import type { State } from '../../../src/engine/state.ts';

/** What is learned from. */
export const EVIDENCE_FROM = ['manifests', 'flows', 'both'] as const;

/** See {@link EVIDENCE_FROM}. What a platform makes everybody need (name resolution) is learned in all three. */
export type EvidenceFrom = (typeof EVIDENCE_FROM)[number];

/** What came out. `needs` are those that are sure enough to become rules. */
export interface Made {
  readonly document: GeneratedPolicies;
  readonly after: State;
  readonly needs: readonly Need[];
}

/** Generates for all namespaces of applications; `given` counts unless only manifests are learned from. */
export function generateFrom(state: State, given: FlowsGiven, from: EvidenceFrom): Made {
  const namespaces = applicationNamespaces(state.cluster);
  const gathered = gatherEvidence(state, detectPlatform(state), namespaces, from === 'manifests' ? undefined : given, {
    declared: from !== 'flows',
  });
  const made = generatePolicies(
    state,
    {
      ...gathered,
      namespaces,
      parts: new Set(PARTS),
      allow: [],
      forbid: [],
      confidence: 'likely',
      budget: { blocks: 50, factor: 1 },
    },
    { defaultNamespace: 'default', protocols: PORT_PROTOCOLS },
  );
  return { ...made, needs: needsOf(gathered.found.evidence).filter(({ confidence }) => confidence !== 'possible') };
}
