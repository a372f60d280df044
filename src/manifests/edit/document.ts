// One document of a file, parsed for editing: its layout and its value, and which anchors its aliases mean.

import { Composer, type Node, Parser } from 'yaml';
import type { Path } from '../../engine/model/source.ts';
import { buildValue } from '../build-value.ts';
import { everyLayout, type Layout } from '../layout.ts';
import { COMPOSE_OPTIONS } from '../read-yaml.ts';
import { scanUsualYaml } from '../usual-yaml/scan-block.ts';
import type { Tape } from '../usual-yaml/tape.ts';
import { layoutOfTape } from '../usual-yaml/tape-layout.ts';
import { valueOfTape } from '../usual-yaml/tape-value.ts';
import { jsonLayout } from './json-layout.ts';
import { yamlLayout } from './yaml-layout.ts';

/** A document that can be edited. */
export interface EditableDocument {
  readonly format: 'yaml' | 'json';
  readonly text: string;
  readonly layout: Layout;
  /** With aliases and merge keys resolved. */
  readonly value: unknown;
}

/** Parses the text of one document; undefined where it is malformed, or holds nothing. */
export function parseDocument(text: string, format: 'yaml' | 'json'): EditableDocument | undefined {
  if (format === 'json') {
    try {
      return { format, text, layout: jsonLayout(text), value: JSON.parse(text) };
    } catch {
      return undefined;
    }
  }
  const usual = readUsual(text);
  if (usual === undefined) {
    const root = composeWithTokens(text);
    const built = root && buildValue(root);
    return built === undefined || 'problem' in built
      ? undefined
      : { format, text, layout: yamlLayout(root!), value: built.value };
  }
  // What is read again only to see what it says needs no layout.
  let layout: Layout | undefined;
  return {
    format,
    text,
    value: usual.value,
    get layout() {
      layout ??= layoutOfTape(text, usual.tape);
      return layout;
    },
  };
}

/** As documents are read (adr/0018): what is usual needs no full parser. */
function readUsual(text: string): { readonly tape: Tape; readonly value: unknown } | undefined {
  const tape = scanUsualYaml(text);
  const read = tape && valueOfTape(text, tape);
  return read && { tape: tape!, value: read.value };
}

/** The root, with the tokens that it is made of; undefined where the text is malformed, or holds nothing. */
export function composeWithTokens(text: string): Node | undefined {
  const composer = new Composer({ ...COMPOSE_OPTIONS, keepSourceTokens: true });
  const [document] = [...composer.compose(new Parser().parse(text))];
  return document === undefined || document.errors.length > 0 ? undefined : (document.contents ?? undefined);
}

/** What an alias stands for: the last value with its anchor that begins before it. */
export function targetOf(document: EditableDocument, alias: Layout): Layout | undefined {
  let found: Layout | undefined;
  for (const layout of everyLayout(document.layout)) {
    const isTarget = layout.form !== 'alias' && layout.anchor === alias.anchor && layout.start < alias.start;
    if (isTarget && (found === undefined || layout.start > found.start)) found = layout;
  }
  return found;
}

/**
 * The first of these values that an alias outside of `gone` stands for; undefined where none is. A change in one would
 * be a change in several places.
 */
export function findShared(
  document: EditableDocument,
  values: readonly Layout[],
  gone: { readonly start: number; readonly end: number },
): Layout | undefined {
  const anchored = new Set(values.filter(({ form, anchor }) => form !== 'alias' && anchor !== undefined));
  if (anchored.size === 0) return undefined;
  for (const layout of everyLayout(document.layout)) {
    if (layout.form !== 'alias' || (layout.start >= gone.start && layout.end <= gone.end)) continue;
    const target = targetOf(document, layout);
    if (target !== undefined && anchored.has(target)) return target;
  }
  return undefined;
}

/** The value that a path leads to; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, part) => {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    return (at as Record<string | number, unknown>)[part];
  }, value);
}
