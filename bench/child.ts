// A size measured in a process of its own, with a limit of time and one of memory: what exceeds them ends that process only.

import { spawn } from 'node:child_process';
import type { Figure } from './measure-size.ts';

/** What a size may take. */
export interface Limits {
  readonly seconds: number;
  /** Of JavaScript's heap in MiB. */
  readonly heap: number;
}

/** A figure, a limit that was exceeded, or what broke. */
export type Outcome =
  | { readonly type: 'measured'; readonly figure: Figure }
  /** `reason` as the table prints it: `over 300 s`. */
  | { readonly type: 'over-limit'; readonly reason: string }
  | { readonly type: 'broken'; readonly message: string };

/** Runs a script with arguments; it must send its figure to its parent. Never rejects. */
export function measureInChild(script: string, args: readonly string[], limits: Limits): Promise<Outcome> {
  return new Promise((done) => {
    // A group of its own, so that commands which it started end with it.
    const child = spawn(process.execPath, [`--max-old-space-size=${limits.heap}`, '--expose-gc', script, ...args], {
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      detached: true,
    });
    let figure: Figure | undefined;
    let isLate = false;
    let complaint = '';
    const end = () => {
      try {
        process.kill(-child.pid!, 'SIGKILL');
      } catch {
        // It has ended already.
      }
    };
    const interrupted = () => {
      end();
      process.exit(130);
    };
    const timer = setTimeout(() => {
      isLate = true;
      end();
    }, limits.seconds * 1000);
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
    child.on('message', (message) => {
      figure = message as Figure;
    });
    child.stderr!.on('data', (data) => {
      complaint = `${complaint}${data}`.slice(-4000);
    });
    child.on('error', (error) => {
      complaint += error.message;
    });
    child.on('close', () => {
      clearTimeout(timer);
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
      if (figure !== undefined) done({ type: 'measured', figure });
      else if (isLate) done({ type: 'over-limit', reason: `over ${limits.seconds} s` });
      else if (/heap out of memory|heap limit/.test(complaint))
        done({ type: 'over-limit', reason: `out of memory, over ${limits.heap} MiB of heap` });
      else done({ type: 'broken', message: complaint.trim() });
    });
  });
}
