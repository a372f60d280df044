// From parties to what a rule can name: pods by selectors, addresses as sets. What no rule can name is said with its reason;
// a party never becomes a wider one, and never none.

import type { AddressPlan, Cluster, Node } from '../model/cluster.ts';
import type { Party } from '../model/evidence.ts';
import { workloadName } from '../model/party-names.ts';
import type { Direction, Peer } from '../model/policy.ts';
import { parseAddress } from '../sets/ip-address.ts';
import {
  ALL_ADDRESSES,
  type IpSet,
  isEmpty,
  NO_ADDRESSES,
  ofFamily,
  singleAddress,
  subtract,
  unionAll,
} from '../sets/ip-set.ts';
import { NAMED_RANGES } from '../sets/named-ranges.ts';
import { NAME_LABEL } from '../snapshot/nodes.ts';
import type { Identity } from './identities.ts';
import type { podsByWorkload } from './stable-labels.ts';
import { setOf } from './widen-addresses.ts';

/** The other end of a need, in a rule's words. */
export type PeerTerm =
  | { readonly type: 'pods'; readonly peer: Peer & { type: 'pods' } }
  | { readonly type: 'addresses'; readonly set: IpSet };

/** What one end of a need comes to. */
export type Named =
  | { readonly is: 'named'; readonly terms: readonly [PeerTerm, ...PeerTerm[]] }
  /** Allowed whatever policies say: the pod's own node. */
  | { readonly is: 'exempt' }
  | { readonly is: 'nameless'; readonly because: string; readonly hint: string };

/** What naming needs to know. */
export interface NamingContext {
  readonly cluster: Cluster;
  readonly plan: AddressPlan;
  readonly identities: ReadonlyMap<string, Identity>;
  readonly podsOf: ReturnType<typeof podsByWorkload>;
  readonly nodes: ReadonlyMap<string, Node>;
  /** Whether a node always reaches its own pods, and they it. */
  readonly nodeIsExempt: Readonly<Record<Direction, boolean>>;
}

/** Names the other end of a need for a rule of a policy in `home`, seen from its subject. */
export function namePeer(context: NamingContext, party: Party, home: string, direction: Direction): Named {
  switch (party.type) {
    case 'workload':
      return nameWorkload(context, party.key, home);
    case 'pods':
      return named({ type: 'pods', peer: podsPeer(party.namespaces, party.pods, home) });
    case 'addresses':
      return named({ type: 'addresses', set: setOf(party.cidrs) });
    case 'outside':
      return named({ type: 'addresses', set: outsideOf(context.plan, direction) });
    case 'node':
      return party.name === undefined ? ownNode(context, direction) : nameNodes(context, [party.name]);
    case 'domain':
      return nameless(
        `NetworkPolicies cannot name ${party.name}: they know addresses only`,
        'give its addresses, if they are fixed: --allow "SRC -> ADDRESS:PORT"',
      );
    case 'api-server':
      return nameless('the addresses of the API server are not known', 'give them: --api-server ADDRESS:PORT');
  }
}

function nameWorkload(context: NamingContext, key: string, home: string): Named {
  const { cluster, identities, podsOf } = context;
  const pods = podsOf.get(key) ?? [];
  const [pod] = pods;
  if (pod === undefined) return nameless(`${workloadName(key)} has no pods`, 'add its manifest');
  if (pod.hostNetwork) return nameHosts(context, key);
  const selector = identities.get(key)?.selector;
  if (selector === undefined) {
    return nameless(
      `the pods of ${workloadName(key)} have no label that lasts, so no selector can mean them alone`,
      'give its pod template a label, such as app.kubernetes.io/name',
    );
  }
  const namespace = cluster.workloads.get(key)!.namespace;
  return named({ type: 'pods', peer: podsPeer({ name: namespace }, selector, home) });
}

/** Pods of another namespace are named by the label that every namespace has. */
function podsPeer(
  namespaces: (Peer & { type: 'pods' })['namespaces'],
  pods: (Peer & { type: 'pods' })['pods'],
  home: string,
): Peer & { type: 'pods' } {
  if (!('name' in namespaces)) return { type: 'pods', namespaces, pods, path: [] };
  if (namespaces.name === home) return { type: 'pods', namespaces, pods, path: [] };
  const selector = { op: 'and' as const, of: [{ op: 'in' as const, key: NAME_LABEL, values: [namespaces.name] }] };
  return { type: 'pods', namespaces: { selector }, pods, path: [] };
}

/** Pods of the host network speak with the addresses of their nodes. */
function nameHosts(context: NamingContext, key: string): Named {
  const pods = context.podsOf.get(key) ?? [];
  const own = unionAll(pods.flatMap(({ addresses }) => addresses.map(addressSet)));
  const { assumed, nodes } = context.plan;
  // A DaemonSet is on every node, and nodes come and go: where their addresses are shown, all of them are the better answer.
  const set = assumed.includes('nodeCIDRs') ? own : nodes;
  if (isEmpty(set)) {
    return nameless(
      `${workloadName(key)} is on the host network, and the addresses of its nodes are not known`,
      'give them: --assume nodeCIDRs=CIDR',
    );
  }
  return named({ type: 'addresses', set });
}

function nameNodes({ nodes }: NamingContext, names: readonly string[]): Named {
  const set = unionAll(names.flatMap((name) => (nodes.get(name)?.addresses ?? []).map(addressSet)));
  if (isEmpty(set)) {
    return nameless(`the address of node ${names.join(', ')} is not known`, 'give it: --assume nodeCIDRs=CIDR');
  }
  return named({ type: 'addresses', set });
}

function ownNode({ plan, nodeIsExempt }: NamingContext, direction: Direction): Named {
  if (nodeIsExempt[direction]) return { is: 'exempt' };
  if (plan.assumed.includes('nodeCIDRs')) {
    return nameless('the addresses of nodes are not known', 'give them: --assume nodeCIDRs=CIDR');
  }
  return named({ type: 'addresses', set: plan.nodes });
}

/** As clients: every address that is no pod's. As destinations: what the internet is, the cluster's own ranges left out. */
export function outsideOf(plan: AddressPlan, direction: Direction): IpSet {
  const shown = plan.assumed.includes('podCIDRs') ? NO_ADDRESSES : plan.pods;
  const all = direction === 'ingress' ? ALL_ADDRESSES : NAMED_RANGES.internet;
  return subtract(unionAll(plan.families.map((family) => ofFamily(all, family))), shown);
}

function addressSet(text: string): IpSet {
  const parsed = parseAddress(text);
  return parsed.ok ? singleAddress(parsed) : NO_ADDRESSES;
}

function named(term: PeerTerm): Named {
  return { is: 'named', terms: [term] };
}

function nameless(because: string, hint: string): Named {
  return { is: 'nameless', because, hint };
}
