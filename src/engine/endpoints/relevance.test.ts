import { describe, expect, it } from 'vitest';
import { clusterPolicy, namespace, policy, scenario, service } from '../../../test/support/scenario.ts';
import { printCidrs } from '../sets/ip-address.ts';
import { findRelevance } from './relevance.ts';

function relevanceOf(...texts: string[]) {
  const { placement, cluster } = scenario(texts).state;
  const found = findRelevance(placement, cluster.services);
  return {
    labels: [...found.labels.entries()]
      .map(([key, { values, raw }]) => `${key}=${[...values].sort()}${raw ? ' raw' : ''}`)
      .sort(),
    portNames: [...found.portNames].sort(),
    blocks: found.blocks.map((block) => printCidrs(block).join(' ')),
    nodes: found.nodes,
  };
}

describe('findRelevance', () => {
  it('finds nothing where there are no policies', () => {
    expect(relevanceOf(namespace('x'))).toEqual({ labels: [], portNames: [], blocks: [], nodes: false });
  });

  it('collects labels of subjects and peers, in either direction, with their values', () => {
    const text = policy(
      'x/p',
      '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}], egress: [{to: [{podSelector: {matchExpressions: [{key: tier, operator: Exists}]}}]}]}',
    );
    expect(relevanceOf(text).labels).toEqual(['app=api,web', 'tier=']);
  });

  it('leaves out labels of namespaces, which pods of one workload share', () => {
    expect(
      relevanceOf(
        policy('x/p', '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]}'),
      ).labels,
    ).toEqual([]);
  });

  it('collects each block once, with what is excepted taken out', () => {
    const rules = '[{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/9]}}, {ipBlock: {cidr: 10.128.0.0/9}}]}]';
    expect(relevanceOf(policy('x/p', `{podSelector: {}, ingress: ${rules}}`)).blocks).toEqual(['10.128.0.0/9']);
  });

  it('collects the port names of policies and of Services', () => {
    const names = [
      policy('x/p', '{podSelector: {}, ingress: [{ports: [{port: web}, {port: 80}]}]}'),
      service('x/s', '{selector: {app: web}, ports: [{port: 80, targetPort: admin}, {name: other, port: 81}]}'),
    ];
    expect(relevanceOf(...names).portNames).toEqual(['admin', 'web']);
  });

  it('knows whether some rule names nodes', () => {
    expect(relevanceOf(clusterPolicy('c', 'egress: [{action: Deny, to: [{nodes: {}}]}]')).nodes).toBe(true);
  });
});
