// `test --fix`: changes of policies that make failing tests hold, written into the files or printed as a patch, with what each
// opens and closes.

import type { State } from '../../engine/index.ts';
import { loadState } from '../../engine/index.ts';
import type { ManifestObject } from '../../engine/model/source.ts';
import type { AskedTest } from '../../engine/questions/run-tests.ts';
import type { Repair } from '../../engine/repair/find-repairs.ts';
import { repairTests, type TestRepairs } from '../../engine/repair/repair-tests.ts';
import { printable, unifiedDiff } from '../../report/index.ts';
import { draftFiles } from '../fixing/file-drafts.ts';
import { contextOf, type Invocation } from '../invocation.ts';
import type { Loaded } from '../load-input.ts';
import { writeFiles } from '../write-files.ts';

/** Makes the changes, says what they are on standard error, and answers with the state after them. */
export async function fixTests(
  { input, ignores, piped }: Loaded,
  tests: readonly AskedTest[],
  invocation: Invocation,
): Promise<State> {
  const { options, io, progress } = invocation;
  const files = draftFiles(input, ignores, io.cwd, piped);
  progress.step('looking for repairs');
  const run = repairTests(input, tests, contextOf(options), files);
  const changed = files.changed();
  progress.end();
  if (options.dryRun) {
    for (const { file, text } of changed) await io.stdout.write(unifiedDiff(file, text.before, text.after));
  } else await writeFiles(changed);
  await io.stderr.write(summaryOf(run, options.dryRun));
  return loadState(run.after);
}

function summaryOf({ applied, left }: TestRepairs, isDry: boolean): string {
  const lines = applied.map(
    ({ test, repair }) =>
      `${isDry ? 'would fix' : 'fixed'} ${placesOf(repair)} "${test}": ${repair.title}${besidesOf(repair)}`,
  );
  for (const { test, why } of left) lines.push(`not fixed "${test}": ${why}`);
  if (lines.length === 0) lines.push('every test holds; nothing to repair');
  return `${lines.map(printable).join('\n')}\n`;
}

/** What it changes, a place for each object, as the files were before it; of a new object the file that it goes to. */
function placesOf({ edits }: Repair): string {
  const places = new Map<ManifestObject, string>();
  for (const edit of edits) {
    const object = edit.op === 'add-object' ? edit.beside : edit.object;
    if (object === undefined || places.has(object)) continue;
    const { file = '', line = 1 } = object.locate('path' in edit ? edit.path : []);
    places.set(object, edit.op === 'add-object' ? file : `${file}:${line}`);
  }
  return [...new Set(places.values())].join(', ');
}

/** What else a change does than what it was made for. */
function besidesOf({ beyond, isolates }: Repair): string {
  const parts = [
    ...(beyond.pairs > 0 ? [`${beyond.pairs} other pair${beyond.pairs === 1 ? ' changes' : 's change'}`] : []),
    ...(beyond.pairs === 0 && beyond.ports > 0 ? ['other ports of the same pairs change'] : []),
    ...(isolates ? ['pods that nothing isolated are isolated now'] : []),
  ];
  return parts.length === 0 ? '; nothing else changes' : `; ${parts.join(', ')}`;
}
