// One YAML document: text to value, problems with their spans. Parses once; again only for a place whose tree is gone.

import { Composer, type Document, type Node, Parser, type YAMLParseError } from 'yaml';
import { buildValue, type DocumentProblem } from './build-value.ts';
import { explainYamlError } from './explain-yaml-error.ts';
import { MAX_YAML_DOCUMENT } from './limits.ts';
import type { TreeCache } from './tree-cache.ts';
import { layoutSpans } from './usual-yaml/layout-spans.ts';
import { scanUsualYaml } from './usual-yaml/scan-block.ts';
import { layoutOfTape } from './usual-yaml/tape-layout.ts';
import { valueOfTape } from './usual-yaml/tape-value.ts';
import { type DocumentSpans, treeSpans } from './yaml-positions.ts';

/** What places are looked up in, by document. */
export type YamlTrees = TreeCache<object, DocumentSpans>;

/** What one slice of a stream holds. Spans count from the start of the slice. */
export interface YamlDocument {
  /** Absent where nothing but comments was there, and where a problem stopped the reading. */
  readonly content?: { readonly value: unknown };
  /** Why there is no value. */
  readonly problem?: DocumentProblem;
  readonly duplicates: readonly DocumentProblem[];
  /** Start of a second document in the same slice, after `...`; kubectl ignores it. */
  readonly ignoredFrom?: number;
  /** Where values stand; parses the slice again unless that was kept. */
  readonly spans: () => DocumentSpans;
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

/** Reads the slice of `text` from `start` to `end`. `trees` keeps what makes `spans()` quick. */
export function readYaml(text: string, start: number, end: number, trees: YamlTrees): YamlDocument {
  const slice = text.slice(start, end);
  if (slice.length > MAX_YAML_DOCUMENT) return tooLarge(slice.length);
  const usual = readUsual(slice, trees);
  if (usual !== undefined) return usual;
  const [document, second] = compose(slice);
  const key = {};
  const keep = (root: Node | null): DocumentSpans => {
    const made = treeSpans(root);
    trees.set(key, made, slice.length);
    return made;
  };
  const spans = (): DocumentSpans => trees.get(key) ?? keep(compose(slice)[0]?.contents ?? null);
  if (document === undefined) return { duplicates: [], spans };
  for (const part of second === undefined ? [document] : [document, second]) {
    const [error] = part.errors;
    if (error !== undefined) return { problem: describe(error, slice, part), duplicates: [], spans };
  }
  const ignored = second === undefined ? {} : { ignoredFrom: second.range?.[0] ?? 0 };
  if (document.contents === null || isBlank(document.contents)) return { duplicates: [], spans, ...ignored };
  const built = buildValue(document.contents);
  if ('problem' in built) return { problem: built.problem, duplicates: [], spans };
  keep(document.contents);
  return { content: { value: built.value }, duplicates: built.duplicates, spans, ...ignored };
}

/** A document as people and programs write it, without the full parser; undefined where that has to look at it. */
function readUsual(slice: string, trees: YamlTrees): YamlDocument | undefined {
  const tape = scanUsualYaml(slice);
  const content = tape === undefined ? undefined : valueOfTape(slice, tape);
  if (content === undefined) return undefined;
  const key = {};
  const spans = (): DocumentSpans => {
    let kept = trees.get(key);
    if (kept === undefined) {
      kept = layoutSpans(slice, layoutOfTape(slice, scanUsualYaml(slice)!));
      trees.set(key, kept, slice.length);
    }
    return kept;
  };
  return { content, duplicates: [], spans };
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
  return { problem, duplicates: [], spans: () => treeSpans(null) };
}

function describe(error: YAMLParseError, slice: string, document: Document): DocumentProblem {
  const { message, ...place } = explainYamlError(error, slice, document);
  if (error.code === 'RESOURCE_EXHAUSTION') return { check: 'too-large', message: 'nested too deeply', ...place };
  return { check: 'malformed-yaml', message, ...place };
}
