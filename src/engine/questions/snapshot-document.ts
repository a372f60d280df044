// The documents of `snapshot`: a state as a file, and what is in one. Exactly the JSON that programs read (docs/json.md,
// schemas/). Fields may be added, never changed.

import type { Gap } from '../model/cluster.ts';
import type { Limit, ServerFacts } from '../model/server-facts.ts';
import { detectPlatform, type PlatformDocument, platformDocument } from '../platforms/index.ts';
import { compareTexts } from '../snapshot/identity.ts';
import { isObject, type JsonObject } from '../snapshot/reading.ts';
import type { State } from '../state.ts';
import { API_VERSION } from './documents.ts';

/** What was not read, and whether verdicts depend on it. */
export interface SavedGap {
  readonly reason: Gap['reason'];
  readonly message: string;
  readonly namespaces: readonly string[] | 'all';
  readonly lost?: 'policies';
}

/** Where and when a state was read, and what is missing in it. Absent fields are not known. */
export interface SnapshotHeader {
  /** The moment, as RFC 3339 has it. */
  readonly taken?: string;
  /** Name of the kubeconfig's context. */
  readonly context?: string;
  /** The namespace that names without one stood for. */
  readonly namespace?: string;
  readonly server?: Omit<ServerFacts, 'isLive'>;
  readonly incomplete: readonly SavedGap[];
  /** What else is missing and changes no verdict. */
  readonly notes: readonly Limit[];
}

/** A state as a file. */
export interface Snapshot extends SnapshotHeader {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: 'Snapshot';
  /** Objects as the API server has them, by kind, namespace and name. Never Secrets. */
  readonly items: readonly JsonObject[];
}

/** What is in a snapshot. */
export interface SnapshotSummary extends SnapshotHeader {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: 'SnapshotSummary';
  /** By apiVersion and kind. `namespaces`: in how many they are; absent for kinds without namespaces. */
  readonly kinds: readonly {
    readonly apiVersion: string;
    readonly kind: string;
    readonly objects: number;
    readonly namespaces?: number;
  }[];
  /** What the objects show of the platform, each fact with its reason; absent in summaries of older versions. */
  readonly platform?: PlatformDocument;
}

/** A state to be saved. Throws for Secrets: a snapshot goes where Secrets must not. */
export function snapshotOf(items: readonly JsonObject[], header: SnapshotHeader): Snapshot {
  if (items.some(({ kind, apiVersion }) => kind === 'Secret' && apiVersion === 'v1')) {
    throw new Error('Secrets are never saved');
  }
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  keyed.sort((a, b) => compareTexts(a.key, b.key));
  return { apiVersion: API_VERSION, kind: 'Snapshot', ...header, items: keyed.map(({ item }) => item) };
}

/** Counts the objects of a snapshot; `state` is what they come to. */
export function summarise(items: readonly JsonObject[], header: SnapshotHeader, state: State): SnapshotSummary {
  const counts = new Map<string, { apiVersion: string; kind: string; objects: number; namespaces: Set<string> }>();
  for (const item of items) {
    const [apiVersion, kind] = [String(item['apiVersion']), String(item['kind'])];
    const key = `${apiVersion} ${kind}`;
    const count = counts.get(key) ?? { apiVersion, kind, objects: 0, namespaces: new Set() };
    counts.set(key, count);
    count.objects++;
    const { namespace } = metadataOf(item);
    if (typeof namespace === 'string' && namespace !== '') count.namespaces.add(namespace);
  }
  const kinds = [...counts]
    .sort(([a], [b]) => compareTexts(a, b))
    .map(([, { namespaces, ...one }]) => ({
      ...one,
      ...(namespaces.size === 0 ? {} : { namespaces: namespaces.size }),
    }));
  return {
    apiVersion: API_VERSION,
    kind: 'SnapshotSummary',
    ...header,
    kinds,
    platform: platformDocument(detectPlatform(state)),
  };
}

function keyOf(item: JsonObject): string {
  const { namespace, name } = metadataOf(item);
  return JSON.stringify([item['apiVersion'], item['kind'], namespace ?? '', name ?? '']);
}

function metadataOf(item: JsonObject): JsonObject {
  const metadata = item['metadata'];
  return isObject(metadata) ? metadata : {};
}
