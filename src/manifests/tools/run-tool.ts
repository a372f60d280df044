// Starts an installed program without a shell, streams what it prints, and makes sure that it never outlives this
// process. Knows nothing of what the program is or prints.

import { type ChildProcess, spawn } from 'node:child_process';
import { UserError } from '../../engine/model/user-error.ts';
import { codeOf } from '../read-file.ts';

/** What to start, and where. */
export interface ToolCall {
  /** Looked up on PATH of `env`. */
  readonly program: string;
  readonly words: readonly string[];
  /** Absolute; the process's own directory if absent. */
  readonly cwd?: string | undefined;
  /** The process's own environment if absent. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** An abort ends the program and is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Written to its standard input, piece by piece; absent: it has none. */
  readonly input?: Iterable<string>;
}

/**
 * How a program ended. `code` is undefined where a signal ended it; `isWhole` is false where `take` stopped early, so that
 * the code says nothing; `said` is its standard error.
 */
export interface ToolEnd<T> {
  readonly taken: T;
  readonly isWhole: boolean;
  readonly code: number | undefined;
  readonly said: string;
}

/** Characters of standard error that are kept; a program that says more has said it. */
const MAX_SAID = 64 * 1024;

/**
 * Runs a program to its end and gives its standard output to `take`, which may stop early: then the program is ended.
 * Undefined where no such program is installed. What `take` throws is thrown on, once the program has ended. Throws
 * UserError `unreadable` for a program that cannot be started.
 */
export async function runTool<T>(
  call: ToolCall,
  take: (stdout: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<ToolEnd<T> | undefined> {
  const child = spawn(call.program, [...call.words], {
    stdio: [call.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
    ...(call.cwd === undefined ? {} : { cwd: call.cwd }),
    ...(call.env === undefined ? {} : { env: { ...call.env } }),
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  });
  const release = endWithUs(child);
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (said.length < MAX_SAID) said += text.slice(0, MAX_SAID - said.length);
  });
  const end = new Promise<number | undefined>((done) => child.once('close', (code) => done(code ?? undefined)));
  const failure = await new Promise<Error | undefined>((done) => {
    child.once('spawn', () => done(undefined));
    child.once('error', done);
  });
  if (failure !== undefined) {
    release();
    call.signal?.throwIfAborted();
    if (codeOf(failure) === 'ENOENT') return undefined;
    throw new UserError('unreadable', `${call.program} cannot be started: ${failure.message}`, { cause: failure });
  }
  // An abort is an error of the child besides; it is thrown below.
  child.on('error', () => {});
  if (call.input !== undefined) feed(child, call.input);
  try {
    const taken = await take(child.stdout!);
    const isWhole = child.stdout!.readableEnded;
    child.stdout!.destroy();
    const code = await end;
    call.signal?.throwIfAborted();
    return { taken, isWhole, code, said };
  } catch (error) {
    child.kill();
    await end;
    throw error;
  } finally {
    release();
  }
}

/** Writes piece by piece, no faster than they are read. A program that reads no further is no error: its end tells. */
function feed(child: ChildProcess, input: Iterable<string>): void {
  const stdin = child.stdin!;
  stdin.on('error', () => {});
  const pieces = input[Symbol.iterator]();
  const write = (): void => {
    for (let next = pieces.next(); ; next = pieces.next()) {
      if (next.done === true) {
        stdin.end();
        return;
      }
      if (!stdin.write(next.value)) {
        stdin.once('drain', write);
        return;
      }
    }
  };
  write();
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A signal that ends this process ends the child first; so does any other end. Returns what takes that back. */
function endWithUs(child: ChildProcess): () => void {
  const onExit = (): void => {
    child.kill();
  };
  const listeners = SIGNALS.map((signal) => {
    const listener = (): void => {
      child.kill();
      release();
      // Without a listener left, the signal does what it would have done.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    };
    return [signal, listener] as const;
  });
  const release = (): void => {
    for (const [signal, listener] of listeners) process.removeListener(signal, listener);
    process.removeListener('exit', onExit);
  };
  for (const [signal, listener] of listeners) process.on(signal, listener);
  process.on('exit', onExit);
  return release;
}
