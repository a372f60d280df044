// The table of operators: its keys, and the labels that it promises.

import { describe, expect, it } from 'vitest';
import type { ManifestObject } from '../model/source.ts';
import { OPERATOR_KINDS, operatorKind, operatorPodLabels } from './operators.ts';

function object(value: Record<string, unknown>): ManifestObject {
  return { value, locate: () => ({ path: '' }) };
}

describe('operatorPodLabels', () => {
  it('takes what the object asks for, and over it what the operator sets', () => {
    const labels = { 'app.kubernetes.io/component': 'prometheus', 'app.kubernetes.io/name': 'other', number: 1 };
    const prometheus = {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'Prometheus',
      metadata: { name: 'k8s' },
      spec: { podMetadata: { labels } },
    };
    expect(operatorPodLabels(object(prometheus))).toEqual({
      'app.kubernetes.io/component': 'prometheus',
      'app.kubernetes.io/instance': 'k8s',
      'app.kubernetes.io/managed-by': 'prometheus-operator',
      'app.kubernetes.io/name': 'prometheus',
      'operator.prometheus.io/name': 'k8s',
      prometheus: 'k8s',
    });
  });

  it('promises nothing for kinds that it does not know and for names that are missing', () => {
    expect(operatorPodLabels(object({ apiVersion: 'example.com/v1', kind: 'Kafka', metadata: { name: 'a' } }))).toEqual(
      {},
    );
    expect(operatorPodLabels(object({ apiVersion: 'kafka.strimzi.io/v1', kind: 'Kafka', metadata: null }))).toEqual({});
    expect(operatorPodLabels(object({}))).toEqual({});
  });
});

describe('OPERATOR_KINDS', () => {
  it('lists each kind of a group once and finds it under any version', () => {
    const keys = OPERATOR_KINDS.map(({ group, kind }) => `${group} ${kind}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const entry of OPERATOR_KINDS) expect(operatorKind(`${entry.group}/v9`, entry.kind)).toBe(entry);
    expect(operatorKind('v1', 'Cluster')).toBeUndefined();
  });
});
