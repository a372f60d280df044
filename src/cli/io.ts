// What the program sees of the world around it, handed in so that tests run it in process.

import { fstatSync } from 'node:fs';
import { isatty } from 'node:tty';

/** A stream of text. `write` waits until the text is taken; it rejects with code EPIPE where nobody reads any more. */
export interface TextSink {
  write(text: string): Promise<void>;
}

/** Programs of threads that help to read large files; absent: there are none. */
export interface Workers {
  /** For manifests. */
  readonly partWorker?: URL;
  /** For flow logs. */
  readonly logPartWorker?: URL;
}

/** Everything outside the program but files. */
export interface Io extends Workers {
  /** Opened only when it is read. */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; relative paths start here. */
  readonly cwd: string;
  /** Whether a pipe or a file feeds standard input, which is read only where `-` names it. */
  readonly isPiped: boolean;
  readonly isTTY: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Columns of the terminal; absent where stdout is none. */
  readonly columns?: number;
  /** As people call it: `netweir` or `kubectl netweir`. */
  readonly program: string;
  /** Milliseconds since some moment, for progress. */
  now(): number;
  /** Today where the user is, `YYYY-MM-DD`. */
  today(): string;
}

/** The process's own streams. Text that nobody reads any more is an error of the write, never of the process. */
export function processIo(workers: Workers = {}): Io {
  const { stdout, stderr, env, argv } = process;
  const name = (argv[1] ?? '').replace(/^.*[/\\]/, '');
  return {
    get stdin() {
      return process.stdin;
    },
    stdout: sinkOf(stdout),
    stderr: sinkOf(stderr),
    env,
    isPiped: isFed(0),
    cwd: process.cwd(),
    isTTY: { stdin: isatty(0), stdout: stdout.isTTY === true, stderr: stderr.isTTY === true },
    ...(stdout.isTTY && stdout.columns > 0 ? { columns: stdout.columns } : {}),
    program: /^kubectl[-_]/.test(name) ? 'kubectl netweir' : 'netweir',
    ...workers,
    now: () => performance.now(),
    today: () => dayOf(new Date()),
  };
}

/** Reports whether the descriptor is a pipe, a socket or a file; `/dev/null` and a closed one are none. */
function isFed(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isFIFO() || stats.isSocket() || stats.isFile();
  } catch {
    return false;
  }
}

/** The day of a moment in the user's time zone. */
function dayOf(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function sinkOf(stream: NodeJS.WriteStream): TextSink {
  // Without a listener the stream's error would end the process with a stack.
  stream.on('error', () => {});
  return {
    write: (text) =>
      new Promise((done, fail) => {
        stream.write(text, (error) => (error == null ? done() : fail(error)));
      }),
  };
}

/** Reports whether a write failed because nobody reads any more. */
export function isBrokenPipe(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
}
