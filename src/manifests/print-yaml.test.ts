import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printObjects } from './print-yaml.ts';
import { readText } from './read-text.ts';

describe('printObjects', () => {
  it('prints documents as people write them', () => {
    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'a', labels: { on: 'yes', version: '1.20', mode: '0644' } },
      spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 80 }] }] },
    };
    expect(
      printObjects([policy, { apiVersion: 'v1', kind: 'ConfigMap', data: { text: 'a\nb\n' } }]),
    ).toBe(`apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: a
  labels:
    "on": "yes"
    version: "1.20"
    mode: "0644"
spec:
  podSelector: {}
  policyTypes:
  - Ingress
  ingress:
  - ports:
    - port: 80
---
apiVersion: v1
kind: ConfigMap
data:
  text: |
    a
    b
`);
    expect(printObjects([])).toBe('');
    expect(printObjects([{ a: '\u0085\u2028\ufeff' }])).toBe('a: "\\u0085\\u2028\\ufeff"\n');
  });

  it('what was printed reads back as the same objects', () => {
    const traps = [
      'yes',
      'N',
      '~',
      '',
      '0644',
      '1e3',
      '1:30',
      '0o17',
      '2024-01-01',
      '<<',
      '=',
      '- a',
      'a: b',
      'a #b',
      ' x',
      'x ',
      '---',
      '...',
      '{{ x }}',
      '"',
      "'",
      '*a',
      '&a',
      '!a',
      '|',
      '>',
      '%a',
      '@a',
      '`a',
      '\t',
      'a\n',
      '\na',
      'a\n\n b\n',
      '\r\n',
      '\u0085',
      '\u2028',
      '\ufeff',
      '\u007f',
      '__proto__',
      'constructor',
      '1_000',
      '.5',
      '+1',
      '.inf',
      'null',
      'é',
      '😀',
      '- ',
      '? a',
      ': a',
    ];
    const text = fc.oneof(fc.constantFrom(...traps), fc.string({ unit: 'grapheme' }), fc.lorem());
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.oneof(
          fc.boolean(),
          fc.constant(null),
          fc.maxSafeInteger(),
          fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n)),
        ),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.array(fc.tuple(text, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
      ),
    }));
    const object = value.map((spec) => ({ apiVersion: 'v1', kind: 'Thing', spec }));
    fc.assert(
      fc.property(fc.array(object, { minLength: 1, maxLength: 3 }), (objects) => {
        const set = readText(printObjects(objects), 'a.yaml');
        expect(set.findings).toEqual([]);
        expect(set.objects.map((read) => read.value)).toEqual(objects);
      }),
      { numRuns: 500 },
    );
  });
});
