// Places of SARIF: artifacts by URI, regions, objects without a file, and replacements of text. Knows no finding.

import type { PolicyRef } from '../engine/model/policy.ts';
import type { Source } from '../engine/model/source.ts';
import type { FixDocument } from '../engine/questions/documents.ts';
import { policyText } from './ports-text.ts';
import type { RunFacts } from './reporter.ts';
import { isStream, pathUri, repositoryPath } from './repository-path.ts';

type Facts = RunFacts | undefined;
type Position = { readonly line: number; readonly column: number };

/** `artifactLocation`, section 3.4: from the root of the repository, or absolute outside it. */
export function artifact(file: string, run: Facts): object {
  const path = repositoryPath(file, run?.place);
  return { uri: pathUri(path), ...(path.inside ? { uriBaseId: '%SRCROOT%' } : {}) };
}

/**
 * `location`, section 3.28. Live objects and standard input have no file, and so only logical locations: GitHub takes no
 * such result. Undefined where there is neither a file nor anything to name.
 */
export function location(
  place: Source & { readonly end?: Position },
  policy: PolicyRef | undefined,
  run: Facts,
): object | undefined {
  const { file, line, column, end, path, object } = place;
  const member = [object ?? '', path].filter((part) => part !== '').join(' ');
  const name = policy === undefined ? member : `${policy.kind} ${policyText({ ...policy, kind: 'NetworkPolicy' })}`;
  const logical = name === '' ? [] : [{ fullyQualifiedName: name, kind: policy === undefined ? 'member' : 'resource' }];
  if (file === undefined || isStream(file)) return logical.length === 0 ? undefined : { logicalLocations: logical };
  const region = {
    startLine: line ?? 1,
    ...(line === undefined || column === undefined ? {} : { startColumn: column }),
    ...(line === undefined || column === undefined || end === undefined
      ? {}
      : { endLine: end.line, endColumn: end.column }),
  };
  return {
    physicalLocation: { artifactLocation: artifact(file, run), region },
    ...(policy === undefined ? {} : { logicalLocations: logical }),
  };
}

/** `fix`, section 3.55, of fixes whose every edit is known as text; the others are left out. */
export function fixesOf(fixes: readonly FixDocument[], run: Facts): object[] {
  return fixes.flatMap(({ title, edits }) => {
    const texts = edits.map(({ text }) => text ?? []);
    if (texts.some((each) => each.length === 0)) return [];
    const files = new Map<string, object[]>();
    for (const { file, start, end, text } of texts.flat()) {
      const replacement = {
        deletedRegion: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
        insertedContent: { text },
      };
      files.set(file, [...(files.get(file) ?? []), replacement]);
    }
    const artifactChanges = [...files].map(([file, replacements]) => ({
      artifactLocation: artifact(file, run),
      replacements,
    }));
    return [{ description: { text: title }, artifactChanges }];
  });
}
