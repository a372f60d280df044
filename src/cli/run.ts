// One run of the program: words in, exit code out. Every failure becomes one sentence here, and nowhere else.

import { UserError } from '../engine/model/user-error.ts';
import type { Verb } from './command-table.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { fullHelp, shortHelp, verbHelp } from './help.ts';
import { type Io, isBrokenPipe } from './io.ts';
import { errorText } from './messages.ts';
import { findVerb, parseArguments } from './parse-arguments.ts';
import { startProgress } from './progress.ts';
import { styleOf } from './style.ts';
import { VERSION } from './version.ts';

/** Runs the program with the words after its name. Never throws. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const progress = startProgress(io);
  try {
    return await start(argv, io, progress);
  } catch (error) {
    progress.end();
    if (isBrokenPipe(error)) return EXIT.brokenPipe;
    return await fail(error, argv, io).catch(() => EXIT.cannotAnswer);
  } finally {
    progress.end();
  }
}

async function start(argv: readonly string[], io: Io, progress: ReturnType<typeof startProgress>): Promise<ExitCode> {
  const [first, second] = argv;
  if (first === undefined) return print(io, shortHelp(io.program));
  if (first === '--help' || first === '-h' || (first === 'help' && second === undefined))
    return print(io, fullHelp(io.program));
  if (first === 'help') return print(io, await helpOf(findVerb(second), io));
  if (first === '--version') return print(io, `netweir ${VERSION}\n`);
  if (first === '__complete') {
    const { complete } = await import('./completion/complete.ts');
    return print(io, await complete(argv.slice(1), io));
  }
  const { verb, operands, options, wantsHelp, typed } = parseArguments(argv);
  if (wantsHelp) return print(io, await helpOf(verb, io));
  if (options.cni === 'list') {
    const { listBehaviours } = await import('./commands/cni-list.ts');
    return print(io, listBehaviours());
  }
  const command = await verb.load();
  return command({ verb, operands, options, io, progress, typed });
}

async function helpOf(verb: Verb, io: Io): Promise<string> {
  const { formatsOf } = await import('../report/index.ts');
  return verbHelp(verb, io.program, verb.document === undefined ? [] : formatsOf(verb.document));
}

async function print(io: Io, text: string): Promise<ExitCode> {
  await io.stdout.write(text);
  return EXIT.yes;
}

async function fail(error: unknown, argv: readonly string[], io: Io): Promise<ExitCode> {
  const style = styleOf(argv.includes('--no-color') ? false : undefined, io, 'stderr');
  if (error instanceof UserError) {
    await io.stderr.write(errorText(error, style));
    return error.code === 'aborted' ? EXIT.interrupted : EXIT.cannotAnswer;
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error && argv.includes('--debug') ? `${error.stack}\n` : '';
  const advice = stack === '' ? '; --debug shows where' : '';
  await io.stderr.write(`${style.red('internal error:')} ${message}; this is a defect of netweir${advice}\n${stack}`);
  return EXIT.cannotAnswer;
}
