// What a person reads for an endpoint and for a set of endpoints of one document. Knows no connections.

import type { EndpointDocument } from '../engine/questions/documents.ts';
import { parseAddress, printAddresses } from '../engine/sets/ip-address.ts';
import type { IpSet } from '../engine/sets/ip-set.ts';
import * as ipSets from '../engine/sets/ip-set.ts';
import { NAMED_RANGES } from '../engine/sets/named-ranges.ts';
import { GLUE, printable, printableName } from './printable.ts';

/** Names of one document's endpoints. An id that the document does not have prints as `#7`. */
export interface EndpointNames {
  /** One endpoint: `shop/web`; `shop/deployment/web` where the name alone is ambiguous, or always in wide output. */
  one(id: number): string;
  /** A set, abbreviated: `shop/*, internet`, in the order of the document; long lists end in `and 7 more`, unless wide. Empty: `nobody`. */
  set(ids: readonly number[]): string;
  /** The names of {@link set} one by one, and how many more it counts. Empty: nobody. */
  list(ids: readonly number[]): { readonly names: readonly string[]; readonly more: number };
}

/** From so many members on, a set may be named by what it lacks. */
const ENOUGH_TO_EXCEPT = 5;

/** So many missing members are listed at most. */
const MOST_EXCEPTIONS = 2;

/** With more missing members a set is never named by them: variants count, and the set may be huge. */
const MOST_MISSING = 8;

/** So many names are listed at most, unless wide; the rest is counted. */
const MOST_NAMES = 20;

type Workload = EndpointDocument & { readonly type: 'workload' };

/** Ranges of an endpoint of addresses as a set; texts that are no addresses are left out (they cannot come from us). */
export function addressesOf(ranges: readonly (readonly [string, string])[]): IpSet {
  const sets: IpSet[] = [];
  for (const [firstText, lastText] of ranges) {
    const first = parseAddress(firstText);
    const last = parseAddress(lastText);
    if (!first.ok || !last.ok) continue;
    if (first.family === 'IPv4' && last.family === 'IPv4') sets.push({ v4: [first.value, last.value + 1], v6: [] });
    if (first.family === 'IPv6' && last.family === 'IPv6') sets.push({ v4: [], v6: [first.value, last.value + 1n] });
  }
  return ipSets.unionAll(sets);
}

/**
 * Reports whether the name says it all. Parts of the private, link-local and metadata ranges bear the name of the whole
 * and need their addresses beside it; the internet without a few blocks is the internet to a person.
 */
function namesExactly(name: string, set: IpSet): boolean {
  if (name === 'internet' || !Object.hasOwn(NAMED_RANGES, name)) return true;
  return ipSets.equals(set, NAMED_RANGES[name as keyof typeof NAMED_RANGES]);
}

/** The key of the workload that a variant belongs to. */
function baseKey(endpoint: EndpointDocument): string {
  return endpoint.key.replace(/#\d+$/, '');
}

/**
 * Names for the endpoints of one document. `abbreviate`: sets that hold every pod, or every pod of a namespace, are
 * called so; only right where the document lists every endpoint of its snapshot.
 */
export function endpointNames(
  endpoints: readonly EndpointDocument[],
  options: { readonly wide?: boolean; readonly abbreviate?: boolean },
): EndpointNames {
  const baseOf = new Map(endpoints.map((endpoint) => [endpoint, baseKey(endpoint)]));
  const byId = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));
  const workloads = endpoints.filter((endpoint) => endpoint.type === 'workload');
  const kindsOfName = new Map<string, Set<string>>();
  const variantsOfBase = new Map<string, number>();
  const ofRangeName = new Map<string, number>();
  for (const endpoint of endpoints) {
    if (endpoint.type === 'workload') {
      const name = `${endpoint.namespace}/${endpoint.name}`;
      kindsOfName.set(name, (kindsOfName.get(name) ?? new Set()).add(baseKey(endpoint)));
      variantsOfBase.set(baseKey(endpoint), (variantsOfBase.get(baseKey(endpoint)) ?? 0) + 1);
    } else if (endpoint.type === 'addresses' && endpoint.name !== undefined)
      ofRangeName.set(endpoint.name, (ofRangeName.get(endpoint.name) ?? 0) + 1);
  }
  const wide = options.wide === true;

  const mark = (isIncomplete: boolean): string => (isIncomplete ? `${GLUE}(incomplete)` : '');

  const workloadNames = { local: new Map<Workload, string>(), whole: new Map<Workload, string>() };
  const workloadName = (endpoint: Workload, isLocal = false): string => {
    const known = workloadNames[isLocal ? 'local' : 'whole'];
    const name = known.get(endpoint) ?? workloadNameUncached(endpoint, isLocal);
    known.set(endpoint, name);
    return name;
  };
  const workloadNameUncached = (endpoint: Workload, isLocal: boolean): string => {
    const isAmbiguous = (kindsOfName.get(`${endpoint.namespace}/${endpoint.name}`)?.size ?? 0) > 1;
    const kind = isAmbiguous || wide ? `${printableName(endpoint.kind.toLowerCase())}/` : '';
    return `${isLocal ? '' : `${printableName(endpoint.namespace)}/`}${kind}${printableName(endpoint.name)}`;
  };

  const variantName = (endpoint: Workload): string => {
    const number = endpoint.key.slice(baseKey(endpoint).length);
    const labels = Object.entries(endpoint.variant ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => printable(`${key}=${value}`).replaceAll(' ', GLUE));
    return `${workloadName(endpoint)}${number}${labels.length === 0 ? '' : `{${labels.join(',')}}`}`;
  };

  const addressName = (endpoint: EndpointDocument & { readonly type: 'addresses' }): string => {
    const set = addressesOf(endpoint.ranges);
    const { name } = endpoint;
    if (name !== undefined && !wide && ofRangeName.get(name) === 1 && namesExactly(name, set)) return printable(name);
    const ranges = printAddresses(set, wide ? Number.POSITIVE_INFINITY : 2).replaceAll(', ', ',');
    return printable(name === undefined ? ranges : `${ranges} (${name})`).replaceAll(' ', GLUE);
  };

  const cache = new Map<number, string>();
  const one = (id: number): string => {
    const known = cache.get(id);
    if (known !== undefined) return known;
    const name = oneUncached(id);
    cache.set(id, name);
    return name;
  };
  const oneUncached = (id: number): string => {
    const endpoint = byId.get(id);
    if (endpoint === undefined) return `#${id}`;
    const marked = mark(endpoint.incomplete === true);
    switch (endpoint.type) {
      case 'workload':
        return `${variantName(endpoint)}${marked}`;
      case 'addresses':
        return `${addressName(endpoint)}${marked}`;
      case 'entry':
        return `${printableName(endpoint.namespace)}/${endpoint.kind.toLowerCase()}/${printableName(endpoint.name)}${marked}`;
      case 'node':
        return `node/${printableName(endpoint.name)}${marked}`;
      case 'domain':
      case 'pods':
        return `${printable(endpoint.name)}${marked}`;
      default:
        // A newer document may have types that this program does not know.
        return printable((endpoint as { readonly key?: string }).key ?? `#${id}`);
    }
  };

  const wholeName = (variants: readonly Workload[], isLocal: boolean): string => {
    const [first] = variants;
    if (first === undefined) return '';
    if (variants.length === 1 && !isLocal) return one(first.id);
    return `${workloadName(first, isLocal)}${mark(variants.some(({ incomplete }) => incomplete === true))}`;
  };

  /** Workloads of a set as names, variants that are all there as one. */
  const workloadTexts = (members: readonly Workload[], isLocal = false): string[] => {
    const present = new Map<string, Workload[]>();
    for (const member of members) {
      const key = baseOf.get(member) ?? member.key;
      const list = present.get(key);
      if (list === undefined) present.set(key, [member]);
      else list.push(member);
    }
    const texts: string[] = [];
    for (const [key, list] of present) {
      const [first] = list;
      if (first === undefined) continue;
      if (list.length === variantsOfBase.get(key) && (list.length > 1 || first.variant === undefined))
        texts.push(wholeName(list, isLocal));
      else for (const member of list) texts.push(one(member.id));
    }
    return texts;
  };

  const byNamespace = new Map<string, Workload[]>();
  for (const workload of workloads) {
    const list = byNamespace.get(workload.namespace);
    if (list === undefined) byNamespace.set(workload.namespace, [workload]);
    else list.push(workload);
  }

  const positionOf = new Map([...byNamespace.keys()].map((namespace, position) => [namespace, position]));

  /** `shop/*`, `shop/* (not db)`, or undefined where names are better. */
  const wholeText = (label: string, whole: readonly Workload[], has: ReadonlySet<number>, isLocal: boolean) => {
    const missing = whole.filter(({ id }) => !has.has(id));
    if (missing.length > MOST_MISSING) return undefined;
    const isIncomplete = whole.some(({ id, incomplete }) => incomplete === true && has.has(id));
    const isNamed = missing.length === 0 && new Set(whole.map(baseKey)).size > 1;
    if (isNamed) return `${label}${isIncomplete ? `${GLUE}(partly${GLUE}incomplete)` : ''}`;
    const texts = workloadTexts(missing, isLocal);
    if (missing.length === 0 || whole.length < ENOUGH_TO_EXCEPT || texts.length > MOST_EXCEPTIONS) return undefined;
    return `${label}${GLUE}(not${GLUE}${texts.join(`,${GLUE}`)})${isIncomplete ? `${GLUE}(partly${GLUE}incomplete)` : ''}`;
  };

  const podTexts = (members: readonly Workload[], has: ReadonlySet<number>): string[] => {
    if (options.abbreviate !== true || wide) return workloadTexts(members);
    // Few members are never everybody: big documents have many small sets.
    const mayBeAll = byNamespace.size > 1 && members.length >= workloads.length - MOST_MISSING;
    const everything = mayBeAll ? wholeText(`all${GLUE}pods`, workloads, has, false) : undefined;
    const isEverybody = members.length === workloads.length;
    if (everything !== undefined && isEverybody) return [everything];
    const present = new Map<string, Workload[]>();
    for (const member of members) {
      const here = present.get(member.namespace);
      if (here === undefined) present.set(member.namespace, [member]);
      else here.push(member);
    }
    const texts: string[] = [];
    for (const namespace of [...present.keys()].sort((a, b) => positionOf.get(a)! - positionOf.get(b)!)) {
      const here = present.get(namespace)!;
      const whole = byNamespace.get(namespace)!;
      const text = wholeText(`${printableName(namespace)}/*`, whole, has, true);
      if (text === undefined) for (const each of workloadTexts(here)) texts.push(each);
      else texts.push(text);
    }
    // Two namespaces say more than everybody with exceptions.
    return everything !== undefined && texts.length > 2 ? [everything] : texts;
  };

  const list = (ids: readonly number[]): { readonly names: readonly string[]; readonly more: number } => {
    const has = new Set(ids);
    const pods: Workload[] = [];
    const others: number[] = [];
    for (const id of [...has].sort((a, b) => a - b)) {
      const member = byId.get(id);
      if (member?.type === 'workload') pods.push(member);
      else others.push(id);
    }
    const texts = podTexts(pods, has);
    for (const id of others) texts.push(one(id));
    const rest = texts.length - MOST_NAMES;
    if (wide || rest <= 1) return { names: texts, more: 0 };
    return { names: texts.slice(0, MOST_NAMES), more: rest };
  };
  // Rows of a table share their sets.
  const texts = new WeakMap<readonly number[], string>();
  const set = (ids: readonly number[]): string => {
    const known = texts.get(ids);
    if (known !== undefined) return known;
    const { names, more } = list(ids);
    const text =
      names.length === 0 ? 'nobody' : `${names.join(', ')}${more === 0 ? '' : ` and${GLUE}${more}${GLUE}more`}`;
    texts.set(ids, text);
    return text;
  };
  return { one, set, list };
}
