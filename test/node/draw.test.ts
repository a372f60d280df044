// The drawn policy sets reach every shape that the test on a real node is there for, and the API server would take them.

import { describe, expect, it } from 'vitest';
import { behaviourOf } from '../../src/engine/behaviours/index.ts';
import { loadState } from '../../src/engine/state.ts';
import { readText } from '../../src/manifests/index.ts';
import { drawSet, SEEDS_PER_LABELS } from './draw.ts';
import { PODS, topology } from './topology.ts';

const SEEDS = Array.from({ length: 100 }, (_, index) => index + 1);
const texts = SEEDS.map((seed) => drawSet(seed, 1).policies.map((one) => JSON.stringify(one)));

describe('drawSet', () => {
  it('draws the same for the same seed, and other policies for another', () => {
    expect(drawSet(7, 1)).toEqual(drawSet(7, 1));
    expect(new Set(texts.map((one) => one.join())).size).toBe(SEEDS.length);
  });

  it('changes nothing but names with the group', () => {
    const renamed = JSON.stringify(drawSet(7, 2))
      .replaceAll('netweir-test-2-', 'netweir-test-1-')
      .replace(/"(web|api|dns|log|mix|other)-2"/g, '"$1-1"');
    expect(JSON.parse(renamed)).toEqual(drawSet(7, 1));
  });

  it('keeps labels for a few seeds', () => {
    const labels = (seed: number) => drawSet(seed, 1).pods;
    expect(labels(1)).toEqual(labels(SEEDS_PER_LABELS));
    expect(labels(SEEDS_PER_LABELS + 1)).not.toEqual(labels(1));
  });

  it.each([
    /"operator":"In"/,
    /"operator":"NotIn"/,
    /"operator":"Exists"/,
    /"operator":"DoesNotExist"/,
    /"values":\[[^\]]*""/,
    /"matchLabels":\{"app":""\}/,
    /"matchExpressions":\[\]/,
    /"namespaceSelector":\{\}/,
    /"podSelector":\{\}/,
    /\{"podSelector":\{.*\},"namespaceSelector":/,
    /"kubernetes.io\/metadata.name"/,
    /"spec":\{"(policyTypes|ingress|egress)"/,
    /"policyTypes":\[\]/,
    /"policyTypes":\["Ingress"\].*"egress":\[\{/,
    /"policyTypes":\["Egress"\],"ingress":\[\{/,
    /"ingress":\[\]/,
    /"egress":\[\]/,
    /"(ingress|egress)":\[\{\}/,
    /"from":\[\]/,
    /"to":\[\]/,
    /"ports":\[\]/,
    /"ports":\[\{\}/,
    /\{"protocol":"UDP"\}/,
    /"port":"web-1"/,
    /"port":"mix-1","protocol":"UDP"/,
    /"port":80,"protocol":"UDP"/,
    /"port":82/,
  ])('reaches %s', (shape) => {
    expect(texts.filter((one) => one.some((text) => shape.test(text))).length).toBeGreaterThan(0);
  });

  it('draws policies with neither ingress, egress nor policyTypes', () => {
    const specs = texts.flat().map((text) => JSON.parse(text).spec);
    expect(specs.some((spec) => !('ingress' in spec || 'egress' in spec || 'policyTypes' in spec))).toBe(true);
  });

  it('leaves out what the node cannot do', () => {
    expect(texts.flat().filter((text) => /ipBlock|endPort|SCTP/.test(text))).toEqual([]);
  });

  it('draws only what the API server takes', () => {
    for (const seed of SEEDS) {
      const set = drawSet(seed, 1);
      const read = readText(
        JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...topology(1, set), ...set.policies] }),
        'set.json',
      );
      const state = loadState({ ...read, behaviour: behaviourOf('cilium@1.15'), defaultNamespace: 'default' });
      expect(state.findings.filter(({ rejectedByApi }) => rejectedByApi)).toEqual([]);
      expect(state.cluster.pods).toHaveLength(PODS.length);
      expect(state.policies).toHaveLength(set.policies.length);
    }
  });
});
