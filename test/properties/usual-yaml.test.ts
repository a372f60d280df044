// YAML read without the full parser: whatever is accepted has the value, the places and the layout that the full parser finds, on
// texts as people write them, on texts that were spoilt, and on texts cut off anywhere.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Composer, Parser } from 'yaml';
import { buildValue } from '../../src/manifests/build-value.ts';
import { decodeText } from '../../src/manifests/decode-text.ts';
import { composeWithTokens } from '../../src/manifests/edit/document.ts';
import { yamlLayout } from '../../src/manifests/edit/yaml-layout.ts';
import { indexLines } from '../../src/manifests/line-index.ts';
import type { Place } from '../../src/manifests/place.ts';
import { COMPOSE_OPTIONS } from '../../src/manifests/read-yaml.ts';
import { splitDocuments } from '../../src/manifests/split-documents.ts';
import { layoutSpans } from '../../src/manifests/usual-yaml/layout-spans.ts';
import { scanUsualYaml } from '../../src/manifests/usual-yaml/scan-block.ts';
import { layoutOfTape } from '../../src/manifests/usual-yaml/tape-layout.ts';
import { valueOfTape } from '../../src/manifests/usual-yaml/tape-value.ts';
import { treeSpans, yamlPlace } from '../../src/manifests/yaml-positions.ts';
import { arbitraryAnswers, arbitraryObject, printText } from '../support/arbitrary-text.ts';
import { runs } from '../support/runs.ts';

const { numRuns } = runs(300);

/** Every path of a value with its places, and one that leads nowhere. */
function placesOf(value: unknown, place: Place): unknown[] {
  const found: unknown[] = [];
  const visit = (inner: unknown, path: readonly (string | number)[]): void => {
    found.push([place.locate(path), place.locate(path, { key: true }), place.written(path)]);
    if (typeof inner !== 'object' || inner === null) return;
    for (const [key, field] of Object.entries(inner)) visit(field, [...path, Array.isArray(inner) ? Number(key) : key]);
    found.push(place.locate([...path, 'nowhere']));
  };
  visit(value, []);
  return found;
}

/** Whether the document is usual; where it is, the full parser must agree on all of it. */
function agrees(text: string): boolean {
  const tape = scanUsualYaml(text);
  const usual = tape === undefined ? undefined : valueOfTape(text, tape);
  if (usual === undefined) return false;
  const documents = [...new Composer(COMPOSE_OPTIONS).compose(new Parser().parse(text))];
  const [document] = documents;
  if (documents.length !== 1 || document === undefined)
    expect.fail(`${documents.length} documents in ${JSON.stringify(text)}`);
  expect(document!.errors, text).toEqual([]);
  expect({ ...usual, duplicates: [] }, text).toEqual(buildValue(document!.contents));
  const textFile = { file: 'a.yaml', text, lines: indexLines(text) };
  const layout = layoutOfTape(text, tape!);
  const [own, full] = [layoutSpans(text, layout), treeSpans(document!.contents)].map((spans) =>
    placesOf(
      usual.value,
      yamlPlace(textFile, 0, () => spans),
    ),
  );
  expect(own, text).toEqual(full);
  expect(layout, text).toEqual(yamlLayout(composeWithTokens(text)!));
  return true;
}

const texts = fc
  .tuple(fc.array(arbitraryObject(), { minLength: 1, maxLength: 2 }), arbitraryAnswers(), fc.boolean())
  .map(([values, answers, anchors]) => printText(values, answers, { anchors, comments: true }));

/** A piece of text at a place: what was there is kept, replaced or cut. */
const spoil = fc.record({
  at: fc.nat(9999),
  cut: fc.nat(3),
  put: fc.constantFrom(
    ...[
      '',
      ' ',
      '  ',
      '\n',
      '\n\n',
      '\r',
      '\t',
      ':',
      ': ',
      ' :',
      '-',
      '- ',
      '\n- ',
      '#',
      ' #',
      '"',
      "'",
      "''",
      '\\',
      '|',
      '|-',
      '|\n',
    ],
    ...[
      '>',
      '&a ',
      '*a',
      '!x ',
      '? ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '<<: ',
      'null',
      '~',
      '.inf',
      '0x1',
      '1_0',
      '---',
      '...',
      '%',
      '@',
      '`',
    ],
    ...[
      '\u00e9',
      '\ufeff',
      '\u2028',
      '\0',
      '\ud800',
      'a: b',
      '\n  ',
      '\n    x',
      '\\u00e9',
      '\\x',
      'on',
      '__proto__: 1\n',
      '{}',
      '[]',
    ],
  ),
});

const MANIFESTS = fileURLToPath(new URL('../../examples', import.meta.url));
const examples = readdirSync(MANIFESTS, { recursive: true, withFileTypes: true })
  .filter(({ name }) => name.endsWith('.yaml'))
  .flatMap(({ parentPath, name }) => {
    const text = readFileSync(join(parentPath, name), 'utf8');
    return splitDocuments(text).map(({ start, end }) => text.slice(start, end));
  })
  .filter((text) => text.trim() !== '');

describe('usual YAML', () => {
  it('is what the full parser reads, in texts with everything that YAML has', () => {
    let usual = 0;
    let all = 0;
    fc.assert(
      fc.property(texts, (text) => {
        for (const { start, end } of splitDocuments(text)) {
          all++;
          if (agrees(text.slice(start, end))) usual++;
        }
      }),
      { numRuns },
    );
    // Some have quotes over several lines, anchors, braces over several lines; not all.
    expect(usual).toBeGreaterThan(0.05 * all);
  });

  it('is all that people write in examples', () => {
    expect(examples.length).toBeGreaterThan(20);
    for (const text of examples) expect(agrees(text), text).toBe(true);
  });

  it('is what the full parser reads, in texts that were spoilt', () => {
    let usual = 0;
    fc.assert(
      fc.property(
        fc.oneof(texts, fc.constantFrom(...examples)),
        fc.array(spoil, { minLength: 1, maxLength: 3 }),
        (text, spoils) => {
          let spoilt = text;
          for (const { at, cut, put } of spoils) {
            const from = at % (spoilt.length + 1);
            spoilt = spoilt.slice(0, from) + put + spoilt.slice(from + cut);
          }
          for (const { start, end } of splitDocuments(spoilt)) if (agrees(spoilt.slice(start, end))) usual++;
        },
      ),
      { numRuns: 10 * numRuns },
    );
    expect(usual).toBeGreaterThan(numRuns);
  });

  it('is what the full parser reads, cut off anywhere', () => {
    let usual = 0;
    for (const text of examples.slice(0, 6)) {
      for (let length = 0; length <= text.length; length++) if (agrees(text.slice(0, length))) usual++;
    }
    expect(usual).toBeGreaterThan(300);
  });

  const every = (texts: readonly string[], text: (one: string) => string): string[] => texts.map(text);
  const numbers = [
    ...['0', '-0', '+0', '00', '007', '08', '1', '-1', '+1', '80', '0080', '123456789', '999999999', '1234567890'],
    ...['2147483648', '4294967296', '9007199254740993', '18446744073709551615', '18446744073709551616', '1'.repeat(99)],
    ...[
      '1'.repeat(400),
      '0x1F',
      '0X',
      '0b2',
      '0o17',
      '017',
      '1_000',
      '1__0',
      '1_',
      '_1',
      '1e3',
      '1E400',
      '-1e-400',
      '1.',
    ],
    ...['.5', '.', '-.5', '1.50', '1e', '12e03', '1:30', '190:20:30', '.inf', '-.INF', '.nan', '1 2', '1-2', '1.2.3.4'],
    ...['0.1', '00.1', '1,000', '١٢', '１'],
  ];
  const words = [
    '~',
    'null',
    'NULL',
    'nUll',
    'y',
    'Y',
    'yes',
    'on',
    'oN',
    'off',
    'OFF',
    'true',
    'True',
    'tRue',
    'no',
    'N',
  ];
  const escapes = [
    ...[
      '\\0',
      '\\a',
      '\\b',
      '\\e',
      '\\f',
      '\\n',
      '\\N',
      '\\_',
      '\\L',
      '\\P',
      '\\r',
      '\\t',
      '\\v',
      '\\/',
      '\\"',
      '\\\\',
    ],
    ...[
      '\\x41',
      '\\x4',
      '\\u0041',
      '\\u004',
      '\\ud800',
      '\\ud83d\\ude00',
      '\\U0001F600',
      '\\U00110000',
      '\\ ',
      '\\1',
      "\\'",
      '\\',
    ],
  ];
  const deep = (depth: number): string[] => [
    `a: ${'['.repeat(depth)}${']'.repeat(depth)}\n`,
    `a: ${'{b: '.repeat(depth)}1${'}'.repeat(depth)}\n`,
    `${Array.from({ length: depth }, (_, i) => `${' '.repeat(i)}a:\n`).join('')}${' '.repeat(depth)}b\n`,
    `a:\n${Array.from({ length: depth }, (_, i) => `${' '.repeat(i)}-\n`).join('')}${' '.repeat(depth)}- b\n`,
    `a: ${'- '.repeat(depth)}b\n`,
    `${'- '.repeat(depth)}b\n`,
  ];
  const twice = [
    'a: 1\na: 2\n',
    'a: 1\n"a": 2\n',
    "'a': 1\na: 2\n",
    '1: a\n"1": b\n',
    '1: a\n01: b\n',
    'true: 1\nyes: 2\n',
  ];
  it.each<[what: string, texts: readonly string[]]>([
    [
      'numbers of every size',
      every([...numbers, ...words], (one) => `a: ${one}\nb: [${one}]\nc:\n- ${one}\n- "${one}"\n`),
    ],
    ['numbers and words as keys', every([...numbers, ...words], (one) => `${one}: a\n`)],
    ['escapes', every(escapes, (one) => `a: "x${one}y"\n'b': 'x${one.replaceAll("'", "''")}y'\n`)],
    ['escapes in keys', every(escapes, (one) => `"${one}": a\nb: {"${one}": c}\n`)],
    [
      'keys that are given twice',
      twice.flatMap((one) => [
        one,
        `x:\n  - ${one.replace('\n', '\n    ')}`,
        `x: {${one.trim().replace('\n', ', ')}}\n`,
      ]),
    ],
    ['values nested deep', [1, 2, 30, 58, 59, 60, 61, 62, 100].flatMap(deep)],
    [
      'signs of strange planes',
      every(
        [
          '\u0080',
          '\u0085',
          '\u00a0',
          '\u2028',
          '\ufeff',
          '\ufffd',
          '\ufffe',
          '\uffff',
          '\ud800',
          '\udc00',
          '😀',
          '\u007f',
        ],
        (one) => `a${one}: b${one}c\nd: "${one}"\n`,
      ),
    ],
  ])('is what the full parser reads: %s', (what, all) => {
    let usual = 0;
    for (const text of all) if (agrees(text)) usual++;
    expect(usual > 0).toBe(what !== 'keys that are given twice');
  });

  it('does not follow what is nested too deep for anybody', () => {
    for (const text of deep(20_000).slice(0, 2)) expect(scanUsualYaml(text)).toBeUndefined();
    expect(scanUsualYaml(`${'- '.repeat(20_000)}b\n`)).toBeUndefined();
  });

  it('is what the full parser reads, cut off at every byte and with any byte spoilt', () => {
    const bytes = new TextEncoder().encode('a: é\n"b\\u00e9": [x, \'漢\']\nc:\n- d: |\n    ü\n    x\n- 12\n');
    const read = (all: Uint8Array): boolean => {
      const decoded = decodeText(all);
      return 'text' in decoded && agrees(decoded.text);
    };
    let usual = 0;
    for (let at = 0; at <= bytes.length; at++) {
      if (read(bytes.subarray(0, at))) usual++;
      for (const byte of [0x80, 0xff, 0xc3, 0xf0, 0x20, 0x0a, 0x0d, 0x3a, 0x2d, 0x22, 0x5b]) {
        const spoilt = Uint8Array.from(bytes);
        spoilt[at] = byte;
        if (read(spoilt)) usual++;
      }
    }
    expect(usual).toBeGreaterThan(100);
  });
});
