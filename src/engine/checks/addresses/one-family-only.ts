// Rules that open the whole of one address family in a cluster that has two.

import { cidrPath, exceptPath, peersPath } from '../../dialects/written-fields.ts';
import type { Fix } from '../../model/edit.ts';
import { FAMILIES, type Family } from '../../sets/ip-set.ts';
import { type AcceptRule, addressPeers, addressRules } from '../accepting-rules.ts';
import type { Check } from '../check.ts';
import { familyOf, holdsInternet, OUTSIDE_THE_INTERNET } from './block-extent.ts';
import { subjectEffect } from './subject-effect.ts';

/**
 * Rule 51 of the catalogue. Only where the snapshot or the person shows both families, and only for the internet: a block
 * of one service may well exist in one family alone.
 */
export const ONE_FAMILY_ONLY: Check = {
  id: 'one-family-only',
  severity: 'medium',
  scope: 'input',
  summary: 'the internet of one address family where the pods have two',
  *find(context) {
    const { plan } = context.state;
    if (plan.families.length < 2 || plan.assumed.includes('families')) return;
    for (const one of addressRules(context)) {
      const wide = addressPeers(one.rule).filter(({ cidr, addresses }) => holdsInternet(addresses, familyOf(cidr)));
      const [missing, ...more] = FAMILIES.filter((family) => !wide.some(({ cidr }) => familyOf(cidr) === family));
      if (wide.length === 0 || missing === undefined || more.length > 0) continue;
      if (isElsewhere(one, missing)) continue;
      const { policy, direction } = one;
      const there = FAMILIES.find((family) => family !== missing)!;
      const verb = direction === 'egress' ? 'to' : 'from';
      yield {
        object: policy.object,
        policy,
        path: cidrPath(policy, wide[0]!),
        message: `opens the ${there} internet only; connections ${verb} ${missing} addresses stay closed`,
        hint: `a block means addresses of its own family: write one of ${missing} beside it`,
        ...subjectEffect(context, one),
        fix: otherFamily(one, missing),
      };
    }
  },
};

/** Whether another rule of the same policy opens the missing family: written apart is written all the same. */
function isElsewhere({ part, rule }: AcceptRule, missing: Family): boolean {
  return part.rules.some(
    (other) =>
      other !== rule &&
      other.action === 'Accept' &&
      (other.peers === 'any' ||
        addressPeers(other).some(
          ({ cidr, addresses }) => familyOf(cidr) === missing && holdsInternet(addresses, missing),
        )),
  );
}

function otherFamily({ policy, direction, rule }: AcceptRule, family: Family): Fix {
  const cidr = family === 'IPv6' ? '::/0' : '0.0.0.0/0';
  const peers = addressPeers(rule);
  const hasExceptions = exceptPath(policy, peers[0]!) !== undefined;
  const value = hasExceptions ? { ipBlock: { cidr, except: OUTSIDE_THE_INTERNET[family] } } : { networks: [cidr] };
  const items = typeof rule.peers === 'string' ? [] : rule.peers.map(({ path }) => path[rule.path.length + 1]);
  const count = new Set(items).size;
  return {
    title: `open the ${family} internet too`,
    edits: [{ op: 'insert', object: policy.object, path: [...peersPath(direction, rule), count], value }],
    announced: 'opens',
    safe: false,
  };
}
