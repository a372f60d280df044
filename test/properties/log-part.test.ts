// A log that is read in two parts at a time is the log that is read in one: wherever it is split, whatever its lines are,
// wherever the second reader stops, and in the threads of the built program.

import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecorder, LISTED_PROBLEMS, MOST_REMEMBERED, rememberName } from '../../src/flows/flow-recorder.ts';
import { isFull } from '../../src/flows/log-part/packed-reading.ts';
import { type PartHelp, threadHelp } from '../../src/flows/log-part/part-thread.ts';
import { type PartOrder, readPart } from '../../src/flows/log-part/read-part.ts';
import type { ReadFlowsOptions } from '../../src/flows/read-flow-log.ts';
import { readFlows } from '../../src/flows/read-flows.ts';
import { hubbleLine } from '../support/flow-logs.ts';
import { HOSTILE, LINE } from '../support/hubble-lines.ts';
import { runs } from '../support/runs.ts';

const { numRuns } = runs(60);

let folder = '';
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-log-part-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (bytes: Uint8Array): string => {
  const name = `log-${files++}`;
  writeFileSync(join(folder, name), bytes);
  return name;
};

/** Reads the part when it is asked for, and hands it over as threads do. `change` changes the order. */
function helpAt(split: number, seen: { lines: number } = { lines: 0 }, change: Partial<PartOrder> = {}): PartHelp {
  return {
    splitAt: () => split,
    run: (order, onAnswer) => {
      const reading = structuredClone(
        readPart(structuredClone({ ...order, ...change }), (bytes) => onAnswer({ bytes })),
      );
      seen.lines += reading?.lines ?? 0;
      onAnswer({ reading });
      return { stop: async () => {} };
    },
  };
}

/** All that a reading says, or why there is none. */
const read = (files: readonly string[], more: Partial<ReadFlowsOptions> = {}): Promise<string> =>
  readFlows(files, { cwd: folder, piece: 1500, ...more }).then(
    (all) => JSON.stringify(all),
    (error: Error) => `${error}`,
  );

const hostile = fc.tuple(LINE, fc.constantFrom(...HOSTILE)).map(([line, spoil]) => spoil(line));
const lines = fc
  .tuple(
    fc.array(fc.oneof(LINE, LINE, hostile, fc.constantFrom('', '{"lost_events":{"num_events_lost":3}}')), {
      minLength: 1,
      maxLength: 40,
    }),
    fc.constantFrom('\n', '\r\n'),
    fc.constantFrom('', hubbleLine(), hubbleLine().slice(0, 300), '\r'),
  )
  .map(([all, end, last]) =>
    Buffer.concat([
      // The first line says what the log is.
      Buffer.from(`${hubbleLine()}${end}`),
      ...all.flatMap((line) => [Buffer.from(line as string), Buffer.from(end)]),
      Buffer.from(last),
    ]),
  );

/** Offsets of a log, in thousandths of it. */
const cuts = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 6, maxLength: 10 });

describe('a log in two parts', () => {
  it('is the log in one, wherever it is split and wherever the second part ends', async () => {
    const seen = { lines: 0 };
    await fc.assert(
      fc.asyncProperty(lines, cuts, fc.constantFrom(0, 3, 20, 1000), async (bytes, shares, held) => {
        const file = fileOf(bytes);
        const whole = await read([file]);
        for (const share of shares) {
          const split = Math.floor((share * bytes.length) / 1000);
          const help = helpAt(split, seen, { held });
          expect(await read([file], { help })).toBe(whole);
          expect(await read([file], { help, held: 7 })).toBe(whole);
        }
      }),
      { numRuns },
    );
    expect(seen.lines).toBeGreaterThan(numRuns * 10);
  });

  it('has the first and the last time of both', async () => {
    const at = (seconds: readonly number[]): string =>
      seconds.map((second) => `${hubbleLine({ time: `2026-11-21T03:25:0${second}Z` })}\n`).join('');
    for (const [before, after] of [
      [
        [4, 5],
        [3, 1, 9, 7],
      ],
      [
        [1, 9],
        [5, 6, 5, 6],
      ],
      [
        [9, 8],
        [2, 3, 1, 4],
      ],
    ] as const) {
      const head = at(before) + at(before);
      const file = fileOf(Buffer.from(head + at(after)));
      const split = await read([file], { help: helpAt(head.length - 1) });
      expect(split).toBe(await read([file]));
      expect(split).toContain('"count":8');
    }
  });

  it('lists as many broken lines as in one, with their places, of each file anew', async () => {
    const broken = (count: number): string => Array.from({ length: count }, (_, i) => `{"broken ${i}\n`).join('');
    const good = `${hubbleLine()}\n`.repeat(4);
    for (const [before, after] of [
      [3, 5],
      [LISTED_PROBLEMS - 1, 5],
      [LISTED_PROBLEMS + 5, 30],
    ] as const) {
      const head = good + broken(before) + good;
      const file = fileOf(Buffer.from(head + broken(after) + good));
      const help = helpAt(head.length - 1);
      const split = await read([file, file.replace('log', './log')], { help });
      expect(split).toBe(await read([file, file.replace('log', './log')]));
      expect(split).toContain(`"broken":${before + after}`);
    }
  });

  it('ends as the log in one where its last line is only begun, and where lines are added or lost meanwhile', async () => {
    const line = `${hubbleLine()}\n`;
    const text = line.repeat(9) + line.slice(0, 50);
    const file = fileOf(Buffer.from(text));
    const meanwhile = (change: (path: string) => void): PartHelp => {
      const help = helpAt(line.length * 7);
      return {
        ...help,
        run: (order, onAnswer, onFailure) => {
          const running = help.run(order, onAnswer, onFailure);
          change(join(folder, file));
          return running;
        },
      };
    };
    const whole = await read([file]);
    expect(whole).toContain('"truncated":1');
    expect(await read([file], { help: helpAt(line.length * 7) })).toBe(whole);
    const grown = await read([file], { help: meanwhile((path) => appendFileSync(path, line.slice(50) + line)) });
    expect(grown).toContain('"records":11');
    expect(grown).toBe(await read([file]));
    // The first reader has read one piece by then, and is about to read the next.
    const left = Math.ceil(3000 / line.length);
    const cut = await read([file], { help: meanwhile((path) => truncateSync(path, left * line.length)) });
    expect(cut).toContain(`"records":${left},`);
  });

  it('is read in one where it is a table, packed, or without a line end at hand', async () => {
    const table = `source_ip,destination_ip,protocol,destination_port\n${'10.0.0.1,10.0.0.2,tcp,80\n'.repeat(500)}`;
    // Texts that hardly get shorter: the packed bytes are long enough to be split.
    const uuids = Array.from({ length: 900 }, (_, i) =>
      Math.imul(i + 1, 0x9e3779b1)
        .toString(36)
        .repeat(3),
    );
    const packed = gzipSync(uuids.map((uuid) => `${hubbleLine({ uuid })}\n`).join(''));
    const long = `${hubbleLine()}\n${'x'.repeat(2 * 1024 * 1024)}`;
    for (const bytes of [Buffer.from(table), packed, Buffer.from(long)]) {
      const seen = { lines: 0 };
      const file = fileOf(bytes);
      expect(await read([file], { help: helpAt(4000, seen) })).toBe(await read([file]));
      expect(seen.lines).toBe(0);
    }
  });

  it('is read in one where the other reader fails', async () => {
    const file = fileOf(Buffer.from(`${hubbleLine()}\n`.repeat(9)));
    const whole = await read([file]);
    const failing: PartHelp['run'][] = [
      (_, __, onFailure) => {
        onFailure();
        return { stop: async () => {} };
      },
      (_, onAnswer) => {
        onAnswer({ reading: undefined });
        return { stop: async () => {} };
      },
      () => {
        throw new Error('no threads');
      },
    ];
    for (const run of failing) expect(await read([file], { help: { splitAt: () => 4000, run } })).toBe(whole);
  });

  it('is left where the reading is aborted, though the other reader never answers', async () => {
    const file = fileOf(Buffer.from(`${hubbleLine()}\n`.repeat(9)));
    const aborter = new AbortController();
    const { signal } = aborter;
    const listen = signal.addEventListener.bind(signal);
    // It is aborted while the first reader, which has read its part, waits.
    signal.addEventListener = (...given: Parameters<typeof listen>) => {
      listen(...given);
      setImmediate(() => aborter.abort(new Error('enough')));
    };
    let stopped = 0;
    const help: PartHelp = {
      splitAt: () => 4000,
      run: () => {
        return { stop: async () => void stopped++ };
      },
    };
    expect(await read([file], { help, signal })).toBe('Error: enough');
    expect(stopped).toBeGreaterThan(0);
  });

  it('ends its second part before names are dropped, of which the first part decides', () => {
    const recorder = createRecorder();
    for (let name = 0; name < MOST_REMEMBERED; name++) {
      if (isFull(recorder, Number.POSITIVE_INFINITY)) break;
      rememberName(recorder, `n${name}`, '10.0.0.1');
    }
    expect(recorder.resolved.size).toBeLessThan(MOST_REMEMBERED - 30_000);
  });
});

describe('threads of the built program', () => {
  const script = new URL('../../dist/bin/read-log-part.js', import.meta.url);

  it.each([
    ['read a part', script, true],
    ['that do not start leave all to the one that is there', new URL('nothing.js', script), false],
  ])('%s', async (_, path, isHelp) => {
    const all = Array.from({ length: 3000 }, (_one, i) =>
      hubbleLine({ IP: { source: `10.0.${i >> 8}.${i & 255}`, destination: '10.1.0.1' } }),
    );
    const file = fileOf(Buffer.from(`${all.join('\n')}\n`));
    const made = threadHelp(path) ?? expect.unreachable('one core');
    let lines = 0;
    const help: PartHelp = {
      splitAt: (_position, size) => size >> 1,
      run: (order, onAnswer, onFailure) =>
        made.run(
          order,
          (answer) => {
            if ('reading' in answer) lines = answer.reading?.lines ?? 0;
            onAnswer(answer);
          },
          onFailure,
        ),
    };
    expect(await read([file], { help })).toBe(await read([file]));
    expect(lines > 1000).toBe(isHelp);
  });
});
