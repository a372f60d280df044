// `completion SHELL`: the script that a shell sources.

import { UserError } from '../../engine/model/user-error.ts';
import { COMPLETION_SCRIPTS, type Shell } from '../completion/scripts.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';

/** Prints the script. */
export async function completion({ operands, io }: Invocation): Promise<ExitCode> {
  const [shell = ''] = operands;
  if (!Object.hasOwn(COMPLETION_SCRIPTS, shell)) {
    const hint = `shells: ${Object.keys(COMPLETION_SCRIPTS).join(', ')}`;
    throw new UserError('usage', `there is no completion for "${shell}"`, { hint });
  }
  await io.stdout.write(COMPLETION_SCRIPTS[shell as Shell]);
  return EXIT.yes;
}
