// Lists read from bytes: whatever is accepted has the objects, places, findings and gaps that the reader of texts finds, on
// lists as programs write them, on spoilt ones, and on ones cut off anywhere; and nothing that is sound is refused.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ManifestObject } from '../../src/engine/model/source.ts';
import { buildCluster } from '../../src/engine/snapshot/build-cluster.ts';
import { POD_FIELDS, type Wanted } from '../../src/engine/snapshot/pod-fields.ts';
import { indexLines } from '../../src/manifests/line-index.ts';
import { memorySource } from '../../src/manifests/listed-json/byte-source.ts';
import { readListed } from '../../src/manifests/listed-json/read-listed.ts';
import { emptyReading, type Reading } from '../../src/manifests/problem.ts';
import { addListed, readBytesInto } from '../../src/manifests/read-file.ts';
import { readJson } from '../../src/manifests/read-json.ts';
import { arbitraryRoot, arbitraryStyle, type Drawn, printDrawn } from '../support/arbitrary-list.ts';
import { runs } from '../support/runs.ts';

const { numRuns } = runs(100);
const FILE = 'a.json';

/** As the reader of lists; undefined where it leaves the bytes to the other one. */
function listed(bytes: Uint8Array, abridges: boolean, piece: number, isAlone: boolean = false): Reading | undefined {
  const pieces = [bytes.subarray(0, piece), bytes.subarray(piece, 2 * piece), bytes.subarray(2 * piece)];
  const steps = readListed(memorySource(pieces), FILE, { abridges, piece, isAlone });
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  const reading = emptyReading();
  return addListed(reading, FILE, step.value) ? reading : undefined;
}

/** As the reader of texts. Keys that come twice are looked for in texts only that are shorter than lists are. */
function full(bytes: Uint8Array): Reading {
  const reading = emptyReading();
  readBytesInto(reading, bytes, FILE);
  return reading;
}

/** Every path of a value with its places, and one that leads nowhere. */
function placesOf(object: ManifestObject): unknown[] {
  const found: unknown[] = [];
  const visit = (inner: unknown, path: readonly (string | number)[]): void => {
    found.push([object.locate(path), object.locate(path, { key: true }), object.written!(path)]);
    if (typeof inner !== 'object' || inner === null) return;
    for (const [key, field] of Object.entries(inner)) visit(field, [...path, Array.isArray(inner) ? Number(key) : key]);
    found.push(object.locate([...path, 'nowhere'], { key: true }));
  };
  visit(object.value, []);
  return found;
}

const plain = (object: ManifestObject): unknown => [object.file, JSON.stringify(object.value), placesOf(object)];
const isTwice = (one: { readonly message: string }): boolean => one.message.includes('" is given twice');

function agree(own: Reading, other: Reading): void {
  expect(own.objects.map(plain)).toEqual(other.objects.map(plain));
  expect(own.findings).toEqual(other.findings.filter((finding) => !isTwice(finding)));
  expect(own.gaps).toEqual(other.gaps.filter((gap) => !isTwice(gap)));
  expect([own.skipped, own.snapshots, own.documents, own.ignores]).toEqual([
    other.skipped,
    other.snapshots,
    other.documents,
    other.ignores,
  ]);
}

const built = (objects: readonly ManifestObject[]): string => {
  const { cluster, findings, other, policyObjects } = buildCluster(objects, {
    defaultNamespace: 'default',
    isPolicy: (_, kind) => kind === 'NetworkPolicy',
  });
  const named = (key: string, value: unknown): unknown => (key === 'object' ? undefined : value);
  return JSON.stringify(
    [cluster, [...cluster.namespaces], [...cluster.workloads], findings, other.length, policyObjects.length],
    named,
  );
};

/** What is wanted of a value, by plain recursion. */
function projected(value: unknown, wanted: Wanted): unknown {
  if (typeof value !== 'object' || value === null || wanted.type === 'whole') return value;
  if (wanted.type === 'elements') return Array.isArray(value) ? value.map((item) => projected(item, wanted.of)) : value;
  if (Array.isArray(value)) return value;
  const kept = Object.entries(value).filter(([name]) => Object.hasOwn(wanted.fields, name));
  return Object.fromEntries(kept.map(([name, field]) => [name, projected(field, wanted.fields[name]!)]));
}

/** Whether the reader of lists reads the bytes; where it does, the other one must agree on all of it. */
function agrees(bytes: Uint8Array, piece: number): boolean {
  const other = full(bytes);
  const whole = listed(bytes, false, piece);
  const brief = listed(bytes, true, piece);
  expect(brief === undefined).toBe(whole === undefined);
  if (whole === undefined || brief === undefined) return false;
  agree(whole, other);
  agree(brief, other);
  for (const object of brief.objects) {
    if (object.brief !== undefined) expect(object.brief).toEqual(projected(object.value, POD_FIELDS));
  }
  expect(built(brief.objects)).toBe(built(other.objects));
  return true;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isList(root: unknown): boolean {
  if (typeof root !== 'object' || root === null || Array.isArray(root)) return false;
  const { kind, items } = root as { readonly kind?: unknown; readonly items?: unknown };
  return (kind === 'List' || kind === 'PodList') && Array.isArray(items);
}

const bytesOf = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);

/** Bytes at a place: what was there is kept, replaced or cut. */
const spoil = fc.record({
  at: fc.nat(99_999),
  cut: fc.nat(3),
  put: fc.oneof(
    fc
      .constantFrom(
        ...[
          '',
          ' ',
          '\n',
          '\r\n',
          '"',
          '\\',
          '\\u12',
          '\\u00e9',
          '\\x',
          ':',
          ',',
          ',,',
          '{',
          '}',
          '[',
          ']',
          '{}',
          '[]',
          '0',
          '01',
        ],
        ...[
          '-',
          '1.',
          '.5',
          '1e',
          '1e+',
          '1E5',
          'true',
          'tru',
          'null',
          'nul',
          'NaN',
          '/',
          '/*',
          '#',
          '---',
          "'",
          '\u00a0',
          '\ufeff',
        ],
        ...[
          '"a":1,',
          '"items":[],',
          '"kind":"Pod",',
          '"kind":null,',
          '"\\u006bind":"Pod",',
          '"__proto__":{},',
          '{{',
          '\u2028',
          '😀',
        ],
      )
      .map((text): Uint8Array => new TextEncoder().encode(text)),
    fc.constantFrom(
      bytesOf(0),
      bytesOf(0x1f),
      bytesOf(0x7f),
      bytesOf(0x80),
      bytesOf(0xff),
      bytesOf(0xc3),
      bytesOf(0xe2, 0x82),
      bytesOf(0xf0, 0x9f, 0x98),
    ),
  ),
});

type Spoil = { readonly at: number; readonly cut: number; readonly put: Uint8Array };

function spoilt(text: string, spoils: readonly Spoil[]): Uint8Array {
  let bytes: Uint8Array = encode(text);
  for (const { at, cut, put } of spoils) {
    const from = at % (bytes.length + 1);
    bytes = Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + cut)]);
  }
  return bytes;
}

const SAMPLE: Drawn = {
  pairs: [
    ['apiVersion', 'v1'],
    [
      'items',
      [
        {
          pairs: [
            ['apiVersion', 'v1'],
            ['kind', 'Pod'],
            [
              'metadata',
              {
                pairs: [
                  ['name', 'a\n'],
                  ['labels', { pairs: [['é', 'b']] }],
                ],
              },
            ],
            ['extra', [true, false, null, -1.5e3, '\u0000', []]],
          ],
        },
      ],
    ],
    ['kind', 'List'],
  ],
};

const pieces = fc.integer({ min: 4, max: 300 });
const texts = fc.tuple(arbitraryRoot, arbitraryStyle).map(([root, style]) => printDrawn(root, style));
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('readListed', () => {
  it('reads what the reader of texts reads', () => {
    let read = 0;
    fc.assert(
      fc.property(fc.array(texts, { minLength: 1, maxLength: 2 }), fc.boolean(), pieces, (drawn, isMarked, piece) => {
        const text = drawn.join('\n');
        if (agrees(encode(isMarked ? `\ufeff${text}` : text), piece)) read++;
      }),
      { numRuns },
    );
    expect(read).toBeGreaterThan(numRuns / 4);
  });

  it('reads what the reader of texts reads, in lists that were spoilt', () => {
    let read = 0;
    fc.assert(
      fc.property(texts, fc.array(spoil, { minLength: 1, maxLength: 2 }), pieces, (text, spoils, piece) => {
        if (agrees(spoilt(text, spoils), piece)) read++;
      }),
      { numRuns: 5 * numRuns },
    );
    expect(read).toBeGreaterThan(numRuns / 10);
  });

  const pod = (more: string): string => `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},${more}}`;
  const list = (...items: readonly string[]): string =>
    `{"kind":"List","apiVersion":"v1","items":[${items.join(',')}]}`;
  const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  it.each<[what: string, text: string, isRead: boolean]>([
    ['two lists of items', `{"kind":"List","apiVersion":"v1","items":[${pod('"a":1')}],"items":[]}`, false],
    ['items and then something else', `{"kind":"List","apiVersion":"v1","items":[${pod('"a":1')}],"items":1}`, false],
    ['something else and then items', `{"kind":"List","apiVersion":"v1","items":1,"items":[${pod('"a":1')}]}`, true],
    ['an escaped key of items', `{"kind":"List","apiVersion":"v1","\\u0069tems":[${pod('"a":1')}]}`, true],
    ['items of no list', `{"kind":"Some","apiVersion":"v1","items":[${pod('"a":1')}]}`, false],
    ['items with nothing between them', list(`${pod('"a":1')} ${pod('"a":1')}`), false],
    ['items with something else between them', list(`${pod('"a":1')};${pod('"a":1')}`), false],
    ['a comma behind the last item', list(`${pod('"a":1')},`), false],
    ['no items', list(), true],
    [
      'a Pod of another API',
      list(
        '{"apiVersion":"a.io/v1","kind":"Pod","metadata":{"name":"a"},"spec":{"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c"}]}}}}',
      ),
      true,
    ],
    [
      'items that are no Pods, of a list whose kind comes last',
      `{"items":[{"metadata":{"name":"a"},"spec":{"ports":[{"port":80}]}}],"kind":"ServiceList","apiVersion":"v1"}`,
      true,
    ],
    [
      'lists of two kinds with items that say the same',
      ['PodList', 'ServiceList', 'PodList']
        .map((kind) => `{"items":[{"metadata":{"namespace":"a"},"spec":{}}],"kind":"${kind}","apiVersion":"v1"}`)
        .join(' '),
      true,
    ],
    [
      'a Pod in a list of Services',
      `{"kind":"ServiceList","apiVersion":"v1","items":[${pod('"spec":{"a":1}')},{"metadata":{"name":"b"}}]}`,
      true,
    ],
    [
      'fields with other names and equal values',
      list(...['ports', 'restartPolicy', 'ports'].map((name) => pod(`"spec":{"initContainers":[{"${name}":null}]}`))),
      true,
    ],
    [
      'numbers that begin alike',
      list(...['1', '12', '1', '1.0'].map((port) => pod(`"spec":{"hostNetwork":${port},"nodeName":-0}`))),
      true,
    ],
    [
      'numbers of every size',
      list(
        ...['1e400', '-1e-400', '1'.repeat(400), '-0', '1E+5'].map((n) => pod(`"spec":{"nodeName":${n},"a":[${n}]}`)),
      ),
      true,
    ],
    ['0 and -0', list(...['0', '-0'].map((port) => pod(`"spec":{"containers":[{"ports":${port}}]}`))), true],
    ['as deep as may be', list(pod(`"a":${deep(497)}`)), true],
    ['too deep', list(pod(`"a":${deep(498)}`)), false],
    ['too deep in what is kept', list(pod(`"spec":{"containers":[{"ports":${deep(495)}}]}`)), false],
    ['several objects', `${list(pod('"a":1'))}${pod('"b":1')}\n{}`, true],
    ['an object and a list', `${pod('"b":1')}[]`, false],
    ['white space of another kind', `\u00a0${list()}`, false],
    ['two byte-order marks', `\ufeff\ufeff${list()}`, false],
    ['nothing', ' ', false],
  ])('agrees on %s', (_, text, isRead) => {
    // The places of what is nested so deep take long to look up.
    for (const piece of text.length > 900 ? [64] : [4, 64, 4096]) expect(agrees(encode(text), piece)).toBe(isRead);
  });

  it('refuses nothing that is sound', () => {
    fc.assert(
      fc.property(texts, pieces, (text, piece) => {
        const root: unknown = parsed(text);
        fc.pre(isList(root) && !text.includes('{{') && !/"(?:kind|apiVersion)"[ \t]*[\r\n]/.test(text));
        // The last list of items counts, and only a reader of the whole text knows which it is.
        fc.pre(text.split('"items"').length === 2);
        expect(listed(encode(text), true, piece)).toBeDefined();
      }),
      { numRuns },
    );
  });

  it('leaves every list that was cut off to the reader of texts', () => {
    const text = printDrawn(SAMPLE, { blanks: ['', ' '], escapes: 0 });
    const bytes = encode(text);
    expect(agrees(bytes, 64)).toBe(true);
    for (let length = 0; length < text.trimEnd().length; length++) {
      expect(listed(bytes.subarray(0, length), true, 16), text.slice(0, length)).toBeUndefined();
    }
  });

  it('says where a list breaks that no other reader can read, and how, in the words of the reader of texts', () => {
    let compared = 0;
    fc.assert(
      fc.property(texts, fc.array(spoil, { minLength: 1, maxLength: 2 }), pieces, (text, spoils, piece) => {
        const bytes = spoilt(text, spoils);
        const wanted = readJson(new TextDecoder().decode(bytes), 0, bytes.length).error;
        const own = listed(bytes, true, piece, true);
        fc.pre(wanted !== undefined && own !== undefined && !bytes.includes(0));
        compared++;
        const said = own.findings.filter(({ check }) => check !== 'invalid-encoding').at(-1);
        fc.pre(said?.check !== 'duplicate-key');
        const source = { file: FILE, ...indexLines(new TextDecoder().decode(bytes))(wanted.at) };
        expect([said, own.gaps.at(-1)]).toMatchObject([{ message: wanted.message, source }, { reason: 'unparsable' }]);
      }),
      { numRuns: 3 * numRuns },
    );
    expect(compared).toBeGreaterThan(numRuns);
  });

  it('says that a list has its items twice', () => {
    const bytes = encode(`{"kind":"List","apiVersion":"v1","items":[${pod('"a":1')}],\n "items":[]}`);
    const { findings, gaps, objects } = listed(bytes, true, 64, true)!;
    expect(findings.map(({ check, source }) => [check, source.line, source.column])).toEqual([['duplicate-key', 2, 2]]);
    expect([gaps.length, objects.length]).toEqual([1, 0]);
  });

  it('says that a list is nested too deep as the reader of texts does', () => {
    const bytes = encode(`\n ${list(pod('"a":1'), pod(`"a":${deep(498)}`))}`);
    const [own, other] = [listed(bytes, true, 64, true)!, full(bytes)];
    expect(own.findings.map(({ check }) => check)).toEqual(['too-large']);
    expect([own.findings, own.gaps, own.objects]).toEqual([other.findings, other.gaps, other.objects]);
  });

  it('accepts of every value what JSON.parse accepts', () => {
    fc.assert(
      fc.property(fc.json(), fc.array(spoil, { maxLength: 2 }), pieces, (json, spoils, piece) => {
        const bytes = spoilt(json, spoils);
        const [before, behind] = [
          '{"kind":"List","apiVersion":"v1","items":[{"kind":"Pod","apiVersion":"v1","extra":',
          '}]}',
        ];
        const whole = Buffer.concat([encode(before), bytes, encode(behind)]);
        const text = new TextDecoder().decode(whole);
        expect(listed(whole, true, piece) !== undefined, text).toBe(isList(parsed(text)));
      }),
      { numRuns: 5 * numRuns },
    );
  });
});
