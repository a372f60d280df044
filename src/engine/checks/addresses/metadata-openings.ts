// Which rules let pods reach the addresses where clouds hand out metadata, and which exclude them by name. By address and
// port: the same address may serve DNS, and a rule for port 53 opens no metadata.

import { cidrPath } from '../../dialects/written-fields.ts';
import type { Peer, PortMatch, Rule } from '../../model/policy.ts';
import type { Path } from '../../model/source.ts';
import { parseAddress, parseCidr } from '../../sets/ip-address.ts';
import { contains, type IpSet, singleAddress } from '../../sets/ip-set.ts';
import { METADATA_ADDRESSES, type MetadataAddress } from '../../sets/named-ranges.ts';
import { type AcceptRule, type AddressPeer, acceptRules, addressPeers } from '../accepting-rules.ts';
import type { CheckContext } from '../context.ts';
import { oncePerRun } from '../once.ts';

/** A metadata address with what is needed to compare it. */
export interface MetadataTarget extends MetadataAddress {
  readonly parsed: Parameters<typeof contains>[1];
  readonly set: IpSet;
}

const TARGETS: readonly MetadataTarget[] = METADATA_ADDRESSES.map((one) => {
  const parsed = parseAddress(one.address);
  if (!parsed.ok) throw new Error(`${one.address}: ${parsed.problem}`);
  return { ...one, parsed, set: singleAddress(parsed) };
});

/** An egress rule that opens metadata addresses on a port on which they answer. */
export interface MetadataOpening {
  readonly one: AcceptRule;
  /** At least one; those of the clouds that the nodes of the snapshot run in, of all clouds where that is not known. */
  readonly targets: readonly MetadataTarget[];
}

/** An exception that keeps a metadata address out of a block. */
export interface MetadataExclusion {
  readonly one: AcceptRule;
  readonly peer: AddressPeer;
  /** Position in `peer.except`. */
  readonly index: number;
  readonly target: MetadataTarget;
}

/** All openings, in order of the rules. */
export function metadataOpenings(context: CheckContext): readonly MetadataOpening[] {
  return found(context).openings;
}

/** All exclusions, in order of the rules. */
export function metadataExclusions(context: CheckContext): readonly MetadataExclusion[] {
  return found(context).exclusions;
}

interface Found {
  readonly openings: readonly MetadataOpening[];
  readonly exclusions: readonly MetadataExclusion[];
}

const found: (context: CheckContext) => Found = oncePerRun((context) => {
  const openings: MetadataOpening[] = [];
  const exclusions: MetadataExclusion[] = [];
  const relevant = targetsOf(context);
  for (const one of acceptRules(context)) {
    if (one.direction !== 'egress') continue;
    const { rule } = one;
    const targets = relevant.filter((target) => target.ports.some((port) => opensPort(rule, port)));
    if (targets.length === 0) continue;
    const reached = targets.filter((target) => isPeer(rule.peers, target));
    if (reached.length > 0) openings.push({ one, targets: reached });
    for (const peer of addressPeers(rule)) {
      peer.except.forEach((text, index) => {
        const block = parseCidr(text);
        if (!block.ok) return;
        for (const target of targets)
          if (contains(block.set, target.parsed)) exclusions.push({ one, peer, index, target });
      });
    }
  }
  return { openings, exclusions };
});

/** The addresses of the clouds that the nodes name themselves to run in; all where some node names none that is known. */
function targetsOf({ state }: CheckContext): readonly MetadataTarget[] {
  const clouds = new Set(state.cluster.nodes.map(({ object }) => cloudOf(object.value)));
  const isKnown = clouds.size > 0 && !clouds.has(undefined);
  return isKnown ? TARGETS.filter((target) => target.clouds.some((cloud) => clouds.has(cloud))) : TARGETS;
}

/** Reports whether the nodes of the snapshot say in which clouds they run. */
export function areCloudsKnown(context: CheckContext): boolean {
  return targetsOf(context) !== TARGETS;
}

const CLOUDS = new Set(METADATA_ADDRESSES.flatMap(({ clouds }) => clouds));

/** The scheme of a node's providerID where it is that of a cloud in the table. */
function cloudOf(node: Readonly<Record<string, unknown>>): string | undefined {
  const { spec } = node;
  const id: unknown = typeof spec === 'object' && spec !== null ? Reflect.get(spec, 'providerID') : undefined;
  const scheme = typeof id === 'string' ? id.split('://')[0]! : '';
  return CLOUDS.has(scheme) ? scheme : undefined;
}

function isPeer(peers: Rule['peers'], target: MetadataTarget): boolean {
  if (typeof peers === 'string') return peers === 'any';
  return peers.some((peer) => opensTarget(peer, target));
}

/** The name by which Google Cloud's metadata is reached, and patterns of it. */
const GOOGLE_NAME = /^(metadata|\*)\.google\.internal\.?$/i;

/** Reports whether the peer holds the address, by number or by name. */
export function opensTarget(peer: Peer, target: MetadataTarget): boolean {
  if (peer.type === 'addresses') return contains(peer.addresses, target.parsed);
  return peer.type === 'domains' && target.clouds.includes('gce') && peer.names.some((name) => GOOGLE_NAME.test(name));
}

function opensPort({ ports }: Rule, port: number): boolean {
  if (typeof ports === 'string') return ports === 'any';
  return ports.some((one) => isTcp(one) && (one.type === 'all' || (one.type === 'range' && isWithin(one, port))));
}

function isTcp({ protocol }: PortMatch): boolean {
  return protocol === 'TCP' || protocol === 'any';
}

function isWithin({ first, last }: { readonly first: number; readonly last: number }, port: number): boolean {
  return first <= port && port <= last;
}

/** The ports of a target that the rule opens; at least one for a target of its opening. */
export function openPorts(rule: Rule, target: MetadataTarget): readonly number[] {
  return target.ports.filter((port) => opensPort(rule, port));
}

/** The addresses with whose they are, for a sentence. */
export function printTargets(targets: readonly MetadataAddress[]): string {
  return targets.map(({ address, provider }) => `${address} (${provider})`).join(', ');
}

/** The block that opens the targets; the rule where it is not one alone. */
export function placeOf({ one: { policy, rule } }: MetadataOpening, targets: readonly MetadataTarget[]): Path {
  const peers = addressPeers(rule).filter((peer) => targets.some((target) => opensTarget(peer, target)));
  return peers.length === 1 ? cidrPath(policy, peers[0]!) : rule.path;
}
