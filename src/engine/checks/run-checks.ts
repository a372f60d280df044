// Runs the checks of meaning over a state and gives each problem its place. Knows no check.

import { entry } from '../compile/entry.ts';
import type { Finding } from '../model/finding.ts';
import type { ManifestObject, Path, Source } from '../model/source.ts';
import type { State } from '../state.ts';
import type { Check, Problem } from './check.ts';
import { type CheckContext, checkContext } from './context.ts';

/** Findings of the given checks, in any order; `examples` absent: only a few are made. */
export function runChecks(
  state: State,
  checks: readonly Check[],
  defaultNamespace: string,
  examples: CheckContext['examples'] = 'few',
): Finding[] {
  const context = checkContext(state, defaultNamespace, examples);
  const findings: Finding[] = [];
  const placeOf = rememberedPlaces();
  for (const check of checks) {
    for (const problem of check.find(context)) findings.push(toFinding(check, problem, placeOf));
  }
  return findings;
}

type PlaceOf = (object: ManifestObject, path: Path) => Source;

/** Finds each place once: thousands of findings name the same few policies that they are related to. */
function rememberedPlaces(): PlaceOf {
  const known = new Map<ManifestObject, Map<string, Source>>();
  return (object, path) =>
    entry(
      entry(known, object, () => new Map()),
      JSON.stringify(path),
      () => object.locate(path),
    );
}

function toFinding(check: Check, problem: Problem, placeOf: PlaceOf): Finding {
  const { object, path, key, policy, severity = check.severity, related, ...said } = problem;
  return {
    check: check.id,
    severity,
    rejectedByApi: false,
    ...said,
    ...(policy === undefined ? {} : { policy: policy.ref }),
    object,
    ...(related === undefined
      ? {}
      : {
          related: related.map((one) => ({ source: placeOf(one.object, one.path), message: one.message })),
        }),
    ...(check.controls === undefined ? {} : { controls: check.controls }),
    source: object.locate(path, { key: key ?? false }),
  };
}
