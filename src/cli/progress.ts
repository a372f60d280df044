// One line on a terminal that says what a long run is doing; gone when it ends. Silent everywhere else, and for a second.

import type { Io } from './io.ts';

/** Tells the person what happens now. */
export interface Progress {
  /**
   * A phase begins, or goes on: `reading files`, 120 of 5,000, and `beside` what else was counted. Cheap; call it as often
   * as you like.
   */
  step(what: string, done?: number, total?: number, beside?: () => string): void;
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
  let before = '';
  // What was there is overwritten and only its rest erased: a line that is gone for a moment flickers.
  const show = (text: string): void => {
    if (text === before) return;
    before = text;
    io.stderr.write(`\r${text}\u001b[K`).catch(() => {});
  };
  return {
    step(what, done, total, beside) {
      const now = io.now();
      const isNew = what !== phase;
      if (isNew) {
        phase = what;
        phaseBegun = now;
      }
      if (now - begun < DELAY || (!isNew && now - last < INTERVAL)) return;
      last = now;
      shown = true;
      show(lineOf(what, done, total, now - phaseBegun, beside?.()).slice(0, (io.columns ?? 80) - 1));
    },
    end() {
      if (shown) show('');
      shown = false;
    },
  };
}

/** `reading files, 1,200 of 5,000, 36,000 objects, 3 s left …`; the time only where enough is done to tell. */
function lineOf(
  what: string,
  done: number | undefined,
  total: number | undefined,
  elapsed: number,
  beside: string | undefined,
): string {
  const more = beside === undefined || beside === '' ? '' : `, ${beside}`;
  if (done === undefined) return `${what}${more} …`;
  if (total === undefined) return done === 0 ? `${what}${more} …` : `${what}, ${count(done)} so far${more} …`;
  const left = done > 0 && elapsed > 500 ? Math.ceil(((elapsed / done) * (total - done)) / 1000) : undefined;
  return `${what} ${count(done)} of ${count(total)}${more}${left === undefined ? '' : `, ${leftText(left)} left`} …`;
}

function leftText(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

/** A number as people read it: `150,000`. */
export function count(number: number): string {
  return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ',');
}
