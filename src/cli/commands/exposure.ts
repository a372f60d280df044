// `exposure`: what is open beyond the snapshot, and what is not isolated.

import { type Exposure, exposure as findExposure, withAccess } from '../../engine/index.ts';
import { UserError } from '../../engine/model/user-error.ts';
import { type ExitCode, exitCodeOf, type Outcome } from '../exit-codes.ts';
import { EXPOSURES } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { loadInput, onlyNamespace } from '../load-input.ts';
import { writeRemarks } from '../messages.ts';
import { outputsOf, writeDocument } from '../output.ts';
import { pluginHints } from '../plugin-hints.ts';

type Kind = (typeof EXPOSURES)[number];

/** Prints what is open; exits 1 only for what --fail-on names. */
export async function exposure(invocation: Invocation): Promise<ExitCode> {
  const { options, progress } = invocation;
  const failOn = kindsOf(options.failOn);
  const outputs = outputsOf(invocation);
  const { state, skipped, input, context } = await loadInput(invocation, {
    purposes: options.rbac ? ['answers', 'access'] : ['answers'],
  });
  const only = onlyNamespace(options, state);
  progress.step('finding what is open');
  const open = findExposure(state, only === undefined ? {} : { namespaces: [only] }, context);
  const document = options.rbac ? withAccess(open, state, input.objects, input.defaultNamespace) : open;
  await writeDocument(document, outputs, invocation, only === undefined);
  const { findings, gaps } = state;
  const { notes, assumptions } = document;
  await writeRemarks({ skipped, findings, gaps, notes, assumptions, hints: pluginHints(state, options) }, invocation);
  return exitCodeOf({
    answer: answerOf(document, failOn),
    incomplete: gaps.length > 0,
    allowIncomplete: options.allowIncomplete,
  });
}

/** A list separated by commas. Throws UserError for a word that is none of {@link EXPOSURES}. */
function kindsOf(text: string | undefined): ReadonlySet<Kind> {
  const words = text === undefined ? [] : text.split(',').map((word) => word.trim().toLowerCase());
  const kinds = words.map((word) => {
    const kind = EXPOSURES.find((one) => one === word);
    if (kind !== undefined) return kind;
    throw new UserError('usage', `--fail-on: "${word}" is nothing that can be open`, {
      hint: `write a list of ${EXPOSURES.join(', ')}`,
    });
  });
  return new Set(kinds);
}

/** No where something of these kinds is open; unknown where it may be. */
function answerOf({ exposed, unisolated }: Exposure, failOn: ReadonlySet<Kind>): Outcome['answer'] {
  const concerned = exposed.filter(({ to }) => typeof to === 'string' && failOn.has(to));
  const isolation = failOn.has('unisolated') ? unisolated : [];
  const isOpen =
    concerned.some(({ allowed, conditional }) => allowed !== undefined || conditional !== undefined) ||
    isolation.some(({ perhaps }) => perhaps === undefined);
  if (isOpen) return 'no';
  return concerned.length + isolation.length > 0 ? 'unknown' : 'yes';
}
