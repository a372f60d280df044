import { describe, expect, it } from 'vitest';
import type { Io } from './io.ts';
import { startProgress } from './progress.ts';

function terminal(isTTY: boolean, env: Io['env'] = {}): { io: Io; written: string[]; clock: { now: number } } {
  const written: string[] = [];
  const clock = { now: 0 };
  const io: Io = {
    stdin: (async function* () {})(),
    stdout: { write: async () => {} },
    stderr: { write: async (text) => void written.push(text) },
    env,
    cwd: '/',
    isPiped: false,
    isTTY: { stdin: false, stdout: false, stderr: isTTY },
    columns: 60,
    program: 'netweir',
    now: () => clock.now,
    today: () => '2026-06-01',
  };
  return { io, written, clock };
}

describe('progress', () => {
  it('is silent for a second, then says what happens, and leaves nothing behind', () => {
    const { io, written, clock } = terminal(true);
    const progress = startProgress(io);
    progress.step('reading', 1, 5000);
    clock.now = 999;
    progress.step('reading', 100, 5000);
    expect(written).toEqual([]);
    clock.now = 1000;
    progress.step('reading', 1000, 5000);
    clock.now = 1050;
    progress.step('reading', 1010, 5000);
    clock.now = 1100;
    progress.step('building the snapshot');
    progress.end();
    progress.end();
    expect(written).toEqual([
      '\r\u001b[Kreading 1,000 of 5,000, 4 s left …',
      '\r\u001b[Kbuilding the snapshot …',
      '\r\u001b[K',
    ]);
  });

  it('counts where nobody knows how many there will be', () => {
    const { io, written, clock } = terminal(true);
    const progress = startProgress(io);
    clock.now = 1000;
    progress.step('reading files', 0);
    clock.now = 1100;
    progress.step('reading files', 1200);
    expect(written).toEqual(['\r\u001b[Kreading files …', '\r\u001b[Kreading files, 1,200 so far …']);
  });

  it('never breaks the line', () => {
    const { io, written, clock } = terminal(true);
    const progress = startProgress(io);
    clock.now = 2000;
    progress.step('x'.repeat(200));
    expect(written[0]?.length).toBe('\r\u001b[K'.length + 59);
  });

  it.each([
    [false, {}],
    [true, { TERM: 'dumb' }],
  ])('is silent where there is no terminal to draw on (%s, %j)', (isTTY, env) => {
    const { io, written, clock } = terminal(isTTY, env);
    const progress = startProgress(io);
    clock.now = 5000;
    progress.step('reading');
    progress.end();
    expect(written).toEqual([]);
  });
});
