// Places in a list that was read from bytes: its text is not kept, and is read again where somebody asks. Classes, since
// there is one of these for each of 150,000 pods, and closures would take several times the room.

import type { ManifestObject, Path, Source } from '../../engine/model/source.ts';
import { jsonPlace } from '../json-positions.ts';
import { indexLines, type LineColumn } from '../line-index.ts';
import { type Inherited, inherit, type Place, type TextFile } from '../place.ts';
import type { Abridger } from './abridge.ts';
import { BriefPod } from './brief-pod.ts';
import type { ByteLines } from './byte-lines.ts';
import type { ByteSource } from './byte-source.ts';
import type { ByteSpan, ListedRoot } from './read-lists.ts';

/** A file whose text is not kept. */
export interface ListedFile {
  readonly file: string;
  readonly source: ByteSource;
  readonly lines: ByteLines;
  /** What makes values of brief pods. */
  readonly abridger: Abridger;
  /** The value that was read again last: who asks for one often asks for it once more. */
  last?: { readonly start: number; readonly value: Record<string, unknown> };
  /** The text that was read again last: several places of one object are asked for at once. */
  lastText?: { readonly start: number; readonly place: Place };
}

type Json = Readonly<Record<string, unknown>>;

/** The place of one value of the file. */
export class ListedPlace implements Place {
  readonly #file: ListedFile;
  readonly #start: number;
  readonly #end: number;
  readonly #pod: BriefPod | undefined;

  /** `pod`: what stands for the value that goes with the place; absent: that is at hand. */
  constructor(file: ListedFile, { start, end }: ByteSpan, pod?: BriefPod) {
    this.#file = file;
    this.#start = start;
    this.#end = end;
    this.#pod = pod;
  }

  locate(path: Path, options?: { readonly key?: boolean }): Source {
    return this.#inText().locate(path, options);
  }

  written(path: Path): string {
    return this.#inText().written(path);
  }

  elements(path: Path): (index: number) => Place {
    return this.#inText().elements(path);
  }

  value(): Json | undefined {
    const pod = this.#pod;
    // What pods share says what they are, but for a name that is a template; that there is one is all that matters then.
    return pod === undefined || pod.hasPlainName ? pod?.common : pod.kept(this.#file.abridger);
  }

  object(_: Json, inherited: Inherited | undefined): ManifestObject | undefined {
    if (this.#pod === undefined) return undefined;
    return new ListedObject(this.#file, this.#start, this.#end, this.#pod, inherited);
  }

  /** The whole value, read again. */
  whole(): Record<string, unknown> {
    const start = this.#start;
    if (this.#file.last?.start !== start) this.#file.last = { start, value: JSON.parse(this.#text()) };
    return this.#file.last.value;
  }

  #text(): string {
    return decode(this.#file.source.slice(this.#start, this.#end));
  }

  #inText(): Place {
    const start = this.#start;
    if (this.#file.lastText?.start !== start) this.#file.lastText = { start, place: this.#readText() };
    return this.#file.lastText.place;
  }

  #readText(): Place {
    const text = this.#text();
    const from = this.#file.lines(this.#start);
    const inside = indexLines(text);
    const textFile: TextFile = { file: this.#file.file, text, lines: (offset) => behind(from, inside(offset)) };
    return jsonPlace(textFile, 0);
  }
}

/** An object that keeps what a snapshot reads of it. It takes over what its pod holds: one object for each, not two. */
class ListedObject extends BriefPod implements ManifestObject {
  readonly #file: ListedFile;
  readonly #start: number;
  readonly #end: number;
  readonly #inherited: Inherited | undefined;

  constructor(file: ListedFile, start: number, end: number, pod: BriefPod, inherited: Inherited | undefined) {
    super(pod.common, pod.own());
    this.#file = file;
    this.#start = start;
    this.#end = end;
    this.#inherited = inherited;
  }

  get value(): Json {
    return inherit(ListedObject.#placeOf(this).whole(), this.#inherited);
  }

  get brief(): Json {
    return this.kept(this.#file.abridger);
  }

  get file(): string {
    return this.#file.file;
  }

  locate(path: Path, options?: { readonly key?: boolean }): Source {
    return ListedObject.#placeOf(this).locate(path, options);
  }

  written(path: Path): string {
    return ListedObject.#placeOf(this).written(path);
  }

  /** Static: a private method of instances would be a field more of each. */
  static #placeOf(object: ListedObject): ListedPlace {
    return new ListedPlace(object.#file, { start: object.#start, end: object.#end });
  }
}

/** The object at the root as text, with an empty list for its items, and the place of it and of its items. */
export function outlineRoot(file: ListedFile, root: ListedRoot): { readonly text: string; readonly place: Place } {
  const { items, members } = root;
  const text = `{${members.map((member) => member.text).join(',')}}`;
  if (items === undefined) return { text, place: new ListedPlace(file, root) };
  const lines = (offset: number): LineColumn => {
    if (offset === 0) return file.lines(root.start);
    if (offset === text.length) return file.lines(root.end);
    let start = 1;
    for (const member of members) {
      const end = start + member.text.length;
      if (offset === end) return file.lines(member.end);
      if (offset < end) return behind(file.lines(member.key), indexLines(member.text)(offset - start));
      start = end + 1;
    }
    return file.lines(root.end);
  };
  const inOutline = jsonPlace({ file: file.file, text, lines }, 0);
  const itemAt = (index: number): Place => {
    const [start, end] = [items.starts[index], items.ends[index]];
    if (start === undefined || end === undefined) return inOutline;
    const value = items.values[index];
    return new ListedPlace(file, { start, end }, value instanceof BriefPod ? value : undefined);
  };
  return { text, place: { ...inOutline, elements: () => itemAt } };
}

/** A place in a place: `from` is where the text begins that `inside` counts from. */
export function behind(from: LineColumn, inside: LineColumn): LineColumn {
  const { line, column } = inside;
  return { line: from.line + line - 1, column: line === 1 ? from.column + column - 1 : column };
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text of bytes; what is no UTF-8 becomes U+FFFD. */
export function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
