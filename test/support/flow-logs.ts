// Logs made up for tests: records of Hubble, and a reading of text as if it stood in a file.

import type { ObservedFlow } from '../../src/engine/model/flow.ts';
import { recogniseFormat } from '../../src/flows/flow-formats.ts';
import { createRecorder, summarise } from '../../src/flows/flow-recorder.ts';
import { type FlowColumns, type FlowSummary, readFlows } from '../../src/flows/index.ts';

/** Any JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A pod as Hubble tells it. */
export function hubblePod(name: string, more: JsonObject = {}): JsonObject {
  return {
    ID: 7,
    identity: 4000,
    namespace: 'shop',
    labels: [`k8s:app=${name}`, 'k8s:io.kubernetes.pod.namespace=shop'],
    pod_name: `${name}-1`,
    workloads: [{ name, kind: 'Deployment' }],
    ...more,
  };
}

/** A request of web to cart, as its packet arrives there; `more` replaces fields, undefined removes them. */
export function hubbleFlow(more: JsonObject = {}): JsonObject {
  return {
    time: '2026-11-21T03:25:32.243580383Z',
    uuid: '3eecdf1a',
    verdict: 'FORWARDED',
    IP: { source: '10.0.0.1', destination: '10.0.0.2', ipVersion: 'IPv4' },
    l4: { TCP: { source_port: 41000, destination_port: 7070, flags: { SYN: true } } },
    source: hubblePod('web'),
    destination: hubblePod('cart'),
    Type: 'L3_L4',
    node_name: 'prod/n1',
    event_type: { type: 4 },
    traffic_direction: 'INGRESS',
    trace_observation_point: 'TO_ENDPOINT',
    is_reply: false,
    ...more,
  };
}

/** A line of Hubble's JSON without its end. */
export function hubbleLine(more: JsonObject = {}): string {
  return JSON.stringify({ flow: hubbleFlow(more), node_name: 'prod/n1', time: '2026-11-21T03:25:32Z' });
}

/** What one log says whose text this is, flows or not; UserError where it is none. */
export function readText(
  text: string | Uint8Array,
  columns?: FlowColumns,
): { readonly flows: readonly ObservedFlow[]; readonly summary: FlowSummary } {
  const bytes = Buffer.from(text as string);
  const recorder = createRecorder();
  recorder.file = 'log';
  const reader = recogniseFormat(bytes, 'log', columns).open(recorder, columns);
  reader.read(bytes);
  reader.end(false);
  return { flows: recorder.aggregate.take(), summary: summarise(recorder) };
}

/** What standard input says that brings these pieces. */
export function readPieces(
  pieces: readonly (string | Uint8Array)[],
  columns?: FlowColumns,
): ReturnType<typeof readFlows> {
  async function* stdin(): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) yield Buffer.from(piece as string);
  }
  return readFlows(['-'], { cwd: '/', stdin: stdin(), ...(columns === undefined ? {} : { columns }) });
}
