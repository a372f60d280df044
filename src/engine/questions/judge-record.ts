// What policies say of one attributed record, and whether that is what the log says. Explains nothing.

import type { AttributedFlow } from '../attribution/attribution.ts';
import { gatherConnections } from '../attribution/gather-connections.ts';
import { worldOf } from '../endpoints/world.ts';
import type { ObservedFlow } from '../model/flow.ts';
import type { FlowTrace, Verdict } from '../model/verdict.ts';
import type { State } from '../state.ts';
import type { FlowExplanation } from './flow-explanation-document.ts';
import { pairMaker } from './replay-pairs.ts';
import { type AskedPair, judgeLiterally, traceOf } from './replay-verdicts.ts';

/** A flow that was attributed. */
export type Connection = AttributedFlow & { readonly kind: 'connection' };

/** What policies say of a record. */
export interface JudgedRecord {
  readonly verdict: NonNullable<FlowExplanation['verdict']>;
  readonly reasons: readonly string[];
  /** The verdict at the end where the record was written down, of the whole connection where that is not known. */
  readonly compared: Verdict | 'partly';
  /** Of the pair that shows the verdict; absent where there is no pair. */
  readonly trace?: FlowTrace;
}

/** Judges the pairs of a record under a state. */
export function judge(state: State, flow: ObservedFlow, what: Connection): JudgedRecord {
  const gatherer = gatherConnections();
  gatherer.add(flow, what);
  const maker = pairMaker(worldOf(state));
  const asked = gatherer
    .connections()
    .flatMap((connection) =>
      maker
        .pairsOf(connection)
        .flatMap((pair) => pair.families.map((family): AskedPair => ({ pair, family, protocol: connection.protocol }))),
    );
  if (asked.length === 0) return { verdict: 'unknown', reasons: ['unknown-endpoint'], compared: 'unknown' };
  const verdicts = asked.map((one) => judgeLiterally(state, one));
  const traces = asked.map((one) => traceOf(state, one));
  const words = verdicts.map(({ verdict }) => verdict);
  // An answer says of both ends what became of its connection.
  const seenAt = what.turned ? undefined : flow.seenAt;
  const sides = traces.map((trace, at) => (seenAt === undefined ? words[at]! : trace[seenAt].verdict));
  const verdict = total(words);
  const shown = Math.max(
    0,
    words.findIndex((word) => word !== 'allowed'),
  );
  return {
    verdict: verdict === 'conditional' ? 'unknown' : verdict,
    reasons: [
      ...new Set(verdicts.flatMap((one) => (one.verdict === 'conditional' ? ['conditional'] : one.reasons))),
    ].sort(),
    compared: total(sides),
    trace: traces[shown]!,
  };
}

function total(words: readonly Verdict[]): Verdict | 'partly' {
  const distinct = new Set(words);
  if (distinct.size === 1) return words[0]!;
  return distinct.has('denied') ? 'partly' : 'unknown';
}

/** Whether policies and log say the same. Undefined: the log has no verdict, or one on an answer taken for a request. */
export function agreement(
  { verdict }: ObservedFlow,
  { turned }: Pick<Connection, 'turned'>,
  compared: JudgedRecord['compared'],
): FlowExplanation['agrees'] {
  if (verdict.kind === 'unknown' || (verdict.kind === 'denied' && turned)) return undefined;
  if (verdict.kind === 'denied' && verdict.by === 'other' && verdict.reason !== undefined) return 'unrelated';
  // Some pods of the workload are denied, and the record is of one of them.
  if (compared === 'unknown' || compared === 'conditional' || compared === 'partly') return 'unknown';
  return compared === verdict.kind ? 'yes' : 'no';
}
