// Blocks of every address of a family, from which the private networks were not taken out.

import { cidrPath, exceptPath } from '../../dialects/written-fields.ts';
import type { Edit } from '../../model/edit.ts';
import type { Severity } from '../../model/finding.ts';
import { parseAddress } from '../../sets/ip-address.ts';
import { contains, isSubset } from '../../sets/ip-set.ts';
import { type AcceptRule, type AddressPeer, addressPeers, addressRules, subjectsOf } from '../accepting-rules.ts';
import type { Check } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { findOutsideFlow } from '../flows.ts';
import { trafficOfRule } from '../rule-flows.ts';
import { addressesOf, familyOf, holdsPrivate, isWholeFamily, OUTSIDE_THE_INTERNET } from './block-extent.ts';
import { isEntryOnly } from './entry-rules.ts';
import { subjectEffect } from './subject-effect.ts';

/** Private addresses, of which one that is open shows that more than the internet is. */
const SAMPLES = ['192.168.0.1', '172.16.0.1', '10.0.0.1', 'fd00::1'];

/** Rule 47 of the catalogue. A block without the private ranges is the internet and says so: not reported. */
export const WHOLE_INTERNET: Check = {
  id: 'whole-internet',
  severity: 'high',
  scope: 'input',
  summary: 'a block of all addresses, private networks included',
  *find(context) {
    for (const one of addressRules(context)) {
      const { policy, direction, rule } = one;
      const peers = addressPeers(rule).filter(
        ({ cidr, addresses }) => isWholeFamily(cidr) && holdsPrivate(addresses, familyOf(cidr)),
      );
      if (peers.length === 0 || (direction === 'ingress' && isEntryOnly(context, one))) continue;
      const edits = direction === 'egress' ? leaveInternet(one, peers) : [];
      const [first, ...others] = peers;
      const except = peers.flatMap((peer) => peer.except);
      const example = exampleOf(context, one, peers);
      yield {
        object: policy.object,
        policy,
        path: cidrPath(policy, first!),
        severity: severityOf(one),
        message: messageOf(context, peers),
        hint:
          direction === 'egress'
            ? 'name the addresses that are needed, or take the private ranges out with except'
            : 'name the clients, or take the private ranges out with except',
        ...subjectEffect(context, one, except.length === 0 ? 'all of it' : `all of it but ${except.join(', ')}`),
        ...(example === undefined ? {} : { example }),
        ...(others.length === 0
          ? {}
          : {
              related: others.map((peer) => ({
                object: policy.object,
                path: cidrPath(policy, peer),
                message: `and all of ${familyOf(peer.cidr)}`,
              })),
            }),
        ...(edits.length === 0
          ? {}
          : { fix: { title: 'leave only the internet', edits, announced: 'closes' as const, safe: false } }),
      };
    }
  },
};

/** Some ports to everywhere are worse on the way out, where data leaves, than on the way in, where they may be a service. */
function severityOf({ direction, rule }: AcceptRule): Severity {
  if (rule.ports === 'any') return 'high';
  return direction === 'egress' ? 'medium' : 'low';
}

/** Without the exceptions: a fix of something else may add some, and this would seem to be a new finding. */
function messageOf(context: CheckContext, peers: readonly AddressPeer[]): string {
  const { ipBlockMatchesPods, ipBlockMatchesNodes } = context.state.behaviour.knobs;
  const families = peers.map(({ cidr }) => familyOf(cidr));
  const inside = [...(ipBlockMatchesPods === true ? ['pods'] : []), ...(ipBlockMatchesNodes === true ? ['nodes'] : [])];
  const cluster =
    inside.length === 0 ? ' and private networks' : `, private networks, and ${inside.join(' and ')} of the cluster`;
  return `${peers[0]!.cidr} means all of ${[...new Set(families)].join(' and ')}: the internet${cluster}`;
}

/** Exceptions for what is not the internet; those that are there already stay. */
function leaveInternet({ policy }: AcceptRule, peers: readonly AddressPeer[]): Edit[] {
  return peers.flatMap((peer): Edit[] => {
    const path = exceptPath(policy, peer);
    if (path === undefined) return [];
    const missing = OUTSIDE_THE_INTERNET[familyOf(peer.cidr)].filter(
      (text) => !peer.except.some((known) => isSubset(addressesOf(text), addressesOf(known))),
    );
    const { object } = policy;
    if (peer.except.length === 0) return [{ op: 'set', object, path, value: missing }];
    return missing.map((value) => ({ op: 'insert', object, path: [...path, peer.except.length], value }));
  });
}

function exampleOf(context: CheckContext, one: AcceptRule, peers: readonly AddressPeer[]): string | undefined {
  const pods = subjectsOf(context, one).yes;
  if (pods.length === 0) return undefined;
  const set = trafficOfRule(one.rule);
  const ports = set === undefined ? {} : { ports: set };
  for (const text of SAMPLES) {
    const address = parseAddress(text);
    if (!address.ok || !peers.some(({ addresses }) => contains(addresses, address))) continue;
    const example = findOutsideFlow(context, { verdict: 'allowed', pods, direction: one.direction, address, ...ports });
    if (example !== undefined) return example;
  }
  return undefined;
}
