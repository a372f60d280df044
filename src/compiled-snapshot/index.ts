// What the command line uses of compiled snapshots.

import type { Behaviour } from '../engine/model/behaviour.ts';
import type { ManifestObject } from '../engine/model/source.ts';
import type { State } from '../engine/state.ts';
import type { SkippedFile } from './near-records.ts';
import { nearState } from './near-state.ts';
import { textOf } from './plain-values.ts';
import { nearFile } from './read-namespaces.ts';
import { besideOf, objectsOf, type ReadBeside } from './read-objects.ts';
import { openPages } from './read-pages.ts';

export { NEEDS_ALL } from './read-namespaces.ts';
export { isCompiledSnapshot } from './read-pages.ts';
export { type CompiledInput, type PreparedFile, prepareFile } from './write-compiled.ts';

/** A file that is read as a whole. */
export interface WholeFile extends ReadBeside {
  readonly objects: readonly ManifestObject[];
  /** Of the state that the file was written from. */
  readonly hints: readonly string[];
}

/** Reads everything, as from the manifests. The file stays open: places are read from it. Throws UserError `unreadable`. */
export function readWhole(path: string, file: string): WholeFile {
  const pages = openPages(path, file);
  const beside = besideOf(pages);
  return { ...beside, objects: objectsOf(pages, beside), hints: nearFile(pages).facts.hints };
}

/** A state of which only what is asked for is read. */
export interface NearInput {
  readonly state: State;
  readonly skipped: readonly SkippedFile[];
  readonly hints: readonly string[];
  close(): void;
}

/**
 * Opens a file for a question about few pods; undefined where the file was written for another behaviour, or where objects
 * without a namespace would be in another one. Throws UserError `unreadable`.
 */
export function openNear(
  path: string,
  file: string,
  { behaviour, defaultNamespace }: { readonly behaviour: Behaviour; readonly defaultNamespace: string },
): NearInput | undefined {
  const pages = openPages(path, file);
  let isTaken = false;
  try {
    const near = nearFile(pages);
    const { facts } = near;
    const isElsewhere = facts.isHomeless && facts.defaultNamespace !== defaultNamespace;
    if (isElsewhere || facts.behaviour !== textOf(behaviour)) return undefined;
    isTaken = true;
    const { skipped, hints } = facts;
    return { state: nearState(near, behaviour, defaultNamespace), skipped, hints, close: pages.close };
  } finally {
    if (!isTaken) pages.close();
  }
}
