import { describe, expect, it } from 'vitest';
import { judged, objectsOf } from '../../../../test/support/lint.ts';
import type { LintOptions } from '../../index.ts';
import type { Finding } from '../../model/finding.ts';
import { withFingerprints } from './fingerprint.ts';
import { judgeFindings } from './judge-findings.ts';

const HEAD = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n';
const ANNOTATED = (key: string, value: string) => `${HEAD}metadata:
  name: web
  namespace: shop
  annotations:
    ${key}: ${JSON.stringify(value)}
spec:
  podSelector: {}
  policyTypes: [Ingress]
  egress: [{}]
`;
const COMMENTED = (comment: string) => `${HEAD}metadata: {name: web, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Ingress]
  ${comment}
  egress: [{}]
`;

const judge = (text: string, options: LintOptions = {}) =>
  judged(text, { only: ['rules-ignored'], today: '2026-06-01', ...options });

const rows = (text: string, options?: LintOptions) =>
  judge(text, options).findings.map(({ check, suppressed }) => [check, suppressed?.reason, suppressed?.until]);

describe('suppressions', () => {
  it.each([
    ['an annotation', ANNOTATED('ignore.netweir.dev/rules-ignored', 'kept for the audit')],
    ['a comment above', COMMENTED('# netweir-ignore rules-ignored: kept for the audit')],
    ['Windows line ends', COMMENTED('# netweir-ignore rules-ignored: kept for the audit').replaceAll('\n', '\r\n')],
  ])('%s keeps the finding and takes its weight', (_name, text) => {
    expect(rows(text)).toEqual([['rules-ignored', 'kept for the audit', undefined]]);
    expect(judge(text).summary.high).toBe(0);
  });

  it('hold up to their last day and not longer', () => {
    const text = COMMENTED('# netweir-ignore rules-ignored: until the move; until 2026-06-01');
    expect(rows(text)).toEqual([['rules-ignored', 'until the move', '2026-06-01']]);
    expect(rows(text, { today: '2026-06-02' })).toEqual([
      ['expired-suppression', undefined, undefined],
      ['rules-ignored', undefined, undefined],
    ]);
    expect(judge(text, { today: '2026-06-02' }).summary).toMatchObject({ high: 1, medium: 1 });
  });

  it.each([
    ['no reason', '# netweir-ignore rules-ignored', 'gives no reason'],
    ['an end and no reason', '# netweir-ignore rules-ignored: until 2027-01-01', 'gives no reason'],
    ['no date', '# netweir-ignore rules-ignored: why; until summer', '"summer" is no date'],
    ['a day that no calendar has', '# netweir-ignore rules-ignored: why; until 2027-02-29', 'is no date'],
    [
      'an end that is read as a reason',
      '# netweir-ignore rules-ignored: why, until 2027-01-31',
      '"until 2027-01-31" is no end',
    ],
    ['an end before the reason', '# netweir-ignore rules-ignored: until 2027-01-31; why', 'write it last'],
    ['a colon behind the word', '# netweir-ignore: rules-ignored: why', 'names a check'],
    ['an unknown check', '# netweir-ignore rule-ignored: why', 'did you mean rules-ignored?'],
    ['no check', '# netweir-ignore', 'names a check'],
  ])('with %s are findings and suppress nothing', (_name, comment, message) => {
    const { findings } = judge(COMMENTED(comment));
    expect(findings.map(({ check }) => check)).toEqual(['invalid-suppression', 'rules-ignored']);
    expect(findings[0]!.message).toContain(message);
    expect(findings[1]!.suppressed).toBeUndefined();
  });

  it('that cover nothing are reported, unless their check did not run', () => {
    const text = COMMENTED('# netweir-ignore rules-ignored: why').replace('[{}]', '[]');
    expect(rows(text)).toEqual([['unused-suppression', undefined, undefined]]);
    expect(rows(text, { only: [] })).toEqual([]);
  });

  it('of another object or another line cover nothing', () => {
    const other = ANNOTATED('ignore.netweir.dev/rules-ignored', 'why').replace('name: web', 'name: other');
    const plain = COMMENTED('# nothing');
    expect(rows(`${plain}---\n${other}`)).toEqual([
      ['rules-ignored', undefined, undefined],
      ['rules-ignored', 'why', undefined],
    ]);
  });

  it('of another file cover nothing, whatever its lines', () => {
    const place = (file: string, line: number) => ({ file, line, path: '' });
    const comment = { file: 'a.yaml', text: 'x: why', source: place('a.yaml', 1), first: 1, last: 9 };
    const finding = (source: Finding['source']): Finding => ({
      check: 'x',
      severity: 'low',
      rejectedByApi: false,
      message: 'm',
      source,
    });
    const found = [place('a.yaml', 9), place('b.yaml', 9), place('a.yaml', 10), { path: '' }].map(finding);
    const judging = { objects: [], comments: [comment], ids: new Set(['x']), notRun: new Set<string>() };
    const suppressed = judgeFindings(found, judging).map((one) => one.suppressed?.reason);
    expect(suppressed).toEqual(['why', undefined, undefined, undefined]);
  });

  it('may be written with a reason that has a colon or a semicolon', () => {
    const text = COMMENTED('# netweir-ignore rules-ignored: see: the wiki; second part; until 2027-01-31');
    expect(rows(text)).toEqual([['rules-ignored', 'see: the wiki; second part', '2027-01-31']]);
  });
});

describe('fingerprints and baselines', () => {
  it('stay where lines move and other rules come', () => {
    const [one] = judge(COMMENTED('# nothing')).findings;
    const [other] = judge(`# a\n# b\n${COMMENTED('# nothing\n')}`).findings;
    expect(other!.fingerprint).toBe(one!.fingerprint);
    expect(one!.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  });

  it('tell ports apart, and objects of one file, but not the lines of a file', () => {
    const object = (name: string) => objectsOf(`apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\n`)[0]!;
    const print = (message: string, name = 'web', file = 'a.yaml'): string => {
      const source = { file, line: 1, path: 'spec' };
      const finding = {
        check: 'x',
        severity: 'low',
        rejectedByApi: false,
        message,
        source,
        object: object(name),
      } as const;
      return withFingerprints([finding])[0]!.fingerprint!;
    };
    expect(print('opens shop/web:80')).not.toBe(print('opens shop/web:443'));
    expect(print('twice, at k8s/a.yaml:1 and <stdin>:2:5')).toBe(print('twice, at k8s/a.yaml:3:1 and <stdin>:4'));
    expect(print('m')).not.toBe(print('m', 'api'));
    expect(print('m')).toBe(print('m', 'web', 'b.yaml'));
  });

  it('tell equal findings of one place apart', () => {
    const text = `${COMMENTED('# nothing')}---\n${COMMENTED('# nothing').replace('[{}]', '[{}, {}]')}`;
    const prints = judge(text).findings.map(({ fingerprint }) => fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('a known finding stays in the list and counts no more', () => {
    const [finding] = judge(COMMENTED('# nothing')).findings;
    const document = judge(COMMENTED('# nothing'), { baseline: new Set([finding!.fingerprint!]) });
    expect(document.findings.map(({ known }) => known)).toEqual([true]);
    expect(document.summary.high).toBe(0);
  });

  it('a baseline does not cover a new finding', () => {
    expect(judge(COMMENTED('# nothing'), { baseline: new Set(['0'.repeat(16)]) }).summary.high).toBe(1);
  });
});
