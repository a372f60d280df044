import { describe, expect, it } from 'vitest';
import { loadTexts } from '../../../test/support/evidence.ts';
import { deployment, object } from '../../../test/support/scenario.ts';
import type { Selector } from '../model/selector.ts';
import { findSurprises, futurePods } from './futures.ts';
import { findIdentities } from './identities.ts';
import { podsByWorkload } from './stable-labels.ts';

const CHART = deployment('shop/api', 'app.kubernetes.io/name=chart,app.kubernetes.io/instance=blue');
const JOB = object('batch/v1', 'Job', 'shop/once', '{}').replace(
  'spec: {}',
  'spec: {template: {metadata: {labels: {app: once}}, spec: {containers: [{name: c}]}}}',
);

function surprisesOf(text: string, selector?: Selector): string[] {
  const { cluster } = loadTexts([text]);
  const identities = [...findIdentities(cluster).values()].map((one) =>
    selector === undefined ? one : { ...one, selector },
  );
  return findSurprises(cluster, identities).map(({ when, what }) => `${what} in a ${when}`);
}

const is = (key: string, value: string): Selector => ({ op: 'in', key, values: [value] });

describe('pods to come', () => {
  it.each([
    ['a Deployment', deployment('shop/web', 'app=web'), ['rollout true']],
    ['a Job', JOB, ['next-run true']],
    ['a chart', CHART, ['rollout true', 'second-release false']],
  ])('of %s', (_, text, expected) => {
    const { cluster } = loadTexts([text]);
    const [workload] = cluster.workloads.values();
    const pods = futurePods(workload!, podsByWorkload(cluster).get(workload!.key) ?? []);
    expect(pods.map(({ when, isMeant }) => `${when} ${isMeant}`)).toEqual(expected);
  });

  it('have labels of their own where their controller sets them', () => {
    const { cluster } = loadTexts([JOB]);
    const [pod] = futurePods([...cluster.workloads.values()][0]!, cluster.pods);
    expect(pod?.labels).toMatchObject({ app: 'once', 'job-name': 'next-jobname' });
  });
});

describe('surprises', () => {
  it('are none for the selectors that are chosen', () => {
    for (const text of [CHART, JOB, deployment('shop/web', 'app=web')]) expect(surprisesOf(text)).toEqual([]);
  });

  it('are pods of the next rollout that a hash leaves out', () => {
    expect(surprisesOf(deployment('shop/web', 'app=web'), is('pod-template-hash', 'abc'))).toEqual([
      'missed in a rollout',
    ]);
  });

  it('are the next run of a Job that its name leaves out', () => {
    expect(surprisesOf(JOB, is('job-name', 'once'))).toEqual(['missed in a next-run']);
  });

  it('are pods of a second release where its label is not named', () => {
    expect(surprisesOf(CHART, is('app.kubernetes.io/name', 'chart'))).toEqual(['taken in a second-release']);
  });

  it('are none for who has no selector', () => {
    const { cluster } = loadTexts([CHART]);
    expect(
      findSurprises(cluster, [{ workload: 'shop/Deployment.apps/api', namespace: 'shop', alsoSelects: [] }]),
    ).toEqual([]);
  });
});
