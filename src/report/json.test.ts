import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bigMap, SAMPLES, shopMap } from '../../test/support/sample-documents.ts';
import { schemaKinds, validateDocument } from '../../test/support/schemas.ts';
import { ROOT } from '../../test/support/shared.ts';
import type { ConnectionDocument, ConnectivityMap, Document } from '../engine/questions/documents.ts';
import { json } from './json.ts';
import { REASONS } from './reasons.ts';
import { PLAIN_STYLE } from './style.ts';

const print = (document: Document, expand = false): string =>
  [...json(document, { style: PLAIN_STYLE, expand })].join('');
const samples = Object.entries(SAMPLES);

/** Every object inside a value, the value first; values that edits put into manifests are not ours to describe. */
function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, each]) =>
    ['insert', 'set', 'was', 'add', 'manifest', 'manifests', 'namespaceSelector', 'podSelector'].includes(key)
      ? []
      : objectsIn(each),
  );
  return Array.isArray(value) ? inner : [value as Record<string, unknown>, ...inner];
}

/** What an explained record has only if its ends could be told, or only if they could not. */
const OF_JUDGED_RECORDS = [
  ...['from', 'to', 'opened', 'unattributed', 'leftAside'],
  ...['verdict', 'reason', 'egress', 'ingress', 'agrees'],
];

/** Fields that some kinds may leave out and others may not. */
function isNeeded(kind: Document['kind'], field: string): boolean {
  if (field === 'endpoints') return kind !== 'Explanation';
  return field === 'findings' && kind !== 'TestReport';
}

describe('JSON', () => {
  it.each(samples)('%s reads back as the document', (_, document) => {
    expect(JSON.parse(print(document))).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it.each(samples)('%s is as its schema says', (_, document) => {
    expect(validateDocument(JSON.parse(print(document)))).toEqual([]);
    expect(validateDocument(JSON.parse(print(document, true)))).toEqual([]);
  });

  it('puts each connection on its own line', () => {
    const lines = print(shopMap).split('\n');
    expect(lines.filter((line) => line.startsWith('    {"from"'))).toHaveLength(shopMap.connections.length);
  });

  it('expands to one rectangle per pair with the same meaning', () => {
    const pairs = ({ connections }: ConnectivityMap): string[] =>
      connections
        .flatMap(({ from, to, self, ...rest }: ConnectionDocument) =>
          from.flatMap((source) =>
            to.flatMap((target) =>
              source === target && self === false ? [] : [JSON.stringify([source, target, rest])],
            ),
          ),
        )
        .sort();
    const expanded = JSON.parse(print(shopMap, true)) as ConnectivityMap;
    expect(pairs(expanded)).toEqual(pairs(shopMap));
    expect(expanded.connections.every(({ from, to }) => from.length === 1 && to.length === 1)).toBe(true);
    const ends = expanded.connections.map(({ from, to }) => (from[0] ?? 0) * 1000 + (to[0] ?? 0));
    expect(ends).toEqual([...ends].sort((a, b) => a - b));
  });

  it('comes in pieces where it is big', () => {
    const big = bigMap(100, 5000);
    const pieces = [...json(big, { style: PLAIN_STYLE })];
    expect(pieces.length).toBeGreaterThan(3);
    expect(JSON.parse(pieces.join(''))).toEqual(big);
  });
});

describe('schemas', () => {
  it('exist for every kind', () => {
    // A snapshot is a file and no answer: test/inputs/snapshot.test.ts validates it.
    const kinds = new Set<string>([...samples.map(([, document]) => document.kind), 'Snapshot']);
    expect(schemaKinds()).toEqual([...kinds].sort());
  });

  it.each(samples)('notice an undocumented field anywhere in %s', (_, document) => {
    // What conditions, selectors and variants hold is not ours to describe.
    const isOpen = (object: Record<string, unknown>): boolean =>
      ['tier', 'http', 'method'].some((name) => Object.hasOwn(object, name)) && !Object.hasOwn(object, 'action');
    const copy = JSON.parse(JSON.stringify(document)) as Document;
    const objects = objectsIn(copy).filter((object) => !isOpen(object));
    expect(objects.length).toBeGreaterThan(0);
    for (const object of objects) {
      object.surprise = 1;
      expect(validateDocument(copy), JSON.stringify(object)).not.toEqual([]);
      delete object.surprise;
    }
    expect(validateDocument(copy)).toEqual([]);
  });

  it.each(samples)('notice every missing field at the top of %s but the optional ones', (_, document) => {
    // `findings` of tests, what only changes need, and what a snapshot may not know of itself.
    const some = ['reason', 'findings', 'endpoints', 'taken', 'context', 'namespace', 'server'];
    const known = document.kind === 'FlowExplanation' ? OF_JUDGED_RECORDS : some;
    const optional = known.filter((name) => !isNeeded(document.kind, name));
    for (const name of Object.keys(document).filter((field) => !optional.includes(field))) {
      const { [name as keyof Document]: _removed, ...rest } = document;
      expect(validateDocument(JSON.parse(JSON.stringify(rest))), name).not.toEqual([]);
    }
  });

  it('notice wrong values', () => {
    const broken = (change: (copy: ConnectivityMap) => void): string[] => {
      const copy = JSON.parse(JSON.stringify(shopMap));
      change(copy);
      return validateDocument(copy);
    };
    expect(broken((map) => Object.assign(map.connections[0] ?? {}, { allowed: 'none' }))).not.toEqual([]);
    expect(broken((map) => Object.assign(map.connections[0] ?? {}, { from: [] }))).not.toEqual([]);
    expect(broken((map) => Object.assign(map.connections[0] ?? {}, { self: true }))).not.toEqual([]);
    expect(broken((map) => Object.assign(map.connections[0] ?? {}, { allowed: { TCP: [[80]] } }))).not.toEqual([]);
    expect(broken((map) => Object.assign(map.endpoints[0] ?? {}, { type: 'pod' }))).not.toEqual([]);
    expect(broken((map) => Object.assign(map.findings[0] ?? {}, { severity: 'bad' }))).not.toEqual([]);
    expect(validateDocument({ kind: 'constructor' })).toEqual(['/kind: no schema for "constructor"']);
    expect(validateDocument(null)).toEqual(['/kind: no schema for undefined']);
  });
});

describe('docs/json.md', () => {
  const text = readFileSync(join(ROOT, 'docs', 'json.md'), 'utf8').replaceAll('\r\n', '\n');
  const examples = text.split(/^## /m).flatMap((section) => {
    const code = section.split('```json\n')[1]?.split('```')[0];
    return code === undefined ? [] : [{ kind: section.split('\n')[0] ?? '', code }];
  });

  it('has an example of every kind', () => {
    expect(examples.map(({ kind }) => kind).sort()).toEqual(schemaKinds());
  });

  it.each(examples)('$kind is as its schema says', ({ kind, code }) => {
    const document = JSON.parse(code);
    expect(document.kind).toBe(kind);
    expect(validateDocument(document)).toEqual([]);
  });

  it('has every reason in the words of the reports', () => {
    for (const [reason, { sentence, settle }] of Object.entries(REASONS))
      expect(text).toContain(`| \`${reason}\` | ${sentence} | ${settle ?? ''} |`);
  });
});
