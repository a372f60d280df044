import { describe, expect, it } from 'vitest';
import { generated } from '../../../test/support/generating.ts';
import { deployment, namespace, object, pod } from '../../../test/support/scenario.ts';

const SHOP = [namespace('shop'), deployment('shop/web', 'app=web')];
const ray = (path: string) => object('ray.io/v1', 'RayCluster', path, '{}');

function asked(...texts: readonly string[]): string[] {
  const { document } = generated([...SHOP, ...texts], { namespaces: ['shop'] });
  return document.questions.filter(({ about }) => about === 'custom-objects').map(({ says }) => says);
}

describe('custom resources', () => {
  it('are a question where a default deny would cut off the pods that somebody may make of them', () => {
    expect(asked(ray('shop/b'), ray('shop/a'))).toEqual([
      'namespace shop gets a default deny, and nobody knows whether an operator makes pods of RayCluster shop/a and 1 more, which it would cut off',
    ]);
  });

  it.each([
    ['of another namespace', ray('ops/a')],
    ['of the whole cluster', ray('a')],
    ['of Kubernetes itself', object('autoscaling/v2', 'HorizontalPodAutoscaler', 'shop/a', '{}')],
    ['of a group below it', object('snapshot.storage.k8s.io/v1', 'VolumeSnapshot', 'shop/a', '{}')],
    ['that are known to make none', object('cert-manager.io/v1', 'Certificate', 'shop/a', '{}')],
    ['of a group below those', object('networking.istio.io/v1', 'VirtualService', 'shop/a', '{}')],
    ['that only set up an operator that is known', object('kafka.strimzi.io/v1beta2', 'KafkaTopic', 'shop/a', '{}')],
  ])('%s are none', (_what, text) => {
    expect(asked(text)).toEqual([]);
  });

  it('are none where pods are shown as they run', () => {
    expect(asked(ray('shop/a'), pod('shop/db', { labels: 'app=db', ip: '10.0.0.1' }))).toEqual([]);
  });

  it('whose operator is known keep the default deny away, beside pods that no label tells apart', () => {
    const { document, names } = generated([
      ...SHOP,
      object('kafka.strimzi.io/v1beta2', 'Kafka', 'shop/kafka', '{}'),
      deployment('shop/nameless', ''),
    ]);
    expect(names).not.toContain('shop/default-deny');
    const about = document.questions.map((question) => question.about);
    expect(about).toContain('operator-pods');
    expect(about).toContain('unselectable');
  });
});
