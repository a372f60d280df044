import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadTexts } from '../../../test/support/evidence.ts';
import { deployment, object, pod } from '../../../test/support/scenario.ts';
import { printSelector, selects } from '../model/selector.ts';
import { findIdentities } from './identities.ts';

/** `NAME: SELECTOR`, and who is selected beside it. */
function identitiesOf(...texts: readonly string[]): string[] {
  const { cluster } = loadTexts(texts);
  return [...findIdentities(cluster).values()].map(({ workload, selector, alsoSelects }) => {
    const also = alsoSelects.map((key) => key.split('/')[2]);
    const name = workload.split('/').at(-1);
    return `${name}: ${selector === undefined ? 'nothing' : printSelector(selector)}${also.length > 0 ? ` also ${also.join(', ')}` : ''}`;
  });
}

/** A Deployment that selects by some labels and gives its pods more. */
function selecting(
  path: string,
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): string {
  const made = JSON.parse(deployment(path, ''));
  made.spec.selector = { matchLabels: selector };
  made.spec.template.metadata.labels = { ...selector, ...labels };
  return JSON.stringify(made);
}

describe('a selector', () => {
  it('is the one of the controller, where it means its pods alone', () => {
    expect(
      identitiesOf(
        selecting('shop/web', { app: 'web' }, { tier: 'front', team: 'a' }),
        deployment('shop/db', 'app=db'),
      ),
    ).toEqual(['db: app=db', 'web: app=web']);
  });

  it('keeps the instance of a chart, although the controller may not select by it', () => {
    const chart = { 'app.kubernetes.io/name': 'redis' };
    expect(
      identitiesOf(
        selecting('shop/a', chart, { 'app.kubernetes.io/instance': 'a', 'helm.sh/chart': 'redis-1.2' }),
        selecting('shop/b', chart, { 'app.kubernetes.io/instance': 'b', 'helm.sh/chart': 'redis-1.2' }),
      ),
    ).toEqual([
      'a: app.kubernetes.io/instance=a,app.kubernetes.io/name=redis',
      'b: app.kubernetes.io/instance=b,app.kubernetes.io/name=redis',
    ]);
  });

  it('keeps the instance although nobody else is there yet', () => {
    const labels = { 'app.kubernetes.io/instance': 'a' };
    expect(identitiesOf(selecting('shop/a', { app: 'redis' }, labels))).toEqual([
      'a: app=redis,app.kubernetes.io/instance=a',
    ]);
  });

  it('keeps the label that says what it is, where no controller selects', () => {
    expect(
      identitiesOf(
        pod('shop/a', { labels: 'app=web,version=1' }),
        pod('shop/b', { labels: 'app=web,version=2' }),
        pod('shop/c', { labels: 'version=3,team=a' }),
      ),
    ).toEqual(['a: app=web,version=1', 'b: app=web,version=2', 'c: team=a']);
  });

  it('keeps the label release of older charts', () => {
    expect(identitiesOf(selecting('shop/a', { app: 'redis' }, { release: 'a' }))).toEqual(['a: app=redis,release=a']);
  });

  it('takes the most telling label more where the controller’s do not suffice', () => {
    expect(
      identitiesOf(
        pod('shop/api', { labels: 'app=shop,component=api,owner=x' }),
        pod('shop/db', { labels: 'app=shop,component=db,owner=y' }),
      ),
    ).toEqual(['api: app=shop,component=api', 'db: app=shop,component=db']);
  });

  it('names the absence of a label that only the neighbour has', () => {
    expect(identitiesOf(pod('shop/a', { labels: 'app=x' }), pod('shop/b', { labels: 'app=x,extra=y' }))).toEqual([
      'a: app=x,!extra',
      'b: app=x,extra=y',
    ]);
  });

  it('tells a canary with the same app from the stable one', () => {
    expect(
      identitiesOf(
        selecting('shop/web', { app: 'web', track: 'stable' }, {}),
        selecting('shop/web-canary', { app: 'web', track: 'canary' }, {}),
      ),
    ).toEqual(['web: app=web,track=stable', 'web-canary: app=web,track=canary']);
  });

  it('says who cannot be told apart', () => {
    expect(identitiesOf(deployment('shop/a', 'app=x'), deployment('shop/b', 'app=x'))).toEqual([
      'a: app=x also b',
      'b: app=x also a',
    ]);
  });

  it('is none where no label lasts, never one for everybody', () => {
    expect(identitiesOf(pod('shop/a', { labels: 'job-name=a-1' }), pod('shop/b', { labels: '' }))).toEqual([
      'a: nothing',
      'b: nothing',
    ]);
  });

  it('tells workloads apart within a namespace only', () => {
    expect(identitiesOf(deployment('shop/web', 'app=web'), deployment('ops/web', 'app=web'))).toEqual([
      'web: app=web',
      'web: app=web',
    ]);
  });

  it('of a StatefulSet names no ordinal', () => {
    const set = object('apps/v1', 'StatefulSet', 'shop/db', '{}').replace(
      'spec: {}',
      'spec: {serviceName: db, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c}]}}}',
    );
    expect(identitiesOf(set)).toEqual(['db: app=db']);
  });

  it('selects every pod of its workload, and of no other but those that it names', () => {
    const label = fc.constantFrom('a', 'b');
    const labels = fc.record({ app: label, tier: label, extra: label }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.array(labels, { minLength: 1, maxLength: 5 }), (all) => {
        const texts = all.map((own, id) =>
          pod(`shop/p${id}`, {
            labels: Object.entries(own)
              .map(([key, value]) => `${key}=${value}`)
              .join(','),
          }),
        );
        const { cluster } = loadTexts(texts);
        for (const { workload, selector, alsoSelects } of findIdentities(cluster).values()) {
          if (selector === undefined) continue;
          const selected = cluster.pods.filter((one) => selects(selector, one.labels)).map((one) => one.workload);
          expect([...selected].sort()).toEqual([workload, ...alsoSelects].sort());
        }
      }),
    );
  });
});
