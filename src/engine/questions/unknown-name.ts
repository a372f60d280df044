// The error for a name that does not exist: it always says which names do. Knows nothing of what is named.

import type { Gap } from '../model/cluster.ts';
import { nearestNames } from '../model/nearest-names.ts';
import { UserError } from '../model/user-error.ts';

/** Candidates may repeat and come in any order; none at all gives no hint. */
export function unknownName(
  kind: string,
  name: string,
  candidates: Iterable<string>,
  message = `there is no ${kind} "${name}"`,
): UserError {
  const all = [...new Set(candidates)].sort();
  const near = nearestNames(name, all);
  const shown =
    near.length > 0
      ? `did you mean ${near.join(', ')}?`
      : all.length === 0
        ? ''
        : `there is ${all.slice(0, 8).join(', ')}${all.length > 8 ? ', …' : ''}`;
  return new UserError('unknown-name', message, shown === '' ? {} : { hint: shown });
}

/** A message that says of something that it is not there, where it may be among what was not read. */
export function absentIn(gaps: readonly Gap[], namespace: string | undefined, message: string): string {
  const bears = ({ lost, namespaces }: Gap): boolean =>
    lost !== 'policies' && (namespace === undefined || namespaces === 'all' || namespaces.includes(namespace));
  return gaps.some(bears) ? `${message} in what was read, which is not all` : message;
}
