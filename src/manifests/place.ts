// Where a value of a file stands, found only when asked. One shape for YAML and JSON, so that Lists are flattened once.

import { type ManifestObject, type Path, printPath, type Source } from '../engine/model/source.ts';
import type { LineIndex } from './line-index.ts';

/** Which document of a text a value is in, and where in it: what an editor needs to find its words again. */
export interface Origin {
  readonly format: 'yaml' | 'json';
  /** Offset of the document: where its slice of the stream starts, or its JSON value. The text has no byte-order mark. */
  readonly start: number;
  /** From the document's root to the value; empty for the root itself. */
  readonly base: Path;
  /** Offsets of the value in the text; looked up when called. */
  span(): Span;
}

/** A value's place in a file. */
export interface Place {
  /** Absent in a text that is not kept: it is read again to be edited. */
  readonly origin?: Origin;
  /** As `ManifestObject.locate`: the nearest enclosing field that exists, never throws. */
  locate(path: Path, options?: { readonly key?: boolean }): Source;
  /** The text at the place that `locate` names. */
  written(path: Path): string;
  /** Places of the elements of the array at `path`, by index; one that does not exist falls back to the value itself. */
  elements(path: Path): (index: number) => Place;
  /**
   * What tells what the value is that goes with the place, where something shorter stands for it in its list: perhaps not all
   * of it, which `object` has then. Undefined or absent: nothing does.
   */
  value?(): Readonly<Record<string, unknown>> | undefined;
  /** The object of the value that goes with the place, where that is not all of it. Absent or undefined: the value is all. */
  object?(value: Readonly<Record<string, unknown>>, inherited: Inherited | undefined): ManifestObject | undefined;
}

/** Taken from the kind of a list: `PodList` of `v1` holds Pods of `v1`. */
export interface Inherited {
  readonly apiVersion: unknown;
  readonly kind: string;
}

/** What items take from a list of a type of its own: its kind without the end. */
export function inheritedFrom(list: Readonly<Record<string, unknown>>): Inherited {
  return { apiVersion: list.apiVersion, kind: String(list.kind).slice(0, -'List'.length) };
}

/** An item of a typed list may leave out its own apiVersion and kind. */
export function inherit<T extends Readonly<Record<string, unknown>>>(value: T, from: Inherited | undefined): T {
  if (from === undefined) return value;
  const { apiVersion = from.apiVersion, kind = from.kind } = value;
  if (apiVersion === value.apiVersion && kind === value.kind) return value;
  // Assigning would set the prototype for this key. A copy by spreading has a shape of its own in V8, three times its size.
  if (Object.hasOwn(value, '__proto__')) return { ...value, apiVersion, kind };
  return Object.assign({}, value, { apiVersion, kind });
}

/** Offsets in the text of the file; `end` is one past the last character. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A text with its name, for making sources. */
export interface TextFile {
  readonly file: string;
  readonly text: string;
  readonly lines: LineIndex;
}

/** The source of a span; `path` is what was asked for, even where an enclosing field stands in for it. */
export function sourceOf(textFile: TextFile, path: Path, span: Span): Source {
  const from = textFile.lines(span.start);
  const source = { file: textFile.file, ...from, path: printPath(path) };
  return span.end > span.start ? { ...source, end: textFile.lines(span.end) } : source;
}
