// Observed flows under policies: which got through and would be denied, which would be allowed that were not, and which
// rules nobody used. The flows are attributed first; what cannot be attributed is listed, never judged.

import { type AttributeOptions, attributionOf, gatherFlows } from '../attribution/attribute-flows.ts';
import { type GatheredConnection, neverMade } from '../attribution/gather-connections.ts';
import { countIn, startCounting } from '../attribution/seen.ts';
import { worldOf } from '../endpoints/world.ts';
import type { Gap } from '../model/cluster.ts';
import type { ObservedFlow } from '../model/flow.ts';
import type { Policy } from '../model/policy.ts';
import { type State, withPolicies } from '../state.ts';
import { commonFields } from './describe.ts';
import { describeDirection } from './explain.ts';
import type { Replay, ReplayedConnection, ReplayOutcome } from './replay-document.ts';
import { pairMaker } from './replay-pairs.ts';
import {
  describeSeen,
  describeUnattributed,
  describeUnused,
  type EndpointList,
  endpointList,
  isoTime,
} from './replay-parts.ts';
import { type AskedPair, judgePairs, type PairVerdict, traceOf } from './replay-verdicts.ts';
import { findUnused } from './unused-rules.ts';

/** What to replay beside the flows. */
export interface ReplayOptions extends AttributeOptions {
  /** The policies before the proposal that the state holds. Absent: the log alone says what was before. */
  readonly before?: readonly Policy[];
  /** What reading the log has to say. Absent: nothing. */
  readonly reading?: { readonly notes: readonly string[]; readonly gaps: readonly Gap[]; readonly broken: number };
}

/** Outcomes in the order in which they are listed. */
const OUTCOMES: readonly ReplayOutcome[] = [
  'newly-denied',
  'newly-allowed',
  'still-denied',
  'undecidable',
  'still-allowed',
];

/** How many connections come with what decides at either side: the search for the nearest rule takes its time. */
const MOST_EXPLAINED = 1000;

/** Replays flows under the policies of a state. Never throws for what flows say. */
export function replay(state: State, flows: readonly ObservedFlow[], options: ReplayOptions = {}): Replay {
  const { reading } = options;
  const gathered = gatherFlows(state, flows, options);
  const attribution = attributionOf(state, gathered);
  const maker = pairMaker(worldOf(state));
  const endpoints = endpointList(state);
  const asked = gathered.connections.map((connection) =>
    maker
      .pairsOf(connection)
      .flatMap((pair) => pair.families.map((family): AskedPair => ({ pair, family, protocol: connection.protocol }))),
  );
  const now = verdictsOf(state, asked);
  const before = options.before === undefined ? undefined : verdictsOf(withPolicies(state, options.before), asked);
  const judged = gathered.connections
    .map((connection, number) => {
      const log = logSays(connection);
      const verdict = now[number]!;
      const earlier = before?.[number]?.verdict;
      return {
        connection,
        number,
        log,
        verdict,
        earlier,
        outcome: outcomeOf(connection, log, verdict.verdict, earlier),
      };
    })
    .sort((a, b) => OUTCOMES.indexOf(a.outcome) - OUTCOMES.indexOf(b.outcome) || a.number - b.number);
  const observed = judged.map((one, position) => {
    const pairs = asked[one.number]!;
    const isExplained = one.outcome !== 'still-allowed' && position < MOST_EXPLAINED;
    return describe(one, endpoints, isExplained ? explained(state, pairs, one.verdict) : {});
  });
  const used = asked.flatMap((pairs, connection) => pairs.map((pair) => ({ ...pair, connection })));
  const unused = findUnused(worldOf(state), used).map((rule) => describeUnused(rule, endpoints));
  const unseen = attribution.unseen.workloads.map((key) => endpoints.ofParty({ type: 'workload', key }));
  const count = (outcome: ReplayOutcome) => judged.filter((one) => one.outcome === outcome).length;
  const { records, window: span } = attribution;
  const cut = judged.filter(({ outcome }) => outcome !== 'still-allowed').length - MOST_EXPLAINED;
  const notes =
    cut > 0
      ? [`what decides is shown for the first ${MOST_EXPLAINED} connections, ${cut} more are listed without it`]
      : [];
  return {
    ...commonFields({ ...state, gaps: [...state.gaps, ...(reading?.gaps ?? [])] }, [
      ...(reading?.notes ?? []),
      ...notes,
    ]),
    kind: 'Replay',
    proposed: options.before !== undefined,
    window: {
      ...(span.first === undefined ? {} : { first: isoTime(span.first) }),
      ...(span.last === undefined ? {} : { last: isoTime(span.last) }),
    },
    records: {
      total: records.total,
      connections: records.evidence + records.denied,
      unattributed: records.unattributed,
      leftAside: records.leftAside,
      ...(reading === undefined || reading.broken === 0 ? {} : { broken: reading.broken }),
    },
    endpoints: endpoints.documents(),
    observed,
    unused,
    unattributed: attribution.unattributed.map(describeUnattributed),
    leftAside: attribution.leftAside.map(({ reason, seen }) => ({ reason, seen: describeSeen(seen) })),
    unseen,
    summary: {
      newlyDenied: count('newly-denied'),
      newlyAllowed: count('newly-allowed'),
      stillDenied: count('still-denied'),
      stillAllowed: count('still-allowed'),
      undecidable: count('undecidable'),
      unusedRules: unused.length,
    },
  };
}

/** The verdict on all pairs of a connection together. */
interface Joined {
  readonly verdict: ReplayedConnection['verdict'];
  readonly reasons: readonly string[];
  /** The pair that shows it, by position; absent where there is none. */
  readonly example?: number;
}

function verdictsOf(state: State, asked: readonly (readonly AskedPair[])[]): Joined[] {
  const all = judgePairs(state, asked.flat());
  let at = 0;
  return asked.map((pairs) => {
    const own = all.slice(at, at + pairs.length);
    at += pairs.length;
    return join(own);
  });
}

/** Denied for some and not for others is partly: somebody would notice. */
function join(verdicts: readonly PairVerdict[]): Joined {
  const first = (wanted: (one: PairVerdict) => boolean) => verdicts.findIndex(wanted);
  if (verdicts.length === 0) return { verdict: 'unknown', reasons: ['unknown-endpoint'] };
  const denied = first(({ verdict }) => verdict === 'denied');
  if (denied >= 0) {
    const isAll = verdicts.every(({ verdict }) => verdict === 'denied');
    return { verdict: isAll ? 'denied' : 'partly', reasons: [], example: denied };
  }
  const open = first(({ verdict }) => verdict !== 'allowed');
  if (open < 0) return { verdict: 'allowed', reasons: [], example: 0 };
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
function outcomeOf(
  connection: GatheredConnection,
  log: ReplayedConnection['log'],
  verdict: Joined['verdict'],
  before: Joined['verdict'] | undefined,
): ReplayOutcome {
  const isDenied = verdict === 'denied' || verdict === 'partly';
  const isOpen = log === 'dropped' && connection.refusals.reasons.length === 0;
  const wasRefused = log === 'refused' || isOpen || (before === 'denied' && log !== 'passed');
  if (verdict === 'unknown') return 'undecidable';
  if (isDenied) return wasRefused ? 'still-denied' : log === 'dropped' ? 'still-denied' : 'newly-denied';
  return wasRefused || before === 'denied' || before === 'partly' ? 'newly-allowed' : 'still-allowed';
}

function explained(
  state: State,
  pairs: readonly AskedPair[],
  { example }: Joined,
): Pick<ReplayedConnection, 'egress' | 'ingress'> {
  const pair = example === undefined ? undefined : pairs[example];
  if (pair === undefined) return {};
  const trace = traceOf(state, pair);
  return { egress: describeDirection(trace.egress), ingress: describeDirection(trace.ingress) };
}

function describe(
  one: {
    readonly connection: GatheredConnection;
    readonly log: ReplayedConnection['log'];
    readonly verdict: Joined;
    readonly earlier: Joined['verdict'] | undefined;
    readonly outcome: ReplayOutcome;
  },
  endpoints: EndpointList,
  sides: Pick<ReplayedConnection, 'egress' | 'ingress'>,
): ReplayedConnection {
  const { connection, log, verdict, earlier, outcome } = one;
  const { from, to, protocol, port, via, refused, refusals } = connection;
  const all = [connection.passed, connection.undecided, refused].flatMap((seen) => seen ?? []);
  const seen = startCounting(all[0]!);
  for (const more of all.slice(1)) countIn(seen, more);
  return {
    from: endpoints.ofParty(from),
    to: endpoints.ofParty(to),
    protocol,
    port,
    ...(via[0] === undefined ? {} : { via: via[0] }),
    outcome,
    log,
    ...(refused === undefined ? {} : { refused: refused.count }),
    ...(refusals.reasons.length === 0 ? {} : { refusedFor: [...refusals.reasons] }),
    ...(refusals.policies.length === 0 ? {} : { refusedBy: [...refusals.policies] }),
    ...(earlier === undefined ? {} : { before: earlier }),
    verdict: verdict.verdict,
    ...(verdict.reasons.length === 0 ? {} : { reason: verdict.reasons.join(', ') }),
    ...sides,
    seen: describeSeen(seen),
  };
}
