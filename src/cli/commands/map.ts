// `map`: what may talk to what.

import { type MapFilter, mapConnectivity, parseEndpoint, parsePort, parseSelector } from '../../engine/index.ts';
import { EVERYTHING } from '../../engine/model/selector.ts';
import { type ExitCode, exitCodeOf } from '../exit-codes.ts';
import { contextOf, type Invocation, type Options } from '../invocation.ts';
import { loadFiles, onlyNamespace } from '../load-input.ts';
import { writeRemarks } from '../messages.ts';
import { outputsOf, writeDocument } from '../output.ts';

/** Prints the map; exits 0 unless the input is incomplete. */
export async function map(invocation: Invocation): Promise<ExitCode> {
  const { options, progress } = invocation;
  const context = contextOf(options);
  const filter = filterOf(options, context.protocols);
  const outputs = outputsOf(invocation);
  const { state, skipped } = await loadFiles(invocation);
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
      ...(hasPods
        ? { next: ['explain', 'SRC', 'DST:PORT', ...invocation.options.filename.flatMap((path) => ['-f', path])] }
        : {}),
    },
    invocation,
  );
  return exitCodeOf({ answer: 'yes', incomplete: gaps.length > 0, allowIncomplete: options.allowIncomplete });
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
