// `replay`: observed flows under policies, those of the input or with a proposal laid over them.

import type { Pod } from '../../engine/model/cluster.ts';
import { UserError } from '../../engine/model/user-error.ts';
import { replay as askReplay } from '../../engine/questions/replay.ts';
import type { Replay } from '../../engine/questions/replay-document.ts';
import { type ExitCode, exitCodeOf } from '../exit-codes.ts';
import { checkFlowFlags, loadFlows } from '../generating/load-flows.ts';
import type { Invocation } from '../invocation.ts';
import { checkHelmFlags, inputOperands, type Loaded, loadInput } from '../load-input.ts';
import { layOverFiles, loadLaidOver } from '../load-laid-over.ts';
import { writeRemarks } from '../messages.ts';
import { outputsOf, writeDocument } from '../output.ts';
import { pluginHints } from '../plugin-hints.ts';

/** Prints the replay; exits 1 where something that got through would be denied, 2 where that cannot be told. */
export async function replay(invocation: Invocation): Promise<ExitCode> {
  const { options, progress } = invocation;
  checkFlags(invocation);
  const outputs = outputsOf(invocation);
  const { proposed } = options.replay;
  const [current, laid] = await loadStates(invocation, proposed);
  const observed = (await loadFlows(invocation))!;
  progress.step('replaying');
  const document = askReplay(laid.state, observed.given.flows, {
    ...observed.given.within,
    ...(proposed.length === 0 ? {} : { before: current.state.policies, replaced: replacedPods(current, laid) }),
    reading: { notes: observed.notes, gaps: observed.gaps, broken: observed.given.broken },
  });
  await writeDocument(document, outputs, invocation);
  const gaps = [...laid.state.gaps, ...observed.gaps];
  // That a proposal says an object anew is its purpose.
  const isWanted = proposed.length > 0;
  const findings = laid.state.findings.filter(({ check }) => !(isWanted && check === 'duplicate-object'));
  const notes = [...observed.places, ...document.notes];
  const answer = answerOf(document);
  const { unattributed } = document.records;
  const isOpen = answer === 'yes' && unattributed > 0;
  const some = unattributed === 1 ? '1 record is' : `${unattributed} records are`;
  const open = `${some} not attributed and may belong to what would be denied; --allow-incomplete lets that pass`;
  const hints = [...(isOpen ? [open] : []), ...pluginHints(laid.state, options)];
  const { assumptions } = document;
  await writeRemarks({ skipped: laid.skipped, findings, gaps, notes, assumptions, hints }, invocation);
  return exitCodeOf({
    answer,
    // What was not attributed could be among what would be denied; a no stays a no.
    incomplete: gaps.length > 0 || isOpen,
    allowIncomplete: options.allowIncomplete,
  });
}

/** The state before the proposal, and with it; the same one where there is none. */
async function loadStates(invocation: Invocation, proposed: readonly string[]): Promise<readonly [Loaded, Loaded]> {
  const named = inputOperands(invocation.options);
  if (proposed.length > 0 && named.length === 0) return loadLaidOver(invocation, proposed);
  const current = await loadInput(invocation, { isWhole: true });
  return [current, proposed.length === 0 ? current : await layOverFiles(invocation, current, proposed)];
}

/** Pods of today that are no more once the proposal is applied. */
function replacedPods(current: Loaded, laid: Loaded): readonly Pod[] {
  const nameOf = ({ namespace, name }: Pod): string => `${namespace}/${name}`;
  const left = new Set(laid.state.cluster.pods.filter(({ real }) => real).map(nameOf));
  return current.state.cluster.pods.filter((pod) => pod.real && !left.has(nameOf(pod)));
}

/** Something that got through would be denied: no. Nothing would, but not all can be told: unknown. */
function answerOf({ summary }: Replay): 'yes' | 'no' | 'unknown' {
  if (summary.newlyDenied > 0) return 'no';
  return summary.undecidable > 0 ? 'unknown' : 'yes';
}

/** Throws UserError before anything is read. */
function checkFlags({ options }: Invocation): void {
  const { flows } = options.generate;
  const { proposed } = options.replay;
  if (flows.length === 0) {
    throw new UserError('usage', 'replay needs a flow log', {
      hint: 'name it with --flows: replay -f k8s/ --flows hubble.jsonl.gz',
    });
  }
  const inputs = [...inputOperands(options), ...proposed];
  checkFlowFlags({ options }, proposed);
  checkHelmFlags(options, inputs);
}
