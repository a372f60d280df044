// Peers for many units at once, as an author would write them: whole namespaces by one selector, single pods by theirs,
// everything outside by blocks. Knows no policies but the selectors that they already use.

import { toAddressPeer } from '../dialects/decoding/address-block.ts';
import type { Unit } from '../endpoints/unit.ts';
import { matchesPeer } from '../evaluate/matching.ts';
import type { Match, Peer, Policy } from '../model/policy.ts';
import { EVERYTHING, type Selector } from '../model/selector.ts';
import { blocksOf } from '../sets/address-blocks.ts';
import { subtract, unionAll } from '../sets/ip-set.ts';
import { knownAddresses, NAME_LABEL, namespacesNamed, peersFor } from './authored.ts';
import type { RepairContext } from './repair-context.ts';

/** Everything that a rule may have to name: all pods, and everything outside. */
export function crowdOf({ world }: RepairContext): readonly Unit[] {
  return [...world.pods, ...world.outside()];
}

/** Peers that mean some of a crowd. */
export interface CrowdPeers {
  /** `any` for everybody; `none` where nobody is left that can be named. */
  readonly peers: Match<Peer>;
  /** How many members no peer can name. */
  readonly unnamed: number;
}

/** Peers for members of a crowd, by position, in rules of a policy of the namespace `home`. */
export function peersOfCrowd(
  context: RepairContext,
  crowd: readonly Unit[],
  members: readonly number[],
  home: string,
): CrowdPeers {
  if (members.length === crowd.length) return { peers: 'any', unnamed: 0 };
  const named = members.map((id) => crowd[id]!).filter((unit) => isPodPeer(unit) || knownAddresses(unit) !== undefined);
  const whole = wholeNamespaces(crowd, named);
  const scopes = scopesOf(context, crowd, whole, home);
  const pods = named.filter((unit) => isPodPeer(unit) && !whole.full.has(namespaceOf(unit)));
  const single = [...(peersFor(context, pods, home) ?? []), ...outsidePeers(crowd, named)];
  const [first, ...others] = [...scopes, ...single];
  return {
    peers: first === undefined ? 'none' : [first, ...others],
    unnamed: members.length - named.length,
  };
}

/** Blocks that hold what is meant of everything outside, and no address of a pod that is not meant. */
function outsidePeers(crowd: readonly Unit[], named: readonly Unit[]): Peer[] {
  const meant = new Set(named);
  const outside = unionAll(named.flatMap((unit) => (isPodPeer(unit) ? [] : (knownAddresses(unit) ?? []))));
  const others = unionAll(
    crowd.flatMap((unit) => (isPodPeer(unit) && !meant.has(unit) ? [unit.endpoint.addresses] : [])),
  );
  return blocksOf(subtract(outside, others)).map(({ cidr, except }) => toAddressPeer(cidr, except, []));
}

/** Pods that selectors mean: those of the host network are seen by their addresses. */
function isPodPeer({ endpoint }: Unit): boolean {
  return endpoint.pod !== undefined && !endpoint.pod.hostNetwork;
}

function namespaceOf({ endpoint }: Unit): string {
  return endpoint.pod?.namespace ?? '';
}

/** Namespaces of which all pods are meant, and those of which some are not. */
interface Whole {
  readonly full: ReadonlySet<string>;
  readonly others: ReadonlySet<string>;
}

function wholeNamespaces(units: readonly Unit[], named: readonly Unit[]): Whole {
  const meant = new Set(named);
  const others = new Set(units.filter((unit) => isPodPeer(unit) && !meant.has(unit)).map(namespaceOf));
  const full = new Set(named.filter((unit) => isPodPeer(unit) && !others.has(namespaceOf(unit))).map(namespaceOf));
  return { full, others };
}

/** One peer for all whole namespaces; none where there are none. */
function scopesOf(context: RepairContext, units: readonly Unit[], { full, others }: Whole, home: string): Peer[] {
  if (full.size === 0) return [];
  if (others.size === 0) return [inNamespaces(EVERYTHING)];
  const pods = units.filter(isPodPeer);
  // As the policies in force put it, so that it holds for namespaces that are made later, too.
  const written = context.tiered
    .flatMap((policy) => complements(policy).map((peer) => ({ peer, policy })))
    .find(({ peer, policy }) =>
      pods.every((unit) => {
        const { is } = matchesPeer(peer, unit.endpoint, { family: 'IPv4', protocol: 'TCP', port: 1 }, policy);
        return is === (full.has(namespaceOf(unit)) ? 'yes' : 'no');
      }),
    );
  if (written !== undefined) return [written.peer];
  if (full.size === 1 && full.has(home))
    return [{ type: 'pods', namespaces: { name: home }, pods: EVERYTHING, path: [] }];
  const names = (set: ReadonlySet<string>): string[] => [...set].sort();
  return [
    inNamespaces(
      others.size < full.size
        ? { op: 'and', of: [{ op: 'not-in', key: NAME_LABEL, values: names(others) }] }
        : namespacesNamed(names(full)),
    ),
  ];
}

function inNamespaces(selector: Selector): Peer {
  return { type: 'pods', namespaces: { selector }, pods: EVERYTHING, path: [] };
}

/** For every peer of a policy that names namespaces by one requirement, all other namespaces. */
function complements(policy: Policy): Peer[] {
  const rules = [...(policy.ingress?.rules ?? []), ...(policy.egress?.rules ?? [])];
  return rules
    .flatMap(({ peers }) => (typeof peers === 'string' ? [] : peers))
    .flatMap((peer): Peer[] => {
      if (peer.type !== 'pods' || !('selector' in peer.namespaces)) return [];
      const { selector } = peer.namespaces;
      const parts = selector.op === 'and' ? selector.of : [selector];
      const [one] = parts;
      const opposite = parts.length === 1 && one !== undefined ? negate(one) : undefined;
      return opposite === undefined ? [] : [inNamespaces({ op: 'and', of: [opposite] })];
    });
}

const OPPOSITE = { in: 'not-in', 'not-in': 'in', exists: 'not-exists', 'not-exists': 'exists' } as const;

function negate(one: Selector): Selector | undefined {
  if (one.op === 'in' || one.op === 'not-in') return { ...one, op: OPPOSITE[one.op] };
  if (one.op === 'exists' || one.op === 'not-exists') return { ...one, op: OPPOSITE[one.op] };
  return undefined;
}
