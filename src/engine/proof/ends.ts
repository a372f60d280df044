// From parties to endpoints that evaluators judge. A party that stands for nobody who could be judged is said to be so.

import { boundedMemory } from '../attribution/bounded-memory.ts';
import { addressUnits, nodeUnit, singleAddressUnit } from '../endpoints/outside.ts';
import { seenByBlocks } from '../endpoints/pod-endpoints.ts';
import { newNamespace, possiblePod } from '../endpoints/possible-pod.ts';
import type { Unit } from '../endpoints/unit.ts';
import { type World, withOwnNode } from '../endpoints/world.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { type Party, partyKey } from '../model/evidence.ts';
import { type Labels, type Selector, selects } from '../model/selector.ts';
import { parseCidr } from '../sets/ip-address.ts';
import {
  ALL_ADDRESSES,
  familiesOf,
  type IpSet,
  intersect,
  isEmpty,
  isSingle,
  NO_ADDRESSES,
  ofFamily,
  overlaps,
  subtract,
  unionAll,
} from '../sets/ip-set.ts';
import { NAMED_RANGES } from '../sets/named-ranges.ts';
import { NAME_LABEL } from '../snapshot/nodes.ts';

/** The endpoints of a party; empty where nobody can be judged (a DNS name, an API server whose address nobody knows). */
export type Ends = readonly Endpoint[];

/** Finds endpoints; parties that come again soon are not looked up again. */
export function endsOf(world: World): (party: Party, end: 'from' | 'to') => Ends {
  const workloads = new Map<string, Endpoint[]>();
  for (const unit of world.pods) {
    if (unit.type !== 'workload') continue;
    const list = workloads.get(unit.workload.key);
    const { endpoint } = withOwnNode(unit);
    if (list === undefined) workloads.set(unit.workload.key, [endpoint]);
    else list.push(endpoint);
  }
  const known = boundedMemory<Ends>();
  const find = (party: Exclude<Party, { type: 'workload' }>, end: 'from' | 'to'): Ends => {
    switch (party.type) {
      case 'pods':
        return podsOf(world, party);
      case 'addresses':
        return addressesOf(world, cidrSet(party.cidrs));
      case 'outside':
        return addressUnits(world.context, outsideSet(world, end)).map(({ endpoint }) => endpoint);
      case 'node':
        return nodesOf(world, party.name);
      case 'domain':
      case 'api-server':
        return [];
    }
  };
  return (party, end) => {
    if (party.type === 'workload') return workloads.get(party.key) ?? [];
    return known.of(`${end} ${partyKey(party)}`, () => find(party, end));
  };
}

/** Addresses, those of nodes among them as plugins see nodes: with some no block matches one, whoever names its address. */
function addressesOf(world: World, set: IpSet): Ends {
  const { plan, behaviour } = world.context;
  // As far as nodes are shown: an assumed range says of no address whose it is.
  const isShown = !plan.assumed.includes('nodeCIDRs');
  const known = !overlaps(set, plan.nodes)
    ? []
    : world.nodes().flatMap(({ endpoint }) => {
        const addresses = intersect(set, endpoint.addresses);
        const isOwn = !isEmpty(addresses) && (isShown || endpoint.addresses !== plan.nodes);
        return isOwn ? [{ ...endpoint, addresses, families: familiesOf(addresses) }] : [];
      });
  const rest = subtract(set, unionAll(known.map(({ addresses }) => addresses)));
  const nodes = isShown ? intersect(rest, plan.nodes) : NO_ADDRESSES;
  const seen = seenByBlocks(behaviour.knobs.ipBlockMatchesNodes, 'node-address');
  return [
    ...known,
    ...unitsOf(world, nodes).map(({ endpoint }) => ({ ...endpoint, ...seen })),
    ...unitsOf(world, subtract(rest, nodes)).map(({ endpoint }) => endpoint),
  ];
}

/** The name of the node that a pod runs on where nobody knows which that is. */
const OWN_NODE = '(the node of the pod)';

/**
 * A pair with a node that is the other end's own (a kubelet and its pod): both get the same node, so that what plugins say of
 * a pod's own node applies. Other pairs stay as they are.
 */
export function onOneNode(from: Endpoint, to: Endpoint): { readonly from: Endpoint; readonly to: Endpoint } {
  const nodeName = [from, to].find(({ key }) => key === `node/${OWN_NODE}`)?.nodeName;
  return nodeName === undefined ? { from, to } : { from: { ...from, nodeName }, to: { ...to, nodeName } };
}

function nodesOf(world: World, name: string | undefined): Ends {
  if (name !== undefined) {
    return world.nodes().flatMap(({ endpoint }) => (endpoint.nodeName === name ? [endpoint] : []));
  }
  const object = { value: {}, locate: () => ({ path: '' }) };
  const unit = nodeUnit(world.context, { name: OWN_NODE, labels: {}, addresses: [], podCIDRs: [], object });
  return [unit.endpoint];
}

/**
 * Pods of the snapshot that the party's selectors select, or one that could be made so. Pods that policies see as their nodes
 * are not among them: no selector means those.
 */
function podsOf(world: World, party: Party & { type: 'pods' }): Ends {
  const { namespaces } = world.state.cluster;
  const scope = party.namespaces;
  const inScope = [...namespaces.values()].filter(({ name, labels }) =>
    'name' in scope ? scope.name === name : selects(scope.selector, labels),
  );
  const names = new Set(inScope.map(({ name }) => name));
  const found = world.pods.flatMap((unit) =>
    unit.type === 'workload' &&
    unit.endpoint.pod !== undefined &&
    unit.pods.some((pod) => names.has(pod.namespace) && selects(party.pods, pod.labels))
      ? [unit.endpoint]
      : [],
  );
  if (found.length > 0) return found;
  const labels = exampleOf(party.pods);
  const home = 'name' in scope ? { [NAME_LABEL]: scope.name } : exampleOf(scope.selector);
  if (labels === undefined || home === undefined) return [];
  const namespace = inScope[0] ?? newNamespace(home);
  return [possiblePod(world.context, { key: `pods/${party.what}`, name: party.what, namespace, labels })];
}

/** The fewest labels that a selector of requirements selects; undefined for one that needs more than a look. */
function exampleOf(selector: Selector): Labels | undefined {
  const parts = selector.op === 'and' ? selector.of : [selector];
  const labels: Record<string, string> = {};
  for (const part of parts) {
    if (part.op === 'in' && part.values.length > 0) labels[part.key] = part.values[0]!;
    else if (part.op === 'exists') labels[part.key] ??= '';
  }
  return selects(selector, labels) ? labels : undefined;
}

/** Most parties are one address, which no policy can split: blocks are not looked at for each of thousands. */
function unitsOf({ context }: World, set: IpSet): readonly Unit[] {
  if (isEmpty(set)) return [];
  return isSingle(set) ? [singleAddressUnit(context, set)] : addressUnits(context, set);
}

/** Addresses that are nobody's in the cluster: any of them as clients, those of the internet as destinations. */
function outsideSet({ state: { plan } }: World, end: 'from' | 'to'): IpSet {
  const shown = plan.assumed.includes('podCIDRs') ? NO_ADDRESSES : plan.pods;
  const all = end === 'from' ? ALL_ADDRESSES : NAMED_RANGES.internet;
  return subtract(unionAll(plan.families.map((family) => ofFamily(all, family))), shown);
}

function cidrSet(cidrs: readonly string[]): IpSet {
  return unionAll(
    cidrs.flatMap((text) => {
      const parsed = parseCidr(text);
      return parsed.ok ? [parsed.set] : [];
    }),
  );
}
