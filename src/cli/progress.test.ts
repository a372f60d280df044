import { describe, expect, it } from 'vitest';
import type { Io } from './io.ts';
import { startProgress } from './progress.ts';
import { showReading } from './show-reading.ts';

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
      '\rreading 1,000 of 5,000, 4 s left …\u001b[K',
      '\rbuilding the snapshot …\u001b[K',
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
    expect(written).toEqual(['\rreading files …\u001b[K', '\rreading files, 1,200 so far …\u001b[K']);
  });

  it('writes a line once, ten times a second at most, and says minutes where there are many seconds', () => {
    const { io, written, clock } = terminal(true);
    const progress = startProgress(io);
    for (clock.now = 1000; clock.now < 2000; clock.now += 10) progress.step('reading files', 10, 10_000);
    clock.now = 2000;
    progress.step('reading files', 10, 10_000);
    expect(written.length).toBeLessThanOrEqual(11);
    expect(new Set(written).size).toBe(written.length);
    expect(written.at(-1)).toBe('\rreading files 10 of 10,000, 17 min left …\u001b[K');
  });

  it('says what was found in what is read', () => {
    const { io, written, clock } = terminal(true);
    const progress = startProgress({ ...io, columns: 100 });
    const none = { files: 0, objects: 0, pods: 0, policies: 0 };
    clock.now = 1000;
    showReading(progress, none);
    clock.now = 1600;
    showReading(progress, { files: 50, allFiles: 100, objects: 1, pods: 0, policies: 1 });
    clock.now = 1700;
    showReading(progress, { files: 60, allFiles: 100, objects: 36_000, pods: 30_000, policies: 2000 });
    clock.now = 1800;
    const large = { file: 'pods.json', done: 350e6, total: 733e6 };
    showReading(progress, { files: 60, allFiles: 100, objects: 75_000, pods: 0, policies: 0, large });
    expect(written).toEqual([
      '\rreading files …\u001b[K',
      '\rreading files 50 of 100, 1 object (1 policy), 1 s left …\u001b[K',
      '\rreading files 60 of 100, 36,000 objects (30,000 pods, 2,000 policies), 1 s left …\u001b[K',
      '\rreading pods.json, MB 350 of 733, 75,000 objects …\u001b[K',
    ]);
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
