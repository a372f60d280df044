// Metadata addresses that one rule leaves out and another one opens for the same pods.

import { cidrPath } from '../../dialects/written-fields.ts';
import type { Check } from '../check.ts';
import { againOpened } from './metadata-again.ts';
import { metadataOpenings, placeOf, printTargets } from './metadata-openings.ts';
import { describeReach, excludeTargets, reachOf } from './metadata-reach.ts';

/** Rule 50 of the catalogue. */
export const METADATA_ALLOWED_AGAIN: Check = {
  id: 'metadata-allowed-again',
  severity: 'critical',
  scope: 'input',
  summary: 'metadata addresses that one rule leaves out and another rule for the same pods opens',
  controls: ['MS-TA9033', 'T1552.005'],
  *find(context) {
    for (const opening of metadataOpenings(context)) {
      const again = againOpened(context, opening);
      if (again.size === 0) continue;
      const reach = reachOf(context, opening, [...again.keys()]);
      if (reach.targets.length === 0) continue;
      const { policy } = opening.one;
      const edits = excludeTargets(opening.one, reach.targets);
      const exclusions = reach.targets.map((target) => again.get(target)!);
      const names = [...new Set(exclusions.map(({ one }) => one.policy.ref.name))].sort();
      yield {
        object: policy.object,
        policy,
        path: placeOf(opening, reach.targets),
        message: `opens cloud metadata at ${printTargets(reach.targets)}, which ${names.map((name) => `"${name}"`).join(' and ')} leaves out`,
        hint: 'policies add up: except does not deny, it only does not allow',
        ...describeReach(context, opening, reach),
        related: exclusions.map(({ one, peer, index, target }) => ({
          object: one.policy.object,
          path: [...cidrPath(one.policy, peer).slice(0, -1), 'except', index],
          message: `leaves out ${printTargets([target])}`,
        })),
        ...(edits === undefined
          ? {}
          : { fix: { title: 'leave the metadata addresses out here too', edits, announced: 'closes', safe: false } }),
      };
    }
  },
};
