// `version`.

import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { VERSION } from '../version.ts';

/** Prints name and version. */
export async function version({ io }: Invocation): Promise<ExitCode> {
  await io.stdout.write(`netweir ${VERSION}\n`);
  return EXIT.yes;
}
