// Rules that let pods reach the addresses where clouds hand out credentials.

import { cidrPath } from '../../dialects/written-fields.ts';
import type { Check } from '../check.ts';
import { againOpened } from './metadata-again.ts';
import {
  areCloudsKnown,
  type MetadataOpening,
  metadataExclusions,
  metadataOpenings,
  placeOf,
  printTargets,
} from './metadata-openings.ts';
import { describeReach, excludeTargets, reachOf } from './metadata-reach.ts';

/** Addresses that serve the metadata of the large clouds themselves; the others serve parts of it or smaller ones. */
const MAIN = new Set(['169.254.169.254', 'fd00:ec2::254', 'fd20:ce::254']);

/**
 * Rule 49 of the catalogue. Silent about a rule without peers and ports: it says nothing about egress, and what it opens
 * is not known better by naming one address of all. What another rule excludes is reported as `metadata-allowed-again`.
 */
export const METADATA_REACHABLE: Check = {
  id: 'metadata-reachable',
  severity: 'critical',
  scope: 'input',
  summary: 'a rule that lets pods reach the addresses where clouds hand out metadata and credentials',
  controls: ['MS-TA9033', 'T1552.005'],
  *find(context) {
    for (const opening of metadataOpenings(context)) {
      const { policy, rule } = opening.one;
      if (rule.peers === 'any' && rule.ports === 'any') continue;
      const again = againOpened(context, opening);
      const reach = reachOf(
        context,
        opening,
        opening.targets.filter((target) => !again.has(target)),
      );
      if (reach.targets.length === 0) continue;
      const edits = excludeTargets(opening.one, reach.targets);
      const isMain = areCloudsKnown(context) || reach.targets.some(({ address }) => MAIN.has(address));
      const kept = metadataExclusions(context).filter(({ one }) => one.rule === rule);
      yield {
        object: policy.object,
        policy,
        path: placeOf(opening, reach.targets),
        // Whoever left out one of them wants them closed.
        severity: isMain ? 'critical' : kept.length > 0 ? 'high' : 'medium',
        message: `reaches cloud metadata at ${printTargets(reach.targets)}`,
        hint: hintOf(opening),
        ...describeReach(context, opening, reach),
        ...(kept.length === 0
          ? {}
          : {
              related: kept.map(({ peer, index, target }) => ({
                object: policy.object,
                path: [...cidrPath(policy, peer).slice(0, -1), 'except', index],
                message: `leaves out ${printTargets([target])}`,
              })),
            }),
        ...(edits === undefined
          ? {}
          : {
              fix: { title: 'leave the metadata addresses out', edits, announced: 'closes' as const, safe: false },
            }),
      };
    }
  },
};

function hintOf({ one: { policy, rule } }: MetadataOpening): string {
  if (policy.ref.dialect !== 'network-policy') return 'put a rule before it that denies them';
  if (rule.peers === 'any') return 'name the peers: without any, the rule is for every address';
  return 'leave them out with except; DNS that such an address serves too is best allowed by a rule for port 53';
}
