// Observed flows under policies: which got through and would be denied, which would be allowed that were not, and which
// rules nobody used. The flows are attributed first; what cannot be attributed is listed, never judged.

import { type AttributeOptions, besideConnections, gatherFlows } from '../attribution/attribute-flows.ts';
import { countIn, startCounting } from '../attribution/seen.ts';
import { worldOf } from '../endpoints/world.ts';
import type { Gap, Pod } from '../model/cluster.ts';
import type { ObservedFlow } from '../model/flow.ts';
import type { Policy } from '../model/policy.ts';
import type { State } from '../state.ts';
import { commonFields } from './describe.ts';
import { describeDirection } from './explain.ts';
import { askingPairs, type JoinedVerdict, type JudgedConnection, judgeConnections } from './judge-connections.ts';
import type { Replay, ReplayedConnection, ReplayOutcome } from './replay-document.ts';
import {
  describeSeen,
  describeUnattributed,
  describeUnused,
  type EndpointList,
  endpointList,
  isoTime,
} from './replay-parts.ts';
import { type AskedPair, traceOf } from './replay-verdicts.ts';
import { unusedRules } from './unused-rules.ts';

/** What to replay beside the flows. */
export interface ReplayOptions extends AttributeOptions {
  /** The policies before the proposal that the state holds. Absent: the log alone says what was before. */
  readonly before?: readonly Policy[];
  /** Pods that were there and that the proposal replaces: flows are theirs, verdicts those of their workloads. Absent: none. */
  readonly replaced?: readonly Pod[];
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
  const gathered = gatherFlows(withPods(state, options.replaced ?? []), flows, options);
  const attribution = besideConnections(state, gathered);
  const { pairsOf } = askingPairs(state);
  const rules = unusedRules(worldOf(state));
  const judged = judgeConnections(state, gathered.connections, { before: options.before, pairsOf, rules });
  const endpoints = endpointList(state);
  const observed: ReplayedConnection[] = [];
  for (const outcome of OUTCOMES) {
    for (const one of judged[outcome]) {
      const isExplained = outcome !== 'still-allowed' && observed.length < MOST_EXPLAINED;
      const sides = isExplained ? explained(state, pairsOf(one.connection), one.verdict) : {};
      observed.push(describe(one, outcome, endpoints, sides));
    }
  }
  const unused = rules.found().map((rule) => describeUnused(rule, endpoints));
  const unseen = attribution.unseen.workloads.map((key) => endpoints.ofParty({ type: 'workload', key }));
  const count = (outcome: ReplayOutcome) => judged[outcome].length;
  const { records, window: span } = attribution;
  const cut = observed.length - count('still-allowed') - MOST_EXPLAINED;
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

function explained(
  state: State,
  pairs: readonly AskedPair[],
  { example }: JoinedVerdict,
): Pick<ReplayedConnection, 'egress' | 'ingress'> {
  const pair = example === undefined ? undefined : pairs[example];
  if (pair === undefined) return {};
  const trace = traceOf(state, pair);
  return { egress: describeDirection(trace.egress), ingress: describeDirection(trace.ingress) };
}

function describe(
  { connection, log, verdict, earlier }: JudgedConnection,
  outcome: ReplayOutcome,
  endpoints: EndpointList,
  sides: Pick<ReplayedConnection, 'egress' | 'ingress'>,
): ReplayedConnection {
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

/** The state with pods that it has no more, to recognise who was seen. */
function withPods(state: State, pods: readonly Pod[]): State {
  if (pods.length === 0) return state;
  return { ...state, cluster: { ...state.cluster, pods: [...state.cluster.pods, ...pods] } };
}
