// Sorts of values that knobs have: how each is read, printed and put into words. Knows no knob but the shape of its value.

import type { Knobs } from '../model/behaviour.ts';
import { nearestNames } from '../model/nearest-names.ts';
import { parseCidr, printCidrs } from '../sets/ip-address.ts';
import type { IpSet } from '../sets/ip-set.ts';
import { unionAll } from '../sets/ip-set.ts';

/** What is known of one knob. */
export interface KnobDefinition<T> {
  /** The value where neither a plugin nor the user says otherwise: the reading of the specification, or "open". */
  readonly default: T;
  /** Legal values as a person reads them: `true | false`. */
  readonly values: string;
  /** One sentence. */
  readonly meaning: string;
  /** Why the default is the default: the document or case that it follows. */
  readonly source: string;
  /** The value that the text means, or `problem`: what is wrong with it, empty where `values` says it all. */
  parse(text: string): { readonly value: T } | { readonly problem: string };
  /** The text that {@link KnobDefinition.parse} reads back as the same value. */
  print(value: T): string;
  /** What a plugin with this value does, as a clause without a full stop: `ipBlock does not match pods`. */
  says(value: T): string;
}

/** What a definition says beside its sort of values. */
export type About<T> = Pick<KnobDefinition<T>, 'default' | 'meaning' | 'source'>;

/** The word that stands for "what the snapshot shows" where a knob takes addresses or families. */
export const SHOWN = 'shown';

/** Names of sources that several knobs follow. */
export const API = 'NetworkPolicy API (networking.k8s.io/v1)';
/** The page on NetworkPolicy, which says what is left open. */
export const CONCEPT = 'https://kubernetes.io/docs/concepts/services-networking/network-policies/';

/** One of several words; `says` has a clause for each, in the order in which they are listed. */
export function word<W extends string>(says: Readonly<Record<W, string>>, about: About<NoInfer<W>>): KnobDefinition<W> {
  const words = Object.keys(says) as W[];
  return {
    ...about,
    values: words.join(' | '),
    parse(text) {
      const value = words.find((one) => one === text);
      return value === undefined ? { problem: '' } : { value };
    },
    print: (value) => value,
    says: (value) => says[value],
  };
}

/** Yes, no, or not known. */
export function flag(
  says: Readonly<Record<'true' | 'false' | 'unknown', string>>,
  about: About<boolean | 'unknown'>,
): KnobDefinition<boolean | 'unknown'> {
  const words = word<'true' | 'false' | 'unknown'>(says, { ...about, default: 'true' });
  return {
    ...about,
    values: words.values,
    parse(text) {
      const read = words.parse(text);
      if ('problem' in read) return read;
      return { value: read.value === 'unknown' ? 'unknown' : read.value === 'true' };
    },
    print: String,
    says: (value) => says[value === 'unknown' ? value : value ? 'true' : 'false'],
  };
}

/** A list of words without duplicates, in their own order; never empty. */
export function wordList<W extends string>(
  words: readonly W[],
  about: About<readonly NoInfer<W>[]>,
  says: (value: readonly W[]) => string,
): KnobDefinition<readonly W[]> {
  return {
    ...about,
    values: `${words.join(', ')} (a list with commas)`,
    parse: (text) => parseWords(text, words),
    print: (value) => value.join(','),
    says,
  };
}

/** A list without duplicates in the order of `words`; never empty. */
export function parseWords<W extends string>(
  text: string,
  words: readonly W[],
): { value: readonly W[] } | { problem: string } {
  const parts = text.split(',').map((part) => part.trim());
  for (const part of parts) {
    if (words.some((one) => one === part)) continue;
    const nearest = nearestNames(part, words);
    return { problem: `"${part}" is none of them${nearest.length > 0 ? `, did you mean ${nearest.join(', ')}?` : ''}` };
  }
  return { value: words.filter((one) => parts.includes(one)) };
}

/** Blocks of addresses, or what the snapshot shows. */
export function cidrs(whose: string, otherwise: string): KnobDefinition<IpSet | undefined> {
  return {
    default: undefined,
    values: `${SHOWN} | CIDR[,CIDR…]`,
    meaning: `Where the addresses of ${whose} lie; shown: where the snapshot shows them, else ${otherwise}.`,
    source: 'the snapshot shows them',
    parse(text) {
      if (text === SHOWN) return { value: undefined };
      const sets: IpSet[] = [];
      for (const part of text.split(',')) {
        const cidr = parseCidr(part.trim());
        if (!cidr.ok) return { problem: `"${part.trim()}" is no CIDR: ${cidr.problem}` };
        sets.push(cidr.set);
      }
      return { value: unionAll(sets) };
    },
    print: (value) => (value === undefined ? SHOWN : printCidrs(value).join(',')),
    says: (value) =>
      `${whose} have addresses ${value === undefined ? 'as shown' : `in ${printCidrs(value).join(', ')}`}`,
  };
}

/** Labels of letters, digits, `-` and `_`, after `*.` for all names below one. */
const DOMAIN_NAME = /^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;

/** Reads names with their addresses. Names are compared in lower case and without a trailing dot, so they are kept that way. */
export function parseDomainMap(text: string): { value: Knobs['domainMap'] } | { problem: string } {
  if (text === 'none') return { value: {} };
  const entries = new Map<string, string[]>();
  for (const part of text.split(',')) {
    const colon = part.indexOf(':');
    if (colon < 0) return { problem: `"${part.trim()}" has no addresses; write example.com:192.0.2.1/32` };
    const name = part.slice(0, colon).trim().toLowerCase().replace(/\.$/, '');
    if (!DOMAIN_NAME.test(name)) return { problem: `"${part.slice(0, colon).trim()}" is no domain name` };
    if (entries.has(name)) return { problem: `"${name}" is there twice; join its addresses with +` };
    const addresses = part
      .slice(colon + 1)
      .split('+')
      .map((address) => address.trim());
    for (const address of addresses) {
      const cidr = parseCidr(address);
      if (!cidr.ok) return { problem: `"${address}" is no CIDR: ${cidr.problem}` };
    }
    entries.set(name, addresses);
  }
  return { value: Object.fromEntries(entries) };
}

/** Prints what {@link parseDomainMap} reads back; `none` for no names. */
export function printDomainMap(value: Knobs['domainMap']): string {
  const parts = Object.entries(value).map(([name, addresses]) => `${name}:${addresses.join('+')}`);
  return parts.length === 0 ? 'none' : parts.sort().join(',');
}
