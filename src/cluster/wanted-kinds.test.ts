import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../../test/support/shared.ts';
import { DIALECTS } from '../engine/dialects/registry.ts';
import { OPERATOR_KINDS } from '../engine/snapshot/operators.ts';
import { assertNoSecrets, listObjects } from './list-objects.ts';
import { chooseKinds, WANTED_KINDS } from './wanted-kinds.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const page = readFileSync(join(ROOT, 'docs/clusters.md'), 'utf8');
const { rules } = parse(/```yaml\n(.*?)```/s.exec(page)?.[1] ?? '') as { readonly rules: readonly Rule[] };
const plural = (kind: string) => {
  const word = kind.toLowerCase();
  if (word === 'endpoints') return word;
  return word.endsWith('y') && !/[aeiou]y$/.test(word)
    ? `${word.slice(0, -1)}ies`
    : word.endsWith('s')
      ? `${word}es`
      : `${word}s`;
};

describe('the ClusterRole of docs/clusters.md', () => {
  it('lets every wanted kind be listed', () => {
    const isOperator = (group: string) =>
      OPERATOR_KINDS.some((one) => one.group === group && group !== 'monitoring.coreos.com');
    const missing = WANTED_KINDS.filter(({ group, kind }) => {
      // Endpoints are asked for only where there are no EndpointSlices, and older groups of Antrea are gone.
      if (kind === 'Endpoints' || group.includes('antrea.tanzu') || (isOperator(group) && group !== 'argoproj.io'))
        return false;
      return !rules.some(
        ({ apiGroups, resources }) =>
          apiGroups.includes(group) && (resources.includes('*') || resources.includes(plural(kind))),
      );
    });
    expect(missing).toEqual([]);
  });

  it('allows nothing else', () => {
    const wanted = new Set(WANTED_KINDS.map(({ group, kind }) => `${group}/${plural(kind)}`));
    const groups = new Set(WANTED_KINDS.map(({ group }) => group));
    for (const { apiGroups, resources, verbs } of rules) {
      expect(verbs).toEqual(resources.includes('configmaps') ? ['list', 'get'] : ['list']);
      for (const group of apiGroups) {
        expect(groups).toContain(group);
        if (group === '' || group === 'rbac.authorization.k8s.io') expect(resources).not.toContain('*');
        for (const resource of resources.filter((one) => one !== '*')) expect(wanted).toContain(`${group}/${resource}`);
      }
    }
  });
});

describe('wanted kinds', () => {
  it('hold every kind of every dialect, as policies', () => {
    for (const { kind } of DIALECTS.flatMap(({ kinds }) => kinds)) {
      expect(
        WANTED_KINDS.find((one) => one.kind === kind && one.role === 'policies'),
        kind,
      ).toBeDefined();
    }
  });

  it('say what is not known without them, or bear on answers', () => {
    for (const { role, lost, kind } of WANTED_KINDS) expect(lost !== undefined, kind).toBe(role === 'beside');
  });

  it('come only with their purpose', () => {
    const kinds = WANTED_KINDS.map(({ group, kind }) => ({
      group,
      kind,
      version: 'v1',
      resource: plural(kind),
      namespaced: true,
    }));
    const of = (...purposes: Parameters<typeof chooseKinds>[1]) =>
      chooseKinds({ kinds }, purposes).map(({ wanted }) => wanted.kind);
    expect(of('answers')).not.toContain('ConfigMap');
    expect(of('answers')).not.toContain('ClusterRole');
    expect(of('answers', 'evidence')).not.toContain('ConfigMap');
    expect(of('configmaps')).toEqual(['ConfigMap']);
  });
});

describe('Secrets', () => {
  const secrets = { group: '', version: 'v1', kind: 'Secret', resource: 'secrets', namespaced: true };

  it('are no wanted kind, whatever the purpose', () => {
    expect(WANTED_KINDS.filter(({ kind }) => /secret/i.test(kind))).toEqual([]);
  });

  it('are not listed even where somebody asks', async () => {
    const client = {
      get: () => {
        throw new Error('asked');
      },
    };
    await expect(listObjects(client, secrets)).rejects.toThrow('Secrets are never read');
    expect(() => assertNoSecrets({ ...secrets, kind: 'Other' })).toThrow('Secrets are never read');
  });
});
