// Policies generated for drawn applications and drawn logs, judged by a naive reading of NetworkPolicy that shares no code with
// the engine: nothing that happened is denied, nothing is open that nothing needs, no step cuts anything off.

import { describe, expect, it } from 'vitest';
import type { GeneratedPolicies } from '../../src/engine/questions/generated-document.ts';
import { runs } from '../support/runs.ts';
import { type Checked, checkCase } from '../support/simulation/check-case.ts';

const { numRuns } = runs(150);
const HOUR = 3_600_000;

/** The spec of every generated policy changed. */
function withSpecs(change: (spec: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>) {
  return (made: GeneratedPolicies): GeneratedPolicies => ({
    ...made,
    policies: made.policies.map((policy) => {
      const { spec } = policy.manifest as { readonly spec: Readonly<Record<string, unknown>> };
      return { ...policy, manifest: { ...policy.manifest, spec: change(spec) } };
    }),
  });
}

const withoutRules = (list: unknown): unknown => (Array.isArray(list) ? list.slice(1) : list);
const withoutPeers = (list: unknown): unknown =>
  Array.isArray(list) ? list.map(({ ports }: { readonly ports: unknown }) => ({ ports })) : list;

describe('generated policies', () => {
  it(
    `say nothing of themselves that a naive reading finds false (${numRuns} cases)`,
    () => {
      const sums = { sound: 0, tight: 0, safeOrder: 0, attributed: 0, unattributed: 0, guessed: 0, asked: 0 };
      const wrong: { readonly seed: number; readonly problems: Checked['problems'] }[] = [];
      for (let seed = 1; seed <= numRuns; seed++) {
        const { problems, claims, attributed, unattributed, guessed, asked } = checkCase(seed);
        if (problems.length > 0) wrong.push({ seed, problems: problems.slice(0, 3) });
        for (const claim of ['sound', 'tight', 'safeOrder'] as const) sums[claim] += claims[claim] ? 1 : 0;
        sums.attributed += attributed;
        sums.unattributed += unattributed;
        sums.guessed += guessed;
        sums.asked += asked;
      }
      expect(wrong).toEqual([]);
      // Claims that are never made are never false.
      expect(sums.sound).toBeGreaterThan(0.9 * numRuns);
      expect(sums.tight).toBeGreaterThan(0.6 * numRuns);
      expect(sums.safeOrder).toBeGreaterThan(0.9 * numRuns);
      expect(sums.attributed).toBeGreaterThan(4 * sums.unattributed);
      expect(sums.guessed).toBeLessThan(0.01 * sums.attributed);
      expect(sums.asked).toBeGreaterThan(500 * numRuns);
    },
    5 * HOUR,
  );

  const found = (change: (made: GeneratedPolicies) => GeneratedPolicies, word: string): number =>
    Array.from({ length: 20 }, (_, i) => checkCase(i + 1, change).problems).filter((problems) =>
      problems.some((problem) => problem.startsWith(word)),
    ).length;

  it('would be found out if a rule were missing', () => {
    const change = withSpecs((spec) => ({ ...spec, egress: withoutRules(spec['egress']) }));
    expect(found(change, 'unsound')).toBeGreaterThan(15);
  });

  it('would be found out if a rule named nobody', () => {
    const change = withSpecs((spec) => ({
      ...spec,
      ingress: withoutPeers(spec['ingress']),
      egress: withoutPeers(spec['egress']),
    }));
    expect(found(change, 'not tight')).toBeGreaterThan(5);
  });

  it('would be found out if they were applied the other way round', () => {
    const change = (made: GeneratedPolicies) => ({ ...made, policies: [...made.policies].reverse() });
    expect(found(change, 'order')).toBeGreaterThan(15);
  });
});
