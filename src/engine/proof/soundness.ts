// Soundness: is every need allowed? Each is put to the literal evaluator, on the generated policies together with all others.

import { commonFamilies, evaluatePorts } from '../evaluate/cases.ts';
import type { Need } from '../generate/needs.ts';
import type { Knobs } from '../model/behaviour.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { FlowTrace } from '../model/verdict.ts';
import type { Family } from '../sets/ip-set.ts';
import { type Ends, onOneNode } from './ends.ts';
import type { Near } from './near-policies.ts';

/** What became of one need. */
export type Judged =
  | { readonly verdict: 'allowed' }
  /** `unknown`: it depends on what nobody knows. The first flow that is not allowed, and why. */
  | { readonly verdict: 'denied' | 'unknown'; readonly witness: Witness }
  /** Nobody is there to judge: a DNS name, an end without an address family in common. */
  | { readonly verdict: 'unproved'; readonly because: string };

/** One flow of a need that is not allowed. */
export interface Witness {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly family: Family;
  readonly port: number;
  readonly trace: FlowTrace;
}

/** What judging needs. */
export interface Court {
  readonly ends: (party: Need['from'], end: 'from' | 'to') => Ends;
  readonly near: Near;
  readonly knobs: Knobs;
}

/** Judges one need: all pods of both ends, all families that they share, all of its ports. */
export function judgeNeed({ ends, near, knobs }: Court, need: Need): Judged {
  const sources = ends(need.from, 'from');
  const destinations = ends(need.to, 'to');
  if (sources.length === 0 || destinations.length === 0) {
    return { verdict: 'unproved', because: 'one end has no address that is known' };
  }
  const [first, last] = need.ports;
  let open: Witness | undefined;
  let judged = 0;
  for (const source of sources) {
    for (const destination of destinations) {
      const pair = onOneNode(source, destination);
      for (const family of commonFamilies(pair.from, pair.to)) {
        const rules = { placement: near(pair.from, pair.to), knobs };
        for (const one of evaluatePorts(rules, pair, family, need.protocol, { first, last })) {
          judged++;
          if (one.trace.verdict === 'allowed') continue;
          const witness = { ...pair, family, port: one.first, trace: one.trace };
          if (one.trace.verdict === 'denied') return { verdict: 'denied', witness };
          open ??= witness;
        }
      }
    }
  }
  if (judged === 0) return { verdict: 'unproved', because: 'the ends have no address family in common' };
  return open === undefined ? { verdict: 'allowed' } : { verdict: 'unknown', witness: open };
}
