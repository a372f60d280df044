// Flow logs as --flows names them, for every verb that reads them.

import type { FlowsGiven } from '../../engine/generate/gather-evidence.ts';
import { UserError } from '../../engine/model/user-error.ts';
import type { FlowSummary } from '../../flows/index.ts';
import type { Invocation } from '../invocation.ts';
import { inputOperands } from '../load-input.ts';
import { checkWindow, windowOf } from './flow-window.ts';

/** What was read, and what there is to say about it on standard error, one line each. */
export interface LoadedFlows {
  readonly given: FlowsGiven;
  readonly notes: readonly string[];
  /** Whether some records were not understood. A last line that is only begun is no damage: the log is being written. */
  readonly isDamaged: boolean;
}

/** Throws UserError for flags about flows that cannot be right, before anything is read; `more`: other inputs of the verb. */
export function checkFlowFlags({ options }: Pick<Invocation, 'options'>, more: readonly string[] = []): void {
  const inputs = [...inputOperands(options), ...more, ...options.generate.flows];
  if (inputs.filter((operand) => operand === '-').length > 1) {
    throw new UserError('usage', 'standard input can be only one of the inputs', {
      hint: 'name a file for all others',
    });
  }
  const { flows, columns, since, until } = options.generate;
  checkWindow(options.generate);
  const [idle] = Object.entries({ columns, since, until }).find(([, value]) => value !== undefined) ?? [];
  if (flows.length === 0 && idle !== undefined)
    throw new UserError('usage', `--${idle} is about flow logs, and none is named`, { hint: 'name one with --flows' });
}

/** Reads the logs; undefined where none is named. Throws UserError for logs that cannot be read or hold no flows. */
export async function loadFlows({ options, io, progress }: Invocation): Promise<LoadedFlows | undefined> {
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
  const within = windowOf(options.generate, summary.lastTime);
  const asked = { ...within, nodeAddresses: summary.nodeAddresses };
  const given = { flows, broken: summary.broken, lost: summary.lostEvents, resolved: summary.resolved, within: asked };
  const { broken } = summary;
  return {
    given,
    notes: notesOf(summary),
    isDamaged: broken > 0,
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
