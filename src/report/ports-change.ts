// Whether other ports are more, fewer, or neither. Knows no endpoints.

import type { ChangedConnection, Ports } from '../engine/questions/documents.ts';
import { PROTOCOLS } from '../engine/sets/traffic-set.ts';

/** Whether every port of `a` is in `b`. `all` is everything that the document asks about. */
function isSubset(a: Ports, b: Ports): boolean {
  if (b === 'all') return true;
  if (a === 'all') return false;
  return PROTOCOLS.every((protocol) =>
    (a[protocol] ?? []).every(([first, last]) => (b[protocol] ?? []).some(([from, to]) => from <= first && last <= to)),
  );
}

/** What became of the ports that are surely allowed. `same`: only what is unknown or conditional differs. */
export function changeOf({ before, after }: ChangedConnection): 'opens' | 'closes' | 'both' | 'same' {
  const [opens, closes] = [!isSubset(after, before), !isSubset(before, after)];
  if (opens && closes) return 'both';
  return opens ? 'opens' : closes ? 'closes' : 'same';
}
