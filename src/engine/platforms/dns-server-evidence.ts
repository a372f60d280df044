// What the cluster's own DNS needs to go on: everybody asks it, it asks others for names outside, and it watches the API
// server. Without these, a policy for its namespace takes the names of the whole cluster away.

import type { Evidence, OpenQuestion, Party } from '../model/evidence.ts';
import type { State } from '../state.ts';
import { type Component, placeOf } from './components.ts';
import { isNodeLocalPod } from './dns-caches.ts';
import { both } from './dns-ports.ts';
import { questionsOfNodes } from './node-questions.ts';
import { findForwards } from './node-resolvers.ts';
import { addressesOf, EVERY_POD, selectsPodsOf } from './parties.ts';
import type { PlatformFacts, ServerPort } from './platform-facts.ts';

/** Evidence for a workload that is a DNS server of the cluster; empty for every other. */
export function dnsServerNeeds(
  state: State,
  component: Component,
  facts: PlatformFacts,
): { readonly evidence: readonly Evidence[]; readonly questions: readonly OpenQuestion[] } {
  const { key } = component.workload;
  const { servers, caches, nodeResolvers } = facts.dns;
  const known = [...(servers.how === 'unknown' ? [] : servers.value), ...caches.map(({ value }) => value)];
  // Whoever says --dns names pods by labels.
  const self = known.find(
    ({ party }) =>
      (party.type === 'workload' && party.key === key) ||
      (party.type === 'pods' && selectsPodsOf(party, component, state)),
  );
  if (self === undefined) return { evidence: [], questions: [] };
  const to: Party = { type: 'workload', key };
  const source = placeOf(component);
  const evidence: Evidence[] = [];
  const questions: OpenQuestion[] = [];
  const add = (from: Party, dest: Party, ports: readonly ServerPort[], says: string): void => {
    for (const { protocol, port } of ports) {
      evidence.push({
        from,
        to: dest,
        protocol,
        ports: [port, port],
        kind: 'dns',
        confidence: 'certain',
        says,
        source,
      });
    }
  };
  add(EVERY_POD, to, self.ports, `every pod asks ${self.title} for names`);
  // Its own pods are among them: what is needed has to be open at both ends.
  add(to, to, self.ports, `pods of ${self.title} may ask each other`);
  // Pods of the host network and caches of nodes ask from the addresses of nodes, or of their tunnels.
  const addresses = [
    ...facts.tunnelCIDRs.map(({ value }) => value),
    ...(facts.nodeCIDRs.how === 'unknown' ? [] : facts.nodeCIDRs.value),
  ];
  const nodes = addressesOf(addresses, 'the nodes');
  if (nodes !== undefined) {
    add(nodes, to, self.ports, `pods of the host network and caches of nodes ask ${self.title}`);
    questions.push(...questionsOfNodes(facts, `pods of the host network ask ${self.title} from nodes`, key));
  } else if (state.cluster.pods.some((pod) => pod.hostNetwork || isNodeLocalPod(pod))) {
    questions.push({
      about: 'node-addresses',
      workload: key,
      says: `pods of the host network ask ${self.title} from addresses of nodes, which are not in the snapshot`,
      hint: 'add the nodes to the snapshot, or say --assume nodeCIDRs=…',
      source,
    });
  }
  evidence.push({
    from: to,
    to: { type: 'api-server' },
    protocol: 'TCP',
    ports: [443, 443],
    kind: 'api-server',
    confidence: 'certain',
    says: `${self.title} watches Services and EndpointSlices`,
    source,
  });
  if (caches.some(({ value }) => value === self)) {
    for (const { party, ports, title } of servers.how === 'unknown' ? [] : servers.value) {
      add(to, party, ports, `${self.title} asks ${title} for what it does not know`);
    }
  }
  const forwards = findForwards(state);
  if (forwards.how !== 'unknown') {
    for (const { address, port } of forwards.value.addresses) {
      const party = addressesOf([address], 'a DNS server outside')!;
      add(to, party, both(port), `${self.title} forwards to ${address} (${forwards.because})`);
    }
  }
  if (forwards.how === 'unknown' || forwards.value.asksNodes) {
    if (nodeResolvers.how !== 'unknown') {
      const party: Party = { type: 'addresses', cidrs: nodeResolvers.value, what: 'the resolvers of the nodes' };
      add(to, party, both(53), `${self.title} asks the resolvers of its node for names outside`);
    } else {
      questions.push({
        about: 'dns-upstream',
        workload: key,
        says: `${self.title} asks others for names outside of the cluster, and ${forwards.how === 'unknown' ? forwards.because : nodeResolvers.because}`,
        hint: nodeResolvers.hint,
        source,
      });
    }
  }
  return { evidence, questions };
}
