import { describe, expect, it } from 'vitest';
import { explanation, mixedExplanation } from '../../test/support/sample-documents.ts';
import type { ExplanationCase } from '../engine/questions/documents.ts';
import { mergeCases } from './explanation-cases.ts';

const [sample] = explanation.cases;
const base = (more: Partial<ExplanationCase>): ExplanationCase => {
  if (sample === undefined) throw new Error('no sample');
  return { ...sample, ...more };
};

describe('mergeCases', () => {
  it('says nothing of families and pods where all come out alike', () => {
    expect(mergeCases(explanation.cases)).toEqual([
      { outcome: sample, scopes: [{ ports: '5432/TCP', families: [], pods: [] }] },
    ]);
  });

  it('names what differs and nothing else', () => {
    const web = (variant: string) => ['shop/Deployment.apps/api', `shop/Deployment.apps/web${variant}`];
    expect(mergeCases(mixedExplanation.cases).map(({ scopes }) => scopes)).toEqual([
      [
        { ports: '80,443/TCP', families: [], pods: [] },
        { ports: '9090/TCP', families: ['IPv4'], pods: [web('#1')] },
      ],
      [
        { ports: '9090/TCP', families: ['IPv6'], pods: [web('#1')] },
        { ports: '9090/TCP', families: [], pods: [web('#2')] },
      ],
    ]);
  });

  it('compares ranges piece by piece, across protocols', () => {
    const merged = mergeCases([
      base({ family: 'IPv4', ports: [[1, 65535]] }),
      base({ family: 'IPv4', protocol: 'UDP', ports: [[53, 53]] }),
      base({
        family: 'IPv6',
        ports: [
          [1, 79],
          [81, 65535],
        ],
      }),
      base({ family: 'IPv6', protocol: 'UDP', ports: [[53, 53]] }),
    ]);
    expect(merged.map(({ scopes }) => scopes.map(({ ports, families }) => [ports, families]))).toEqual([
      [
        ['1-79,81-65535/TCP 53/UDP', []],
        ['80/TCP', ['IPv4']],
      ],
    ]);
  });

  it('does not name the only family that pods have', () => {
    const [merged] = mergeCases([
      base({ family: 'IPv4' }),
      base({ family: 'IPv4', toPod: 'other' }),
      base({ family: 'IPv6', toPod: 'other' }),
    ]);
    expect(merged?.scopes).toEqual([{ ports: '5432/TCP', families: [], pods: [] }]);
  });

  it('keeps other verdicts apart', () => {
    expect(mergeCases([base({}), base({ verdict: 'unknown', family: 'IPv6' })])).toHaveLength(2);
    expect(mergeCases([])).toEqual([]);
  });
});
