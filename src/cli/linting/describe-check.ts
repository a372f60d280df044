// `lint --list` and `lint --describe`: what checks there are, and the page of one.

import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CheckInfo, listChecks } from '../../engine/index.ts';
import { nearestNames } from '../../engine/model/nearest-names.ts';
import { UserError } from '../../engine/model/user-error.ts';
import { READING_CHECKS } from '../reading-checks.ts';

/** Checks of the engine and of the readers, by id. */
export function allChecks(): readonly CheckInfo[] {
  return [...listChecks(), ...READING_CHECKS].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The check of that id. Throws UserError with the nearest ids. */
export function checkNamed(id: string): CheckInfo {
  const checks = allChecks();
  const check = checks.find((one) => one.id === id);
  if (check !== undefined) return check;
  if (id.includes(',')) {
    const hint = `name one at a time: ${id
      .split(',')
      .map((one) => `--only ${one.trim()}`)
      .join(' ')}`;
    throw new UserError('unknown-name', `"${id}" is no name of one check`, { hint });
  }
  const near = nearestNames(
    id,
    checks.map((one) => one.id),
  );
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'lint --list shows every check';
  throw new UserError('unknown-name', `there is no check "${id}"`, { hint });
}

/** A table of all checks. */
export function listText(headers: boolean): string {
  const rows = allChecks().map(({ id, severity, rejects, summary }) => [id, severity, rejects, summary]);
  const all = headers ? [['CHECK', 'SEVERITY', 'REJECTED', 'REPORTS'], ...rows] : rows;
  const widths = [0, 1, 2].map((at) => Math.max(...all.map((row) => row[at]!.length)));
  return all
    .map((row) => `${row.map((cell, at) => (at < 3 ? cell.padEnd(widths[at]!) : cell)).join('   ')}\n`)
    .join('');
}

/** What a check is about; its page where that is installed beside the program. Throws UserError with the nearest ids. */
export function describeText(id: string): string {
  const check = checkNamed(id);
  const page = pageOf(id);
  if (page !== undefined) return page;
  const rejected = {
    always: 'the API server rejects such an object, and it counts as absent',
    sometimes: 'some API servers reject such an object; a rejected one counts as absent',
    never: 'the API server does not reject such an object',
  }[check.rejects];
  const controls = check.controls.length === 0 ? '' : `controls   ${check.controls.join(', ')}\n`;
  return `${check.id}\n\nreports    ${check.summary}\nseverity   ${check.severity}\nrejected   ${rejected}\n${controls}`;
}

function pageOf(id: string): string | undefined {
  try {
    const program = dirname(realpathSync(process.argv[1]!));
    return readFileSync(join(program, '../../docs/checks', `${id}.md`), 'utf8');
  } catch {
    return undefined;
  }
}
