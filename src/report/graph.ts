// Maps, diffs and who-can answers as a graph: boxes of nodes, and edges with their ports. Big ones become a graph of
// namespaces. Knows no language for graphs.

import type { ConnectivityDiff, ConnectivityMap, EndpointDocument, WhoCan } from '../engine/questions/documents.ts';
import { type Group, groupConnections } from './connection-groups.ts';
import { groupText, rectanglesOf } from './connection-table.ts';
import { changedRectangles } from './diff-text.ts';
import { endpointNames } from './endpoint-names.ts';
import { GLUE } from './printable.ts';

/** What {@link rectanglesOf} says of a connection without limits. */
const ALL_PORTS = `all${GLUE}ports`;

/** What became of an edge; `plain` outside of diffs. */
export type Change = 'plain' | 'added' | 'removed' | 'changed';

/** Edges that are drawn alike. */
export interface Layer {
  readonly change: Change;
  readonly groups: readonly Group[];
}

/** A document as a graph could be drawn of it. */
export interface Drawable {
  readonly endpoints: readonly EndpointDocument[];
  readonly layers: readonly Layer[];
  /** How many edges there are if each endpoint is a node. */
  readonly pairs: number;
}

/** A node. `id` is safe in any language; `namespace` is the type of one that stands for many endpoints. */
export interface GraphNode {
  readonly id: string;
  readonly label: string;
  readonly type: EndpointDocument['type'] | 'namespace';
}

/** Nodes of one namespace; without a label: nodes of none. */
export interface GraphBox {
  readonly label?: string;
  readonly nodes: readonly GraphNode[];
}

/** An edge. Its text is empty where it means all ports and nothing else; `isOpen`: some of it is unknown or conditional. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly isOpen: boolean;
  readonly change: Change;
  readonly pairs: number;
}

/** Boxes in order of their names, edges by layer, then ends. */
export interface Graph {
  readonly boxes: readonly GraphBox[];
  readonly edges: readonly GraphEdge[];
}

/** The connections of a map or a who-can answer. */
export function drawConnections({ endpoints, connections }: ConnectivityMap | WhoCan): Drawable {
  return drawable(endpoints, [{ change: 'plain', groups: groupConnections(rectanglesOf(connections, false), 'best') }]);
}

/** The changes of a diff, a layer for each kind. */
export function drawDiff({ endpoints, added, removed, changed }: ConnectivityDiff): Drawable {
  return drawable(endpoints, [
    { change: 'added', groups: groupConnections(rectanglesOf(added, false), 'best') },
    { change: 'removed', groups: groupConnections(rectanglesOf(removed, false), 'best') },
    { change: 'changed', groups: groupConnections(changedRectangles(changed, false, '→'), 'best') },
  ]);
}

function drawable(endpoints: readonly EndpointDocument[], layers: readonly Layer[]): Drawable {
  const pairs = layers.reduce(
    (all, { groups }) => groups.reduce((sum, { from, to }) => sum + from.length * to.length, all),
    0,
  );
  return { endpoints, layers, pairs };
}

function namespaceOf(endpoint: EndpointDocument): string | undefined {
  return endpoint.type === 'workload' || endpoint.type === 'entry' ? endpoint.namespace : undefined;
}

/** A node per endpoint. */
export function detailedGraph({ endpoints, layers }: Drawable): Graph {
  const names = endpointNames(endpoints, {});
  const namespaces = new Map<string | undefined, GraphNode[]>();
  for (const endpoint of endpoints) {
    const namespace = namespaceOf(endpoint);
    const name = names.one(endpoint.id);
    // The box says the namespace already.
    const label = namespace !== undefined && name.startsWith(`${namespace}/`) ? name.slice(namespace.length + 1) : name;
    const node = { id: `n${endpoint.id}`, label, type: endpoint.type };
    const list = namespaces.get(namespace);
    if (list === undefined) namespaces.set(namespace, [node]);
    else list.push(node);
  }
  const boxes = [...namespaces]
    .sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1))
    .map(([label, nodes]): GraphBox => (label === undefined ? { nodes } : { label, nodes }));
  return { boxes, edges: layers.flatMap(detailedEdges) };
}

function detailedEdges({ change, groups }: Layer): GraphEdge[] {
  const edges: { readonly from: number; readonly to: number; readonly text: string }[] = [];
  for (const { from, to, text, notSelf } of groups)
    for (const source of from)
      for (const target of to) if (!notSelf || source !== target) edges.push({ from: source, to: target, text });
  edges.sort((a, b) => a.from - b.from || a.to - b.to);
  return edges.map(({ from, to, text }) => ({
    from: `n${from}`,
    to: `n${to}`,
    // A bare arrow means all ports: most edges of an open cluster would say so.
    text: change === 'plain' && text === ALL_PORTS ? '' : text,
    isOpen: isOpen(text),
    change,
    pairs: 1,
  }));
}

/** Reports whether some of the text is unknown or conditional. */
function isOpen(text: string): boolean {
  return /(^|[\s\u00a0])[?~]\u00a0/.test(text);
}

/** One node per namespace and one per kind of other endpoint; texts count the pairs. */
export function collapsedGraph({ endpoints, layers }: Drawable): Graph {
  const boxOf = new Map<number, string>();
  const sizes = new Map<string, number>();
  for (const endpoint of endpoints) {
    const namespace = namespaceOf(endpoint);
    const box = namespace === undefined ? endpoint.type : `namespace ${namespace}`;
    boxOf.set(endpoint.id, box);
    sizes.set(box, (sizes.get(box) ?? 0) + 1);
  }
  const names = [...sizes.keys()].sort();
  const idOf = new Map(names.map((name, at) => [name, `n${at}`]));
  const nodes = names.map(
    (name, at): GraphNode => ({ id: `n${at}`, label: `${name} (${sizes.get(name)})`, type: 'namespace' }),
  );
  return { boxes: [{ nodes }], edges: layers.flatMap((layer) => collapsedEdges(layer, boxOf, idOf)) };
}

function collapsedEdges(
  { change, groups }: Layer,
  boxOf: ReadonlyMap<number, string>,
  idOf: ReadonlyMap<string, string>,
): GraphEdge[] {
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
  return [...edges]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { pairs, texts, isOpen: open }]): GraphEdge => {
      const [from, to] = JSON.parse(key) as [string, string];
      const ports = texts.size === 1 ? [...texts][0] : `${texts.size} different sets of ports`;
      return { from, to, text: `${pairs} pair${pairs === 1 ? '' : 's'}: ${ports}`, isOpen: open, change, pairs };
    });
}

function countBy(ids: readonly number[], boxOf: ReadonlyMap<number, string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) {
    const box = boxOf.get(id) ?? `#${id}`;
    counts.set(box, (counts.get(box) ?? 0) + 1);
  }
  return counts;
}
