// The second part of a long list of Pods, read while somebody else reads the first: from a place where an item seems to
// begin. Whether one does is for the reader of the first part to say, when it comes there; else nothing of this is used.

import { ABSENT } from './abridge.ts';
import { BriefPod } from './brief-pod.ts';
import type { ByteSource } from './byte-source.ts';
import { type ListedItems, type PartEnd, type PartRequest, readLists } from './read-lists.ts';

/** Some pods, as they go from thread to thread: copying lists of texts is quick, copying objects is not. */
export interface PodBatch {
  /** Each once. */
  readonly commons: Readonly<Record<string, unknown>>[];
  /** For each pod its index in `commons`. */
  readonly commonOf: number[];
  /** Four for each pod, as {@link BriefPod} takes them; undefined for what is absent, and for the list of one address. */
  readonly own: unknown[];
  /** For each pod whether the list of addresses is that of its one address. */
  readonly hasOneAddress: boolean[];
  readonly starts: number[];
  readonly ends: number[];
}

/** Pods of one message. */
const BATCH = 8192;

/**
 * Reads a part of a list; gives it batch by batch. Undefined at the end where it is not sound, or not Pods from end to end:
 * then the reader of the first part reads it all.
 */
export function* readPart(
  source: ByteSource,
  request: PartRequest,
  piece: number,
): Generator<PodBatch, PartEnd | undefined, void> {
  const items: ListedItems = { values: [], starts: [], ends: [] };
  const steps = readLists(source, { abridges: true, piece }, { ...request, items });
  for (let step = steps.next(); ; step = steps.next()) {
    if (items.values.length >= BATCH || step.done === true) {
      const batch = batchOf(items);
      if (batch === undefined) return undefined;
      yield batch;
      for (const list of [items.values, items.starts, items.ends]) list.length = 0;
    }
    if (step.done !== true) continue;
    const { partEnd, invalidAt } = step.value;
    return partEnd && { ...partEnd, ...(invalidAt === undefined ? {} : { invalidAt }) };
  }
}

function batchOf({ values, starts, ends }: ListedItems): PodBatch | undefined {
  const batch: PodBatch = {
    commons: [],
    commonOf: [],
    own: [],
    hasOneAddress: [],
    starts: starts.slice(),
    ends: ends.slice(),
  };
  for (const pod of values) {
    if (!(pod instanceof BriefPod)) return undefined;
    if (batch.commons.at(-1) !== pod.common) batch.commons.push(pod.common);
    batch.commonOf.push(batch.commons.length - 1);
    const [name, node, address, addresses] = pod.own();
    const isOne = pod.hasOneAddress;
    batch.hasOneAddress.push(isOne);
    for (const part of [name, node, address, isOne ? ABSENT : addresses]) {
      batch.own.push(part === ABSENT ? undefined : part);
    }
  }
  return batch;
}

/** Adds the pods of a batch to the items of the list; `texts`: those that many pods have, each once. */
export function addBatch(items: ListedItems, batch: PodBatch, texts: Map<unknown, unknown>): void {
  const { commons, commonOf, own, hasOneAddress, starts, ends } = batch;
  const partAt = (index: number): unknown => (own[index] === undefined ? ABSENT : own[index]);
  commonOf.forEach((common, index) => {
    const at = 4 * index;
    let node = partAt(at + 1);
    if (typeof node === 'string') {
      if (!texts.has(node)) texts.set(node, node);
      node = texts.get(node);
    }
    const address = partAt(at + 2);
    const addresses = hasOneAddress[index] ? [{ ip: address }] : partAt(at + 3);
    items.values.push(new BriefPod(commons[common]!, [partAt(at), node, address, addresses]));
    items.starts.push(starts[index]!);
    items.ends.push(ends[index]!);
  });
}

/** Bytes of the first item that an item is known by. */
const KNOWN_BY = 16;
/** Bytes in which the beginning of an item is looked for. */
const LOOKED_AT = 1024 * 1024;

/**
 * Offset at or behind `from` where an item seems to begin, as the first one of the list does at `first`, with what stands
 * between the bracket at `open` and it; undefined where nothing looks so.
 */
export function guessItem(source: ByteSource, open: number, first: number, from: number): number | undefined {
  const head = source.slice(open + 1, Math.min(first + KNOWN_BY, source.size));
  const wanted = Buffer.concat([Buffer.from('},'), head]);
  const bytes = Buffer.from(source.slice(from, Math.min(from + LOOKED_AT, source.size)));
  const at = bytes.indexOf(wanted);
  return at < 0 ? undefined : from + at + 2 + (first - open - 1);
}
