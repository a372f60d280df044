// A state of which only as much is read as a question about few pods asks for. Whatever would need the whole file throws
// NEEDS_ALL instead of an answer from less: who asked reads the whole file then. Knows no question.

import { dialectOf } from '../engine/dialects/registry.ts';
import { nodeUnit } from '../engine/endpoints/outside.ts';
import { type EndpointContext, podEndpoint } from '../engine/endpoints/pod-endpoints.ts';
import type { Relevance } from '../engine/endpoints/relevance.ts';
import type { Unit } from '../engine/endpoints/unit.ts';
import { adoptWorld, type World, type WorldIndex } from '../engine/endpoints/world.ts';
import type { Behaviour } from '../engine/model/behaviour.ts';
import type { Cluster, Namespace, Node, Pod, Workload } from '../engine/model/cluster.ts';
import type { Policy } from '../engine/model/policy.ts';
import type { ManifestObject } from '../engine/model/source.ts';
import type { PlacedPolicy } from '../engine/model/tier.ts';
import { parseAddress } from '../engine/sets/ip-address.ts';
import type { State } from '../engine/state.ts';
import type { PolicyRecord } from './near-records.ts';
import { type NamespaceInFile, type NearFile, needAll } from './read-namespaces.ts';

/** A state for `can`, with the world that finds its ends. `behaviour` is the one that the file is of. */
export function nearState(file: NearFile, behaviour: Behaviour, defaultNamespace: string): State {
  const { facts } = file;
  const cluster = nearCluster(file);
  const context: EndpointContext = { cluster, plan: facts.plan, behaviour, relevance: nearRelevance(file) };
  const state: State = {
    cluster,
    get others() {
      return needAll();
    },
    defaultNamespace,
    get policies() {
      return needAll();
    },
    placement: {
      chain: facts.chain,
      get policies() {
        return needAll();
      },
      get notEnforced() {
        return needAll();
      },
    },
    behaviour,
    plan: facts.plan,
    findings: facts.findings,
    gaps: facts.gaps,
    assumptions: facts.assumptions,
    limits: facts.limits,
    ...(facts.server === undefined ? {} : { server: facts.server }),
  };
  adoptWorld(state, nearWorld(file, state, context));
  return state;
}

function nearCluster(file: NearFile): Cluster {
  const namespace = (name: string): NamespaceInFile | undefined => file.namespace(name);
  return {
    namespaces: lookup<Namespace>(
      (name) => file.isKnown(name),
      (name) => namespace(name)?.own,
    ),
    workloads: lookup<Workload>(
      (key) => namespace(homeOf(key))?.workloadOf.has(key) ?? false,
      (key) => namespace(homeOf(key))?.workloadOf.get(key),
    ),
    get nodes() {
      return file.nodes();
    },
    gaps: file.facts.gaps,
    get pods() {
      return needAll();
    },
    get services() {
      return needAll();
    },
    get endpointSlices() {
      return needAll();
    },
    get ingresses() {
      return needAll();
    },
    get openShiftRoutes() {
      return needAll();
    },
    get gatewayApi() {
      return needAll();
    },
    get operatorObjects() {
      return needAll();
    },
  };
}

/** The namespace of a workload, with which its key begins. */
function homeOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}

/** A map that knows what it is asked for by name, and not what it holds. */
function lookup<T>(has: (key: string) => boolean, get: (key: string) => T | undefined): ReadonlyMap<string, T> {
  return {
    has,
    get,
    get size() {
      return needAll();
    },
    forEach: needAll,
    entries: needAll,
    keys: needAll,
    values: needAll,
    [Symbol.iterator]: needAll,
  };
}

/** Blocks tell addresses apart; pods were told apart when the file was written. */
function nearRelevance(file: NearFile): Relevance {
  return {
    get labels() {
      return needAll();
    },
    get portNames() {
      return needAll();
    },
    get blocks() {
      return file.blocks();
    },
    get nodes() {
      return needAll();
    },
  };
}

function nearWorld(file: NearFile, state: State, context: EndpointContext): World {
  let nodeUnits: readonly Unit[] | undefined;
  let nodesByName: ReadonlyMap<string, Node> | undefined;
  const nodeMap = (): ReadonlyMap<string, Node> => {
    nodesByName ??= new Map(file.nodes().map((node) => [node.name, node]));
    return nodesByName;
  };
  const nodes = (): readonly Unit[] => {
    nodeUnits ??= file.nodes().map((node) => nodeUnit(context, node));
    return nodeUnits;
  };
  const units = new Map<string, readonly Unit[]>();
  const owners = new Map<Pod, Unit>();
  const unitsIn = (name: string): readonly Unit[] => {
    const known = units.get(name);
    if (known !== undefined) return known;
    const made = unitsOf(file.namespace(name), context, nodeMap);
    units.set(name, made);
    for (const unit of made) if (unit.type === 'workload') for (const pod of unit.pods) owners.set(pod, unit);
    return made;
  };
  const index: WorldIndex = {
    unitsIn,
    serviceNamed: (namespace, name) => file.namespace(namespace)?.services.find((one) => one.name === name),
    serviceAt: (address) => {
      const found = file
        .ownersOf(address)
        .flatMap(({ namespace, isService }) => (isService ? (file.namespace(namespace)?.services ?? []) : []))
        .filter(({ clusterIPs }) => clusterIPs.some((text) => isAddress(text, address)));
      return found.sort((a, b) => (a.namespace < b.namespace ? -1 : a.namespace > b.namespace ? 1 : 0))[0];
    },
    ownersOf: (address) => {
      const pods = file
        .ownersOf(address)
        .flatMap(({ namespace, isService }) => (isService ? [] : unitsIn(namespace)))
        .filter((unit) => ownAddresses(unit).some((text) => isAddress(text, address)));
      return [
        ...inWorldOrder(pods),
        ...nodes().filter((unit) => ownAddresses(unit).some((text) => isAddress(text, address))),
      ];
    },
    behind: ({ namespace, selector }) => {
      // What EndpointSlices list may be a pod of any namespace.
      if (selector === undefined) return needAll();
      unitsIn(namespace);
      return { pods: file.namespace(namespace)?.pods ?? [], endpointSlices: [] };
    },
    placementFor: (ends) => {
      const homes = new Set(ends.flatMap(({ pod }) => (pod === undefined ? [] : [pod.namespace])));
      const records = [...homes].flatMap((name) => file.namespace(name)?.policies ?? []);
      const all = [...file.facts.everywhere, ...records].sort(([, a], [, b]) => a - b);
      return { chain: file.facts.chain, policies: all.map(placed(file, state)), notEnforced: [] };
    },
  };
  return {
    state,
    context,
    get pods() {
      return needAll();
    },
    unitOf: (pod) => owners.get(pod),
    outside: needAll,
    entries: needAll,
    entryRemarks: needAll,
    nodes,
    index,
  };
}

function unitsOf(
  own: NamespaceInFile | undefined,
  context: EndpointContext,
  nodes: () => ReadonlyMap<string, Node>,
): readonly Unit[] {
  return (own?.units ?? []).map(([number, variant, positions, differs]): Unit => {
    const workload = own!.workloads[number]!;
    const pods = positions.map((position) => own!.pods[position]!);
    const end = variant === 0 ? '' : `#${variant}`;
    const names = { key: `${workload.key}${end}`, name: `${workload.namespace}/${workload.name}${end}` };
    const isHost = pods[0]!.hostNetwork;
    const endpoint = podEndpoint(context, pods, isHost ? nodes() : NO_NODES, names);
    const base = { type: 'workload' as const, endpoint, workload, pods };
    return differs === undefined ? base : { ...base, variant: differs };
  });
}

const NO_NODES: ReadonlyMap<string, Node> = new Map();

/** As the world of a whole state has them: by the key of the workload, then variant by variant. */
function inWorldOrder(units: readonly Unit[]): readonly Unit[] {
  const places = new Map(units.map((unit, place) => [unit, place]));
  const keyOf = (unit: Unit): string => (unit.type === 'workload' ? unit.workload.key : '');
  return [...units].sort((a, b) => {
    const [from, to] = [keyOf(a), keyOf(b)];
    return from < to ? -1 : from > to ? 1 : places.get(a)! - places.get(b)!;
  });
}

function ownAddresses(unit: Unit): readonly string[] {
  if (unit.type === 'node') return unit.node.addresses;
  return unit.type === 'workload' ? unit.pods.flatMap((pod) => (pod.hostNetwork ? [] : pod.addresses)) : [];
}

function isAddress(text: string, address: number | bigint): boolean {
  const own = parseAddress(text);
  return own.ok && own.value === address;
}

/** Reads policies: those that the plugin takes as they are written are decoded anew. */
function placed(file: NearFile, { behaviour, defaultNamespace }: State): (record: PolicyRecord) => PlacedPolicy {
  return (record) => {
    const [, , tier, order, coversOtherProtocols, read] = record;
    const known = file.placed.get(record);
    if (known !== undefined) return known;
    const policy =
      read === 0
        ? decode(file.object(record[0]), behaviour, defaultNamespace)
        : { ...read, object: file.object(record[0]) };
    const made: PlacedPolicy = { policy, tier, order, coversOtherProtocols };
    file.placed.set(record, made);
    return made;
  };
}

function decode(object: ManifestObject, { knobs }: Behaviour, defaultNamespace: string): Policy {
  const { apiVersion, kind } = object.value;
  const options = { defaultNamespace, strictCIDR: knobs.strictCIDR, channel: 'either' as const };
  const policy = dialectOf(String(apiVersion), String(kind))?.decode(object, options).policy;
  if (policy === undefined) throw new Error('a policy of the compiled snapshot is none');
  return policy;
}
