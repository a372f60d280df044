// What a reading is without, in words: kinds that may not be listed, where, by whom, and whether answers depend on them.

import type { Gap } from '../engine/model/cluster.ts';
import type { Limit } from '../engine/model/server-facts.ts';
import { type Refusal, refusedUser } from './api-client.ts';
import type { ServedKind } from './discovery.ts';
import type { Plain } from './plain-values.ts';
import { type Chosen, WANTED_KINDS, type WantedKind } from './wanted-kinds.ts';

/** What became of one kind. */
export interface Outcome extends Chosen {
  readonly objects: readonly Plain[];
  /** Why the kind could not be listed in all namespaces at once; absent: it could. */
  readonly refusal?: Refusal;
  /** The namespaces in which it could be listed all the same, sorted. */
  readonly readIn?: readonly string[];
}

/** What is missing, and what is affected by that. */
export interface Limits {
  readonly gaps: readonly Gap[];
  readonly limits: readonly Limit[];
  readonly unlisted: readonly string[];
}

/**
 * Says what is missing. `silent`: groups that the server could not tell the kinds of. `known`: namespaces of everything that
 * was read; what is missing elsewhere concerns no answer about them.
 */
export function describeLimits(
  outcomes: readonly Outcome[],
  silent: ReadonlyMap<string, Refusal>,
  known: readonly string[],
): Limits {
  const missing = outcomes.flatMap((one) => (one.refusal === undefined ? [] : [{ ...one, refusal: one.refusal }]));
  const groups = new Map<string, (typeof missing)[number][]>();
  for (const one of missing) {
    const { wanted, refusal, readIn = [] } = one;
    const key = JSON.stringify([wanted.role, wanted.purpose, wanted.lost ?? '', readIn, causeOf(refusal)]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const gaps: Gap[] = [];
  const limits: Limit[] = [];
  for (const kinds of groups.values()) {
    const [{ wanted, refusal, readIn = [] }] = kinds as [(typeof missing)[number]];
    const what = list(kinds.map(({ served }) => resourceName(served)).sort());
    const message = sentence(what, refusal, readIn);
    if (wanted.role !== 'beside') {
      const namespaces = readIn.length === 0 ? 'all' : known.filter((name) => !readIn.includes(name));
      gaps.push({ reason: 'not-listable', message, namespaces, ...lossOf(wanted.role) });
    } else limits.push({ purpose: wanted.purpose, message: `${message}: ${wanted.lost ?? ''}` });
  }
  for (const [group, refusal] of silent) {
    const own = WANTED_KINDS.filter((one) => one.group === group);
    const roles = own.map((one) => one.role);
    const role = (['policies', 'pods'] as const).find((one) => roles.includes(one));
    const message = `the kinds of ${group} cannot be told: ${said(refusal)}`;
    if (role === undefined) limits.push({ purpose: own[0]?.purpose ?? 'answers', message });
    else gaps.push({ reason: 'not-listable', message, namespaces: 'all', ...lossOf(role) });
  }
  const unlisted = [
    ...missing.map(({ served }) => resourceName(served)),
    ...[...silent.keys()].map((group) => `*.${group}`),
  ];
  return { gaps, limits: limits.sort((a, b) => (a.message < b.message ? -1 : 1)), unlisted: unlisted.sort() };
}

function lossOf(role: WantedKind['role']): Pick<Gap, 'lost'> {
  return role === 'policies' ? { lost: 'policies' } : {};
}

/** As kubectl takes it: `networkpolicies.networking.k8s.io`, `pods`. */
function resourceName({ resource, group }: ServedKind): string {
  return group === '' ? resource : `${resource}.${group}`;
}

/** Equal for refusals that can be told in one sentence. */
function causeOf(refusal: Refusal): string {
  return refusal.status === 403 ? (refusedUser(refusal) ?? '') : said(refusal);
}

function sentence(what: string, refusal: Refusal, readIn: readonly string[]): string {
  if (refusal.status !== 403) return `${what} cannot be listed: ${said(refusal)}`;
  const user = refusedUser(refusal);
  const who = user === undefined ? 'this user' : `"${user}"`;
  if (readIn.length === 0) return `${who} may not list ${what}`;
  return `${who} may list ${what} in ${readIn.length === 1 ? 'namespace' : 'namespaces'} ${list(readIn)} only`;
}

function said({ message, status }: Refusal): string {
  return message === '' ? `status ${status}` : message;
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
