// The checks that reading files and test files can report, for `lint --list`: the engine does not know of files.

import type { CheckInfo } from '../engine/index.ts';
import type { ReadingCheck } from '../manifests/index.ts';

type Row = Pick<CheckInfo, 'severity' | 'rejects' | 'summary'>;

const never = (severity: Row['severity'], summary: string): Row => ({ severity, rejects: 'never', summary });

const TABLE: Readonly<Record<ReadingCheck | 'invalid-test', Row>> = {
  'malformed-yaml': { severity: 'high', rejects: 'always', summary: 'a document that is no YAML; it was not read' },
  'malformed-json': { severity: 'high', rejects: 'always', summary: 'a document that is no JSON; it was not read' },
  'malformed-list': { severity: 'high', rejects: 'always', summary: 'a List whose items are not objects' },
  'duplicate-key': never('high', 'a key that stands twice in one mapping'),
  'document-separator': never('medium', 'content on the line of a document separator (---)'),
  'incomplete-list': never('high', 'a List that the server cut into pages, and not all of them are there'),
  'missing-type': { severity: 'high', rejects: 'always', summary: 'an object without apiVersion or kind' },
  'invalid-encoding': never('medium', 'bytes that are no UTF-8'),
  'too-large': never('high', 'a file or document beyond the bounds of what is read'),
  'unreadable-file': never('high', 'a file or directory that cannot be read'),
  'unrendered-template': never('high', 'a template of a chart that is to be rendered first'),
  'invalid-test': never('high', 'a mistake in a test file'),
};

/** Checks of the readers, by id. */
export const READING_CHECKS: readonly CheckInfo[] = Object.entries(TABLE).map(([id, row]) => ({
  id,
  ...row,
  scope: 'object',
  controls: [],
}));
