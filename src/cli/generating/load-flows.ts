// Flow logs as --flows names them, for every verb that reads them.

import type { AttributeOptions } from '../../engine/attribution/attribute-flows.ts';
import type { FlowsGiven } from '../../engine/generate/gather-evidence.ts';
import type { FlowSummary } from '../../flows/index.ts';
import type { Invocation } from '../invocation.ts';

/** What was read, and what there is to say about it on standard error, one line each. */
export interface LoadedFlows {
  readonly given: FlowsGiven;
  readonly notes: readonly string[];
  /** Whether some records were not understood, or the log was cut off. */
  readonly isDamaged: boolean;
  /** When the last record was written, in milliseconds since 1970; absent where the log has no times. */
  readonly lastTime?: number;
}

/** Reads the logs; undefined where none is named. Throws UserError for logs that cannot be read or hold no flows. */
export async function loadFlows(
  { options, io, progress }: Invocation,
  within: AttributeOptions = {},
): Promise<LoadedFlows | undefined> {
  const { flows: paths, columns } = options.generate;
  if (paths.length === 0) return undefined;
  const { readFlows, parseFlowColumns } = await import('../../flows/index.ts');
  progress.step('reading flows');
  const { flows, summary } = await readFlows(paths, {
    cwd: io.cwd,
    stdin: io.stdin,
    ...(columns === undefined ? {} : { columns: parseFlowColumns(columns) }),
    onProgress: ({ done, total }) => progress.step(share(done, total)),
  });
  // Records before addresses were translated become no flow, but say which addresses are nodes'.
  const asked = { ...within, nodeAddresses: summary.nodeAddresses };
  const given = { flows, broken: summary.broken, lost: summary.lostEvents, within: asked };
  const { broken, truncated, lastTime } = summary;
  return {
    given,
    notes: notesOf(summary),
    isDamaged: broken + truncated > 0,
    ...(lastTime === undefined ? {} : { lastTime }),
  };
}

/** What is broken or missing, with the places of the first lines. */
function notesOf({ broken, problems, lostEvents, truncated, missingNodes }: FlowSummary): string[] {
  const places = problems.map(
    ({ file, line, message }) => `${file}${line === undefined ? '' : `:${line}`}: ${message}`,
  );
  const more = broken - problems.length;
  return [
    ...places,
    ...(more > 0 ? [`… and ${more} more records were not understood`] : []),
    ...(truncated > 0 ? ['the last line of the log is only begun; it was left out'] : []),
    ...(lostEvents > 0 ? [`the log says that ${lostEvents} events were lost`] : []),
    ...(missingNodes.length > 0 ? [`nodes that did not report: ${missingNodes.join(', ')}`] : []),
  ];
}

/** `reading flows: 43 %`; megabytes where nobody knows how much there is. */
function share(done: number, total: number | undefined): string {
  if (total === undefined || total === 0) return `reading flows: ${Math.round(done / 1e6)} MB`;
  return `reading flows: ${Math.min(100, Math.round((100 * done) / total))} %`;
}
