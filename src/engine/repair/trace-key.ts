// What decides a flow, as a text: equal for two drafts where the same rules, wherever they stand by now, decide alike.

import { DIRECTIONS } from '../model/policy.ts';
import type { Step } from '../model/verdict.ts';
import type { Draft } from './draft.ts';
import { originalPath } from './origin.ts';
import type { RepairContext } from './repair-context.ts';
import type { UnmetFlow } from './unmet.ts';
import { writtenPolicy } from './written.ts';

/** The key of a flow's trace. Rules are named by where they stood as read; what an edit has added has no such place. */
export function traceKey(context: RepairContext, draft: Draft, { trace }: UnmetFlow): string {
  const stepKey = ({ policy, rule, action, perhaps }: Step): unknown => {
    const written = policy === undefined ? undefined : writtenPolicy(context, draft, policy);
    const path = written === undefined || rule === undefined ? undefined : originalPath(written.changes, rule.path);
    return [action, perhaps, policy?.ref, rule === undefined ? null : (path ?? 'added')];
  };
  const sides = DIRECTIONS.map((direction) => {
    const { verdict, reasons, steps } = trace[direction];
    return [verdict, reasons, steps.map(stepKey)];
  });
  return JSON.stringify([trace.verdict, sides]);
}
