// Maps, diffs and who-can answers as a graph for Graphviz: a cluster per namespace, an edge per pair with its ports.
// Big ones are drawn as namespaces. Knows nothing of layout; Graphviz does that.

import type { ConnectivityDiff, ConnectivityMap, EndpointDocument, WhoCan } from '../engine/questions/documents.ts';
import {
  type Change,
  collapsedGraph,
  type Drawable,
  detailedGraph,
  drawConnections,
  drawDiff,
  type Graph,
} from './graph.ts';
import { GLUE, printable } from './printable.ts';

/** More nodes or edges than these cannot be read; then namespaces are drawn instead. */
const MOST_NODES = 300;
const MOST_EDGES = 5000;

/** What stands before the text of an edge, and Graphviz's name of its colour. */
const STYLES: Readonly<Record<Change, { readonly sign: string; readonly colour: string }>> = {
  plain: { sign: '', colour: '' },
  added: { sign: '+ ', colour: 'darkgreen' },
  removed: { sign: '- ', colour: 'red3' },
  changed: { sign: '~ ', colour: 'darkorange3' },
};

/** A directed graph named after the kind. Dashed edges are unknown or conditional for at least some ports. */
export function* connectionsDot(document: ConnectivityMap | WhoCan): Iterable<string> {
  yield* digraph(document.kind, drawConnections(document));
}

/** As for a map; added edges are green with `+`, removed ones red with `-`, changed ones orange with `~`. */
export function* diffDot(document: ConnectivityDiff): Iterable<string> {
  yield* digraph(document.kind, drawDiff(document));
}

/** A DOT string. Backslashes and quotes are escaped, so no text can leave its string or add an escape of its own. */
function quoted(text: string): string {
  return `"${printable(text.replaceAll(GLUE, ' ')).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function attributes(values: Readonly<Record<string, string>>): string {
  const texts = Object.entries(values).filter(([, value]) => value !== '');
  return texts.length === 0 ? '' : ` [${texts.map(([name, value]) => `${name}=${quoted(value)}`).join(', ')}]`;
}

function* digraph(name: string, drawable: Drawable): Iterable<string> {
  const { endpoints, pairs } = drawable;
  const isCollapsed = endpoints.length > MOST_NODES || pairs > MOST_EDGES;
  yield `digraph ${name} {\n`;
  if (isCollapsed) yield `  // ${endpoints.length} endpoints, ${pairs} pairs: drawn by namespace\n`;
  yield '  rankdir=LR;\n  node [shape=box, style=rounded];\n';
  yield* parts(isCollapsed ? collapsedGraph(drawable) : detailedGraph(drawable));
  yield '}\n';
}

const SHAPES: Readonly<Record<EndpointDocument['type'] | 'namespace', string>> = {
  workload: '',
  namespace: '',
  addresses: 'ellipse',
  entry: 'cds',
  node: 'box3d',
  domain: 'ellipse',
  pods: 'folder',
};

function* parts({ boxes, edges }: Graph): Iterable<string> {
  let number = 0;
  for (const { label: box, nodes } of boxes) {
    const indent = box === undefined ? '  ' : '    ';
    if (box !== undefined) yield `  subgraph cluster_${number++} {\n    label=${quoted(box)};\n`;
    for (const { id, label, type } of nodes) {
      const shape = Object.hasOwn(SHAPES, type) ? SHAPES[type] : '';
      yield `${indent}${id}${attributes({ label, shape })};\n`;
    }
    if (box !== undefined) yield '  }\n';
  }
  for (const { from, to, text, isOpen, change } of edges) {
    const { sign, colour } = STYLES[change];
    const values = { label: sign + text, style: isOpen ? 'dashed' : '', color: colour, fontcolor: colour };
    yield `  ${from} -> ${to}${attributes(values)};\n`;
  }
}
