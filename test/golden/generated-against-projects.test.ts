// docs/generated-against-projects.md row by row: generated policies and those that projects publish, evaluated alike. The
// page is written by hand; a row that the engine answers differently, or a difference without a reason, fails here.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ComparedRow, comparePolicies } from '../support/compared-policies.ts';
import { APPLICATIONS } from '../support/corpus.ts';
import { describeWithShared, ROOT } from '../support/shared.ts';

const PAGE = readFileSync(join(ROOT, 'docs/generated-against-projects.md'), 'utf8');

/** The rows of a section, without heads of tables: four cells each. */
function rowsOf(section: string): readonly (readonly string[])[] {
  const text = PAGE.split(/^## /m).find((one) => one.startsWith(`${section}\n`)) ?? '';
  return text
    .split('\n')
    .filter((line) => /^\| (?!to \||from \|)/.test(line))
    .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
}

const cells = ({ subject, theirs, ours }: ComparedRow) => [subject, theirs, ours];

describeWithShared('generated policies against those of projects', () => {
  describe.each(APPLICATIONS)('%s', (name) => {
    const rows = rowsOf(name);

    it('is described as it is', async () => {
      const { ingress, egress, sound } = await comparePolicies(name);
      expect(sound).toBe(true);
      expect(rows.map((row) => row.slice(0, 3))).toEqual([...ingress, ...egress].map(cells));
    });

    it('has a reason for each difference, and only for those', () => {
      expect(rows.length).toBeGreaterThan(3);
      for (const [subject, theirs, ours, why] of rows) {
        if (theirs === ours) expect([subject, why]).toEqual([subject, 'the same']);
        else expect(why!.length, subject).toBeGreaterThan(20);
      }
    });
  });

  it('argo-cd has the connections of its own policies as soon as its ConfigMap is there', async () => {
    const map = [
      'apiVersion: v1',
      'kind: ConfigMap',
      'metadata: {name: argocd-cmd-params-cm}',
      'data:',
      '  repo.server: argocd-repo-server:8081',
      '  commit.server: argocd-commit-server:8086',
      '  redis.server: argocd-redis:6379',
      '  server.dex.server: https://argocd-dex-server:5556',
    ].join('\n');
    const { ingress, sound } = await comparePolicies('argo-cd', map);
    expect(sound).toBe(true);
    const of = (subject: string) => ingress.filter((row) => row.subject === `default/argocd-${subject}`);
    for (const subject of ['commit-server:8086', 'dex-server:5556', 'redis:6379']) {
      const [row] = of(subject);
      expect([subject, row?.ours]).toEqual([subject, row?.theirs]);
    }
    // The notifications controller has its address from an argument's default, which no variable names.
    expect(of('repo-server:8081').map(({ theirs, ours }) => [theirs, ours])).toEqual([
      [
        'default/Deployment/argocd-application-controller, default/argocd-applicationset-controller, default/argocd-notifications-controller, default/argocd-server, default/StatefulSet/argocd-application-controller',
        'default/Deployment/argocd-application-controller, default/argocd-applicationset-controller, default/argocd-server, default/StatefulSet/argocd-application-controller',
      ],
    ]);
  });
});
