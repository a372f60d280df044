// What an application is meant to do: the connections that it makes and no others, told apart from whatever anybody learns of
// it. Needs of a plan are compared with it by the ends that both know.

import type { Node, Pod } from '../../../src/engine/model/cluster.ts';
import type { Evidence, Party } from '../../../src/engine/model/evidence.ts';
import { selects } from '../../../src/engine/model/selector.ts';
import { parseAddress, parseCidr } from '../../../src/engine/sets/ip-address.ts';
import {
  type IpSet,
  isEmpty,
  isSubset,
  NO_ADDRESSES,
  singleAddress,
  subtract,
  unionAll,
} from '../../../src/engine/sets/ip-set.ts';
import type { Protocol } from '../../../src/engine/sets/traffic-set.ts';
import type { State } from '../../../src/engine/state.ts';

/**
 * One end of a connection that is meant. `node`: the node of the other end, whose kubelet asks. `nodes`: any node, which hides
 * a client from outside.
 */
export type TruthEnd =
  | { readonly type: 'workload'; readonly key: string }
  | { readonly type: 'address'; readonly address: string }
  | { readonly type: 'node' }
  | { readonly type: 'nodes'; readonly addresses: readonly string[] };

/** One connection that is meant; the port is that of the destination itself. */
export interface TruthEdge {
  readonly from: TruthEnd;
  readonly to: TruthEnd;
  readonly protocol: Protocol;
  readonly port: number;
}

/**
 * Who an end is, as far as any policy can tell: a workload's key, `node` (all nodes and what has their addresses count as one),
 * an address that the truth names, or `elsewhere`, every other address.
 */
export type Atom = string;

/** See {@link Atom}. */
export const NODE = 'node';
/** See {@link Atom}. */
export const ELSEWHERE = 'elsewhere';

/** Finds the atoms of ends and parties. */
export interface Atoms {
  readonly hosts: ReadonlySet<string>;
  readonly nodeAddresses: IpSet;
  /** Addresses of the truth that are neither a node's nor a pod's, in order. */
  readonly addresses: readonly string[];
  ofEnd(end: TruthEnd): Atom;
  ofParty(party: Party): readonly Atom[];
}

/** Atoms of a state; `nodeAddresses` are known to be nodes' beside those that the snapshot shows. */
export function atomsOf(state: State, truth: readonly TruthEdge[], nodeAddresses: readonly string[] = []): Atoms {
  const { cluster } = state;
  const hosts = new Set(cluster.pods.filter(({ hostNetwork }) => hostNetwork).map(({ workload }) => workload));
  const own = [...cluster.nodes.flatMap((node: Node) => node.addresses), ...nodeAddresses];
  const nodes = unionAll([NO_ADDRESSES, ...own.map(setOfAddress)]);
  const ofAddress = (address: string): Atom => (isSubset(setOfAddress(address), nodes) ? NODE : address);
  const named = truth.flatMap(({ from, to }) =>
    [from, to].flatMap((end) => (end.type === 'address' ? [ofAddress(end.address)] : [])),
  );
  const addresses = [...new Set(named.filter((atom) => atom !== NODE))].sort();
  const ofSet = (set: IpSet): Atom[] => {
    const inside = addresses.filter((address) => isSubset(setOfAddress(address), set));
    const rest = subtract(set, unionAll([nodes, ...addresses.map(setOfAddress)]));
    const touchesNodes = !isEmpty(nodes) && !isEmpty(subtract(set, subtract(set, nodes)));
    return [...(touchesNodes ? [NODE] : []), ...inside, ...(isEmpty(rest) ? [] : [ELSEWHERE])];
  };
  const ofKey = (key: string): Atom => (hosts.has(key) ? NODE : key);
  return {
    hosts,
    nodeAddresses: nodes,
    addresses,
    ofEnd(end) {
      if (end.type === 'node' || end.type === 'nodes') return NODE;
      return end.type === 'workload' ? ofKey(end.key) : ofAddress(end.address);
    },
    ofParty(party) {
      switch (party.type) {
        case 'workload':
          return [ofKey(party.key)];
        case 'pods': {
          const found = cluster.pods.filter((pod) => isSelected(state, party, pod));
          return [...new Set(found.map(({ workload }) => ofKey(workload)))];
        }
        case 'addresses':
          return ofSet(unionAll(party.cidrs.map(setOfCidr)));
        case 'outside':
          return [NODE, ...addresses, ELSEWHERE];
        case 'node':
          return [NODE];
        case 'domain':
        case 'api-server':
          return [];
      }
    },
  };
}

/** The connections of a need, by the ends that the truth knows. */
export function pairsOf(atoms: Atoms, { from, to }: Pick<Evidence, 'from' | 'to'>): (readonly [Atom, Atom])[] {
  return atoms.ofParty(from).flatMap((a) => atoms.ofParty(to).map((b) => [a, b] as const));
}

/** A text equal only for the same connection of the truth. */
export function edgeKey(from: Atom, to: Atom, protocol: Protocol, port: number): string {
  return `${from} -> ${to}:${port}/${protocol}`;
}

/** The set of one address; none for what is no address. */
export function setOfAddress(text: string): IpSet {
  const parsed = parseAddress(text);
  return parsed.ok ? singleAddress(parsed) : NO_ADDRESSES;
}

function setOfCidr(text: string): IpSet {
  const parsed = parseCidr(text);
  return parsed.ok ? parsed.set : NO_ADDRESSES;
}

function isSelected({ cluster }: State, party: Party & { readonly type: 'pods' }, pod: Pod): boolean {
  const scope = party.namespaces;
  const home = cluster.namespaces.get(pod.namespace);
  const inScope =
    'name' in scope ? scope.name === pod.namespace : home !== undefined && selects(scope.selector, home.labels);
  return inScope && selects(party.pods, pod.labels);
}
