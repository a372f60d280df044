import { describe, expect, it } from 'vitest';
import { edgesOf, loadTexts } from '../../../test/support/evidence.ts';
import { behaviourOf } from '../behaviours/index.ts';
import type { Evidence, EvidenceFound } from '../model/evidence.ts';
import { throughServices } from './service-addresses.ts';

const CLUSTER = [
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: coredns, namespace: kube-system}\nspec: {selector: {matchLabels: {k: dns}}, template: {metadata: {labels: {k: dns}}, spec: {containers: [{name: c}]}}}',
  'apiVersion: v1\nkind: Service\nmetadata: {name: kube-dns, namespace: kube-system}\nspec: {clusterIP: 10.96.0.10, clusterIPs: [10.96.0.10, "fd00:96::a"], selector: {k: dns}, ports: [{name: u, port: 53, protocol: UDP, targetPort: 5353}, {name: t, port: 53, targetPort: 5353}]}',
  'apiVersion: v1\nkind: Service\nmetadata: {name: kubernetes, namespace: default}\nspec: {clusterIP: 10.96.0.1, ports: [{port: 443, targetPort: 6443}]}',
];
const SLICE =
  'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: a, namespace: default, labels: {kubernetes.io/service-name: kubernetes}}\naddressType: IPv4\nendpoints: [{addresses: [172.18.0.2]}]\nports: [{port: 6443, protocol: TCP}]';

function need(cidrs: readonly [string, ...string[]], parts: Partial<Evidence> = {}): Evidence {
  return {
    from: { type: 'workload', key: 'shop/Deployment.apps/web' },
    to: { type: 'addresses', cidrs, what: 'a DNS server' },
    protocol: 'UDP',
    ports: [53, 53],
    kind: 'dns',
    confidence: 'certain',
    says: 'web asks for names',
    ...parts,
  };
}

function through(one: Evidence, texts = CLUSTER, isSeen = false, serviceCIDRs?: string): EvidenceFound {
  const assumed = serviceCIDRs === undefined ? [] : [`serviceCIDRs=${serviceCIDRs}`];
  const state = loadTexts(texts, behaviourOf('default', assumed));
  return throughServices(state, { evidence: [one], questions: [] }, isSeen);
}

const says = ({ questions }: EvidenceFound) => questions.map((question) => question.says);

describe('an address of a Service', () => {
  it('is the pods behind it, at their port, in both families', () => {
    for (const cidr of ['10.96.0.10/32', 'fd00:96::a/128'] as const) {
      const found = through(need([cidr]));
      expect(edgesOf(found)).toEqual(['shop/web -> kube-system/coredns:5353/UDP']);
      expect(found.questions).toEqual([]);
    }
  });

  it('leaves other addresses beside it as they are', () => {
    expect(edgesOf(through(need(['10.96.0.10/32', '198.51.100.53/32'])))).toEqual([
      'shop/web -> 198.51.100.53/32:53/UDP',
      'shop/web -> kube-system/coredns:5353/UDP',
    ]);
    const untouched = need(['198.51.100.53/32']);
    expect(through(untouched).evidence).toEqual([untouched]);
  });

  it('stays beside the pods where the plugin sees it', () => {
    expect(edgesOf(through(need(['10.96.0.10/32']), CLUSTER, true))).toEqual([
      'shop/web -> 10.96.0.10/32:53/UDP',
      'shop/web -> kube-system/coredns:5353/UDP',
    ]);
  });

  it('is a question and no rule where nothing is behind it', () => {
    const api = need(['10.96.0.1/32'], { protocol: 'TCP', ports: [443, 443], kind: 'api-server' });
    expect(edgesOf(through(api, [...CLUSTER, SLICE]))).toEqual(['shop/web -> 172.18.0.2/32:6443/TCP']);
    const found = through(api);
    expect(found.evidence).toEqual([]);
    expect(says(found)).toEqual([
      'web asks for names; 10.96.0.1 is the address of a Service, and Service default/kubernetes has no selector, and nothing lists its endpoints',
    ]);
  });

  it('is a question where it is in the range of Services and none here has it', () => {
    const found = through(need(['10.100.7.7/32']), CLUSTER, false, '10.100.0.0/16');
    expect(found.evidence).toEqual([]);
    expect(says(found)).toEqual(['web asks for names; 10.100.7.7 is an address of Services, and none here has it']);
  });
});

describe('an address that looks like that of a usual Service', () => {
  it.each<[string, Partial<Evidence>, string | undefined]>([
    ['10.43.0.10/32', {}, '10.43.0.10 looks like the address of a DNS Service'],
    ['fd00:10:96::a/128', {}, 'fd00:10:96::a looks like the address of a DNS Service'],
    ['10.43.0.1/32', { kind: 'api-server' }, '10.43.0.1 looks like the address of Service default/kubernetes'],
    ['10.43.0.10/32', { kind: 'stated' }, undefined],
    ['10.43.0.53/32', {}, undefined],
    ['169.254.20.10/32', {}, undefined],
  ])('%s is asked about', (cidr, parts, expected) => {
    const found = through(need([cidr], parts), []);
    expect(edgesOf(found)).toEqual([`shop/web -> ${cidr}:53/UDP`]);
    const [question = ''] = says(found);
    if (expected === undefined) expect(question).toBe('');
    else expect(question).toContain(expected);
  });

  it('is none where the range of Services is known, and it is outside', () => {
    expect(says(through(need(['10.43.0.10/32']), [], false, '10.96.0.0/16'))).toEqual([]);
  });
});
