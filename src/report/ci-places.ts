// Where a finding or a test stands, as code hosts want it: a path from the root of the repository and a line. Knows no
// format.

import type { Source } from '../engine/model/source.ts';
import type { FindingDocument } from '../engine/questions/documents.ts';
import { findingPolicyText } from './finding-details.ts';
import type { RunFacts } from './reporter.ts';
import { isStream, repositoryPath } from './repository-path.ts';

/** The path of a file that the repository has; undefined for live objects, standard input and files outside it. */
export function hostPath(source: Pick<Source, 'file'>, run: RunFacts | undefined): string | undefined {
  if (source.file === undefined || isStream(source.file)) return undefined;
  const { path, inside } = repositoryPath(source.file, run?.place);
  return inside ? path : undefined;
}

/**
 * What a finding is in: its file as {@link hostPath}, else its file as it was named, else its policy, else the live
 * object. Never empty.
 */
export function homeOf(finding: FindingDocument, run: RunFacts | undefined): string {
  const { file, object, path } = finding.source;
  const policy = findingPolicyText(finding);
  return hostPath(finding.source, run) ?? file ?? (policy === '' ? object || path || 'the input' : policy);
}
