// IPv6 addresses of single hosts with the prefix length of a network: /32 is one address in IPv4 only.

import { cidrPath, exceptPath } from '../../dialects/written-fields.ts';
import type { Fix } from '../../model/edit.ts';
import { DIRECTIONS, type Policy } from '../../model/policy.ts';
import type { Path } from '../../model/source.ts';
import { parseAddress, printAddress } from '../../sets/ip-address.ts';
import type { AddressPeer, PlacedRule } from '../accepting-rules.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { subjectOf } from '../isolation.ts';

/**
 * Rule 14 of the catalogue. An address with bits in its lower half names a host; a prefix below 64 then means at least all
 * addresses of a site, of which the host is one.
 */
export const IPV6_HOST_AS_NETWORK: Check = {
  id: 'ipv6-host-as-network',
  severity: 'critical',
  scope: 'object',
  summary: 'an IPv6 address of one host with the prefix length of a network',
  *find(context) {
    for (const policy of context.state.policies) {
      for (const direction of DIRECTIONS) {
        for (const rule of policy[direction]?.rules ?? []) {
          if (typeof rule.peers === 'string') continue;
          for (const peer of rule.peers) {
            if (peer.type !== 'addresses' || !peer.cidr.includes(':')) continue;
            yield* problemsOf(context, { policy, direction, rule }, peer);
          }
        }
      }
    }
  },
};

function* problemsOf(context: CheckContext, placed: PlacedRule, peer: AddressPeer): Generator<Problem> {
  const { policy } = placed;
  const { action } = placed.rule;
  const [narrower, wider] = ANNOUNCED[action];
  const block = readHost(peer.cidr);
  if (block !== undefined) {
    // Exceptions would lie outside of a single address.
    const fix = peer.except.length === 0 ? writeHost(policy, cidrPath(policy, peer), block, narrower) : undefined;
    yield problemOf(context, placed, cidrPath(policy, peer), block, fix);
  }
  const path = exceptPath(policy, peer);
  if (path === undefined) return;
  for (const [i, text] of peer.except.entries()) {
    const excepted = readHost(text);
    if (excepted === undefined) continue;
    const at = [...path, i];
    yield problemOf(context, placed, at, excepted, writeHost(policy, at, excepted, wider));
  }
}

/** What a rule does that means fewer addresses, and more. */
const ANNOUNCED = {
  Accept: ['closes', 'opens'],
  Deny: ['opens', 'closes'],
  Pass: ['changes', 'changes'],
} as const;

interface Host {
  /** In the canonical form of RFC 5952. */
  readonly address: string;
  readonly prefix: number;
}

/** Bits of an IPv6 address that name a host in its network (RFC 4291, 2.5.1). */
const HOST_BITS = 64n;

/** A host with the prefix of a network; undefined for every other text. */
function readHost(cidr: string): Host | undefined {
  const [text = '', length] = cidr.split('/');
  const address = parseAddress(text);
  const prefix = Number(length);
  if (!address.ok || address.family !== 'IPv6' || !(prefix < 128 - Number(HOST_BITS))) return undefined;
  if (BigInt.asUintN(Number(HOST_BITS), address.value) === 0n) return undefined;
  return { address: printAddress('IPv6', address.value), prefix };
}

function writeHost({ object }: Policy, path: Path, { address }: Host, announced: Fix['announced']): Fix {
  return {
    title: `write ${address}/128, one address`,
    edits: [{ op: 'set', object, path, value: `${address}/128` }],
    announced,
    safe: false,
  };
}

function problemOf(
  context: CheckContext,
  { policy, direction, rule }: PlacedRule,
  path: Path,
  { address, prefix }: Host,
  fix: Fix | undefined,
): Problem {
  const impact = countPods(context, subjectOf(context, policy, direction));
  const verb = rule.action === 'Accept' ? 'opened' : 'denied';
  return {
    object: policy.object,
    policy,
    path,
    message: `${address} is one host, but /${prefix} means all ${128 - prefix} bits behind the prefix: 2^${128 - prefix} addresses`,
    hint: `write ${address}/128 for the host`,
    ...(impact.pods === 0
      ? {}
      : { effect: `2^${128 - prefix} addresses are ${verb} for ${printImpact(impact)} in place of one`, impact }),
    ...(fix === undefined ? {} : { fix }),
  };
}
