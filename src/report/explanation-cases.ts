// Merges the cases of an explanation that come out alike, so that a person reads each reason once. Knows no layout.

import type { ExplanationCase } from '../engine/questions/documents.ts';
import type { Family } from '../engine/sets/ip-set.ts';
import { FAMILIES } from '../engine/sets/ip-set.ts';
import type { Protocol } from '../engine/sets/traffic-set.ts';
import { PORT_PROTOCOLS, PROTOCOLS } from '../engine/sets/traffic-set.ts';
import { rangesText } from './ports-text.ts';
import { GLUE } from './printable.ts';

/** Some ports of some pods. */
export interface CaseScope {
  /** `80,443/TCP 53/UDP`. */
  readonly ports: string;
  /** Empty where all families that these pods have come out alike. */
  readonly families: readonly Family[];
  /** `[from, to]` keys; empty where all pods of the document come out alike. */
  readonly pods: readonly (readonly [string, string])[];
}

/** All cases with one outcome: `outcome` is the first of them, which speaks for all. Scopes are never empty. */
export interface MergedCase {
  readonly outcome: ExplanationCase;
  readonly scopes: readonly CaseScope[];
}

/** Outcomes in the order of the document. Families and pods are listed only where they tell cases apart. */
export function mergeCases(cases: readonly ExplanationCase[]): MergedCase[] {
  const familiesOfPods = new Map<string, Set<Family>>();
  for (const each of cases) {
    const key = podsKey(each);
    familiesOfPods.set(key, (familiesOfPods.get(key) ?? new Set()).add(each.family));
  }
  const byOutcome = new Map<string, ExplanationCase[]>();
  for (const each of cases) {
    const key = JSON.stringify([each.verdict, each.reason, each.egress, each.ingress]);
    const list = byOutcome.get(key);
    if (list === undefined) byOutcome.set(key, [each]);
    else list.push(each);
  }
  const boundaries = boundariesOf(cases);
  return [...byOutcome.values()].flatMap((list) =>
    list[0] === undefined ? [] : [{ outcome: list[0], scopes: scopesOf(list, boundaries, familiesOfPods) }],
  );
}

function podsKey({ fromPod, toPod }: ExplanationCase): string {
  return JSON.stringify([fromPod, toPod]);
}

/** Per protocol the ports at which some case begins or ends, so that ranges can be compared piece by piece. */
function boundariesOf(cases: readonly ExplanationCase[]): ReadonlyMap<Protocol, readonly number[]> {
  const boundaries = new Map<Protocol, Set<number>>();
  for (const { protocol, ports } of cases) {
    const set = boundaries.get(protocol) ?? new Set();
    boundaries.set(protocol, set);
    for (const [first, last] of ports) set.add(first).add(last + 1);
  }
  return new Map([...boundaries].map(([protocol, set]) => [protocol, [...set].sort((a, b) => a - b)]));
}

interface Piece {
  readonly protocol: Protocol;
  readonly first: number;
  readonly last: number;
  readonly families: Map<string, Set<Family>>;
}

function scopesOf(
  cases: readonly ExplanationCase[],
  boundaries: ReadonlyMap<Protocol, readonly number[]>,
  familiesOfPods: ReadonlyMap<string, ReadonlySet<Family>>,
): CaseScope[] {
  const pieces = new Map<string, Piece>();
  for (const each of cases)
    for (const [first, last] of each.ports) {
      const cuts = (boundaries.get(each.protocol) ?? []).filter((cut) => cut >= first && cut <= last + 1);
      for (const [at, cut] of cuts.slice(0, -1).entries()) {
        const key = `${each.protocol} ${cut}`;
        const end = (cuts[at + 1] ?? last + 1) - 1;
        const piece = pieces.get(key) ?? { protocol: each.protocol, first: cut, last: end, families: new Map() };
        pieces.set(key, piece);
        const families = piece.families.get(podsKey(each)) ?? new Set();
        piece.families.set(podsKey(each), families.add(each.family));
      }
    }

  const byScope = new Map<string, { readonly pieces: Piece[]; readonly scopes: Omit<CaseScope, 'ports'>[] }>();
  for (const piece of pieces.values()) {
    const scopes = podScopes(piece.families, familiesOfPods);
    const key = JSON.stringify(scopes);
    const found = byScope.get(key);
    if (found === undefined) byScope.set(key, { pieces: [piece], scopes });
    else found.pieces.push(piece);
  }
  return [...byScope.values()].flatMap((each) => {
    const ports = portsOf(each.pieces);
    return each.scopes.map((scope) => ({ ports, ...scope }));
  });
}

/** For which pods, in which families; pods with the same families together. */
function podScopes(
  families: ReadonlyMap<string, ReadonlySet<Family>>,
  familiesOfPods: ReadonlyMap<string, ReadonlySet<Family>>,
): Omit<CaseScope, 'ports'>[] {
  const byFamilies = new Map<string, { readonly families: Family[]; readonly pods: [string, string][] }>();
  for (const pods of [...families.keys()].sort()) {
    const here = families.get(pods) ?? new Set();
    const isAll = here.size === familiesOfPods.get(pods)?.size;
    const listed = isAll ? [] : FAMILIES.filter((family) => here.has(family));
    const found = byFamilies.get(listed.join()) ?? { families: listed, pods: [] };
    byFamilies.set(listed.join(), found);
    found.pods.push(JSON.parse(pods) as [string, string]);
  }
  return [...byFamilies.values()].map((each) =>
    each.pods.length === familiesOfPods.size ? { families: each.families, pods: [] } : each,
  );
}

function portsOf(pieces: readonly Piece[]): string {
  const texts = PROTOCOLS.flatMap((protocol) => {
    const joined: [number, number][] = [];
    for (const { first, last } of pieces
      .filter((piece) => piece.protocol === protocol)
      .sort((a, b) => a.first - b.first)) {
      const previous = joined[joined.length - 1];
      if (previous !== undefined && first === previous[1] + 1) previous[1] = last;
      else joined.push([first, last]);
    }
    return joined.length === 0 ? [] : [rangesText(protocol, joined)];
  });
  // Everything that is asked about unless more protocols are named.
  const isEverything = texts.join() === PORT_PROTOCOLS.map((protocol) => `all${GLUE}${protocol}`).join();
  return isEverything ? `all${GLUE}ports` : texts.join(' ');
}
