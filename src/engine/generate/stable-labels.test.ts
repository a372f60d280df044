import { describe, expect, it } from 'vitest';
import { loadTexts } from '../../../test/support/evidence.ts';
import { deployment, object, pod } from '../../../test/support/scenario.ts';
import { lasts, podsByWorkload, type StableLabels, stableLabels, templateLabels } from './stable-labels.ts';

/** The stable labels of the workload of that name. */
function stableOf(name: string, ...texts: readonly string[]): StableLabels {
  const { cluster } = loadTexts(texts);
  const workload = [...cluster.workloads.values()].find((one) => one.name === name)!;
  return stableLabels(workload, podsByWorkload(cluster).get(workload.key) ?? []);
}

/** A pod of a ReplicaSet. */
function replica(name: string, labels: string): string {
  const made = JSON.parse(pod(`shop/${name}`, { labels }));
  const owner = name.slice(0, name.lastIndexOf('-'));
  made.metadata.ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, controller: true }];
  return JSON.stringify(made);
}

describe('labels that last', () => {
  it.each([
    'pod-template-hash',
    'controller-revision-hash',
    'pod-template-generation',
    'rollouts-pod-template-hash',
    'job-name',
    'batch.kubernetes.io/job-name',
    'controller-uid',
    'batch.kubernetes.io/controller-uid',
    'batch.kubernetes.io/job-completion-index',
    'statefulset.kubernetes.io/pod-name',
    'apps.kubernetes.io/pod-index',
    'app.kubernetes.io/version',
    'helm.sh/chart',
    'topology.kubernetes.io/zone',
    'istio.io/rev',
  ])('%s does not', (key) => {
    expect(lasts(key)).toBe(false);
  });

  it.each(['app', 'app.kubernetes.io/name', 'app.kubernetes.io/instance', 'app.kubernetes.io/component', 'tier'])(
    '%s does',
    (key) => {
      expect(lasts(key)).toBe(true);
    },
  );
});

describe('labels of a workload', () => {
  it('are those of its template, less those of one release of the application', () => {
    const found = stableOf('web', deployment('shop/web', 'app=web,tier=front,app.kubernetes.io/version=4'));
    expect(found.labels).toEqual({ app: 'web', tier: 'front' });
    expect(found.own).toEqual({ app: 'web', tier: 'front' });
  });

  it('are what all replicas and the template have in common', () => {
    const found = stableOf(
      'web',
      deployment('shop/web', 'app=web,track=stable'),
      replica('web-6bfb7f754-aaaaa', 'app=web,track=stable,pod-template-hash=6bfb7f754,zone=a'),
      replica('web-6bfb7f754-bbbbb', 'app=web,track=stable,pod-template-hash=6bfb7f754,zone=b'),
    );
    expect(found.labels).toEqual({ app: 'web', track: 'stable' });
  });

  it('are none where nothing lasts', () => {
    expect(stableOf('one', pod('shop/one', { labels: 'pod-template-hash=abc' }))).toEqual({ labels: {}, own: {} });
    expect(stableOf('bare', pod('shop/bare', { labels: '' })).labels).toEqual({});
  });

  it('come in one order, whatever the object’s', () => {
    const found = stableOf('web', pod('shop/web', { labels: 'zeta=1,app=web,beta=2' }));
    expect(Object.keys(found.labels)).toEqual(['app', 'beta', 'zeta']);
  });

  it('of a Job are not those that the server makes up to find its pods', () => {
    const job = object('batch/v1', 'Job', 'shop/once', '{}').replace(
      'spec: {}',
      'spec: {selector: {matchLabels: {batch.kubernetes.io/controller-uid: abc}}, template: {metadata: {labels: {app: once, batch.kubernetes.io/controller-uid: abc, job-name: once}}, spec: {containers: [{name: c}]}}}',
    );
    expect(stableOf('once', job)).toEqual({ labels: { app: 'once' }, own: {} });
  });

  it('of a CronJob are those of the template of its Jobs', () => {
    const cron = object('batch/v1', 'CronJob', 'shop/nightly', '{}').replace(
      'spec: {}',
      'spec: {schedule: "0 3 * * *", jobTemplate: {spec: {template: {metadata: {labels: {app: nightly}}, spec: {containers: [{name: c}]}}}}}',
    );
    expect(stableOf('nightly', cron).labels).toEqual({ app: 'nightly' });
  });

  it('that a ReplicationController selects by are a plain map', () => {
    const controller = object('v1', 'ReplicationController', 'shop/old', '{}').replace(
      'spec: {}',
      'spec: {selector: {app: old}, template: {metadata: {labels: {app: old, extra: x}}, spec: {containers: [{name: c}]}}}',
    );
    expect(stableOf('old', controller)).toEqual({ labels: { app: 'old', extra: 'x' }, own: { app: 'old' } });
  });

  it('that a template holds are undefined where there is none', () => {
    const { cluster } = loadTexts([pod('shop/one')]);
    expect(templateLabels([...cluster.workloads.values()][0]!)).toBeUndefined();
  });
});
