// Runs the command line in process, with streams that are kept as text. No terminal unless a test says so.

import type { Io } from '../../src/cli/io.ts';
import { run } from '../../src/cli/run.ts';
import { ROOT } from './shared.ts';

/** What a run printed, and its exit code. */
export interface CliRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** What differs from a script's surroundings. */
export interface Surroundings {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Absolute; the repository's root if absent. */
  readonly cwd?: string;
  readonly isTTY?: Partial<Io['isTTY']>;
  readonly columns?: number;
  readonly program?: string;
  /** Milliseconds by which the clock goes on at each look. */
  readonly tick?: number;
  /** `YYYY-MM-DD`; the first of June 2026 if absent. */
  readonly today?: string;
  /** After so many characters nobody reads standard output any more. */
  readonly closesAfter?: number;
}

/** Runs `netweir ARGV…`. */
export async function runCli(argv: readonly string[], around: Surroundings = {}): Promise<CliRun> {
  let [stdout, stderr, clock] = ['', '', 0];
  const io: Io = {
    stdin: (async function* () {
      yield new TextEncoder().encode(around.stdin ?? '');
    })(),
    stdout: {
      async write(text) {
        if (stdout.length >= (around.closesAfter ?? Number.POSITIVE_INFINITY)) {
          throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
        }
        stdout += text;
      },
    },
    stderr: {
      async write(text) {
        stderr += text;
      },
    },
    env: around.env ?? {},
    isPiped: around.stdin !== undefined,
    cwd: around.cwd ?? ROOT,
    isTTY: { stdin: false, stdout: false, stderr: false, ...around.isTTY },
    ...(around.columns === undefined ? {} : { columns: around.columns }),
    program: around.program ?? 'netweir',
    now: () => {
      clock += around.tick ?? 0;
      return clock;
    },
    today: () => around.today ?? '2026-06-01',
  };
  const code = await run(argv, io);
  return { stdout, stderr, code };
}
