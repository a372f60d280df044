// What a reading of a part of a log gathered, as it goes from thread to thread, and how it joins what was gathered of the
// lines before: as if one reading had come by all of them. Knows no format and no thread.

import type { PackedFlows } from '../flow-aggregate.ts';
import {
  type FlowRecorder,
  MOST_REMEMBERED,
  noteTime,
  remember,
  rememberName,
  reportProblem,
} from '../flow-recorder.ts';

/** Fields that are added up. */
const SUMS = ['flows', 'broken', 'lostEvents', 'audited'] as const;
/** Sets of texts. */
const TEXTS = ['nodes', 'missingNodes', 'nodeAddresses'] as const;

/** A recorder of lines of one file. Numbers of lines count from the first line of the part. */
export interface PackedReading
  extends Pick<
    FlowRecorder,
    (typeof SUMS)[number] | (typeof TEXTS)[number] | 'firstTime' | 'lastTime' | 'aside' | 'problems' | 'resolved'
  > {
  readonly counted: PackedFlows;
}

/** All that a recorder holds which has read whole lines of one log, and nothing else. */
export function packReading(recorder: FlowRecorder): PackedReading {
  const { flows, broken, lostEvents, audited, firstTime, lastTime, aside, problems } = recorder;
  const { nodes, missingNodes, nodeAddresses, resolved } = recorder;
  return {
    counted: recorder.aggregate.pack(),
    ...{ flows, broken, lostEvents, audited, firstTime, lastTime, aside, problems },
    ...{ nodes, missingNodes, nodeAddresses, resolved },
  };
}

/** Adds what was gathered of the lines that follow those which the recorder has read, `before` of them in this file. */
export function addReading(recorder: FlowRecorder, part: PackedReading, before: number): void {
  const { file } = recorder;
  recorder.aggregate.addPacked(part.counted, file, before);
  for (const field of SUMS) recorder[field] += part[field];
  for (const field of TEXTS) for (const text of part[field]) remember(recorder[field], text);
  for (const [name, addresses] of part.resolved) for (const address of addresses) rememberName(recorder, name, address);
  for (const [reason, count] of part.aside) recorder.aside.set(reason, (recorder.aside.get(reason) ?? 0) + count);
  // Only the first broken lines of a file are listed; those of the part come after the ones before it.
  for (const problem of part.problems) reportProblem(recorder, { ...problem, line: problem.line! + before });
  noteTime(recorder, part.firstTime);
  noteTime(recorder, part.lastTime);
}

/**
 * Whether a part should end here: it holds as many flows and ends as may be held, or so many names that further ones may be
 * dropped, and which ones those are depends on the lines before the part.
 */
export function isFull({ aggregate, resolved }: FlowRecorder, held: number): boolean {
  return aggregate.size() > held || resolved.size > MOST_REMEMBERED / 2;
}
