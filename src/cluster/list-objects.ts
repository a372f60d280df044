// All objects of one kind, page by page, each without what no answer needs. Secrets are never asked for: this is the only
// place that lists anything, and it refuses to.

import type { ApiClient, Refusal } from './api-client.ts';
import { metadataOf } from './api-client.ts';
import type { ServedKind } from './discovery.ts';
import { isPlain, type Plain, textIn } from './plain-values.ts';

/** Objects asked for at a time, as kubectl does. */
export const PAGE_SIZE = 500;

/** A list, or why there is none. */
export type Listed =
  | { readonly objects: readonly Plain[]; readonly refusal?: undefined }
  | { readonly refusal: Refusal };

/** How a list is asked for. */
export interface ListOptions {
  /** Absent: in all namespaces, or the kind has none. */
  readonly namespace?: string;
  /** Whether annotations stay that hold the whole object once more; they go if absent. */
  readonly keepsApplied?: boolean;
  /** Called after each page with its length, and how many the server says are left, where it says so. */
  readonly onPage?: (read: number, left: number | undefined) => void;
}

const NO_LIST: Refusal = { status: 500, reason: '', message: 'the server answers with something that is no list' };
const SAME_PAGE: Refusal = { status: 500, reason: '', message: 'the server hands out the same page once more' };

/** The annotation in which kubectl keeps what was applied: the whole object once more. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Lists a kind. Where pages run out of date on the way, begins again with all in one, as client-go does. */
export async function listObjects(client: ApiClient, kind: ServedKind, options: ListOptions = {}): Promise<Listed> {
  assertNoSecrets(kind);
  const path = pathOf(kind, options.namespace);
  const paged = await listPages(client, kind, `${path}?limit=${PAGE_SIZE}`, options);
  if (paged.refusal?.status !== 410) return paged;
  return listPages(client, kind, path, options);
}

async function listPages(client: ApiClient, kind: ServedKind, first: string, options: ListOptions): Promise<Listed> {
  const objects: Plain[] = [];
  let path = first;
  let last: string | undefined;
  for (;;) {
    const answer = await client.get(path);
    if (answer.refusal !== undefined) return answer;
    const { items } = answer.value;
    // Go writes an empty list as null, too. Whatever else is here is no list, and not one of nothing.
    const page = items === null ? [] : items;
    if (!Array.isArray(page) || !page.every(isPlain)) return { refusal: NO_LIST };
    for (const item of page) objects.push(trimmed(item, kind, options.keepsApplied));
    const metadata = metadataOf(answer.value);
    const left = metadata['remainingItemCount'];
    options.onPage?.(page.length, typeof left === 'number' ? left : undefined);
    const next = textIn(metadata, 'continue');
    if (next === undefined) return { objects };
    if (next === last) return { refusal: SAME_PAGE };
    last = next;
    path = `${first}${first.includes('?') ? '&' : '?'}continue=${encodeURIComponent(next)}`;
  }
}

/** One object by name, or why there is none. `namespace`: absent for kinds without. */
export async function getObject(
  client: ApiClient,
  kind: ServedKind,
  name: string,
  namespace?: string,
): Promise<{ readonly object: Plain; readonly refusal?: undefined } | { readonly refusal: Refusal }> {
  assertNoSecrets(kind);
  const answer = await client.get(`${pathOf(kind, namespace)}/${encodeURIComponent(name)}`);
  return answer.refusal === undefined ? { object: trimmed(answer.value, kind) } : answer;
}

/** Throws for Secrets: asking for them would be our defect, whatever a caller wants. */
export function assertNoSecrets({ group, kind, resource }: ServedKind): void {
  if ((group === '' && resource === 'secrets') || kind === 'Secret') throw new Error('Secrets are never read');
}

function pathOf({ group, version, resource }: ServedKind, namespace?: string): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}${namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/${resource}`;
}

/** The items of a list do not say what they are; who wrote which field, and copies of the object, are left out. */
function trimmed(item: Plain, kind: ServedKind, keepsApplied = false): Plain {
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  const { managedFields: _, annotations, ...metadata } = metadataOf(item);
  const kept = isPlain(annotations)
    ? Object.entries(annotations).filter(([key]) => keepsApplied || key !== LAST_APPLIED)
    : [];
  const own = kept.length === 0 ? metadata : { ...metadata, annotations: Object.fromEntries(kept) };
  return withoutSchemas({ apiVersion, kind: kind.kind, ...item, metadata: own });
}

/** What a definition says about its fields is most of it, and nothing to us. */
function withoutSchemas(object: Plain): Plain {
  const spec = object['spec'];
  if (object['kind'] !== 'CustomResourceDefinition' || !isPlain(spec) || !Array.isArray(spec['versions']))
    return object;
  const versions = spec['versions'].map((version) => (isPlain(version) ? { ...version, schema: undefined } : version));
  return { ...object, spec: { ...spec, versions: versions.map(withoutUndefined) } };
}

function withoutUndefined(value: unknown): unknown {
  return isPlain(value) ? Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) : value;
}
