import { describe, expect, it } from 'vitest';
import {
  apiServerSlice,
  COREDNS,
  configMap,
  container,
  dnsPorts,
  type Json,
  node,
  service,
  stateOfObjects,
  WEB,
  workload,
} from '../../../test/support/platform-objects.ts';
import { type Evidence, type Party, partyKey } from '../model/evidence.ts';
import { printSelector } from '../model/selector.ts';
import { detectPlatform } from './detect-platform.ts';
import { platformEvidence } from './platform-evidence.ts';
import { NOTHING_STATED, type StatedPlatform } from './platform-facts.ts';

const printParty = (party: Party): string =>
  party.type === 'pods'
    ? `pods ${'selector' in party.namespaces ? printSelector(party.namespaces.selector) : party.namespaces.name} ${printSelector(party.pods)}`
    : partyKey(party);
const print = ({ from, to, protocol, ports, kind }: Evidence): string =>
  `${printParty(from)} -> ${printParty(to)} ${protocol} ${ports[0]}${ports[1] === ports[0] ? '' : `-${ports[1]}`} ${kind}`;

function found(
  objects: readonly Json[],
  keys: readonly string[] = ['shop/Deployment.apps/web'],
  platform: StatedPlatform = NOTHING_STATED,
) {
  const state = stateOfObjects(objects);
  const facts = detectPlatform(state, {}, platform);
  const { evidence, questions } = platformEvidence(state, facts, keys);
  return {
    evidence: evidence.map(print),
    questions: questions.map(({ about, workload: key, says }) => `${about} ${key}: ${says}`),
    facts,
    raw: evidence,
  };
}

const WEB_ASKS = 'workload shop/Deployment.apps/web ->';
const web = (spec: Json, more: Json = {}) => workload('Deployment', 'shop', 'web', { spec, ...more });
const nodeLocal = (spec: Json, ...args: string[]) =>
  workload('DaemonSet', 'kube-system', 'node-local-dns', {
    labels: { 'k8s-app': 'node-local-dns' },
    containers: [container('node-cache', 'registry.k8s.io/dns/k8s-dns-node-cache:1.26.4', { args })],
    spec,
  });

describe('DNS of a platform', () => {
  it('is what the Service selects, at the ports of its pods, over UDP and TCP', () => {
    const { evidence, questions, facts } = found([...COREDNS, WEB]);
    expect(evidence).toEqual([
      `${WEB_ASKS} workload kube-system/Deployment.apps/coredns UDP 53 dns`,
      `${WEB_ASKS} workload kube-system/Deployment.apps/coredns TCP 53 dns`,
    ]);
    expect(questions).toEqual([]);
    expect(facts.dns.servers).toMatchObject({
      how: 'shown',
      because: 'Service kube-system/kube-dns selects the pods of Deployment kube-system/coredns',
    });
  });

  it('asks over TCP too where a container declares UDP alone', () => {
    const udp = workload('Deployment', 'kube-system', 'coredns', {
      labels: { 'k8s-app': 'kube-dns' },
      containers: [
        container('coredns', 'coredns:1', { ports: [{ containerPort: 1053, name: 'dns', protocol: 'UDP' }] }),
      ],
    });
    expect(found([udp, WEB]).evidence.map((line) => line.split(' ').slice(-3).join(' '))).toEqual([
      'UDP 1053 dns',
      'TCP 1053 dns',
    ]);
  });

  it('is the target port of the Service where the container declares none', () => {
    const objects = [
      workload('Deployment', 'kube-system', 'coredns', { labels: { 'k8s-app': 'kube-dns' } }),
      service('kube-system', 'kube-dns', {
        selector: { 'k8s-app': 'kube-dns' },
        ports: [{ name: 'dns', port: 53, targetPort: 8053, protocol: 'UDP' }],
      }),
    ];
    expect(found([...objects, WEB]).evidence.map((line) => line.split(' ').slice(-3).join(' '))).toEqual([
      'UDP 8053 dns',
      'TCP 8053 dns',
    ]);
  });

  it('is port 5353 of the pods on OpenShift', () => {
    const openshift = [
      workload('DaemonSet', 'openshift-dns', 'dns-default', {
        labels: { 'dns.operator.openshift.io/daemonset-dns': 'default' },
        containers: [container('dns', 'x@sha256:00', { ports: dnsPorts(5353) })],
      }),
      service('openshift-dns', 'dns-default', {
        clusterIP: '172.30.0.10',
        selector: { 'dns.operator.openshift.io/daemonset-dns': 'default' },
        ports: [
          { name: 'dns', port: 53, targetPort: 'dns', protocol: 'UDP' },
          { name: 'dns-tcp', port: 53, targetPort: 'dns-tcp', protocol: 'TCP' },
        ],
      }),
    ];
    expect(found([...openshift, WEB]).evidence).toEqual([
      `${WEB_ASKS} workload openshift-dns/DaemonSet.apps/dns-default UDP 5353 dns`,
      `${WEB_ASKS} workload openshift-dns/DaemonSet.apps/dns-default TCP 5353 dns`,
    ]);
    const unseen = found([WEB], undefined, { ...NOTHING_STATED, distribution: 'openshift' });
    expect(unseen.evidence[1]).toBe(
      `${WEB_ASKS} pods kubernetes.io/metadata.name=openshift-dns dns.operator.openshift.io/daemonset-dns=default TCP 5353 dns`,
    );
  });

  it('is the pods of rke2-coredns', () => {
    const objects = [
      workload('Deployment', 'kube-system', 'rke2-coredns-rke2-coredns', {
        labels: { 'k8s-app': 'kube-dns', 'app.kubernetes.io/name': 'rke2-coredns' },
        containers: [container('coredns', 'rancher/hardened-coredns:v1.12.0', { ports: dnsPorts() })],
      }),
      service('kube-system', 'rke2-coredns-rke2-coredns', {
        selector: { 'k8s-app': 'kube-dns' },
        ports: [{ port: 53, protocol: 'UDP' }],
      }),
    ];
    expect(found([...objects, WEB]).evidence[0]).toBe(
      `${WEB_ASKS} workload kube-system/Deployment.apps/rke2-coredns-rke2-coredns UDP 53 dns`,
    );
  });

  it('is assumed by namespace and label where the snapshot has none, and never anybody', () => {
    const { evidence, raw, facts } = found([WEB]);
    expect(evidence[0]).toBe(`${WEB_ASKS} pods kubernetes.io/metadata.name=kube-system k8s-app=kube-dns UDP 53 dns`);
    expect(raw.every(({ confidence }) => confidence === 'likely')).toBe(true);
    expect(facts.dns.servers).toMatchObject({
      how: 'assumed',
      because: 'the snapshot shows no DNS pods; most clusters have them in kube-system',
    });
  });

  it('is what the Service selects where its pods are not in the snapshot, at its target port', () => {
    const selecting = (targetPort: number | string) =>
      service('kube-system', 'kube-dns', {
        selector: { 'k8s-app': 'my-dns' },
        ports: [{ port: 53, targetPort, protocol: 'UDP' }],
      });
    const asked = (objects: readonly Json[]) => found([...objects, WEB]).evidence[0];
    const pods = `${WEB_ASKS} pods kubernetes.io/metadata.name=kube-system k8s-app=my-dns UDP`;
    expect(asked([selecting(8053)])).toBe(`${pods} 8053 dns`);
    expect(asked([selecting('dns')])).toBe(`${pods} 53 dns`);
    const openshift = node('a', { labels: { 'node.openshift.io/os_id': 'rhel' } });
    expect(asked([selecting('dns'), openshift])).toBe(`${pods} 5353 dns`);
  });

  it('is the endpoints of a Service without a selector', () => {
    const slice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      addressType: 'IPv4',
      metadata: { name: 'kube-dns', namespace: 'kube-system', labels: { 'kubernetes.io/service-name': 'kube-dns' } },
      endpoints: [{ addresses: ['192.0.2.53'] }],
      ports: [{ name: 'dns', port: 53, protocol: 'UDP' }],
    };
    const objects = [service('kube-system', 'kube-dns', { ports: [{ port: 53, protocol: 'UDP' }] }), slice, WEB];
    expect(found(objects).evidence[0]).toBe(`${WEB_ASKS} addresses 192.0.2.53/32 UDP 53 dns`);
  });

  it('is the cache of the node as well, at its own address', () => {
    const { evidence } = found([
      ...COREDNS,
      nodeLocal({ hostNetwork: true }, '-localip', '169.254.20.25,10.96.0.10'),
      WEB,
    ]);
    expect(evidence).toContain(`${WEB_ASKS} workload kube-system/Deployment.apps/coredns TCP 53 dns`);
    expect(evidence).toContain(`${WEB_ASKS} addresses 10.96.0.10/32,169.254.20.25/32 UDP 53 dns`);
    expect(evidence).toHaveLength(4);
  });

  it('is no cache that no node has any more', () => {
    const left = { ...nodeLocal({ hostNetwork: true }), status: { desiredNumberScheduled: 0 } };
    expect(found([...COREDNS, left, WEB]).evidence).toEqual(found([...COREDNS, WEB]).evidence);
  });

  it('finds the address of a cache in its Corefile, and assumes the usual one without', () => {
    const config = configMap('kube-system', 'node-local-dns', {
      Corefile: 'cluster.local:53 {\n    bind fd00::1 10.96.0.10\n}\n',
    });
    const cache = nodeLocal({ hostNetwork: true });
    expect(found([cache, config, WEB]).evidence.at(-1)).toBe(
      `${WEB_ASKS} addresses 10.96.0.10/32,fd00::1/128 TCP 53 dns`,
    );
    const usual = found([cache, WEB]);
    expect(usual.evidence.at(-1)).toBe(`${WEB_ASKS} addresses 169.254.20.10/32 TCP 53 dns`);
    expect(usual.facts.dns.caches[0]?.how).toBe('assumed');
  });

  it('is a pod on the node where the cache is no part of the host network', () => {
    expect(found([...COREDNS, nodeLocal({}), WEB]).evidence.at(-1)).toBe(
      `${WEB_ASKS} workload kube-system/DaemonSet.apps/node-local-dns TCP 53 dns`,
    );
  });

  it('is the address of its Service too for a plugin that judges before translation', () => {
    const agent = container('aws-eks-nodeagent', 'x', { args: ['--enable-network-policy=true'] });
    const awsNode = workload('DaemonSet', 'kube-system', 'aws-node', { containers: [container('aws-node'), agent] });
    const addresses = (objects: readonly Json[]) =>
      found(objects)
        .evidence.filter((line) => line.includes('addresses'))
        .map((line) => line.slice(WEB_ASKS.length));
    expect(addresses([...COREDNS, awsNode, WEB])).toEqual([
      ' addresses 10.96.0.10/32 UDP 53 dns',
      ' addresses 10.96.0.10/32 TCP 53 dns',
    ]);
    expect(addresses([...COREDNS, WEB])).toEqual([]);
  });

  it('is port 53 alone of the metadata server on GKE', () => {
    const gke = node('a', { labels: { 'cloud.google.com/gke-nodepool': 'main' } });
    const cloud = found([gke, ...COREDNS, WEB]).evidence.filter((line) => line.includes('169.254.169.254'));
    expect(cloud).toEqual([
      `${WEB_ASKS} addresses 169.254.169.254/32 UDP 53 dns`,
      `${WEB_ASKS} addresses 169.254.169.254/32 TCP 53 dns`,
    ]);
  });

  it('is the address of Auto Mode’s resolver on EKS, where no pods are, and beside them where there are', () => {
    const auto = node('a', { labels: { 'eks.amazonaws.com/compute-type': 'auto' } });
    const server = service('default', 'kubernetes', {
      clusterIP: '172.20.0.1',
      clusterIPs: ['172.20.0.1'],
      ports: [{ port: 443 }],
    });
    expect(found([auto, server, WEB]).evidence).toEqual([
      `${WEB_ASKS} addresses 172.20.0.10/32 UDP 53 dns`,
      `${WEB_ASKS} addresses 172.20.0.10/32 TCP 53 dns`,
    ]);
    expect(found([auto, ...COREDNS, WEB]).evidence.map((line) => line.slice(WEB_ASKS.length))).toEqual([
      ' workload kube-system/Deployment.apps/coredns UDP 53 dns',
      ' workload kube-system/Deployment.apps/coredns TCP 53 dns',
      ' addresses 10.96.0.10/32 UDP 53 dns',
      ' addresses 10.96.0.10/32 TCP 53 dns',
    ]);
    // The Service may be there without pods.
    expect(found([auto, COREDNS[1]!, WEB]).evidence[0]).toBe(`${WEB_ASKS} addresses 10.96.0.10/32 UDP 53 dns`);
    expect(found([auto, WEB])).toMatchObject({ evidence: [], questions: [expect.stringMatching(/^dns-server shop/)] });
  });

  it('is LocalDNS of AKS as well, at one address for the cluster and at another for Default', () => {
    const aks = node('a', {
      labels: { 'kubernetes.azure.com/cluster': 'x', 'kubernetes.azure.com/localdns-state': 'enabled' },
    });
    expect(found([aks, ...COREDNS, WEB]).evidence.at(-1)).toBe(`${WEB_ASKS} addresses 169.254.10.11/32 TCP 53 dns`);
    expect(found([aks, web({ dnsPolicy: 'Default' })]).evidence.at(-1)).toBe(
      `${WEB_ASKS} addresses 169.254.10.10/32 TCP 53 dns`,
    );
    const without = node('b', { labels: { 'kubernetes.azure.com/cluster': 'x' } });
    expect(found([aks, without, web({ dnsPolicy: 'Default' })]).questions).toHaveLength(1);
  });

  it('is what --dns says, and nothing else', () => {
    const server = {
      title: 'a resolver',
      party: { type: 'addresses', cidrs: ['192.0.2.53/32'] },
      ports: [{ protocol: 'UDP', port: 5300 }],
    } as const;
    expect(
      found([...COREDNS, nodeLocal({ hostNetwork: true }), WEB], undefined, { ...NOTHING_STATED, dns: [server] })
        .evidence,
    ).toEqual([`${WEB_ASKS} addresses 192.0.2.53/32 UDP 5300 dns`]);
  });

  it('asks whom the pod names with dnsPolicy None, and nobody else', () => {
    const own = web({ dnsPolicy: 'None', dnsConfig: { nameservers: ['192.0.2.53', '2001:db8::53'] } });
    expect(found([...COREDNS, own]).evidence.map((line) => line.slice(WEB_ASKS.length))).toEqual([
      ' addresses 192.0.2.53/32 UDP 53 dns',
      ' addresses 192.0.2.53/32 TCP 53 dns',
      ' addresses 2001:db8::53/128 UDP 53 dns',
      ' addresses 2001:db8::53/128 TCP 53 dns',
    ]);
  });

  it('asks the cluster and more with nameservers beside it', () => {
    expect(found([...COREDNS, web({ dnsConfig: { nameservers: ['192.0.2.53'] } })]).evidence).toHaveLength(4);
  });

  it('is a question with dnsPolicy Default, until somebody says whom nodes ask', () => {
    const objects = [...COREDNS, web({ dnsPolicy: 'Default' })];
    expect(found(objects)).toMatchObject({
      evidence: [],
      questions: [
        'node-resolvers shop/Deployment.apps/web: Deployment shop/web asks the resolvers of its node (dnsPolicy Default), and the resolvers of the nodes stand in files on them',
      ],
    });
    expect(found(objects, undefined, { ...NOTHING_STATED, nodeResolvers: ['192.0.2.1'] }).evidence[0]).toBe(
      `${WEB_ASKS} addresses 192.0.2.1/32 UDP 53 dns`,
    );
  });

  it('finds the spec of a CronJob', () => {
    const template = {
      metadata: { labels: { app: 'job' } },
      spec: { dnsPolicy: 'None', dnsConfig: { nameservers: ['192.0.2.53'] }, containers: [container('main')] },
    };
    const cron = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'job', namespace: 'shop' },
      spec: { schedule: '0 0 * * *', jobTemplate: { spec: { template } } },
    };
    expect(found([cron], ['shop/CronJob.batch/job']).evidence).toHaveLength(2);
  });

  it('leaves pods of the host network out, which no policy selects', () => {
    expect(found([...COREDNS, web({ hostNetwork: true })])).toMatchObject({ evidence: [], questions: [] });
  });
});

describe('nodes that no block matches', () => {
  const cilium = workload('DaemonSet', 'kube-system', 'cilium');
  const abouts = (objects: readonly Json[], keys?: readonly string[]) =>
    found(objects, keys).questions.map((line) => line.split(' ')[0]);

  it('are a question where pods ask a cache on them, and where they ask the DNS', () => {
    const cache = nodeLocal({ hostNetwork: true });
    expect(abouts([...COREDNS, cache, WEB])).toEqual([]);
    expect(abouts([...COREDNS, cache, cilium, WEB])).toEqual(['nodes-not-matched']);
    expect(abouts([...COREDNS, cilium, WEB])).toEqual([]);
    // Blocks do match the metadata server of GKE.
    const gke = node('a', { labels: { 'cloud.google.com/gke-nodepool': 'main' } });
    expect(abouts([...COREDNS, gke, workload('DaemonSet', 'kube-system', 'anetd'), WEB])).toEqual([]);
    const dns = ['kube-system/Deployment.apps/coredns'];
    expect(abouts([...COREDNS, node('a', { address: '192.0.2.1' })], dns)).toEqual(['dns-upstream']);
    expect(abouts([...COREDNS, cilium, node('a', { address: '192.0.2.1' })], dns)).toEqual([
      'nodes-not-matched',
      'dns-upstream',
    ]);
  });
});

describe('the DNS itself', () => {
  const key = 'kube-system/Deployment.apps/coredns';
  const corefile = (forward: string) =>
    configMap('kube-system', 'coredns', {
      Corefile: `.:53 {\n    errors\n    forward . ${forward} {\n       max_concurrent 1000\n    }\n    cache 30\n}\n`,
    });

  it('is asked by every pod and node, and needs the API server and those it forwards to', () => {
    const objects = [
      ...COREDNS,
      node('a', {
        address: '192.0.2.1',
        podCIDRs: ['10.244.1.0/24'],
        annotations: { 'flannel.alpha.coreos.com/backend-type': 'vxlan' },
      }),
      corefile('198.51.100.1 tls://198.51.100.2'),
      apiServerSlice(['192.0.2.9']),
    ];
    const { evidence } = found(objects, [key]);
    expect(evidence).toEqual(
      expect.arrayContaining([
        `pods {} {} -> workload ${key} UDP 53 dns`,
        `pods {} {} -> workload ${key} TCP 53 dns`,
        `addresses 10.244.1.0/32,192.0.2.1/32 -> workload ${key} UDP 53 dns`,
        `workload ${key} -> api-server TCP 443 api-server`,
        `workload ${key} -> addresses 198.51.100.1/32 UDP 53 dns`,
        `workload ${key} -> addresses 198.51.100.2/32 TCP 853 dns`,
      ]),
    );
    expect(evidence.some((line) => line.includes('/0'))).toBe(false);
  });

  it('asks whom nodes ask where its Corefile says so, which is a question', () => {
    const { questions, evidence } = found([...COREDNS, corefile('/etc/resolv.conf')], [key]);
    expect(questions.map((line) => line.split(' ')[0])).toEqual(['dns-upstream']);
    expect(evidence.some((line) => line.startsWith(`workload ${key} -> addresses`))).toBe(false);
  });
});
