// One line on a terminal that says what a long run is doing; gone when it ends. Silent everywhere else, and for a second.

import type { Io } from './io.ts';

/** Tells the person what happens now. */
export interface Progress {
  /** A phase begins, or goes on: `reading`, 120 of 5,000 files. Cheap; call it as often as you like. */
  step(what: string, done?: number, total?: number): void;
  /** Removes the line. */
  end(): void;
}

const SILENT: Progress = { step: () => {}, end: () => {} };
const DELAY = 1000;
const INTERVAL = 100;

/** A progress line for the run that begins now. */
export function startProgress(io: Io): Progress {
  if (!io.isTTY.stderr || io.env.TERM === 'dumb') return SILENT;
  const begun = io.now();
  let last = begun + DELAY - INTERVAL;
  let shown = false;
  let phase = '';
  let phaseBegun = begun;
  const show = (text: string): void => {
    io.stderr.write(`\r\u001b[K${text}`).catch(() => {});
  };
  return {
    step(what, done, total) {
      const now = io.now();
      const isNew = what !== phase;
      if (isNew) {
        phase = what;
        phaseBegun = now;
      }
      if (now - begun < DELAY || (!isNew && now - last < INTERVAL)) return;
      last = now;
      shown = true;
      show(lineOf(what, done, total, now - phaseBegun).slice(0, (io.columns ?? 80) - 1));
    },
    end() {
      if (shown) show('');
      shown = false;
    },
  };
}

/** `reading 1,200 of 5,000 files, 3 s left`; the time only where enough is done to tell. */
function lineOf(what: string, done: number | undefined, total: number | undefined, elapsed: number): string {
  if (done === undefined) return `${what} …`;
  if (total === undefined) return done === 0 ? `${what} …` : `${what}, ${count(done)} so far …`;
  const left = done > 0 && elapsed > 500 ? Math.ceil(((elapsed / done) * (total - done)) / 1000) : undefined;
  return `${what} ${count(done)} of ${count(total)}${left === undefined ? '' : `, ${left} s left`} …`;
}

function count(number: number): string {
  return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ',');
}
