// Runs the checks of meaning over a state and gives each problem its place. Knows no check.

import type { Finding } from '../model/finding.ts';
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
  for (const check of checks) for (const problem of check.find(context)) findings.push(toFinding(check, problem));
  return findings;
}

function toFinding(check: Check, problem: Problem): Finding {
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
          related: related.map((one) => ({ source: one.object.locate(one.path), message: one.message })),
        }),
    ...(check.controls === undefined ? {} : { controls: check.controls }),
    source: object.locate(path, { key: key ?? false }),
  };
}
