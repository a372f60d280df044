// Reads the part of Mermaid's flowcharts that our reporter writes, strictly: a line that is not of it is an error. The
// rules are those of https://mermaid.js.org/syntax/flowchart.html; Mermaid's own parser needs a browser.

/** What a flowchart says. Texts are as a reader sees them, entities resolved. */
export interface Flowchart {
  readonly title?: string;
  readonly comments: readonly string[];
  readonly nodes: ReadonlyMap<string, string>;
  readonly boxes: readonly { readonly label: string; readonly nodes: readonly string[] }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly label: string;
    readonly isDotted: boolean;
    readonly colour?: string;
  }[];
}

/** No quote, no Markdown, no HTML: letters, digits, a few signs and numeric entities. */
const TEXT = String.raw`(?:[\p{L}\p{N} ./:,=?()→-]|#\d+;)*`;
const NODE = new RegExp(
  `^(n\\d+)(?:\\["(${TEXT})"\\]|\\(\\["(${TEXT})"\\]\\)|>"(${TEXT})"\\]|\\[\\["(${TEXT})"\\]\\]|\\{\\{"(${TEXT})"\\}\\})$`,
  'u',
);
const BOX = new RegExp(`^subgraph s(\\d+)\\["(${TEXT})"\\]$`, 'u');
const EDGE = new RegExp(`^(n\\d+) (-->|-\\.->)(?:\\|"(${TEXT})"\\|)? (n\\d+)$`, 'u');
const STYLE = /^linkStyle (\d+(?:,\d+)*) stroke:(#[0-9a-f]{6}),color:(#[0-9a-f]{6})$/;

const plain = (text: string): string =>
  text.replace(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));

/** Reads a flowchart. Throws an Error with the line that is not of it, and for nodes that are not declared or twice. */
export function parseMermaid(text: string): Flowchart {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Error('the last line is not ended');
  let title: string | undefined;
  if (lines[0] === '---') {
    const found = /^title: (".*")$/.exec(lines[1] ?? '')?.[1];
    if (found === undefined || lines[2] !== '---') throw new Error('no title in the front matter');
    title = JSON.parse(found);
    lines.splice(0, 3);
  }
  if (lines.shift() !== 'flowchart LR') throw new Error('no flowchart');
  const comments: string[] = [];
  const nodes = new Map<string, string>();
  const boxes: { label: string; nodes: string[] }[] = [];
  const edges: { from: string; to: string; label: string; isDotted: boolean; colour?: string }[] = [];
  let open: { label: string; nodes: string[] } | undefined;
  for (const line of lines.map((each) => each.trim())) {
    const [node, box, edge, style] = [NODE.exec(line), BOX.exec(line), EDGE.exec(line), STYLE.exec(line)];
    if (line.startsWith('%% ')) comments.push(line.slice(3));
    else if (node !== null) {
      const [, id = '', ...labels] = node;
      if (nodes.has(id)) throw new Error(`${id} twice`);
      nodes.set(id, plain(labels.find((label) => label !== undefined) ?? ''));
      open?.nodes.push(id);
    } else if (box !== null && open === undefined) {
      if (Number(box[1]) !== boxes.length) throw new Error(`s${box[1]} out of order`);
      open = { label: plain(box[2] ?? ''), nodes: [] };
      boxes.push(open);
    } else if (line === 'end' && open !== undefined) open = undefined;
    else if (edge !== null) {
      const [, from = '', kind, label = '', to = ''] = edge;
      if (!nodes.has(from) || !nodes.has(to)) throw new Error(`an end is not declared: ${line}`);
      edges.push({ from, to, label: plain(label), isDotted: kind === '-.->' });
    } else if (style !== null) {
      for (const index of (style[1] ?? '').split(',').map(Number)) {
        const found = edges[index];
        if (found === undefined || found.colour !== undefined) throw new Error(`no edge ${index} to colour`);
        found.colour = style[2] ?? '';
      }
    } else throw new Error(`not of a flowchart: ${line}`);
  }
  if (open !== undefined) throw new Error('a subgraph is not ended');
  return { ...(title === undefined ? {} : { title }), comments, nodes, boxes, edges };
}
