import { describe, expect, it } from 'vitest';
import { tables, withoutCode } from '../../../test/support/markdown.ts';
import { bigDiff, hostileDiff, reviewDiff } from '../../../test/support/sample-diffs.ts';
import { SAMPLES, twelveMap } from '../../../test/support/sample-documents.ts';
import { fullFindings } from '../../../test/support/sample-findings.ts';
import type { ConnectivityDiff } from '../../engine/questions/documents.ts';
import { formatsOf, reporterFor } from '../formats.ts';
import type { RunFacts } from '../reporter.ts';
import { PLAIN_STYLE } from '../style.ts';

const print = (document: (typeof SAMPLES)[string], run: RunFacts = {}): string =>
  [...reporterFor('md', document.kind)(document, { style: PLAIN_STYLE, allPods: true, run })].join('');

describe('Markdown', () => {
  it.each(Object.entries(SAMPLES).filter(([, { kind }]) => formatsOf(kind).includes('md')))(
    'of %s keeps text of manifests in its place',
    (_, document) => {
      const markdown = print(document);
      const outside = withoutCode(markdown);
      const tags = [...outside.matchAll(/<[^>]*>?/g)].map(([tag]) => tag);
      expect(tags.filter((tag) => !/^<(\/?(details|summary|sub)|!-- --)>$/.test(tag))).toEqual([]);
      const opened = (name: string) => [outside.split(`<${name}>`).length, outside.split(`</${name}>`).length];
      for (const name of ['details', 'summary', 'sub']) expect(opened(name)[0]).toBe(opened(name)[1]);
      // Neither mentions, references, images, links, addresses, formulas nor emphasis beside our own.
      expect(outside).not.toMatch(/@\w|(?<!&)#\d|(?<!\\)\]\(|:\/\/|www\.|\$|:\w+:|GH-\d/);
      expect(outside.replace(/^(> | {2})*\* /gm, '')).not.toMatch(/(?<![\\*])\*(?!\*)|(?<!\\)[_~](?=\w)/);
      expect(outside.split('**').length % 2).toBe(1);
      for (const table of tables(markdown)) {
        for (const cells of table) expect(cells).toHaveLength(table[0]!.length);
        expect(table[1]!.every((cell) => cell === '---')).toBe(true);
      }
      expect(markdown).not.toMatch(/\n\n\n|^\n/);
    },
  );

  it.each([
    ['a diff', bigDiff()],
    ['a map', { ...twelveMap, endpoints: bigDiff().endpoints, connections: bigDiff().added }],
    [
      'findings',
      { ...fullFindings, findings: Array.from({ length: 3000 }, () => fullFindings.findings[0]!), incomplete: [] },
    ],
  ])('of %s that is too big keeps to the bound and counts what is missing', (_, document) => {
    const markdown = print(document, { command: 'netweir diff a b -o md' });
    expect(markdown.length).toBeLessThanOrEqual(65_536);
    expect(markdown.length).toBeGreaterThan(50_000);
    expect(markdown).toContain('netweir diff a b -o md');
    expect(markdown).toMatch(/… and \d+ more \w+, left out because comments have a bound/);
    expect(() => withoutCode(markdown)).not.toThrow();
  });

  it('counts rows that are folded and left out', () => {
    const markdown = print(bigDiff());
    const [shown, folded] = tables(markdown);
    const left = Number(/… and (\d+) more connections, left out/.exec(markdown)?.[1]);
    expect(shown!.length - 2 + (folded!.length - 2) + left).toBe(2000);
    expect(markdown).toContain('**Opens 2000 connections (2000 between namespaces), closes 2000.**');
  });
});

describe('a diff as a comment', () => {
  const headline = (change: Partial<ConnectivityDiff>): string => print({ ...reviewDiff, ...change }).split('\n')[0]!;
  const nothing = { added: [], removed: [], changed: [] };

  it('says in one line what opens, worst first, what closes and what changes', () => {
    expect(headline({})).toBe(
      '**Opens 16 connections (2 to the metadata service, 1 from the internet, 1 through an entry point, 2 to the internet, 2 between namespaces, 2 only perhaps or under conditions), closes 2, changes the ports of 2.**',
    );
    expect(headline(nothing)).toBe('**No connection differs.**');
    expect(headline({ ...nothing, removed: [{ from: [0], to: [1], allowed: 'all' }] })).toBe(
      '**Closes 1 connection.**',
    );
    const change = { from: [0], to: [1], before: 'all', after: { TCP: [[80, 80]] } } as const;
    expect(headline({ ...nothing, changed: [change as never] })).toBe(
      '**Changes the ports of 1, all of them less open.**',
    );
    const opening = { ...change, before: change.after, after: change.before };
    expect(headline({ ...nothing, changed: [opening as never] })).toContain('all of them more open');
  });

  it('has every pair in one row, the gravest first', () => {
    const [added] = tables(print(reviewDiff));
    const kinds = added!.slice(2).map(([reach]) => reach);
    expect(kinds).toEqual([
      '**to the metadata service**',
      '**from the internet**',
      '**through an entry point**',
      '**to the internet**',
      '**from other addresses**',
      '**between namespaces**',
      '**to other addresses**',
      '**with a node**',
      'within a namespace',
      'within a namespace',
    ]);
    expect(added![2]!.slice(1)).toEqual([
      '`shop/web`, `ops/prometheus`',
      '`169.254.169.254 (metadata)`',
      'all ports',
      '`ops/egress` (`k8s/egress.yaml:1`), `shop/live`',
    ]);
  });

  it('names policies from the root of the repository', () => {
    const markdown = print(reviewDiff, { place: { cwd: '/src/deploy', root: '/src' } });
    expect(markdown).toContain('`shop/db` (`deploy/k8s/db.yaml:3`)');
  });

  it('shows new findings, folds those that were there, and forgets those that are gone', () => {
    const markdown = print(reviewDiff);
    expect(markdown).toContain('### 3 findings: 1 critical, 1 high, 1 low, of which 2 as before');
    const [open = '', folded = ''] = markdown.split('<details><summary>2 findings as before</summary>');
    expect(open).toContain('`metadata-open`');
    expect(open).not.toContain('`unknown-field`');
    expect(folded).toContain('`k8s/db.yaml:14:9`');
    expect(markdown).not.toContain('mended by the change');
  });

  it('keeps apart causes that differ by family', () => {
    const ends = { from: [0], to: [1], allowed: 'all' } as const;
    const by = (name: string) =>
      [{ dialect: 'network-policy', kind: 'NetworkPolicy', namespace: 'shop', name }] as const;
    const added = [
      { ...ends, family: 'IPv4', policies: by('four') },
      { ...ends, family: 'IPv6', policies: by('six') },
    ];
    const markdown = print({ ...reviewDiff, ...nothing, added: added as never });
    expect(markdown).toMatch(/^\*\*Opens 1 connection\.\*\*/);
    expect(markdown).toMatch(/IPv4: all ports \| `shop\/four`[\s\S]*IPv6: all ports \| `shop\/six`/);
  });

  it('reads hostile names back as they are', () => {
    expect(print(hostileDiff)).toContain(
      '``shop/"\\| a \\| `b` \\| <script>alert(1)</script> </details> @netweir/team #123',
    );
  });
});
