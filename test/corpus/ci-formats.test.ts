// Real applications in every format that CI systems and reviewers read: valid, within bounds, each finding once.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Findings } from '../../src/engine/questions/documents.ts';
import { tables, withoutCode } from '../support/markdown.ts';
import { parseMermaid } from '../support/mermaid.ts';
import { runCli } from '../support/run-cli.ts';
import { applyReplacements, githubErrors, type SarifLog, sarifErrors } from '../support/sarif.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';
import { parseXml } from '../support/xml.ts';

describeWithShared('corpus', () => {
  it.each(['production', 'argo-cd', 'online-boutique', 'kube-prometheus'])('findings of %s', async (name) => {
    const print = async (format: string): Promise<string> =>
      (await runCli(['lint', '-f', sharedPath('corpus', name), '-o', format])).stdout;
    const { findings, incomplete }: Findings = JSON.parse(await print('json'));
    expect(findings.length).toBeGreaterThan(0);

    const log: SarifLog = JSON.parse(await print('sarif'));
    expect(sarifErrors(log)).toEqual([]);
    expect(githubErrors(log)).toEqual([]);
    const results = log.runs[0]?.results ?? [];
    expect(results).toHaveLength(findings.length);
    const prints = results.map(({ partialFingerprints }) => partialFingerprints?.['netweir/v1']);
    expect(new Set(prints).size).toBe(findings.length);

    const fixes = results.flatMap((result) => result.fixes ?? []);
    for (const { artifactLocation, replacements } of fixes.flatMap(({ artifactChanges }) => artifactChanges)) {
      const text = readFileSync(fileURLToPath(artifactLocation.uri), 'utf8');
      const fixed = applyReplacements(text, replacements);
      expect(fixed).not.toBe(text);
      expect(parseAllDocuments(fixed).flatMap(({ errors }) => errors)).toEqual([]);
    }

    const junit = parseXml(await print('junit'));
    expect(junit.children.flatMap(({ children }) => children)).toHaveLength(findings.length + incomplete.length);

    const issues: { readonly fingerprint: string }[] = JSON.parse(await print('gitlab'));
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(findings.length + incomplete.length);

    const annotations = (await print('github')).split('\n').filter((line) => line.startsWith('::'));
    expect(annotations).toHaveLength(findings.length + incomplete.length);

    const markdown = await print('md');
    expect(markdown.length).toBeLessThanOrEqual(65_536);
    expect(withoutCode(markdown)).not.toMatch(/@\w|(?<!&)#\d/);
  });

  it.each(['production', 'argo-cd', 'online-boutique', 'kube-prometheus'])('the map of %s', async (name) => {
    const print = async (...words: string[]): Promise<string> => (await runCli(words)).stdout;
    const files = ['-f', sharedPath('corpus', name)];
    const chart = parseMermaid(await print('map', ...files, '-o', 'mermaid'));
    expect(chart.edges.length).toBeGreaterThan(0);
    const markdown = await print('map', ...files, '-o', 'md');
    expect(markdown.length).toBeLessThanOrEqual(65_536);
    for (const table of tables(markdown)) for (const cells of table) expect(cells).toHaveLength(table[0]!.length);
    const same = await print('diff', sharedPath('corpus', name), sharedPath('corpus', name), '-o', 'md');
    expect(same).toMatch(/^\*\*No connection differs\.\*\*/);
  });
});
