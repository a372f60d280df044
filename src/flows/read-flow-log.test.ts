// Reading whole logs: files, folders, standard input, packed and damaged ones, and what is none.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hubbleLine, readPieces } from '../../test/support/flow-logs.ts';
import type { ObservedFlow } from '../engine/model/flow.ts';
import type { UserError } from '../engine/model/user-error.ts';
import { readFlowLog } from './read-flow-log.ts';
import { readFlows } from './read-flows.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-flows-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const LINE = `${hubbleLine()}\n`;
const OTHER = `${hubbleLine({ l4: { TCP: { source_port: 41000, destination_port: 9090 } } })}\n`;
const TABLE = 'source_ip,destination_ip,protocol,destination_port\n10.0.0.1,10.0.0.2,tcp,80\n';
const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
const read = (...paths: readonly string[]) => readFlows(paths, { cwd: folder });
const failure = (reading: Promise<unknown>): Promise<UserError> =>
  reading.then(
    () => {
      throw new Error('no error');
    },
    (error: UserError) => error,
  );

describe('logs', () => {
  it('of several formats and places are one reading', async () => {
    mkdirSync(join(folder, 'node'));
    write('node/events-2026-11-21T03-25-31.243.log.gz', gzipSync(LINE));
    write('node/events.log', LINE + OTHER);
    write('table.csv', TABLE);
    const { flows, summary } = await read('node', 'table.csv');
    expect(summary).toMatchObject({
      files: ['node/events-2026-11-21T03-25-31.243.log.gz', 'node/events.log', 'table.csv'],
      records: 4,
      flows: 4,
      problems: [],
    });
    expect(flows.map(({ port, count, place }) => [port, count, place])).toEqual([
      [80, 1, { file: 'table.csv', line: 2 }],
      [7070, 2, { file: 'node/events-2026-11-21T03-25-31.243.log.gz', line: 1 }],
      [9090, 1, { file: 'node/events.log', line: 2 }],
    ]);
  });

  it('give the same flows in any order', async () => {
    write('a', LINE + OTHER);
    write('b', OTHER + LINE);
    const facts = (flows: readonly ObservedFlow[]) => flows.map(({ place: _, ...flow }) => flow);
    expect(facts((await read('a', 'b')).flows)).toEqual(facts((await read('b', 'a')).flows));
    expect(facts((await read('a')).flows)).toEqual(facts((await read('b')).flows));
  });

  it('come from standard input, however it is cut, packed or not', async () => {
    const bytes = Buffer.from(LINE + OTHER);
    const expected = (await readPieces([bytes])).flows;
    expect(expected).toHaveLength(2);
    expect(expected[0]!.place).toEqual({ file: '<stdin>', line: 1 });
    const packed = gzipSync(bytes);
    for (const whole of [bytes, packed]) {
      const pieces = Array.from({ length: whole.length }, (_, at) => whole.subarray(at, at + 1));
      expect((await readPieces(pieces)).flows).toEqual(expected);
    }
  });

  it('may be gzip whose members follow one another, whatever their names', async () => {
    write('log', Buffer.concat([gzipSync(LINE), gzipSync(''), gzipSync(OTHER + LINE)]));
    expect((await read('log')).summary).toMatchObject({ flows: 3, problems: [] });
  });

  it('may begin with a byte order mark', async () => {
    write('log', `\ufeff${LINE}`);
    write('table', `\ufeff${TABLE}`);
    expect((await read('log', 'table')).summary).toMatchObject({ flows: 2, broken: 0 });
  });
});

describe('damage', () => {
  it('that cuts gzip short is told, and what came before it counts', async () => {
    const random = Array.from({ length: 400 }, (_, index) => hubbleLine({ uuid: `${Math.imul(index, 0x9e3779b1)}` }));
    const packed = gzipSync(random.join('\n'));
    write('log.gz', packed.subarray(0, packed.length / 2));
    const { summary } = await read('log.gz');
    expect(summary.flows).toBeGreaterThan(50);
    expect(summary.flows).toBeLessThan(400);
    expect(summary.problems.at(-1)).toEqual({ file: 'log.gz', message: 'the compressed data end early' });
    expect(summary.truncated).toBe(1);
  });

  it.each([
    ['within gzip', (packed: Buffer) => packed.fill(0xff, packed.length - 8, packed.length - 4)],
    ['behind gzip', (packed: Buffer) => Buffer.concat([packed, Buffer.from(OTHER)])],
  ])('%s is told', async (_, damage) => {
    write('log.gz', damage(gzipSync(LINE.repeat(3000))));
    const { summary } = await read('log.gz');
    expect(summary.flows).toBeGreaterThan(500);
    expect(summary.problems.at(-1)).toEqual({ file: 'log.gz', message: 'the compressed data are damaged' });
    expect(summary.truncated).toBe(1);
  });

  it('is none where gzip is padded with zeros', async () => {
    const padded = Buffer.concat([gzipSync(LINE), Buffer.alloc(512)]);
    write('log.gz', padded);
    expect((await read('log.gz')).summary).toMatchObject({ flows: 1, problems: [] });
    write('log.gz', Buffer.concat([padded, gzipSync(LINE)]));
    expect((await read('log.gz')).summary).toMatchObject({
      flows: 1,
      problems: [{ message: 'what follows the compressed data was not read' }],
    });
  });
});

describe('what is no log', () => {
  it.each<[string, string | Uint8Array, string, RegExp]>([
    ['binary', Buffer.from([1, 2, 0, 3, 10]), '"x" is no text', /^known are Hubble/],
    ['UTF-16', Buffer.from(`\ufeff${LINE}`, 'utf16le'), '"x" is UTF-16 text', /UTF-8/],
    ['other text', 'hello\nworld\n', '"x" is no flow log that is known', /^known are Hubble.*; a table/],
    [
      'zstd',
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0]),
      '"x" is compressed with zstd, which is not read',
      /zstdcat/,
    ],
    ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), '"x" is compressed with xz, which is not read', /xzcat/],
    [
      'JSON over lines',
      JSON.stringify(JSON.parse(LINE), undefined, 2),
      '"x" is JSON whose records take several lines each',
      /jq -c/,
    ],
    ['a JSON list', `[${LINE}]`, '"x" is one JSON list', /jq -c/],
    [
      'text for people',
      'Nov 21 03:25:32.243: shop/web:41000 (ID:1) -> shop/cart:7070 (ID:2) to-endpoint FORWARDED\n',
      '"x" is Hubble\'s text for people',
      /-o jsonpb/,
    ],
    ['half a table', 'source_ip,destination_ip,bytes\n1,2,3\n', '"x" has no column protocol', /--columns protocol=/],
  ])('%s', async (_, content, message, hint) => {
    write('x', content);
    const error = await failure(read('x'));
    expect(error).toMatchObject({ name: 'UserError', code: 'unreadable', message });
    expect(error.hint).toMatch(hint);
  });

  it('is named and passed over where it only lies in a folder', async () => {
    mkdirSync(join(folder, 'logs'));
    write('logs/README', 'hello\n');
    write('logs/events.log', LINE);
    write('logs/events.log.1', '');
    expect((await read('logs')).summary).toMatchObject({
      flows: 1,
      unread: 0,
      problems: [
        { file: 'logs/README', message: 'not read: no flow log that is known' },
        { file: 'logs/events.log.1', message: 'empty' },
      ],
    });
  });

  it('is counted where it is a log that cannot be read, in whole or in part', async () => {
    mkdirSync(join(folder, 'logs'));
    write('logs/a.log', LINE);
    write('logs/b.gz', gzipSync(LINE.repeat(9)).subarray(0, -9));
    symlinkSync(join(folder, 'gone'), join(folder, 'logs/c.log'));
    write('logs/d.zst', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]));
    write('logs/e.json', '[{"flow":{}}]');
    const { summary } = await read('logs');
    expect(summary.unread).toBe(4);
    expect(summary.problems.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      'logs/b.gz: the compressed data end early',
      'logs/c.log: not read: nothing is there',
      'logs/d.zst: not read: compressed with zstd, which is not read',
      'logs/e.json: not read: one JSON list',
    ]);
  });

  it('without any flow is an error that says what was there instead', async () => {
    write('empty', '');
    write('events', '{"agent_event":{},"node_name":"n"}\n{"flow":5}\n');
    expect(await failure(read('empty'))).toMatchObject({
      code: 'no-input',
      message: 'no flows in "empty"',
      hint: 'empty:: empty'.replace('::', ':'),
    });
    expect(await failure(read('events'))).toMatchObject({
      message: 'no flows in "events"',
      hint: 'an event of the agent, no flow (1), 1 broken; events:2: "flow" is no object',
    });
  });

  it('there is not', async () => {
    expect(await failure(read('nowhere'))).toMatchObject({ code: 'not-found', message: '"nowhere" does not exist' });
    expect(await failure(read('-'))).toMatchObject({ code: 'usage' });
  });
});

describe('a reading', () => {
  it('hands flows over in batches, in bounded memory, and says them again with what came since', async () => {
    const held = 50;
    const line = (port: number) => `${hubbleLine({ l4: { TCP: { source_port: 41000, destination_port: port } } })}\n`;
    async function* stdin() {
      for (let turn = 0; turn < 4; turn++)
        for (let port = 1; port <= 100; port += 20)
          yield Buffer.from(Array.from({ length: 20 }, (_, index) => line(port + index)).join(''));
    }
    const batches: (readonly ObservedFlow[])[] = [];
    const summary = await readFlowLog(['-'], { cwd: folder, stdin: stdin(), held }, (flows) => {
      batches.push(flows);
    });
    expect(batches.length).toBeGreaterThan(4);
    for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(held + 20);
    expect(batches.flat().reduce((sum, { count }) => sum + count, 0)).toBe(400);
    expect(summary.flows).toBe(400);
    const joined = await readFlows(['-'], { cwd: folder, stdin: stdin(), held });
    expect(joined.flows).toEqual((await readFlows(['-'], { cwd: folder, stdin: stdin() })).flows);
    expect(joined.flows.every(({ count }) => count === 4)).toBe(true);
  });

  it('waits until the sink has taken a batch', async () => {
    let [running, calls] = [0, 0];
    write('log', LINE + OTHER);
    write('next', LINE + OTHER);
    await readFlowLog(['log', 'next'], { cwd: folder, held: 1 }, async () => {
      expect(++running).toBe(1);
      await Promise.resolve();
      running--;
      calls++;
    });
    expect(calls).toBe(2);
  });

  it('ends when it is told to, with the reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    async function* stdin() {
      yield Buffer.from(LINE);
      controller.abort(reason);
      yield Buffer.from(LINE);
      throw new Error('read on');
    }
    const reading = readFlows(['-'], { cwd: folder, stdin: stdin(), signal: controller.signal });
    await expect(reading).rejects.toBe(reason);
  });

  it('says how far it is', async () => {
    write('a', LINE);
    write('b.gz', gzipSync(LINE));
    const told: unknown[] = [];
    await readFlows(['a', 'b.gz'], { cwd: folder, onProgress: (progress) => told.push(progress) });
    const [a, b] = [LINE.length, gzipSync(LINE).length];
    expect(told).toEqual([
      { file: 'a', done: a, total: a + b },
      { file: 'b.gz', done: a + b, total: a + b },
    ]);
  });
});
