// How one document stands in its text: for every value the offsets that an edit needs, the same for YAML and JSON.
// Knows no values beyond the text of keys.

import type { Span } from './place.ts';

/** A value in the text. Offsets count from the start of the document's text; comments and blanks around it are outside. */
export interface Layout extends Span {
  /**
   * `block`: one member a line. `flow`: between brackets, JSON too. `bare`: a mapping of one pair without brackets in a
   * flow sequence (`[a: 1]`). `alias`: `*name`. `scalar`: anything else, a value of which only properties are there included.
   */
  readonly form: 'block' | 'flow' | 'bare' | 'alias' | 'scalar';
  /** Only for collections; absent for scalars and aliases. */
  readonly type?: 'mapping' | 'sequence';
  /** Where it begins without its properties; where they end if there is nothing else. */
  readonly body: number;
  /** Anchor and tag in front of it, which `start` includes; absent where it has none. */
  readonly properties?: Span;
  /** Name of its anchor, or the anchor that an alias names. */
  readonly anchor?: string;
  /** Entries or items in the order of the text; empty for scalars and aliases. */
  readonly members: readonly Member[];
}

/** An entry of a mapping or an item of a sequence; `start` is that of its key, dash or, in flow, value. */
export interface Member extends Span {
  /** Behind the colon or the dash, where a value can begin; behind the key where there is no colon. */
  readonly head: number;
  /** Absent for items. */
  readonly key?: Key;
  /** Absent where it was left out, which means null. */
  readonly value?: Layout;
}

/** A key in the text, without its anchor and tag. */
export interface Key extends Span {
  /** As kubectl reads it; undefined for what cannot be a key of an object. */
  readonly text: string | undefined;
  /** True for the merge key `<<`. */
  readonly isMerge: boolean;
  readonly isQuoted: boolean;
  readonly hasColon: boolean;
}

/** The value that a member stands for; of an entry given several times the last one counts. */
export function memberAt(collection: Layout, part: string | number): Member | undefined {
  if (typeof part === 'number') return collection.type === 'sequence' ? collection.members[part] : undefined;
  return collection.members.findLast(({ key }) => key !== undefined && !key.isMerge && key.text === part);
}

/** Every value of a document, outer ones first, in the order of the text. */
export function* everyLayout(layout: Layout): Generator<Layout> {
  yield layout;
  for (const { value } of layout.members) if (value !== undefined) yield* everyLayout(value);
}
