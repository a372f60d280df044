// The file of --baseline: a Findings document that an earlier run wrote.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Findings } from '../../engine/index.ts';
import { UserError } from '../../engine/model/user-error.ts';

/** The fingerprints of its findings that were not suppressed. Throws UserError where the file is not there or is something else. */
export async function readBaseline(path: string, cwd: string): Promise<ReadonlySet<string>> {
  let text: string;
  try {
    text = await readFile(resolve(cwd, path), 'utf8');
  } catch (cause) {
    throw new UserError('not-found', `--baseline: "${path}" cannot be read`, { hint: writtenWith(path), cause });
  }
  const document = parse(text);
  // What is there is somebody's file: nobody is told to write over it.
  const hint = writtenWith('FILE');
  if (document?.kind !== 'Findings' || !Array.isArray(document.findings)) {
    throw new UserError('unreadable', `--baseline: "${path}" is no Findings document`, { hint });
  }
  // What was suppressed is accepted by its suppression, for as long as that holds.
  return new Set(document.findings.flatMap((one) => (one?.suppressed === undefined ? (one?.fingerprint ?? []) : [])));
}

function writtenWith(path: string): string {
  return `a baseline is written with: netweir lint -f … -o json=${path}`;
}

function parse(text: string): Partial<Findings> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
