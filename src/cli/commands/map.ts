// `map`: what may talk to what.

import {
  type ConnectivityMap,
  type MapFilter,
  mapConnectivity,
  mapPortable,
  parseEndpoint,
  parsePort,
  parseSelector,
} from '../../engine/index.ts';
import { EVERYTHING } from '../../engine/model/selector.ts';
import { type ExitCode, exitCodeOf } from '../exit-codes.ts';
import { contextOf, type Invocation, type Options } from '../invocation.ts';
import { comparedFor, inputWords, loadInput, onlyNamespace } from '../load-input.ts';
import { writeRemarks } from '../messages.ts';
import { outputsOf, writeDocument } from '../output.ts';
import { pluginHints } from '../plugin-hints.ts';

/** Prints the map; exits 0 unless the input is incomplete. */
export async function map(invocation: Invocation): Promise<ExitCode> {
  const { options, progress } = invocation;
  const filter = filterOf(options, contextOf(options).protocols);
  if (options.portable) return mapForPlugins(invocation, filter);
  const outputs = outputsOf(invocation);
  const { state, skipped, context } = await loadInput(invocation);
  onlyNamespace(options, state);
  progress.step('computing the map');
  const document = mapConnectivity(state, filter, context);
  const isWhole = Object.keys(filter).every((key) => key === 'protocols');
  await writeDocument(document, outputs, invocation, isWhole);
  const { cluster, findings, gaps } = state;
  const hasPods = cluster.pods.length > 0 || cluster.workloads.size > 0;
  await writeRemarks(
    {
      skipped,
      findings,
      gaps,
      notes: document.notes,
      assumptions: document.assumptions,
      hints: pluginHints(state, options),
      ...(hasPods ? { next: ['explain', ...pairOf(document), ...inputWords(options)] } : {}),
    },
    invocation,
  );
  return exitCodeOf({ answer: 'yes', incomplete: gaps.length > 0, allowIncomplete: options.allowIncomplete });
}

/** What differs between plugins; that is no failure. */
async function mapForPlugins(invocation: Invocation, filter: MapFilter): Promise<ExitCode> {
  const { options, progress } = invocation;
  const outputs = outputsOf(invocation, 'PortableMap');
  const behaviours = comparedFor(invocation);
  const { state, skipped, context } = await loadInput(invocation);
  onlyNamespace(options, state);
  progress.step('comparing plugins');
  const document = mapPortable(state, behaviours, filter, context);
  await writeDocument(document, outputs, invocation);
  const { findings, gaps } = state;
  const { notes, assumptions } = document;
  await writeRemarks({ skipped, findings, gaps, notes, assumptions }, invocation);
  return exitCodeOf({ answer: 'yes', incomplete: gaps.length > 0, allowIncomplete: options.allowIncomplete });
}

/** Two workloads of the map to go on with, connected ones if there are any; placeholders for want of two. */
function pairOf({ endpoints, connections }: ConnectivityMap): [string, string] {
  const nameOf = (id: number): string | undefined => {
    const found = endpoints.find((endpoint) => endpoint.id === id);
    return found?.type === 'workload' ? `${found.namespace}/${found.kind.toLowerCase()}/${found.name}` : undefined;
  };
  for (const { from, to } of connections) {
    for (const source of from) {
      const other = to.find((id) => id !== source && nameOf(id) !== undefined);
      const [left, right] = [nameOf(source), other === undefined ? undefined : nameOf(other)];
      if (left !== undefined && right !== undefined) return [left, right];
    }
  }
  return ['SRC', 'DST:PORT'];
}

/** What the flags leave of the map. Throws UserError for an endpoint, port or selector that is none. */
export function filterOf(options: Options, protocols: MapFilter['protocols']): MapFilter {
  const { from, to, port, selector, namespace, allNamespaces } = options;
  const only = namespace === undefined || allNamespaces ? undefined : namespace;
  const focus =
    selector === undefined
      ? undefined
      : {
          type: 'pods' as const,
          text: selector,
          namespaces: only === undefined ? { selector: EVERYTHING } : { name: only },
          pods: parseSelector(selector),
        };
  return {
    ...(from.length > 0 ? { from: from.map(parseEndpoint) } : {}),
    ...(to.length > 0 ? { to: to.map(parseEndpoint) } : {}),
    ...(port === undefined ? {} : { port: parsePort(port) }),
    ...(focus === undefined ? {} : { focus: [focus] }),
    ...(only === undefined ? {} : { namespaces: [only] }),
    protocols,
  };
}
