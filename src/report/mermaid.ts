// Maps, diffs and who-can answers as a Mermaid flowchart, which GitHub and GitLab draw inside Markdown. Keeps to Mermaid's
// own bounds: big ones are drawn as namespaces. https://mermaid.js.org/syntax/flowchart.html

import type { ConnectivityDiff, ConnectivityMap, WhoCan } from '../engine/questions/documents.ts';
import {
  type Change,
  collapsedGraph,
  type Drawable,
  detailedGraph,
  drawConnections,
  drawDiff,
  type Graph,
  type GraphEdge,
  type GraphNode,
} from './graph.ts';
import { GLUE, printable } from './printable.ts';

/** More nodes cannot be read. */
const MOST_NODES = 200;
/** Mermaid draws no more unless its configuration says so (`maxEdges`, `maxTextSize`); hosts do not let pages say so. */
const MOST_EDGES = 500;
const MOST_CHARACTERS = 50_000;

/** The words before the text of an edge, and its colour. Colour is never the only sign. */
const STYLES: Readonly<Record<Change, { readonly word: string; readonly colour: string }>> = {
  plain: { word: '', colour: '' },
  added: { word: 'added: ', colour: '#1a7f37' },
  removed: { word: 'removed: ', colour: '#cf222e' },
  changed: { word: 'changed: ', colour: '#9a6700' },
};

/** A flowchart from left to right. Dotted edges are unknown or conditional for at least some ports. */
export function* connectionsMermaid(document: ConnectivityMap | WhoCan): Iterable<string> {
  yield chart(drawConnections(document));
}

/** As for a map; edges say whether they were added, removed or changed, and have a colour each. */
export function* diffMermaid(document: ConnectivityDiff): Iterable<string> {
  yield chart(drawDiff(document));
}

function chart(drawable: Drawable): string {
  const { endpoints, pairs } = drawable;
  if (endpoints.length <= MOST_NODES && pairs <= MOST_EDGES) {
    const text = flowchart(detailedGraph(drawable), []);
    if (text.length <= MOST_CHARACTERS) return text;
  }
  const graph = collapsedGraph(drawable);
  const about = `${endpoints.length} endpoints, ${pairs} pairs: drawn by namespace`;
  const all = flowchart(graph, [about]);
  if (graph.edges.length <= MOST_EDGES && all.length <= MOST_CHARACTERS) return all;
  return within(graph, about);
}

/** As many edges as the bounds allow, those of most pairs first; how many are missing is said. */
function within(graph: Graph, about: string): string {
  const ranked = graph.edges.map((edge, index) => ({ edge, index })).sort((a, b) => b.edge.pairs - a.edge.pairs);
  for (let most = MOST_EDGES; ; most = Math.floor(most / 2)) {
    const kept = ranked.slice(0, most).sort((a, b) => a.index - b.index);
    const edges = kept.map(({ edge }) => edge);
    const left = graph.edges.slice().filter((edge) => !edges.includes(edge));
    const missing = `${left.length} arrows between namespaces with the fewest pairs are left out`;
    const text = flowchart({ boxes: graph.boxes, edges }, [about, missing]);
    if (text.length <= MOST_CHARACTERS || most === 0) return text;
  }
}

/** `remarks` stand in a comment each, and in the title. */
function flowchart({ boxes, edges }: Graph, remarks: readonly string[]): string {
  const lines: string[] = [];
  if (remarks.length > 0) lines.push('---', `title: ${JSON.stringify(remarks.join('; '))}`, '---');
  lines.push('flowchart LR');
  for (const remark of remarks) lines.push(`  %% ${remark}`);
  let number = 0;
  for (const { label, nodes } of boxes) {
    const indent = label === undefined ? '  ' : '    ';
    if (label !== undefined) lines.push(`  subgraph s${number++}["${quoted(label)}"]`);
    for (const node of nodes) lines.push(`${indent}${shaped(node)}`);
    if (label !== undefined) lines.push('  end');
  }
  for (const edge of edges) lines.push(`  ${arrow(edge)}`);
  for (const change of ['added', 'removed', 'changed'] as const) {
    const at = edges.flatMap((edge, index) => (edge.change === change ? [index] : []));
    const { colour } = STYLES[change];
    if (at.length > 0) lines.push(`  linkStyle ${at.join(',')} stroke:${colour},color:${colour}`);
  }
  return `${lines.join('\n')}\n`;
}

/** The text between quotes of a node, by what it is. */
const SHAPES: Readonly<Record<GraphNode['type'], readonly [open: string, close: string]>> = {
  workload: ['[', ']'],
  namespace: ['[', ']'],
  addresses: ['([', '])'],
  entry: ['>', ']'],
  node: ['[[', ']]'],
  domain: ['([', '])'],
  pods: ['{{', '}}'],
};

function shaped({ id, label, type }: GraphNode): string {
  const [open, close] = Object.hasOwn(SHAPES, type) ? SHAPES[type] : SHAPES.workload;
  return `${id}${open}"${quoted(label)}"${close}`;
}

function arrow({ from, to, text, isOpen, change }: GraphEdge): string {
  const line = isOpen ? '-.->' : '-->';
  const label = quoted(STYLES[change].word + text);
  return `${from} ${line}${label === '' ? '' : `|"${label}"|`} ${to}`;
}

/**
 * Text within quotes. Mermaid reads labels as Markdown and HTML and looks for icons (`fa:fa-x`), so all that could mean
 * something there is a numeric entity, as its documentation says of special characters.
 */
function quoted(text: string): string {
  return printable(text.replaceAll(GLUE, ' '))
    .replace(/[^\p{L}\p{N} ./:,=?()→-]|^[\s-]|(?<=fa[bklrs]?):|(?<=^\d+)\.(?= )|(?<=\b(?:www|https?)\b)[:.]/gu, entity)
    .replaceAll('  ', ' #32;');
}

function entity(character: string): string {
  return `#${character.codePointAt(0)};`;
}
