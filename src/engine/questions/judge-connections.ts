// The outcome of every connection that was observed: its pairs judged, now and before, a part of all connections at a time.
// Explains and describes nothing.

import { type GatheredConnection, neverMade } from '../attribution/gather-connections.ts';
import { worldOf } from '../endpoints/world.ts';
import type { Policy } from '../model/policy.ts';
import { type State, withPolicies } from '../state.ts';
import type { ReplayedConnection, ReplayOutcome } from './replay-document.ts';
import { pairMaker } from './replay-pairs.ts';
import { type AskedPair, judgePairs, type PairVerdict } from './replay-verdicts.ts';
import type { UnusedRules } from './unused-rules.ts';

/** The verdict on all pairs of a connection together. */
export interface JoinedVerdict {
  readonly verdict: ReplayedConnection['verdict'];
  readonly reasons: readonly string[];
  /** The pair that shows it, by position; absent where there is none. */
  readonly example?: number;
}

/** A connection and what became of it. */
export interface JudgedConnection {
  readonly connection: GatheredConnection;
  readonly log: ReplayedConnection['log'];
  readonly verdict: JoinedVerdict;
  /** The verdict before the proposal; undefined where there is none. */
  readonly earlier: JoinedVerdict['verdict'] | undefined;
}

/** Makes the pairs of a connection that policies are asked about, one for each family. */
export type PairsOf = (connection: GatheredConnection) => readonly AskedPair[];

/** What connections are judged with. */
export interface Judging {
  /** The policies before a proposal; absent: there is none. */
  readonly before: readonly Policy[] | undefined;
  readonly pairsOf: PairsOf;
  /** Told of all pairs. */
  readonly rules: UnusedRules;
  /** Connections judged at once; absent: as many as are quick and leave room for others. */
  readonly part?: number;
}

/** Connections of which the pairs are held at once: so many that policies are compiled for few parts, if for several at all. */
const PART = 25_000;

/** Prepares the pairs of a state's connections. */
export function askingPairs(state: State): { readonly pairsOf: PairsOf } {
  const maker = pairMaker(worldOf(state));
  return {
    pairsOf: (connection) =>
      maker
        .pairsOf(connection)
        .flatMap((pair) => pair.families.map((family): AskedPair => ({ pair, family, protocol: connection.protocol }))),
  };
}

/** Judges connections: by outcome, each list in the order of the connections. */
export function judgeConnections(
  state: State,
  connections: readonly GatheredConnection[],
  { before, pairsOf, rules, part: size = PART }: Judging,
): Readonly<Record<ReplayOutcome, readonly JudgedConnection[]>> {
  const earlierState = before === undefined ? undefined : withPolicies(state, before);
  const judged: Record<ReplayOutcome, JudgedConnection[]> = {
    'newly-denied': [],
    'newly-allowed': [],
    'still-denied': [],
    undecidable: [],
    'still-allowed': [],
  };
  for (let start = 0; start < connections.length; start += size) {
    const part = connections.slice(start, start + size);
    const asked = part.map(pairsOf);
    const now = verdictsOf(state, asked);
    const earlier = earlierState === undefined ? undefined : verdictsOf(earlierState, asked);
    for (const [index, connection] of part.entries()) {
      const one = { connection, log: logSays(connection), verdict: now[index]!, earlier: earlier?.[index]?.verdict };
      judged[outcomeOf(one)].push(one);
    }
    rules.use(asked.flatMap((pairs, connection) => pairs.map((pair) => ({ ...pair, connection }))));
  }
  return judged;
}

function verdictsOf(state: State, asked: readonly (readonly AskedPair[])[]): JoinedVerdict[] {
  const all = judgePairs(state, asked.flat());
  let at = 0;
  return asked.map((pairs) => {
    const own = all.slice(at, at + pairs.length);
    at += pairs.length;
    return join(own);
  });
}

/** What most connections have, one for all. */
const ALLOWED: JoinedVerdict = { verdict: 'allowed', reasons: [], example: 0 };
const DENIED: JoinedVerdict = { verdict: 'denied', reasons: [], example: 0 };

/** Denied for some and not for others is partly: somebody would notice. */
function join(verdicts: readonly PairVerdict[]): JoinedVerdict {
  const first = (wanted: (one: PairVerdict) => boolean) => verdicts.findIndex(wanted);
  if (verdicts.length === 0) return { verdict: 'unknown', reasons: ['unknown-endpoint'] };
  const denied = first(({ verdict }) => verdict === 'denied');
  if (denied >= 0) {
    const isAll = verdicts.every(({ verdict }) => verdict === 'denied');
    return isAll ? DENIED : { verdict: 'partly', reasons: [], example: denied };
  }
  const open = first(({ verdict }) => verdict !== 'allowed');
  if (open < 0) return ALLOWED;
  const reasons = verdicts.flatMap((one) => (one.verdict === 'conditional' ? ['conditional'] : one.reasons));
  return { verdict: 'unknown', reasons: [...new Set(reasons)].sort(), example: open };
}

/** What the log says became of it in the end. */
function logSays(connection: GatheredConnection): ReplayedConnection['log'] {
  const { passed, undecided, refused, refusals } = connection;
  const wasRefused = refusals.byPolicy ? 'refused' : 'dropped';
  if (refused !== undefined && neverMade(connection)) return wasRefused;
  if (passed !== undefined) return 'passed';
  return undecided !== undefined ? 'unknown' : wasRefused;
}

/**
 * Without a proposal what was before is what the log says; what it does not say counts as let through. A refusal for
 * which the log has no reason may have been a policy's, one for another reason says nothing of policies.
 */
function outcomeOf({ connection, log, verdict: { verdict }, earlier: before }: JudgedConnection): ReplayOutcome {
  const isDenied = verdict === 'denied' || verdict === 'partly';
  const isOpen = log === 'dropped' && connection.refusals.reasons.length === 0;
  const wasRefused = log === 'refused' || isOpen || (before === 'denied' && log !== 'passed');
  if (verdict === 'unknown') return 'undecidable';
  if (isDenied) return wasRefused ? 'still-denied' : log === 'dropped' ? 'still-denied' : 'newly-denied';
  return wasRefused || before === 'denied' || before === 'partly' ? 'newly-allowed' : 'still-allowed';
}
