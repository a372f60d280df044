// Every knob of a plugin's behaviour: what it means, what it may be, what it is unless somebody says otherwise and why.
// Knows nothing of plugins; reads and prints the values of --assume.

import type { Knobs } from '../model/behaviour.ts';
import { nearestNames } from '../model/nearest-names.ts';
import type { DialectName } from '../model/policy.ts';
import { UserError } from '../model/user-error.ts';
import { parseCidr, printCidrs } from '../sets/ip-address.ts';
import type { Family, IpSet } from '../sets/ip-set.ts';
import { FAMILIES, unionAll } from '../sets/ip-set.ts';
import { ASSUMED_POD_RANGES } from '../sets/named-ranges.ts';

/** The name of a knob, as in `--assume NAME=VALUE`. */
export type KnobName = keyof Knobs;

/** What is known of one knob. */
export interface KnobDefinition<T> {
  /** The value where neither a plugin nor the user says otherwise: the reading of the specification, or "open". */
  readonly default: T;
  /** Legal values as a person reads them: `true | false`. */
  readonly values: string;
  /** One sentence. */
  readonly meaning: string;
  /** Why the default is the default: the document or case that it follows. */
  readonly source: string;
  /** The value that the text means, or `problem`: what is wrong with it, empty where `values` says it all. */
  parse(text: string): { readonly value: T } | { readonly problem: string };
  /** The text that {@link KnobDefinition.parse} reads back as the same value. */
  print(value: T): string;
}

/** The word that stands for "what the snapshot shows" where a knob takes addresses or families. */
const SHOWN = 'shown';

const API = 'NetworkPolicy API (networking.k8s.io/v1)';
const CONCEPT = 'https://kubernetes.io/docs/concepts/services-networking/network-policies/';
const CNP_API = 'https://network-policy-api.sigs.k8s.io/api-overview/';

const APIS: readonly DialectName[] = ['network-policy', 'cluster-network-policy', 'admin-network-policy'];

/** All knobs, in the order in which they are listed. */
export const KNOBS: { readonly [K in KnobName]: KnobDefinition<Knobs[K]> } = {
  ipBlockMatchesPods: flag({
    default: true,
    meaning: 'Whether ipBlock and networks peers match the addresses of pods.',
    source: 'Kubernetes e2e tests of NetworkPolicy, CIDR cases: an ipBlock that holds the address of a pod matches it',
  }),
  ipBlockMatchesNodes: flag({
    default: true,
    meaning: 'Whether ipBlock and networks peers match the addresses of nodes, and with them hostNetwork pods.',
    source: `${API}: the block is compared with the address of the other end, whoever has it`,
  }),
  hostNetwork: word(['asNode', 'asPod'], {
    default: 'asNode',
    meaning:
      'asNode: hostNetwork pods are never subjects, and no pod selector sees them; asPod: NetworkPolicy treats them as any pod.',
    source: `${CONCEPT}, hostNetwork pods: plugins may do either; ignoring them is the most common`,
  }),
  localNodeIngress: word(['allow', 'evaluate'], {
    default: 'allow',
    meaning: 'Whether the own node of a pod always reaches it, or policies decide.',
    source: `${API}, ingress: traffic from the local node of the pod is allowed`,
  }),
  localNodeEgress: word(['allow', 'evaluate'], {
    default: 'evaluate',
    meaning: 'Whether a pod always reaches its own node, or policies decide.',
    source: `${API}, egress: has no exception for the local node`,
  }),
  serviceView: word(['postDNAT', 'preDNAT'], {
    default: 'postDNAT',
    meaning:
      'Whether policies see the pod behind a Service (postDNAT), or the address and port of the Service (preDNAT).',
    source: `${CONCEPT}: whether rewriting comes first is not defined; rules are written for pods and their ports`,
  }),
  hairpin: word(['undefined', 'enforce', 'allow'], {
    default: 'undefined',
    meaning: 'What happens to a pod that reaches itself through a Service; ClusterNetworkPolicy always applies.',
    source:
      'https://github.com/kubernetes/kubernetes/issues/95879: NetworkPolicy does not define it, and plugins differ',
  }),
  sidecarNamedPorts: word(['restartable', 'all', 'none'], {
    default: 'restartable',
    meaning:
      'Whose port names count beside those of containers: init containers that restart always, all init containers, none.',
    source: 'https://github.com/kubernetes/kubernetes/issues/125285: names of sidecars are meant to count',
  }),
  egressNamedPorts: word(['perDestination', 'clusterWide'], {
    default: 'perDestination',
    meaning:
      'What a port name in an egress rule means: the port of that name of the pod at the other end; or the one number that all pods of the cluster give it, whoever is at the other end, and nothing where their numbers differ.',
    source: 'Kubernetes e2e tests of NetworkPolicy, named ports on egress: the name is one of the server',
  }),
  icmp: word(['undefined', 'portlessRules'], {
    default: 'undefined',
    meaning:
      'What NetworkPolicy does to protocols other than TCP, UDP and SCTP: undefined, or rules without ports match them.',
    source: `${CONCEPT}: only TCP, UDP and SCTP are defined, other protocols vary`,
  }),
  npTier: word(['perDirection', 'anyDirection'], {
    default: 'perDirection',
    meaning:
      'Whether the Baseline tier is skipped only in the direction that a NetworkPolicy isolates, or for every pod that one selects.',
    source: 'https://github.com/kubernetes/enhancements/pull/4688: isolation is per direction',
  }),
  tiePriority: word(['ambiguous', 'byName'], {
    default: 'ambiguous',
    meaning: 'What decides between policies of equal priority: nothing that can be known, or their names.',
    source: `${CNP_API}: the outcome of equal priorities is not defined`,
  }),
  strictCIDR: word(['reject', 'warn', 'accept'], {
    default: 'warn',
    meaning: 'What the API server does with CIDRs that have host bits, leading zeros or IPv4-mapped addresses.',
    source: 'feature gate StrictIPCIDRValidation: off in older API servers, on by default in Kubernetes 1.36',
  }),
  domainMap: {
    default: {},
    values: 'none | NAME:CIDR[+CIDR…][,NAME:CIDR…]',
    meaning: 'Known addresses of domain names; the addresses of all other names are unknown.',
    source: `${CNP_API}, domainNames: matches what the name resolves to at the time`,
    parse: parseDomainMap,
    print: printDomainMap,
  },
  selfTraffic: word(['allow', 'plainRules'], {
    default: 'allow',
    meaning: 'A pod to its own address: never leaves the pod, or (for tests) judged by plain rules.',
    source: `${CONCEPT}: a pod cannot block access to itself`,
  }),
  unlistedDirectionRules: word(['ignored', 'enforced'], {
    default: 'ignored',
    meaning: 'What becomes of the rules of a direction that policyTypes does not list.',
    source: `${API}, policyTypes: a policy has no effect on a direction that is not listed`,
  }),
  enforces: word(['yes', 'no'], {
    default: 'yes',
    meaning: 'Whether any policy is enforced.',
    source: `${CONCEPT}#prerequisites: policies need a plugin that enforces them`,
  }),
  apis: {
    default: APIS,
    values: `${APIS.join(', ')} (a list with commas)`,
    meaning: 'The policy APIs that are enforced.',
    source: 'all that are understood',
    parse: (text) => parseWords(text, APIS),
    print: (value) => value.join(','),
  },
  endPort: word(['range', 'portOnly'], {
    default: 'range',
    meaning: 'Whether endPort of NetworkPolicy opens a range, or is not read, so that only port itself is open.',
    source: `${API}, endPort: the range from port to endPort, both included`,
  }),
  sctp: word(['enforced', 'unknown'], {
    default: 'enforced',
    meaning: 'Whether SCTP connections follow policies, or nobody knows what becomes of them.',
    source: `${API}, protocol: SCTP is one of the three`,
  }),
  portlessRuleProtocols: word(['all', 'TCP,UDP,SCTP'], {
    default: 'all',
    meaning: 'What a rule without ports matches: all protocols, or only those with ports.',
    source: `${API}, ports: a rule without ports matches all traffic, not restricted by port`,
  }),
  undeclaredNamespaces: word(['unknown', 'unlabelled'], {
    default: 'unknown',
    meaning:
      'Labels of namespaces of which no Namespace object was read: unknown, or none but kubernetes.io/metadata.name.',
    source: 'the snapshot does not show them',
  }),
  families: {
    default: [],
    values: `${SHOWN} | IPv4 | IPv6 | IPv4,IPv6`,
    meaning: 'Address families of the cluster; shown: those that the snapshot shows, else IPv4.',
    source: 'the snapshot shows them',
    parse: (text) => (text === SHOWN ? { value: [] } : parseWords<Family>(text, FAMILIES)),
    print: (value) => (value.length === 0 ? SHOWN : value.join(',')),
  },
  podCIDRs: cidrs('pods', printCidrs(ASSUMED_POD_RANGES).join(' and ')),
  serviceCIDRs: cidrs('Services', 'none'),
  nodeCIDRs: cidrs('nodes', 'any unicast address'),
};

/** Names of all knobs, in the order in which they are listed. */
export const KNOB_NAMES: readonly KnobName[] = Object.keys(KNOBS) as KnobName[];

/** Every knob at its default. */
export const DEFAULT_KNOBS: Knobs = Object.fromEntries(KNOB_NAMES.map((name) => [name, KNOBS[name].default])) as {
  [K in KnobName]: Knobs[K];
};

/** One `--assume`: a knob and its value. */
export type Assumption = { readonly [K in KnobName]: { readonly knob: K; readonly value: Knobs[K] } }[KnobName];

/**
 * Reads `KNOB=VALUE`. Blanks around both are ignored.
 * @throws UserError `invalid-behaviour` where there is no such knob or value; the hint says which are near, or legal.
 */
export function parseAssumption(text: string): Assumption {
  const equals = text.indexOf('=');
  const name = (equals < 0 ? text : text.slice(0, equals)).trim();
  if (!isKnobName(name)) {
    const nearest = nearestNames(name, KNOB_NAMES);
    const hint = nearest.length > 0 ? `did you mean ${nearest.join(', ')}?` : `knobs: ${KNOB_NAMES.join(', ')}`;
    throw new UserError('invalid-behaviour', `there is no knob "${name}"`, { hint });
  }
  const legal = `${name}: ${KNOBS[name].values}`;
  if (equals < 0)
    throw new UserError('invalid-behaviour', `"${text}" has no value`, { hint: `write ${name}=VALUE; ${legal}` });
  return readValue(name, text.slice(equals + 1).trim(), legal);
}

function readValue<K extends KnobName>(knob: K, text: string, legal: string): Assumption {
  const definition: KnobDefinition<Knobs[K]> = KNOBS[knob];
  const read = definition.parse(text);
  if ('value' in read) return { knob, value: read.value } as Assumption;
  const why = read.problem === '' ? '' : `: ${read.problem}`;
  throw new UserError('invalid-behaviour', `"${text}" is no value of ${knob}${why}`, { hint: legal });
}

/** Prints the value of one knob so that {@link parseAssumption} reads it back. */
export function printKnob<K extends KnobName>(knobs: Knobs, knob: K): string {
  const definition: KnobDefinition<Knobs[K]> = KNOBS[knob];
  return definition.print(knobs[knob]);
}

function isKnobName(name: string): name is KnobName {
  return Object.hasOwn(KNOBS, name);
}

type About<T> = Pick<KnobDefinition<T>, 'default' | 'meaning' | 'source'>;

function flag(about: About<boolean>): KnobDefinition<boolean> {
  return {
    ...about,
    values: 'true | false',
    parse: (text) => (text === 'true' || text === 'false' ? { value: text === 'true' } : { problem: '' }),
    print: String,
  };
}

function word<W extends string>(words: readonly W[], about: About<W>): KnobDefinition<W> {
  return {
    ...about,
    values: words.join(' | '),
    parse(text) {
      const value = words.find((one) => one === text);
      return value === undefined ? { problem: '' } : { value };
    },
    print: (value) => value,
  };
}

function cidrs(whose: string, otherwise: string): KnobDefinition<IpSet | undefined> {
  return {
    default: undefined,
    values: `${SHOWN} | CIDR[,CIDR…]`,
    meaning: `Where the addresses of ${whose} lie; shown: where the snapshot shows them, else ${otherwise}.`,
    source: 'the snapshot shows them',
    parse(text) {
      if (text === SHOWN) return { value: undefined };
      const sets: IpSet[] = [];
      for (const part of text.split(',')) {
        const cidr = parseCidr(part.trim());
        if (!cidr.ok) return { problem: `"${part.trim()}" is no CIDR: ${cidr.problem}` };
        sets.push(cidr.set);
      }
      return { value: unionAll(sets) };
    },
    print: (value) => (value === undefined ? SHOWN : printCidrs(value).join(',')),
  };
}

/** A list without duplicates in the order of `words`; never empty. */
function parseWords<W extends string>(
  text: string,
  words: readonly W[],
): { value: readonly W[] } | { problem: string } {
  const parts = text.split(',').map((part) => part.trim());
  for (const part of parts) {
    if (words.some((one) => one === part)) continue;
    const nearest = nearestNames(part, words);
    return { problem: `"${part}" is none of them${nearest.length > 0 ? `, did you mean ${nearest.join(', ')}?` : ''}` };
  }
  return { value: words.filter((one) => parts.includes(one)) };
}

/** Labels of letters, digits, `-` and `_`, after `*.` for all names below one. */
const DOMAIN_NAME = /^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;

/** Names are compared in lower case and without a trailing dot, so they are kept that way. */
function parseDomainMap(text: string): { value: Knobs['domainMap'] } | { problem: string } {
  if (text === 'none') return { value: {} };
  const entries = new Map<string, string[]>();
  for (const part of text.split(',')) {
    const colon = part.indexOf(':');
    if (colon < 0) return { problem: `"${part.trim()}" has no addresses; write example.com:192.0.2.1/32` };
    const name = part.slice(0, colon).trim().toLowerCase().replace(/\.$/, '');
    if (!DOMAIN_NAME.test(name)) return { problem: `"${part.slice(0, colon).trim()}" is no domain name` };
    if (entries.has(name)) return { problem: `"${name}" is there twice; join its addresses with +` };
    const addresses = part
      .slice(colon + 1)
      .split('+')
      .map((address) => address.trim());
    for (const address of addresses) {
      const cidr = parseCidr(address);
      if (!cidr.ok) return { problem: `"${address}" is no CIDR: ${cidr.problem}` };
    }
    entries.set(name, addresses);
  }
  return { value: Object.fromEntries(entries) };
}

function printDomainMap(value: Knobs['domainMap']): string {
  const parts = Object.entries(value).map(([name, addresses]) => `${name}:${addresses.join('+')}`);
  return parts.length === 0 ? 'none' : parts.sort().join(',');
}
