// Findings and gaps of reading, worded in one place. Knows the model's nouns, not where problems come from.

import type { Gap } from '../engine/model/cluster.ts';
import type { Finding, Severity } from '../engine/model/finding.ts';
import type { ManifestObject, Source } from '../engine/model/source.ts';
import type { IgnoreComment } from '../engine/model/suppression.ts';
import { MAX_KEPT_TREES } from './limits.ts';
import type { Origin } from './place.ts';
import type { SavedSnapshot } from './read-snapshot.ts';
import type { YamlTrees } from './read-yaml.ts';
import { createTreeCache } from './tree-cache.ts';

/** Checks that reading can report. */
export type ReadingCheck =
  | 'malformed-yaml'
  | 'malformed-json'
  | 'malformed-list'
  | 'duplicate-key'
  | 'document-separator'
  | 'incomplete-list'
  | 'missing-type'
  | 'invalid-encoding'
  | 'too-large'
  | 'unreadable-file'
  | 'unrendered-template';

/** A file, or one document of it, that is not Kubernetes and was left out on purpose: a line for stderr, not a gap. */
export interface Skipped {
  readonly file: string;
  /** Lower-case start, no full stop. */
  readonly reason: string;
  readonly hint?: string;
}

/** What reading gave. Objects stand in the order of operands, then of file names, then of the text. */
export interface ManifestSet {
  readonly objects: readonly ManifestObject[];
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly skipped: readonly Skipped[];
  /** Comments that suppress findings, in the order of files and text. */
  readonly ignores: readonly IgnoreComment[];
  /** What saved snapshots among the files say about themselves; their gaps are among the gaps. Mostly empty. */
  readonly snapshots: readonly SavedSnapshot[];
}

/** A ManifestSet while it is being filled. `documents` counts what was Kubernetes, empty Lists included; `trees` lasts as long as its objects. */
export interface Reading {
  readonly objects: ManifestObject[];
  readonly findings: Finding[];
  readonly gaps: Gap[];
  readonly skipped: Skipped[];
  readonly ignores: IgnoreComment[];
  readonly snapshots: SavedSnapshot[];
  documents: number;
  /** How many of the objects are Pods, and how many have a kind that ends with Policy: for people who wait. */
  pods: number;
  policies: number;
  readonly trees: YamlTrees;
  /** Where in its text each object is. */
  readonly origins: Map<ManifestObject, Origin>;
}

/** A reading with nothing in it; parts of one reading share their trees. */
export function emptyReading(trees: YamlTrees = createTreeCache(MAX_KEPT_TREES)): Reading {
  const lists = { objects: [], findings: [], gaps: [], skipped: [], ignores: [], snapshots: [] };
  return { ...lists, documents: 0, pods: 0, policies: 0, trees, origins: new Map() };
}

/** Adds what one text, without its comments, or one list came to. */
export function appendReading(reading: Reading, own: Reading): void {
  for (const object of own.objects) reading.objects.push(object);
  for (const [object, origin] of own.origins) reading.origins.set(object, origin);
  for (const finding of own.findings) reading.findings.push(finding);
  for (const gap of own.gaps) reading.gaps.push(gap);
  for (const snapshot of own.snapshots) reading.snapshots.push(snapshot);
  reading.documents += own.documents;
  reading.pods += own.pods;
  reading.policies += own.policies;
  // One line for a file, however many of its documents are not Kubernetes.
  const [skipped] = own.skipped;
  if (skipped !== undefined) reading.skipped.push(skipped);
}

/** What the caller sees of a finished reading. */
export function toManifestSet({ objects, findings, gaps, skipped, ignores, snapshots }: Reading): ManifestSet {
  return { objects, findings, gaps, skipped, ignores, snapshots };
}

/** Adds a finding. `lost` says that something was not read because of it, so that answers are marked incomplete. */
export function report(
  reading: Reading,
  check: ReadingCheck,
  source: Source,
  message: string,
  more: { severity?: Severity; hint?: string; rejectedByApi?: boolean; lost?: Gap['reason'] } = {},
): void {
  reading.findings.push({
    check,
    severity: more.severity ?? 'high',
    rejectedByApi: more.rejectedByApi ?? false,
    message,
    ...(more.hint === undefined ? {} : { hint: more.hint }),
    source,
  });
  if (more.lost === undefined) return;
  const place = source.line === undefined ? '' : `line ${source.line}: `;
  const file = source.file === undefined ? {} : { file: source.file };
  reading.gaps.push({ reason: more.lost, message: `${place}${message}`, namespaces: 'all', ...file });
}
