// Which files paths mean, and the order of rotated ones.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareRotated, findLogs } from './find-logs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-logs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (...names: readonly string[]) => {
  for (const name of names) writeFileSync(join(folder, name), 'x');
};
const filesOf = (...paths: readonly string[]) => findLogs(paths, folder).map(({ file }) => file);

describe('paths', () => {
  it('are kept as they were written, in their order, each file once', () => {
    write('a', 'b');
    expect(filesOf('b', './a', 'a', join(folder, 'b'), '-')).toEqual(['b', './a', '<stdin>']);
  });

  it('that are folders mean the files below, oldest first, hidden ones left out', () => {
    mkdirSync(join(folder, 'logs/node-a'), { recursive: true });
    write('logs/events.log', 'logs/events-2026-11-21T03-25-31.243.log.gz', 'logs/.hidden', 'logs/node-a/x.log');
    symlinkSync(join(folder, 'logs/events.log'), join(folder, 'logs/linked.log'));
    expect(filesOf('logs/')).toEqual([
      'logs/events-2026-11-21T03-25-31.243.log.gz',
      'logs/events.log',
      'logs/linked.log',
      'logs/node-a/x.log',
    ]);
  });

  it('are read once where a link leads back to them, and links to nothing are not passed over', () => {
    mkdirSync(join(folder, 'logs/node-a'), { recursive: true });
    write('logs/events.log', 'logs/node-a/x.log');
    symlinkSync(join(folder, 'logs'), join(folder, 'logs/node-a/back'));
    symlinkSync(folder, join(folder, 'logs/up'));
    symlinkSync(join(folder, 'gone'), join(folder, 'logs/gone.log'));
    expect(filesOf('logs')).toEqual(['logs/events.log', 'logs/gone.log', 'logs/node-a/x.log']);
  });

  it.each([
    ['nowhere', '"nowhere" does not exist'],
    ['empty', '"empty" holds no files'],
  ])('%s is an error', (path, message) => {
    mkdirSync(join(folder, 'empty'));
    expect(() => filesOf(path)).toThrow(message);
  });

  it('name standard input once', () => {
    expect(() => filesOf('-', '-')).toThrow('standard input can be read once only');
  });
});

describe('rotated logs', () => {
  it.each([
    [
      ['flows.log', 'flows.log.1', 'flows.log.10.gz', 'flows.log.2.gz'],
      ['flows.log.10.gz', 'flows.log.2.gz', 'flows.log.1', 'flows.log'],
    ],
    [
      ['events.log', 'events-2026-11-21T03-25-31.243.log', 'events-2026-11-20T23-59-00.001.log.gz'],
      ['events-2026-11-20T23-59-00.001.log.gz', 'events-2026-11-21T03-25-31.243.log', 'events.log'],
    ],
    [
      ['flows.csv-20261121', 'flows.csv', 'flows.csv-20261120.gz'],
      ['flows.csv-20261120.gz', 'flows.csv-20261121', 'flows.csv'],
    ],
    [
      ['b.log', 'a.log', 'a.log.1', 'b.log.1'],
      ['a.log.1', 'a.log', 'b.log.1', 'b.log'],
    ],
  ])('%s', (names, order) => {
    expect([...names].sort(compareRotated)).toEqual(order);
    expect([...names].reverse().sort(compareRotated)).toEqual(order);
  });
});
