import { describe, expect, it } from 'vitest';
import { readText } from './read-text.ts';

const HEAD = 'apiVersion: v1\nkind: ConfigMap\n';
const values = (text: string, file = 'a.yaml'): unknown[] => readText(text, file).objects.map(({ value }) => value);
const data = (text: string): unknown => (values(HEAD + text)[0] as { data?: unknown } | undefined)?.data;
const problems = (text: string, file = 'a.yaml'): string[] =>
  readText(text, file).findings.map(({ check, source }) => `${check} ${source.line}:${source.column}`);

// Each row as kubectl 1.36.3 converts it.
describe('YAML as kubectl reads it', () => {
  it.each<[string, unknown]>([
    [
      'data: {a: on, b: 0644, c: 1e3, d: ~, e: "on", f: 2024-01-01}',
      { a: true, b: 420, c: 1000, d: null, e: 'on', f: '2024-01-01' },
    ],
    ['data: {1: a, true: b, 1.50: c, y: d, 2024-01-01: e}', { 1: 'a', true: 'd', '1.5': 'c', '2024-01-01': 'e' }],
    [
      'data: {a: !!binary aGVsbG8=, b: !!str 1, c: !!int "7", d: !local 2, e: ! 3}',
      { a: 'hello', b: '1', c: 7, d: '2', e: '3' },
    ],
    ['data: !!set {a, b}', { a: null, b: null }],
    ['data: {? a : b, c}', { a: 'b', c: null }],
    ['data: [a: b]', [{ a: 'b' }]],
    ['x: &x {a: 1, b: 2}\ndata: {<<: *x, b: 3}', { a: 1, b: 3 }],
    ['x: &x {a: 1, b: 2}\ndata: {<<: [*x, {a: 9, c: 4}]}', { a: 1, b: 2, c: 4 }],
    ['data: {a: 1, <<: {a: 2}}', { a: 2 }],
    ['data: {<<: {a: b}, <<: {c: d}}', { a: 'b', c: 'd' }],
    ['data: {"<<": {a: b}}', { '<<': { a: 'b' } }],
    ['data: {a: &m {x: 1}, <<: *m}', { a: { x: 1 }, x: 1 }],
    ['x: &a 1\ndata: {a: &a 2, b: *a}', { a: 2, b: 2 }],
    ['x: &k name\ndata: {*k : 1}', { name: 1 }],
    ['data: |\n  a: "b"\n  ---\n  c\n', 'a: "b"\n---\nc\n'],
    ['data: >-\n  a\n  b\n', 'a b'],
    ['data:\t\n  a:\tb\t# x\n', { a: 'b' }],
    ['data:\n- a\n- b\n', ['a', 'b']],
    ['data: {constructor: 1, toString: 2}', { constructor: 1, toString: 2 }],
    ['data:\n', null],
  ])('%j', (text, expected) => {
    expect(problems(HEAD + text).filter((problem) => !problem.startsWith('duplicate-key'))).toEqual([]);
    expect(data(text)).toEqual(expected);
  });

  it('keeps a key called __proto__ as a key', () => {
    const value = data('data: {__proto__: {x: 1}, a: 2}') as object;
    expect(Object.keys(value)).toEqual(['__proto__', 'a']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it.each([
    ['data: {~: a}', 'malformed-yaml 3:8'],
    ['data: {[a]: b}', 'malformed-yaml 3:8'],
    ['data: .inf', 'malformed-yaml 3:7'],
    ['data: !!int foo', 'malformed-yaml 3:13'],
    ['data: *nope', 'malformed-yaml 3:7'],
    ['data: &x [*x]', 'malformed-yaml 3:11'],
    ['data: {<<: a}', 'malformed-yaml 3:12'],
    ['data: {<<: [a]}', 'malformed-yaml 3:13'],
    ['l: &l [{a: 1}]\ndata: {<<: *l}', 'malformed-yaml 4:12'],
    ['data:\n\ta: b', 'malformed-yaml 4:1'],
    ['data: "a', 'malformed-yaml 3:7'],
    ['data: @a', 'malformed-yaml 3:7'],
    ['data: [a, b', 'malformed-yaml 3:7'],
    ['data: a: b', 'malformed-yaml 3:7'],
  ])('%j is refused at its place', (text, expected) => {
    const set = readText(HEAD + text, 'a.yaml');
    expect(problems(HEAD + text)).toEqual([expected]);
    expect(set.objects).toEqual([]);
    expect(set.gaps).toMatchObject([{ reason: 'unparsable', namespaces: 'all', file: 'a.yaml' }]);
    expect(set.findings[0]).toMatchObject({ rejectedByApi: true, severity: 'high' });
  });
});

describe('streams', () => {
  it('reads documents around blank ones, comments, directives and CRLF', () => {
    const text = `%YAML 1.1\n---\n${HEAD}---\n---\n# nothing\n---\n${HEAD}`.replaceAll('\n', '\r\n');
    expect(values(text)).toHaveLength(2);
    expect(readText(text, 'a.yaml')).toMatchObject({ findings: [], gaps: [], skipped: [], ignores: [] });
  });

  it('keeps a malformed document to itself', () => {
    const text = `${HEAD}a: 1\n---\nkind: "open\n---\n${HEAD}a: 2\n---\n{\n---\n${HEAD}a: 3\n`;
    expect(values(text)).toMatchObject([{ a: 1 }, { a: 2 }, { a: 3 }]);
    expect(problems(text)).toEqual(['malformed-yaml 5:7', 'malformed-yaml 11:1']);
    expect(readText(text, 'a.yaml').gaps).toHaveLength(2);
  });

  it('reports duplicate keys and uses the last, as kubectl does', () => {
    const text = `${HEAD}spec:\n  ports: [1]\n  ports: [2]\n`;
    const set = readText(text, 'a.yaml');
    expect(set.objects[0]?.value).toMatchObject({ spec: { ports: [2] } });
    expect(set.findings).toMatchObject([
      { check: 'duplicate-key', rejectedByApi: false, source: { line: 5, column: 3, path: 'spec.ports' } },
    ]);
    expect(set.gaps).toEqual([]);
    const json = '{"apiVersion":"v1","kind":"A","spec":{"a":1,\n"a":2}}';
    expect(values(json)).toMatchObject([{ spec: { a: 2 } }]);
    expect(problems(json)).toEqual(['duplicate-key 2:1']);
  });

  it('does not take a key that a merge has set for a duplicate', () => {
    expect(problems(`${HEAD}x: &x {a: 1}\ndata: {<<: *x, a: 2}`)).toEqual([]);
    expect(problems(`${HEAD}x: &x {a: 1}\ndata: {<<: *x, a: 2, a: 3}`)).toEqual(['duplicate-key 4:22']);
  });

  it('reports what kubectl ignores after ..., and content on the line of a separator', () => {
    const ended = `${HEAD}...\n${HEAD}`;
    expect(values(ended)).toHaveLength(1);
    expect(problems(ended)).toEqual(['document-separator 4:1']);
    expect(readText(ended, 'a.yaml').gaps).toHaveLength(1);
    const inline = `${HEAD}--- {apiVersion: v1, kind: Thing}\n`;
    expect(values(inline)).toHaveLength(2);
    expect(problems(inline)).toEqual(['document-separator 3:5']);
  });

  it('reads JSON, concatenated JSON, JSON between YAML, arrays, and flow mappings that only look like JSON', () => {
    const json = '{"apiVersion":"v1","kind":"A"}';
    expect(values(json)).toHaveLength(1);
    expect(values(`\ufeff \n${json}\n${json}${json}`)).toHaveLength(3);
    expect(values(`${json}\n---\n${HEAD}---\n${json}`)).toHaveLength(3);
    expect(values(`[${json}, {"apiVersion":"v1","kind":"B"}]`)).toMatchObject([{ kind: 'A' }, { kind: 'B' }]);
    expect(values('{"apiVersion": "v1", # why\n "kind": "A",}')).toEqual([{ apiVersion: 'v1', kind: 'A' }]);
  });

  it.each([
    ['{"apiVersion":"v1",\n "kind":"A" "x":1}', 'malformed-json 2:13'],
    ['{"apiVersion":"v1",\n "kind":', 'malformed-json 2:9'],
    ['{"apiVersion":"v1","kind":"A"}\n{"apiVersion":]', 'malformed-json 2:15'],
  ])('%j is malformed at its place', (text, expected) => {
    expect(problems(text, 'a.json')).toEqual([expected]);
    expect(readText(text, 'a.json').gaps).toHaveLength(1);
  });

  it('keeps the values before the malformed one', () => {
    expect(values('{"apiVersion":"v1","kind":"A"}\n{"apiVersion":]')).toHaveLength(1);
  });
});

describe('what is not Kubernetes', () => {
  it.each([
    ['replicas: 2\nimage: {tag: x}\n', 'values.yaml', 'not Kubernetes: no apiVersion and kind'],
    ['replicas: "unclosed', 'values.yaml', 'not read from line 1, column 11 on: no " closes the text that begins here'],
    ['apiVersion: v2\nname: shop\n', 'Chart.yaml', 'not Kubernetes: no apiVersion and kind'],
    ['{"name": "x", "version": "1"}', 'package.json', 'not Kubernetes: no apiVersion and kind'],
    ['# nothing\n---\n', 'a.yaml', 'holds no document'],
    ['- kind: a\n', 'a.yaml', 'not Kubernetes: no apiVersion and kind'],
    ['kind: x', 'a.yaml', 'not Kubernetes: no apiVersion and kind'],
    ['"kind: x"', 'a.yaml', 'not Kubernetes: no mapping'],
  ])('%j in %s is skipped', (text, file, reason) => {
    expect(readText(text, file)).toEqual({
      objects: [],
      findings: [],
      gaps: [],
      skipped: [{ file, reason }],
      ignores: [],
      snapshots: [],
    });
  });

  it.each([
    ['resources: [a.yaml]\n', 'k8s/base/kustomization.yaml', 'k8s/base'],
    ['apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n', 'kustomization.yml', '.'],
    ['apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n', 'x/a.yaml', 'x'],
  ])('%j in %s is a kustomization', (text, file, directory) => {
    const { skipped, gaps } = readText(text, file);
    expect(skipped).toMatchObject([
      { file, hint: `build it with -k ${directory}, or by hand: kustomize build ${directory} | netweir map -f -` },
    ]);
    expect(gaps).toEqual([]);
  });

  it('an object that lost its kind or apiVersion, or whose kind is no text, is a finding and a gap', () => {
    const set = readText(
      'kind: NetworkPolicy\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Y\nspec: {}\n',
      'a.yaml',
    );
    expect(set.findings.map(({ check, message, source }) => [check, message, source.line])).toEqual([
      ['missing-type', 'the object has kind NetworkPolicy but no apiVersion', 1],
      ['missing-type', 'kind must be text, not true; put it in quotes', 5],
    ]);
    expect(set.findings.every(({ rejectedByApi }) => rejectedByApi)).toBe(true);
    expect(set.gaps).toHaveLength(2);
  });
});

describe('templates', () => {
  it.each([
    ['name by action', `${HEAD}metadata:\n  name: {{ .Release.Name }}\n`, 4],
    ['in flow', `${HEAD}metadata: {name: {{ .Release.Name }}-x}\n`, 3],
    ['control lines', `{{- if .Values.on }}\n${HEAD}{{- end }}\n`, 1],
    ['second document', `${HEAD}---\n${HEAD}spec:\n  {{- toYaml .Values.x | nindent 2 }}\n`, 7],
    ['quoted name', `${HEAD}metadata: {name: "{{ .Release.Name }}"}\n`, 3],
    ['no own kind', '{{ include "lib.deployment" . }}\n', 1],
  ])('%s: one finding, one gap, no objects', (_name, text, line) => {
    const set = readText(text, 'templates/a.yaml');
    expect(set.objects).toEqual([]);
    expect(set.gaps).toMatchObject([{ reason: 'unparsable', file: 'templates/a.yaml' }]);
    expect(set.findings).toMatchObject([
      {
        check: 'unrendered-template',
        source: { line },
        hint: 'render its chart with --helm CHARTDIR, or by hand: helm template RELEASE CHARTDIR | netweir map -f -',
      },
    ]);
  });

  it('text for another template engine in a quoted or block scalar is left alone', () => {
    const text = `${HEAD}data:\n  a: "{{ $labels.pod }} is down"\n  b: |\n    {{ range .Alerts }}\n  # {{ x }}\n`;
    expect(values(text)).toHaveLength(1);
    expect(problems(text)).toEqual([]);
    expect(problems(`${text}x: "open\n`)).toEqual(['malformed-yaml 8:4']);
  });
});

describe('bounds', () => {
  it.each([
    ['brackets', `${HEAD}a: ${'['.repeat(100_000)}`, 'too-large'],
    ['dashes', `${HEAD}a:\n ${'- '.repeat(100_000)}`, 'too-large'],
    ['depth', `${HEAD}a: ${'['.repeat(600)}${']'.repeat(600)}`, 'too-large'],
    ['JSON', `{"apiVersion":"v1","kind":"A","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'too-large'],
    ['open JSON', `{"apiVersion":"v1","kind":"A","a":${'['.repeat(100_000)}`, 'malformed-json'],
    ['one long line', `${HEAD}a: ${'x'.repeat(20_000_000)}`, 'too-large'],
  ])('%s', (_name, text, check) => {
    const { findings, gaps, objects } = readText(text, 'a.yaml');
    expect(findings.map((finding) => finding.check)).toEqual([check]);
    expect([gaps.length, objects.length]).toEqual([1, 0]);
  });

  it('an alias bomb is a finding, aliases in reason are not', () => {
    const level = (n: number): string => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(', ')}]\n`;
    const bomb = (levels: number): string =>
      `${HEAD}a0: &a0 [x]\n${Array.from({ length: levels }, (_, n) => level(n)).join('')}`;
    expect(problems(bomb(9))).toEqual(['too-large 9:25']);
    expect(problems(bomb(3))).toEqual([]);
  });

  it('text made to stall regular expressions or numbers does not', () => {
    const digits = '1'.repeat(1_000_000);
    expect(data(`data: ${digits}`)).toBe(digits);
    expect(problems(`${HEAD}a: ${'{'.repeat(100_000)}`)).toEqual(['unrendered-template 3:4']);
    expect(readText(`${'#'.repeat(9_000)}\nfoo`, 'a.yaml').skipped).toHaveLength(1);
    expect(problems(`${HEAD}a: "${'- '.repeat(100_000)}{{ \n`)).toHaveLength(1);
  });

  it('long JSON on one line is read', () => {
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'A', data: 'x'.repeat(20_000_000), spec: { a: 1 } });
    const [object] = readText(text, 'a.json').objects;
    expect(object?.locate(['spec', 'a']).column).toBe(text.length - 2);
  });
});
