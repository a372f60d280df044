// One end of a flow: which workload, node or address it is, and how that is known. The log's names first, addresses after.

import type { Pod } from '../model/cluster.ts';
import type { FlowEnd, ObservedFlow } from '../model/flow.ts';
import { parseAddress, printAddress } from '../sets/ip-address.ts';
import { isObject } from '../snapshot/reading.ts';
import type { State } from '../state.ts';
import { type AddressBook, addressBook } from './address-book.ts';
import { addressHistory, type CurrentOwner, type When } from './address-history.ts';
import type { AsideReason, AttributedEnd, UnattributedReason } from './attribution.ts';
import { boundedMemory } from './bounded-memory.ts';
import { asideOf, knownFor } from './special-addresses.ts';
import { workloadNames } from './workload-names.ts';

/** An end that was recognised, or why it was not. */
export type RecognisedEnd =
  | { readonly is: 'end'; readonly end: AttributedEnd; readonly address?: string }
  | { readonly is: 'service'; readonly address?: string }
  | { readonly is: 'aside'; readonly reason: AsideReason }
  | { readonly is: 'unknown'; readonly reason: UnattributedReason };

/** Recognises ends of flows. */
export interface EndRecogniser {
  readonly book: AddressBook;
  recognise(end: FlowEnd, when: When): RecognisedEnd;
}

/** What an end is apart from the time of its record. */
type Timeless = RecognisedEnd | { readonly is: 'by-time'; readonly address: string };

/**
 * Prepares a recogniser for a snapshot and the flows of one log; what they say of addresses counts for all of them.
 * `nodeAddresses`: what the log knows as nodes' beside what its flows say.
 */
export function endRecogniser(
  state: Pick<State, 'cluster' | 'plan' | 'behaviour'>,
  flows: Iterable<ObservedFlow>,
  nodeAddresses: ReadonlySet<string>,
): EndRecogniser {
  const { cluster } = state;
  const book = addressBook(state, state.behaviour.knobs);
  const names = workloadNames(cluster);
  const history = addressHistory<RecognisedEnd>(mergeRemembered);
  const onlyNode = cluster.nodes.length === 1 ? cluster.nodes[0]!.name : undefined;

  const ownerOfRange = (address: string | undefined): string | undefined => {
    const parsed = address === undefined ? undefined : parseAddress(address);
    return parsed?.ok === true ? book.nodeOfPods(parsed) : undefined;
  };

  /** `said`: the name that the log gives it. The address is the snapshot's to name first. */
  const nodeEnd = (
    address: string | undefined,
    how: 'node-address' | 'log-entity',
    said: string | undefined,
  ): AttributedEnd => {
    const name = (address === undefined ? undefined : book.node(address)) ?? said ?? ownerOfRange(address) ?? onlyNode;
    const says =
      how === 'node-address'
        ? `${address} is an address of node ${name}`
        : `the log calls ${address ?? 'it'} ${said === undefined ? 'a node' : `node ${said}`}`;
    if (name !== undefined) return { party: { type: 'node', name }, how, says };
    if (address === undefined) return { party: { type: 'node' }, how, says };
    // Some node, perhaps not the other end's own: only its address is sure.
    const cidr = `${address}/${address.includes(':') ? 128 : 32}`;
    return { party: { type: 'addresses', cidrs: [cidr], what: 'a node' }, how, says };
  };

  /** What the log's own words settle; undefined where only the address can tell. */
  const byWords = (end: FlowEnd): RecognisedEnd | undefined => {
    if (end.namespace === undefined) return undefined;
    return words.of(endKey(end), () => ownerByWords(end));
  };
  const words = boundedMemory<RecognisedEnd | undefined>();
  const ownerByWords = (end: FlowEnd): RecognisedEnd | undefined => {
    const owner = names.ownerOf(end);
    if (owner === undefined) return undefined;
    if (typeof owner === 'string') return { is: 'unknown', reason: owner };
    const { workload, pod, how, says } = owner;
    const found: AttributedEnd = {
      party: { type: 'workload', key: workload.key },
      ...(pod === undefined ? {} : { pod }),
      how,
      says,
    };
    return { is: 'end', end: found, ...withAddress(canonical(end.address)) };
  };

  /** A workload's pod by the address that the snapshot shows. */
  const byBook = (address: string): CurrentOwner<RecognisedEnd> | undefined => {
    const pods = book.pods(address);
    const [pod] = pods;
    if (pod === undefined) return undefined;
    const starts = pods.map(startOf);
    const since = starts.some((start) => start === undefined) ? {} : { since: Math.min(...(starts as number[])) };
    if (pods.some((one) => one.workload !== pod.workload)) {
      return { key: 'several', owner: { is: 'unknown', reason: 'address-reused' }, ...since };
    }
    const end: AttributedEnd = {
      party: { type: 'workload', key: pod.workload },
      ...(pods.length === 1 ? { pod } : {}),
      how: 'pod-address',
      says: `the snapshot shows ${address} as pod ${pod.namespace}/${pod.name}`,
    };
    return { key: `workload ${pod.workload}`, owner: { is: 'end', end, address }, ...since };
  };

  for (const flow of flows) {
    for (const end of [flow.source, flow.destination]) {
      const address = canonical(end.address);
      if (address === undefined || book.services(address).length > 0) continue;
      const said =
        end.entity === 'node'
          ? { is: 'end' as const, end: nodeEnd(address, 'log-entity', end.node), address }
          : byWords(end);
      if (
        said === undefined ||
        (said.is === 'end' && said.end.party.type === 'workload' && book.node(address) !== undefined)
      )
        continue;
      history.add(address, historyKey(said, end, address), asRemembered(said, address), flow);
    }
  }

  const outside = (address: string, end: FlowEnd): RecognisedEnd => {
    const parsed = parseAddress(address);
    if (!parsed.ok) return { is: 'unknown', reason: 'invalid-address' };
    const range = book.isPodRange(parsed);
    if (range === 'sure') return { is: 'unknown', reason: 'pod-gone' };
    if (book.isServiceRange(parsed)) return { is: 'unknown', reason: 'unknown-service' };
    if (range === 'perhaps') return { is: 'unknown', reason: 'unknown-range' };
    const what = knownFor(address) ?? end.names?.[0];
    const cidr = `${address}/${parsed.family === 'IPv4' ? 32 : 128}`;
    const says = `${address} is no address of the cluster${what === undefined ? '' : ` (${what})`}`;
    const party = { type: 'addresses' as const, cidrs: [cidr] as const, ...(what === undefined ? {} : { what }) };
    return { is: 'end', end: { party, how: 'outside-address', says }, address };
  };

  /** What the owner of an address makes of an end that the log only knows by it. */
  const settle = (address: string, end: FlowEnd, owner: RecognisedEnd | 'several' | undefined): RecognisedEnd => {
    if (owner === 'several') return { is: 'unknown', reason: 'address-reused' };
    if (owner === undefined) return outside(address, end);
    const home = owner.is === 'end' ? owner.end.pod?.namespace : undefined;
    const isElsewhere = home !== undefined && end.namespace !== undefined && home !== end.namespace;
    return isElsewhere ? { is: 'unknown', reason: 'pod-gone' } : owner;
  };

  const timeless = (end: FlowEnd): Timeless => {
    const said = byWords(end);
    if (said !== undefined) return said;
    if (end.address === undefined) {
      if (end.entity === 'other') return { is: 'unknown', reason: 'unknown-entity' };
      if (end.entity === 'node') return { is: 'end', end: nodeEnd(undefined, 'log-entity', end.node) };
      return end.service === undefined ? { is: 'unknown', reason: 'no-address' } : { is: 'service' };
    }
    const parsed = parseAddress(end.address);
    if (!parsed.ok) return { is: 'unknown', reason: 'invalid-address' };
    const address = printAddress(parsed.family, parsed.value);
    const aside = asideOf(parsed);
    if (aside !== undefined) return { is: 'aside', reason: aside };
    // Whoever has the address in the snapshot is somebody else.
    if (end.entity === 'other') return { is: 'unknown', reason: 'unknown-entity' };
    if (book.services(address).length > 0 || (end.service !== undefined && book.pods(address).length === 0)) {
      return { is: 'service', address };
    }
    if (book.node(address) !== undefined)
      return { is: 'end', end: nodeEnd(address, 'node-address', end.node), address };
    const isNode = end.entity === 'node' || (nodeAddresses.has(address) && !history.knows(address));
    if (isNode) return { is: 'end', end: nodeEnd(address, 'log-entity', end.node), address };
    const current = byBook(address);
    const isTimeless = !history.knows(address) && current?.since === undefined;
    return isTimeless ? settle(address, end, current?.owner) : { is: 'by-time', address };
  };

  const known = boundedMemory<Timeless>();
  const recognise = (end: FlowEnd, when: When): RecognisedEnd => {
    const found = known.of(endKey(end), () => timeless(end));
    if (found.is !== 'by-time') return found;
    return settle(found.address, end, history.ownerAt(found.address, when, byBook(found.address)));
  };
  return { book, recognise };
}

/** When the kubelet took up a pod, before it had an address; milliseconds since 1970, undefined where nothing says. */
function startOf({ object }: Pod): number | undefined {
  const { status, metadata } = object.value;
  const text =
    (isObject(status) ? status['startTime'] : undefined) ??
    (isObject(metadata) ? metadata['creationTimestamp'] : undefined);
  const time = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** One of two memories of the same owner, in whatever order they come; a pod only where both know the same. */
function mergeRemembered(a: RecognisedEnd, b: RecognisedEnd): RecognisedEnd {
  if (a.is !== 'end' || b.is !== 'end') return a;
  const least = a.end.says <= b.end.says ? a : b;
  if (a.end.pod === b.end.pod) return least;
  const { pod: _, ...end } = least.end;
  return { ...least, end };
}

function withAddress(address: string | undefined): { address?: string } {
  return address === undefined ? {} : { address };
}

/** What other records say counts as such, whatever told them. */
function asRemembered(said: RecognisedEnd, address: string): RecognisedEnd {
  if (said.is !== 'end') return said;
  const says = `other records of the log: ${said.end.says}`;
  return {
    ...said,
    end: { ...said.end, how: said.end.how === 'log-entity' ? 'log-entity' : 'log-history', says },
    address,
  };
}

function historyKey(said: RecognisedEnd, end: FlowEnd, address: string): string {
  if (said.is !== 'end')
    return `unknown ${end.namespace}/${end.workload?.kind ?? ''}/${end.workload?.name ?? end.pod ?? ''}`;
  const { party } = said.end;
  return party.type === 'workload' ? `workload ${party.key}` : `node ${party.type === 'node' ? party.name : address}`;
}

function canonical(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const parsed = parseAddress(text);
  return parsed.ok ? printAddress(parsed.family, parsed.value) : undefined;
}

/** A text equal only for ends that are recognised alike. */
function endKey({ address, namespace, pod, workload, labels, entity, service, names, node }: FlowEnd): string {
  const owner = `${workload?.kind}/${workload?.name}`;
  const named = `${service?.namespace}/${service?.name}`;
  // Joined, a text is in one piece; kept as a template it would be a tree of pieces, many times as large.
  const plain = [address, namespace, pod, owner, entity, node, named].map(String).join('|');
  if (names === undefined && (labels === undefined || workload !== undefined)) return plain;
  const sorted = labels === undefined ? [] : Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${plain}|${JSON.stringify([sorted, names])}`;
}
