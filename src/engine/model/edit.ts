// A change of manifests by structure: objects and field paths, never text. How it is written into a file is an adapter's
// business (src/manifests/edit); what it means is found out by applying it to the plain values (engine/edits).

import type { ManifestObject, Path } from './source.ts';

/**
 * One change. Paths are those of the object as it was read, also where several edits touch it, so that their order does
 * not matter; edits of one list must not name the same item twice, but for several insertions at one place.
 */
export type Edit =
  /** A new item of a list, before the item that the path names; its last part is an index, and may be the length. */
  | { readonly op: 'insert'; readonly object: ManifestObject; readonly path: Path; readonly value: unknown }
  /** The value of a field or item; a key that is not there yet is added behind the others. Its parent must exist. */
  | { readonly op: 'set'; readonly object: ManifestObject; readonly path: Path; readonly value: unknown }
  /** Takes away a field with its key, or an item of a list. */
  | { readonly op: 'remove'; readonly object: ManifestObject; readonly path: Path }
  /** Another name for a key; its value and its place stay. */
  | { readonly op: 'rename'; readonly object: ManifestObject; readonly path: Path; readonly key: string }
  /** A new object, behind `beside` in its file; without it the caller decides where it goes. */
  | { readonly op: 'add-object'; readonly value: Readonly<Record<string, unknown>>; readonly beside?: ManifestObject }
  | { readonly op: 'remove-object'; readonly object: ManifestObject };

/**
 * What a fix says it does to connectivity; whoever applies it has it proved. `same`: nothing changes. `closes`: nothing
 * becomes open that was not. `opens`: nothing is closed that was open. `changes`: it may do both.
 */
export type Announced = 'same' | 'closes' | 'opens' | 'changes';

/** A way to make a finding go away. */
export interface Fix {
  /** What it does, as a command: `write policyTypes out`. */
  readonly title: string;
  /** At least one. */
  readonly edits: readonly Edit[];
  readonly announced: Announced;
  /**
   * True where it says the same more clearly, or where only one thing can have been meant: `lint --fix` applies it unasked.
   * False for a suggestion, which a person chooses (`lint --fix --suggested`).
   */
  readonly safe: boolean;
}
