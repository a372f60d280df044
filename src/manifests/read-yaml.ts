// One YAML document: text to value, problems with their spans. Parses once; again only for a place whose tree is gone.

import { Composer, type Document, type Node, Parser, type YAMLParseError } from 'yaml';
import { buildValue, type DocumentProblem } from './build-value.ts';
import { explainYamlError } from './explain-yaml-error.ts';
import { MAX_YAML_DOCUMENT } from './limits.ts';
import type { TreeCache } from './tree-cache.ts';
import { scanUsualYaml } from './usual-yaml/scan-block.ts';
import { treeOfTape } from './usual-yaml/tape-tree.ts';
import { valueOfTape } from './usual-yaml/tape-value.ts';
import type { YamlTree } from './yaml-positions.ts';

/** Root nodes by document. */
export type YamlTrees = TreeCache<object, { readonly root: Node | null }>;

/** What one slice of a stream holds. Spans count from the start of the slice. */
export interface YamlDocument {
  /** Absent where nothing but comments was there, and where a problem stopped the reading. */
  readonly content?: { readonly value: unknown };
  /** Why there is no value. */
  readonly problem?: DocumentProblem;
  readonly duplicates: readonly DocumentProblem[];
  /** Start of a second document in the same slice, after `...`; kubectl ignores it. */
  readonly ignoredFrom?: number;
  /** The syntax tree; parses the slice again unless it was kept. */
  readonly tree: () => YamlTree;
}

/** How the text is handed to the parser: every scalar stays text, since build-value resolves them as kubectl does. */
export const COMPOSE_OPTIONS = {
  version: '1.1',
  schema: 'failsafe',
  resolveKnownTags: false,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** Reads the slice of `text` from `start` to `end`. `trees` keeps the tree for a quick `tree()`. */
export function readYaml(text: string, start: number, end: number, trees: YamlTrees): YamlDocument {
  const slice = text.slice(start, end);
  if (slice.length > MAX_YAML_DOCUMENT) return tooLarge(slice.length);
  const usual = readUsual(slice, start, trees);
  if (usual !== undefined) return usual;
  const [document, second] = compose(slice);
  const key = {};
  const keep = (root: Node | null): { readonly root: Node | null } => {
    trees.set(key, { root }, slice.length);
    return { root };
  };
  const tree = (): YamlTree => {
    const { root } = trees.get(key) ?? keep(compose(slice)[0]?.contents ?? null);
    return { root, offset: start };
  };
  if (document === undefined) return { duplicates: [], tree };
  for (const part of second === undefined ? [document] : [document, second]) {
    const [error] = part.errors;
    if (error !== undefined) return { problem: describe(error, slice, part), duplicates: [], tree };
  }
  const ignored = second === undefined ? {} : { ignoredFrom: second.range?.[0] ?? 0 };
  if (document.contents === null || isBlank(document.contents)) return { duplicates: [], tree, ...ignored };
  const built = buildValue(document.contents);
  if ('problem' in built) return { problem: built.problem, duplicates: [], tree };
  keep(document.contents);
  return { content: { value: built.value }, duplicates: built.duplicates, tree, ...ignored };
}

/** A document as people and programs write it, without the full parser; undefined where that has to look at it. */
function readUsual(slice: string, start: number, trees: YamlTrees): YamlDocument | undefined {
  const tape = scanUsualYaml(slice);
  const content = tape === undefined ? undefined : valueOfTape(slice, tape);
  if (content === undefined) return undefined;
  const key = {};
  const tree = (): YamlTree => {
    let kept = trees.get(key);
    if (kept === undefined) {
      kept = { root: treeOfTape(slice, scanUsualYaml(slice)!) };
      trees.set(key, kept, slice.length);
    }
    return { root: kept.root, offset: start };
  };
  return { content, duplicates: [], tree };
}

function compose(slice: string): ReturnType<Composer['end']> extends Iterable<infer D> ? D[] : never {
  return [...new Composer(COMPOSE_OPTIONS).compose(new Parser().parse(slice))];
}

/** True for the empty scalar that stands for a document of comments only. */
function isBlank(node: Node): boolean {
  return 'source' in node && node.source === '' && node.range?.[0] === node.range?.[1] && node.tag === undefined;
}

function tooLarge(length: number): YamlDocument {
  const megabytes = (length / 1024 / 1024).toFixed(0);
  const message = `YAML document of ${megabytes} MB; more than ${MAX_YAML_DOCUMENT / 1024 / 1024} MB is not read`;
  const problem = { check: 'too-large', message, start: 0, end: 0 } as const;
  return { problem, duplicates: [], tree: () => ({ root: null, offset: 0 }) };
}

function describe(error: YAMLParseError, slice: string, document: Document): DocumentProblem {
  const { message, ...place } = explainYamlError(error, slice, document);
  if (error.code === 'RESOURCE_EXHAUSTION') return { check: 'too-large', message: 'nested too deeply', ...place };
  return { check: 'malformed-yaml', message, ...place };
}
