// Maps, diffs and who-can answers as a graph for Graphviz: a cluster per namespace, an edge per pair with its ports.
// Big ones are drawn as namespaces. Knows nothing of layout; Graphviz does that.

import type { ConnectivityDiff, ConnectivityMap, EndpointDocument, WhoCan } from '../engine/questions/documents.ts';
import { type Group, groupConnections, type Rectangle } from './connection-groups.ts';
import { groupText, rectanglesOf } from './connection-table.ts';
import { changedRectangles } from './diff-text.ts';
import { endpointNames } from './endpoint-names.ts';
import { GLUE, printable } from './printable.ts';

/** More nodes or edges than these cannot be read; then namespaces are drawn instead. */
const MOST_NODES = 300;
const MOST_EDGES = 5000;

/** What {@link rectanglesOf} says of a connection without limits. */
const ALL_PORTS = `all${GLUE}ports`;

/** A part of the graph: `sign` stands before labels, `colour` is Graphviz's name of one; both may be empty. */
interface Layer {
  readonly sign: string;
  readonly colour: string;
  readonly groups: readonly Group[];
}

/** A directed graph named after the kind. Dashed edges are unknown or conditional for at least some ports. */
export function* connectionsDot(document: ConnectivityMap | WhoCan): Iterable<string> {
  const groups = groupConnections(rectanglesOf(document.connections, false), 'best');
  yield* graph(document.kind, document.endpoints, [{ sign: '', colour: '', groups }]);
}

/** As for a map; added edges are green with `+`, removed ones red with `-`, changed ones orange with `~`. */
export function* diffDot(document: ConnectivityDiff): Iterable<string> {
  const layer = (sign: string, colour: string, rectangles: Rectangle[]): Layer => ({
    sign: `${sign} `,
    colour,
    groups: groupConnections(rectangles, 'best'),
  });
  yield* graph(document.kind, document.endpoints, [
    layer('+', 'darkgreen', rectanglesOf(document.added, false)),
    layer('-', 'red3', rectanglesOf(document.removed, false)),
    layer('~', 'darkorange3', changedRectangles(document.changed, false, '→')),
  ]);
}

/** A DOT string. Backslashes and quotes are escaped, so no text can leave its string or add an escape of its own. */
function quoted(text: string): string {
  return `"${printable(text.replaceAll(GLUE, ' ')).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function attributes(values: Readonly<Record<string, string>>): string {
  const texts = Object.entries(values).filter(([, value]) => value !== '');
  return texts.length === 0 ? '' : ` [${texts.map(([name, value]) => `${name}=${quoted(value)}`).join(', ')}]`;
}

function namespaceOf(endpoint: EndpointDocument): string | undefined {
  return endpoint.type === 'workload' || endpoint.type === 'entry' ? endpoint.namespace : undefined;
}

function* graph(name: string, endpoints: readonly EndpointDocument[], layers: readonly Layer[]): Iterable<string> {
  const edges = layers.reduce(
    (all, { groups }) => groups.reduce((sum, { from, to }) => sum + from.length * to.length, all),
    0,
  );
  const isCollapsed = endpoints.length > MOST_NODES || edges > MOST_EDGES;
  yield `digraph ${name} {\n`;
  if (isCollapsed) yield `  // ${endpoints.length} endpoints, ${edges} pairs: drawn by namespace\n`;
  yield '  rankdir=LR;\n  node [shape=box, style=rounded];\n';
  yield* isCollapsed ? collapsed(endpoints, layers) : detailed(endpoints, layers);
  yield '}\n';
}

const SHAPES: Readonly<Record<EndpointDocument['type'], string>> = {
  workload: '',
  addresses: 'ellipse',
  entry: 'cds',
  node: 'box3d',
  domain: 'ellipse',
  pods: 'folder',
};

function* detailed(endpoints: readonly EndpointDocument[], layers: readonly Layer[]): Iterable<string> {
  const names = endpointNames(endpoints, {});
  const namespaces = new Map<string | undefined, EndpointDocument[]>();
  for (const endpoint of endpoints) {
    const namespace = namespaceOf(endpoint);
    const list = namespaces.get(namespace);
    if (list === undefined) namespaces.set(namespace, [endpoint]);
    else list.push(endpoint);
  }
  const sorted = [...namespaces].sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1));
  let number = 0;
  for (const [namespace, members] of sorted) {
    const indent = namespace === undefined ? '  ' : '    ';
    if (namespace !== undefined) yield `  subgraph cluster_${number++} {\n    label=${quoted(namespace)};\n`;
    for (const endpoint of members) {
      const shape = Object.hasOwn(SHAPES, endpoint.type) ? SHAPES[endpoint.type] : '';
      const name = names.one(endpoint.id);
      // The box says the namespace already.
      const label =
        namespace !== undefined && name.startsWith(`${namespace}/`) ? name.slice(namespace.length + 1) : name;
      yield `${indent}n${endpoint.id}${attributes({ label, shape })};\n`;
    }
    if (namespace !== undefined) yield '  }\n';
  }
  for (const { sign, colour, groups } of layers) {
    const edges: { readonly from: number; readonly to: number; readonly text: string }[] = [];
    for (const { from, to, text, notSelf } of groups)
      for (const source of from)
        for (const target of to) if (!notSelf || source !== target) edges.push({ from: source, to: target, text });
    edges.sort((a, b) => a.from - b.from || a.to - b.to);
    for (const { from, to, text } of edges) {
      // A bare arrow means all ports: most edges of an open cluster would say so.
      const label = sign === '' && text === ALL_PORTS ? '' : sign + text;
      yield edge(`n${from}`, `n${to}`, label, isOpen(text), colour);
    }
  }
}

function edge(from: string, to: string, label: string, isDashed: boolean, colour: string): string {
  const values = { label, style: isDashed ? 'dashed' : '', color: colour, fontcolor: colour };
  return `  ${from} -> ${to}${attributes(values)};\n`;
}

/** Reports whether some of the text is unknown or conditional. */
function isOpen(text: string): boolean {
  return /(^|[\s\u00a0])[?~]\u00a0/.test(text);
}

/** One node per namespace and one per kind of other endpoint; labels count the pairs. */
function* collapsed(endpoints: readonly EndpointDocument[], layers: readonly Layer[]): Iterable<string> {
  const boxOf = new Map<number, string>();
  const sizes = new Map<string, number>();
  for (const endpoint of endpoints) {
    const namespace = namespaceOf(endpoint);
    const box = namespace === undefined ? endpoint.type : `namespace ${namespace}`;
    boxOf.set(endpoint.id, box);
    sizes.set(box, (sizes.get(box) ?? 0) + 1);
  }
  const boxes = [...sizes.keys()].sort();
  const idOf = new Map(boxes.map((box, at) => [box, `n${at}`]));
  for (const box of boxes) yield `  ${idOf.get(box)}${attributes({ label: `${box} (${sizes.get(box)})` })};\n`;
  for (const { sign, colour, groups } of layers) {
    const edges = new Map<string, { pairs: number; texts: Set<string>; isOpen: boolean }>();
    for (const group of groups) {
      const sources = countBy(group.from, boxOf);
      const targets = countBy(group.to, boxOf);
      const text = groupText(group);
      for (const [source, left] of sources)
        for (const [target, right] of targets) {
          const key = JSON.stringify([idOf.get(source), idOf.get(target)]);
          const sum = edges.get(key) ?? { pairs: 0, texts: new Set<string>(), isOpen: false };
          sum.pairs += left * right;
          sum.texts.add(text);
          sum.isOpen ||= isOpen(text);
          edges.set(key, sum);
        }
    }
    for (const [key, { pairs, texts, isOpen: isDashed }] of [...edges].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const [from, to] = JSON.parse(key) as [string, string];
      const ports = texts.size === 1 ? [...texts][0] : `${texts.size} different sets of ports`;
      yield edge(from, to, `${sign}${pairs} pair${pairs === 1 ? '' : 's'}: ${ports}`, isDashed, colour);
    }
  }
}

function countBy(ids: readonly number[], boxOf: ReadonlyMap<number, string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) {
    const box = boxOf.get(id) ?? `#${id}`;
    counts.set(box, (counts.get(box) ?? 0) + 1);
  }
  return counts;
}
