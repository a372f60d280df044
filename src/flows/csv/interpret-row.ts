// One row of a table to a flow. Knows where its fields stand, and nothing of files.

import type { FlowEnd, FlowVerdict } from '../../engine/model/flow.ts';
import type { DialectName, PolicyRef } from '../../engine/model/policy.ts';
import { parseAddress, printAddress } from '../../engine/sets/ip-address.ts';
import type { Family } from '../../engine/sets/ip-set.ts';
import type { FlowField } from '../flow-columns.ts';
import type { FlowFacts } from '../flow-key.ts';
import type { ColumnPlaces } from './csv-columns.ts';
import {
  countOf,
  directionOfWord,
  flagOf,
  icmpTypeOf,
  portOf,
  protocolOf,
  timeOfField,
  verdictWordOf,
  WrongValue,
} from './csv-values.ts';

/** What a row says. */
export interface InterpretedRow {
  readonly facts: FlowFacts | 'other-protocol';
  readonly isAudited: boolean;
  readonly count: number;
  /** Milliseconds since 1970; NaN: the table has no such column, or the row no such time. */
  readonly time: number;
  readonly endTime: number;
}

/** Words for nothing. */
const NOTHING: readonly string[] = ['', '-', 'null', 'none', 'n/a'];

const DIALECTS: Readonly<Record<string, DialectName>> = {
  NetworkPolicy: 'network-policy',
  ClusterNetworkPolicy: 'cluster-network-policy',
  AdminNetworkPolicy: 'admin-network-policy',
  BaselineAdminNetworkPolicy: 'admin-network-policy',
};

/** Ends by what their fields say: the same ends occur in many rows, and equal ones are better one object. */
export type KnownEnds = Map<string, SomeEnd>;

interface SomeEnd {
  readonly end: FlowEnd;
  readonly family?: Family;
}

const MOST_ENDS = 100_000;

/** Interprets the fields of a row. Throws WrongValue. */
export function interpretRow(fields: readonly string[], places: ColumnPlaces, ends: KnownEnds): InterpretedRow {
  const field = (name: FlowField): string | undefined => {
    const place = places[name];
    const text = place === undefined ? '' : fields[place]!.trim();
    return NOTHING.includes(text.toLowerCase()) ? undefined : text;
  };
  const source = knownEnd(field, 'source', ends);
  const destination = knownEnd(field, 'destination', ends);
  const time = field('time');
  const endTime = field('end_time');
  const word = field('verdict');
  const verdictWord = word === undefined ? 'unknown' : verdictWordOf(word);
  const common = {
    isAudited: verdictWord === 'audit',
    count: countOf(field('count') ?? '1'),
    time: time === undefined ? Number.NaN : timeOfField(time, 'time'),
    endTime: endTime === undefined ? Number.NaN : timeOfField(endTime, 'end_time'),
  };
  const said = protocolOf(field('protocol') ?? missing('protocol'));
  const family = familyOf(source.family, destination.family, field('family'));
  if (said === 'other') return { ...common, facts: 'other-protocol' };
  const protocol = said === 'ICMP' && family === 'IPv6' ? 'ICMPv6' : said;
  const policy = policyOf(field);
  const direction = field('direction');
  const turned = field('is_reply');
  const isReply = turned === undefined ? undefined : flagOf(turned, 'is_reply');
  const asWritten = { source: source.end, destination: destination.end };
  return {
    ...common,
    facts: {
      ...(isReply === true ? { source: destination.end, destination: source.end } : asWritten),
      family,
      protocol,
      ...(protocol === 'ICMP' || protocol === 'ICMPv6' ? icmpOf(field) : portsOf(field, isReply)),
      verdict: verdictOf(verdictWord, field('reason'), policy),
      ...(direction === undefined ? {} : { seenAt: directionOfWord(direction) }),
      ...policy,
    },
  };
}

type Field = (name: FlowField) => string | undefined;

const PARTS = ['ip', 'namespace', 'pod', 'workload', 'workload_kind', 'name'] as const;

function knownEnd(field: Field, side: 'source' | 'destination', ends: KnownEnds): SomeEnd {
  const key = PARTS.map((part) => field(`${side}_${part}`) ?? '').join('\n');
  let end = ends.get(key);
  if (end === undefined) {
    end = endOf(field, side);
    if (ends.size === MOST_ENDS) ends.clear();
    ends.set(key, end);
  }
  return end;
}

function endOf(field: Field, side: 'source' | 'destination'): SomeEnd {
  const text = field(`${side}_ip`);
  const address = text === undefined ? undefined : parseAddress(text);
  if (address?.ok === false) {
    throw new WrongValue(`${side}_ip "${text}" ${text!.includes('%') ? 'has a zone' : `is ${address.problem}`}`);
  }
  const namespace = field(`${side}_namespace`);
  const pod = field(`${side}_pod`);
  const workload = workloadOf(field(`${side}_workload`), field(`${side}_workload_kind`), side);
  const name = field(`${side}_name`);
  if (address === undefined && pod === undefined && workload === undefined)
    throw new WrongValue(`nothing says who the ${side} is`);
  if (address === undefined && namespace === undefined)
    throw new WrongValue(`the ${side} has neither an address nor a namespace`);
  const end: FlowEnd = {
    ...(address === undefined ? {} : { address: printAddress(address.family, address.value) }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(pod === undefined ? {} : { pod }),
    ...(workload === undefined ? {} : { workload }),
    ...(name === undefined ? {} : { names: [name.replace(/\.$/, '')] }),
  };
  return { end, ...(address === undefined ? {} : { family: address.family }) };
}

/** `Deployment/web`, or a name and a column for the kind. */
function workloadOf(text: string | undefined, kind: string | undefined, side: string): FlowEnd['workload'] {
  if (text === undefined) return undefined;
  const slash = text.indexOf('/');
  if (slash > 0) return { kind: text.slice(0, slash), name: text.slice(slash + 1) };
  if (kind !== undefined) return { kind, name: text };
  throw new WrongValue(`${side}_workload "${text}" does not say its kind, as Deployment/${text} would`);
}

function familyOf(source: Family | undefined, destination: Family | undefined, text: string | undefined): Family {
  if (source !== undefined && destination !== undefined && source !== destination)
    throw new WrongValue('the two addresses are of different families');
  const family = source ?? destination;
  if (family !== undefined) return family;
  if (text !== undefined && /^(ip)?v?4$/i.test(text)) return 'IPv4';
  if (text !== undefined && /^(ip)?v?6$/i.test(text)) return 'IPv6';
  if (text === undefined) return missing('family');
  throw new WrongValue(`family "${text}" is neither IPv4 nor IPv6`);
}

/**
 * A table that has no source ports is one of connections: its sources opened them. Where it has them, its rows may be
 * packets of either way, and only `is_reply` tells.
 */
function portsOf(field: Field, isReply: boolean | undefined): Pick<FlowFacts, 'port' | 'sourcePort' | 'opened'> {
  const [from, to] = [field('source_port'), field('destination_port')];
  const source = from === undefined ? undefined : portOf(from, 'source_port');
  const destination = to === undefined ? undefined : portOf(to, 'destination_port');
  const port = isReply === true ? source : destination;
  if (port === undefined) missing(isReply === true ? 'source_port' : 'destination_port');
  if (isReply !== undefined || source === undefined) return { port, opened: 'known' };
  return { port, sourcePort: source, opened: 'unknown' };
}

function icmpOf(field: Field): Pick<FlowFacts, 'port' | 'opened'> {
  const type = field('icmp_type');
  return type === undefined ? { opened: 'unknown' } : { port: icmpTypeOf(type), opened: 'known' };
}

/** Only a table that names a policy, or gives one as the reason, says that it was a policy. */
function verdictOf(
  word: ReturnType<typeof verdictWordOf>,
  reason: string | undefined,
  { policies, foreignPolicies }: Pick<FlowFacts, 'policies' | 'foreignPolicies'>,
): FlowVerdict {
  if (word === 'unknown') return { kind: 'unknown' };
  if (word !== 'denied') return { kind: 'allowed' };
  const isPolicy = policies !== undefined || foreignPolicies !== undefined || /policy/i.test(reason ?? '');
  return { kind: 'denied', by: isPolicy ? 'policy' : 'other', ...(reason === undefined ? {} : { reason }) };
}

function policyOf(field: Field): Pick<FlowFacts, 'policies' | 'foreignPolicies'> {
  const name = field('policy_name');
  if (name === undefined) return {};
  const namespace = field('policy_namespace');
  const kind = field('policy_kind') ?? 'policy';
  const ref: Omit<PolicyRef, 'dialect'> = { kind, ...(namespace === undefined ? {} : { namespace }), name };
  const dialect = Object.hasOwn(DIALECTS, kind) ? DIALECTS[kind] : undefined;
  return dialect === undefined ? { foreignPolicies: [ref] } : { policies: [{ dialect, ...ref }] };
}

function missing(name: string): never {
  throw new WrongValue(`${name} is empty`);
}
