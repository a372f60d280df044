// The same as signatures of pods, as numbers: a pod that comes is looked up in a tree of what tells pods apart, without a
// text being made of it. Knows no workloads.

import type { ContainerPort, Pod } from '../model/cluster.ts';
import { type ParsedAddress, parseAddress } from '../sets/ip-address.ts';
import { atomIndex } from './address-classes.ts';

import { type EndpointContext, portText, seesNodes } from './pod-endpoints.ts';

/** Pods that were numbered, equal numbers for those that no policy can tell apart; they also share their namespace. */
export interface PodNumbers {
  /** Numbers a pod; `mark` is a text in which pods may differ, too. */
  add(pod: Pod, mark: string): number;
  /** The number of those like this pod; undefined: none was added, or `isExpected` is not true of one of its addresses. */
  find(pod: Pod, mark: string, isExpected: (address: ParsedAddress) => boolean): number | undefined;
}

/** A step in the tree: words lead on; undefined: there are none yet, as at the very many last steps. */
interface Place {
  readonly number: number;
  next: Map<number, Place> | undefined;
}

/** No word: nobody who was added has it. */
const UNKNOWN = -1;

/** Prepares numbers, of nobody yet. */
export function podNumbers({ relevance, behaviour }: EndpointContext): PodNumbers {
  const atom = atomIndex(relevance.blocks);
  const seesNode = seesNodes({ relevance, behaviour });
  let places = 0;
  const place = (): Place => ({ number: places++, next: undefined });
  const root = place();
  const labelWords = wordTable();
  // By key, the words of values, and that of all that nobody names. Where values are looked into, all get one.
  const labels = new Map(
    [...relevance.labels].map(([key, { values, raw }]) => {
      const words = new Map<string, number>();
      if (!raw) for (const value of values) words.set(value, labelWords.fresh());
      return [key, { raw, words, other: labelWords.fresh() }] as const;
    }),
  );
  const restWords = textTable();
  const namespaces = textTable();
  // Pods of one list share their ports where these are the same.
  const portTexts = new WeakMap<readonly ContainerPort[], string>();
  const portsOf = (ports: readonly ContainerPort[]): string => {
    if (!hasOneOf(ports, relevance.portNames)) return '';
    const known = portTexts.get(ports) ?? portText(ports, relevance.portNames);
    portTexts.set(ports, known);
    return known;
  };

  /** Everything but namespace, labels and one address; each text that others give begins with how long it is. */
  function restOf({ addresses, openLabels, ports, hostNetwork, node }: Pod, mark: string): string {
    let text = portsOf(ports);
    if (mark !== '') text += `!${mark}`;
    if (openLabels !== undefined) {
      for (const key of openLabels) if (relevance.labels.has(key)) text += `?${key.length}.${key}`;
    }
    if (addresses.length !== 1) {
      const atoms = addresses.map((one) => addressWord(parseAddress(one), atom)).sort((a, b) => a - b);
      text += `|${atoms.join('|')}`;
    }
    if (hostNetwork) text += seesNode && node !== undefined ? `@${node.length}.${node}` : '@';
    return text;
  }

  const sorted: number[] = [];

  /** Follows a pod from the root; undefined: `next` leads nowhere. */
  function follow(
    pod: Pod,
    mark: string,
    address: number,
    isNew: boolean,
    next: (at: Place, word: number) => Place | undefined,
  ): number | undefined {
    let count = 0;
    for (const key of Object.keys(pod.labels)) {
      const known = labels.get(key);
      if (known === undefined) continue;
      const value = pod.labels[key]!;
      let word = known.words.get(value);
      if (word === undefined) {
        if (known.raw && !isNew) return undefined;
        word = known.raw ? labelWords.fresh() : known.other;
        if (known.raw) known.words.set(value, word);
      }
      // Few labels are asked for, so that each is put in its place at once.
      let at = count++;
      for (; at > 0 && sorted[at - 1]! > word; at--) sorted[at] = sorted[at - 1]!;
      sorted[at] = word;
    }
    let at: Place | undefined = root;
    // Words of labels are even, and what comes after them is odd.
    for (let nth = 0; nth < count; nth++) {
      at = next(at, sorted[nth]! * 2);
      if (at === undefined) return undefined;
    }
    at = next(at, address * 2 + 1);
    if (at === undefined) return undefined;
    at = next(at, restWords(restOf(pod, mark), isNew));
    return at && next(at, namespaces(pod.namespace, isNew))?.number;
  }

  const made = (at: Place, word: number): Place => {
    at.next ??= new Map();
    const there = at.next.get(word);
    if (there !== undefined) return there;
    const one = place();
    at.next.set(word, one);
    return one;
  };
  const known = (at: Place, word: number) => at.next?.get(word);
  return {
    add: (pod, mark) => {
      const [address] = pod.addresses;
      const word = pod.addresses.length === 1 ? addressWord(parseAddress(address!), atom) : 0;
      return follow(pod, mark, word, true, made)!;
    },
    find(pod, mark, isExpected) {
      const { addresses } = pod;
      let word = 0;
      for (const text of addresses) {
        const address = parseAddress(text);
        if (!isExpected(address)) return undefined;
        if (addresses.length === 1) word = addressWord(address, atom);
      }
      return follow(pod, mark, word, false, known);
    },
  };
}

function hasOneOf(ports: readonly ContainerPort[], names: ReadonlySet<string>): boolean {
  for (const { name } of ports) if (name !== undefined && names.has(name)) return true;
  return false;
}

/** By family and blocks; 1: no address that can be read. */
function addressWord(address: ParsedAddress, atom: (value: number | bigint) => number): number {
  if (!address.ok) return 1;
  return (atom(address.value) + 1) * 2 + (address.family === 'IPv4' ? 0 : 1);
}

function wordTable(): { fresh(): number } {
  let words = 0;
  return { fresh: () => words++ };
}

/** Numbers of texts; {@link UNKNOWN} for one that is not new and was never numbered. */
function textTable(): (text: string, isNew: boolean) => number {
  const known = new Map<string, number>();
  return (text, isNew) => {
    const number = known.get(text);
    if (number !== undefined) return number;
    if (!isNew) return UNKNOWN;
    known.set(text, known.size);
    return known.size - 1;
  };
}
