// The places of a compiled snapshot are those of the readers of manifests, for every field that is there and for any that is not.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Asked, packPlaces, placesOf } from '../../src/compiled-snapshot/places.ts';
import type { ManifestObject, Path } from '../../src/engine/model/source.ts';
import { readText } from '../../src/manifests/index.ts';

const YAML = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop, labels: {"a.b/c": "1", constructor: x}}
spec:
  podSelector:
    matchLabels: &labels
      app: db
  ingress:
  - from:
    - podSelector:
        matchLabels: *labels
    - ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16,
        10.2.0.0/16]}
    ports:
    - port: 5432
  egress:
`;
const JSON_TEXT = JSON.stringify(
  {
    apiVersion: 'v1',
    kind: 'List',
    items: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a', labels: {} } }],
  },
  null,
  3,
).replaceAll('\n', '\r\n');

/** Items take their type from it. */
const LIST = '{"kind":"ConfigMapList",\r\n"apiVersion":"v1","items":[{"metadata":{"name":"a"},"data":{}}]}';

/** Escapes, a key that comes twice, and objects one after the other in one line. */
const ODD = `{"kind": "List", "apiVersion": "v1", "items": [{"apiVersion":"v1","kind":"Node","metadata":{"name":"x"}}, {"apiVersion":"v1",
 "kind":"Pod", "metadata": {"name":"\\u0061\\"}", "labels":{"app": "a\\\\","app":"b", "tier" :[1, -2.5e3 ,true,null,{}, [] ]}}}]}`;

const POLICY = readText(YAML, 'k8s/db.yaml').objects[0]!;
const OBJECTS = [
  POLICY,
  readText(LIST, 'list.json').objects[0]!,
  readText(ODD, 'odd.json').objects[1]!,
  readText(JSON.stringify(JSON.parse(ODD)), 'one-line.json').objects[1]!,
  readText(JSON_TEXT, 'all.json').objects[0]!,
];

/** The object as a file gives it back. */
function again(object: ManifestObject, asked: readonly Asked[], isWhole: boolean): ManifestObject['locate'] {
  const bytes = Buffer.from(packPlaces(object, asked, isWhole));
  return placesOf(JSON.parse(JSON.stringify(object.value)), object.file, bytes);
}

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const parts: Path = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [path, ...parts.flatMap((part) => pathsOf(Reflect.get(value, part), [...path, part]))];
}

const part = fc.constantFrom<string | number>(
  ...['spec', 'metadata', 'labels', 'a.b/c', 'podSelector', 'matchLabels', 'app', 'ingress', 'from', 'ipBlock'],
  ...['tier', 'app', 'except', 'egress', 'name', 'constructor', 'items', 'missing', 0, 1, 2, -1],
);
const path: fc.Arbitrary<Path> = fc.oneof(
  fc.tuple(fc.constant('metadata'), fc.constant('labels'), part).map((path): Path => path),
  fc.constantFrom<Path>(...[0, 1, 2, 3, 4, 5, 6].map((at) => ['metadata', 'labels', 'tier', at])),
  fc.array(part, { maxLength: 8 }),
  fc.constantFrom<Path>(
    ['spec', 'ingress', 0, 'from', 1, 'ipBlock', 'except', 1],
    ['spec', 'ingress', 0, 'ports', 0, 'port'],
  ),
);

describe('places', () => {
  it('of every value are those that the reader gives, missing fields included', () => {
    fc.assert(
      fc.property(fc.constantFrom(...OBJECTS), path, (object, asked) => {
        expect(JSON.stringify(again(object, [], true)(asked))).toBe(JSON.stringify(object.locate(asked)));
      }),
    );
  });

  it('are exact for everything that is there', () => {
    for (const object of OBJECTS) {
      const locate = again(object, [], true);
      for (const asked of pathsOf(object.value)) expect(locate(asked)).toEqual(object.locate(asked));
    }
  });

  it('that were asked for are known, keys included; others are those of what is around them', () => {
    fc.assert(
      fc.property(fc.constantFrom(...OBJECTS), path, fc.boolean(), (object, asked, isKey) => {
        const locate = again(
          object,
          [
            { path: asked, isKey },
            { path: [], isKey: false },
          ],
          false,
        );
        expect(locate(asked, { key: isKey })).toEqual(object.locate(asked, { key: isKey }));
        expect(locate(['other'])).toEqual({ ...object.locate([]), path: 'other' });
      }),
    );
  });

  it('of live objects say what the object is', () => {
    const live: ManifestObject = { value: { kind: 'Pod' }, locate: () => ({ object: 'Pod shop/web', path: '' }) };
    expect(again(live, [], true)(['kind'])).toEqual({ object: 'Pod shop/web', path: 'kind' });
  });

  it('that nobody knows are the file alone', () => {
    expect(again(POLICY, [], false)(['spec', 'ingress', 0])).toEqual({
      file: 'k8s/db.yaml',
      path: 'spec.ingress[0]',
    });
  });
});
