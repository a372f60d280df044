import { describe, expect, it } from 'vitest';
import { loadTexts } from '../../../test/support/evidence.ts';
import { deployment, object, pod } from '../../../test/support/scenario.ts';
import { namePolicies } from './policy-names.ts';

/** `KIND/NAME: POLICY` of the workloads of the texts. */
function namesOf(texts: readonly string[], taken: readonly string[] = []): string[] {
  const workloads = [...loadTexts(texts).cluster.workloads.values()];
  const names = namePolicies(workloads, new Set(taken));
  return workloads.map(({ key, kind, name }) => `${kind}/${name}: ${names.get(key)}`);
}

const WEB = deployment('shop/web', 'app=web');

describe('names of policies', () => {
  it('are those of the workloads', () => {
    expect(namesOf([WEB])).toEqual(['Deployment/web: web']);
  });

  it('have the kind in them where two workloads have one name', () => {
    const set = object('apps/v1', 'DaemonSet', 'shop/web', '{}').replace(
      'spec: {}',
      'spec: {selector: {matchLabels: {app: agent}}, template: {metadata: {labels: {app: agent}}, spec: {containers: [{name: c}]}}}',
    );
    expect(namesOf([WEB, set])).toEqual(['DaemonSet/web: web-daemonset', 'Deployment/web: web-deployment']);
  });

  it('are ones that the API server accepts where those of the workloads are not complete', () => {
    const job = (meta: string, label = 'run') =>
      `apiVersion: batch/v1\nkind: Job\nmetadata: {${meta}, namespace: shop}\nspec: {template: {metadata: {labels: {job: ${label}}}, spec: {containers: [{name: c}]}}}`;
    const names = namesOf([job('generateName: run-'), job('generateName: run-', 'other'), job('name: A_b..c-')]);
    expect(names).toEqual(['Job/A_b..c-: a-b.c', 'Job/run-: run', 'Job/run-#2: run--2']);
    const long = 'x'.repeat(253);
    expect(namesOf([deployment(`shop/${long}`, 'app=web')], ['x'.repeat(200)])).toEqual([
      `Deployment/${long}: ${'x'.repeat(200)}-netweir`,
    ]);
  });

  it('are never those of somebody else’s policy', () => {
    expect(namesOf([WEB], ['web'])).toEqual(['Deployment/web: web-netweir']);
    expect(namesOf([WEB], ['web', 'web-netweir'])).toEqual(['Deployment/web: web-netweir-2']);
    expect(namesOf([WEB], ['web', 'web-netweir', 'web-netweir-2'])).toEqual(['Deployment/web: web-netweir-3']);
  });

  it('are never that of the default deny', () => {
    expect(namesOf([pod('shop/default-deny')])).toEqual(['Pod/default-deny: default-deny-netweir']);
  });

  it('do not depend on the order of the workloads, and are never given twice', () => {
    const texts = [WEB, pod('shop/web-netweir'), pod('shop/web')];
    const workloads = [...loadTexts(texts).cluster.workloads.values()];
    const names = namePolicies(workloads, new Set(['web', 'web-pod']));
    expect(new Set(names.values()).size).toBe(3);
    expect(namePolicies([...workloads].reverse(), new Set(['web', 'web-pod']))).toEqual(names);
  });
});
