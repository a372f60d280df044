// What a real cluster and real manifests say about their platform: a node of our own, and applications without one.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { behaviourOf, loadState, type State } from '../../src/engine/index.ts';
import type { Party } from '../../src/engine/model/evidence.ts';
import { describePlatform } from '../../src/engine/platforms/describe-platform.ts';
import {
  detectPlatform,
  isQuestion,
  platformEvidence,
  resolveApiServer,
  withoutApiServer,
} from '../../src/engine/platforms/index.ts';
import { readManifests } from '../../src/manifests/index.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';

interface Connection {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: number;
  readonly why: string;
}

const DNS = 'kube-system/Deployment/coredns';
/** Has the node's network, so that its lookups come from the node's address. */
const HOST = 'kube-system/DaemonSet/node-agent';

const nameOf = (party: Party): string =>
  party.type === 'workload'
    ? party.key.replace(/\.[a-z]+\//, '/')
    : party.type === 'addresses'
      ? party.cidrs.map((cidr) => cidr.replace(/\/32$/, '')).join()
      : party.type;

async function stateOf(...names: readonly string[]): Promise<State> {
  const { objects, findings, gaps } = await readManifests(names.map((name) => sharedPath('corpus', name)));
  return loadState({ objects, findings, gaps, behaviour: behaviourOf('default'), defaultNamespace: 'default' });
}

describeWithShared('platforms of the corpus', () => {
  it('the recorded node', async () => {
    const state = await stateOf('flows-online-boutique/snapshot-start.json');
    const facts = detectPlatform(state);
    expect(describePlatform(facts)).toEqual([
      'platform: not known: no node names a distribution; say it with --platform, one of aks, eks, gke, k3s, kind, kubeadm, openshift, rke2 …',
      'cloud: not known: no node has the providerID of a known cloud; name it with --metadata, or say --metadata none',
      // Cilium ran as a process there, not as a pod: its absence proves nothing.
      'plugin: not known: the snapshot shows no plugin; --cni list shows the plugins whose behaviour is known',
      'policies: not known: the snapshot shows no plugin; name the plugin with --cni; --cni none where there is none that enforces policies',
      'behaviour: not known: the snapshot shows no plugin; --cni list shows the plugins whose behaviour is known',
      'DNS: CoreDNS, kube-system/Deployment.apps/coredns, port 53 (Service kube-system/kube-dns selects 1 pod of Deployment kube-system/coredns)',
      'resolvers of nodes: not known: the resolvers of the nodes stand in files on them; say them with --node-dns ADDRESS; /etc/resolv.conf of a node names them',
      'API server: 10.199.0.1:16443 (EndpointSlice default/kubernetes)',
      'callers of webhooks: 10.199.0.1 (the API server runs on netweir-node)',
      'families: IPv4 (spec.podCIDRs of 1 node)',
      'pods: 10.244.0.0/24 (spec.podCIDRs of 1 node)',
      'Services: not known: nothing in the snapshot shows them; say them with --assume serviceCIDRs=…',
      'nodes: 10.199.0.1 (addresses of 1 node)',
      'monitoring: Deployment monitoring/prometheus (recognised as a collector of metrics)',
    ]);
  });

  it('every workload of the recording finds names, and nothing is opened to everybody', async () => {
    const state = await stateOf('flows-online-boutique/snapshot-start.json');
    const { evidence, questions } = platformEvidence(state, detectPlatform(state), state.cluster.workloads.keys());
    const hosts = state.cluster.pods.filter((pod) => pod.hostNetwork).map(({ workload }) => workload);
    const askers = new Set(
      evidence.flatMap(({ from, kind }) => (from.type === 'workload' && kind === 'dns' ? [from.key] : [])),
    );
    const dns = 'kube-system/Deployment.apps/coredns';
    expect([...askers].sort()).toEqual(
      [...state.cluster.workloads.keys()].filter((key) => !hosts.includes(key)).sort(),
    );
    expect(JSON.stringify(evidence)).not.toMatch(/"(0\.0\.0\.0|::)\/0"/);
    expect(questions.map(({ about, workload }) => [about, workload])).toEqual([['dns-upstream', dns]]);
  });

  it('every connection of the truth to and from the DNS is needed by evidence, but for probes', async () => {
    const state = await stateOf('flows-online-boutique/snapshot-start.json');
    const facts = detectPlatform(state);
    const found = withoutApiServer(platformEvidence(state, facts, state.cluster.workloads.keys()), facts);
    const printed = new Set(
      found.evidence.map(({ from, to, protocol, ports }) => `${nameOf(from)} -> ${nameOf(to)} ${protocol} ${ports[0]}`),
    );
    const truth = JSON.parse(
      readFileSync(sharedPath('corpus', 'flows-online-boutique', 'truth.json'), 'utf8'),
    ) as Connection[];
    const concerned = truth.filter((one) => [one.from, one.to].includes(DNS) && !one.why.includes('probe'));
    expect(concerned).toHaveLength(9);
    const needs = concerned.map(
      ({ from, to, protocol, port }) => `${from === HOST ? '10.199.0.1' : from} -> ${to} ${protocol} ${port}`,
    );
    expect(needs.filter((need) => !printed.has(need))).toEqual([]);
  });

  it.each(['online-boutique', 'argo-cd', 'kube-prometheus', 'production'])(
    '%s alone leaves the API server open as a question',
    async (name) => {
      const state = await stateOf(name);
      const facts = detectPlatform(state);
      expect(isQuestion(resolveApiServer(facts))).toBe(true);
      expect(facts.enforcement.how).toBe('unknown');
      // `production` holds CoreDNS itself.
      expect(facts.dns.servers.how).toBe(name === 'production' ? 'shown' : 'assumed');
    },
  );
});
