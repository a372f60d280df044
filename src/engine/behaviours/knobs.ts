// Every knob of a plugin's behaviour: what it means, what it may be, what it is unless somebody says otherwise and why.
// Knows nothing of plugins; reads and prints the values of --assume.

import type { Knobs } from '../model/behaviour.ts';
import { nearestNames } from '../model/nearest-names.ts';
import type { DialectName } from '../model/policy.ts';
import { UserError } from '../model/user-error.ts';
import { printCidrs } from '../sets/ip-address.ts';
import type { Family } from '../sets/ip-set.ts';
import { FAMILIES } from '../sets/ip-set.ts';
import { ASSUMED_POD_RANGES } from '../sets/named-ranges.ts';
import { END_KNOBS } from './end-knobs.ts';
import type { KnobDefinition } from './knob-values.ts';
import {
  API,
  CONCEPT,
  cidrs,
  parseDomainMap,
  parseWords,
  printDomainMap,
  SHOWN,
  word,
  wordList,
} from './knob-values.ts';
import { PORT_NAME_KNOBS } from './port-name-knobs.ts';

export type { KnobDefinition } from './knob-values.ts';

/** The name of a knob, as in `--assume NAME=VALUE`. */
export type KnobName = keyof Knobs;

const CNP_API = 'https://network-policy-api.sigs.k8s.io/api-overview/';

const APIS: readonly DialectName[] = ['network-policy', 'cluster-network-policy', 'admin-network-policy'];

/** All knobs, in the order in which they are listed. */
export const KNOBS: { readonly [K in KnobName]: KnobDefinition<Knobs[K]> } = {
  ...END_KNOBS,
  ...PORT_NAME_KNOBS,
  icmp: word(
    {
      undefined: 'what NetworkPolicy does to ICMP is not known',
      portlessRules: 'rules without ports match ICMP, and nothing else does',
    },
    {
      default: 'undefined',
      meaning:
        'What NetworkPolicy does to protocols other than TCP, UDP and SCTP: undefined, or rules without ports match them.',
      source: `${CONCEPT}: only TCP, UDP and SCTP are defined, other protocols vary`,
    },
  ),
  npTier: word(
    {
      perDirection: 'the Baseline tier is skipped only in the direction that a NetworkPolicy isolates',
      anyDirection: 'the Baseline tier is skipped for every pod that a NetworkPolicy selects',
    },
    {
      default: 'perDirection',
      meaning:
        'Whether the Baseline tier is skipped only in the direction that a NetworkPolicy isolates, or for every pod that one selects.',
      source: 'https://github.com/kubernetes/enhancements/pull/4688: isolation is per direction',
    },
  ),
  tiePriority: word(
    {
      ambiguous: 'nothing decides between policies of equal priority',
      byName: 'names decide between policies of equal priority',
      byBareName: 'names decide between policies of equal priority',
    },
    {
      default: 'ambiguous',
      meaning:
        'What decides between policies of equal priority: nothing that can be known; name/namespace/kind as one text; or the bare name, so that "a" comes before "a-b".',
      source: `${CNP_API}: the outcome of equal priorities is not defined`,
    },
  ),
  highestPriority: word(
    {
      '1000': 'AdminNetworkPolicies of every priority are enforced',
      '99': 'AdminNetworkPolicies of a priority above 99 are not enforced',
    },
    {
      default: '1000',
      meaning: 'The highest priority number of an AdminNetworkPolicy that is enforced.',
      source: `${CNP_API}: priorities are 0 to 1000`,
    },
  ),
  strictCIDR: word(
    {
      reject: 'sloppy CIDRs are rejected',
      warn: 'sloppy CIDRs are accepted',
      accept: 'sloppy CIDRs are accepted',
    },
    {
      default: 'warn',
      meaning: 'What the API server does with CIDRs that have host bits, leading zeros or IPv4-mapped addresses.',
      source: 'feature gate StrictIPCIDRValidation: off in older API servers, on by default in Kubernetes 1.36',
    },
  ),
  domainMap: {
    default: {},
    values: 'none | NAME:CIDR[+CIDR…][,NAME:CIDR…]',
    meaning: 'Known addresses of domain names; the addresses of all other names are unknown.',
    source: `${CNP_API}, domainNames: matches what the name resolves to at the time`,
    parse: parseDomainMap,
    print: printDomainMap,
    says: (value) => `addresses of domain names: ${printDomainMap(value)}`,
  },
  selfTraffic: word(
    {
      allow: 'a pod always reaches its own address',
      plainRules: 'rules apply to a pod that reaches its own address',
    },
    {
      default: 'allow',
      meaning: 'A pod to its own address: never leaves the pod, or (for tests) judged by plain rules.',
      source: `${CONCEPT}: a pod cannot block access to itself`,
    },
  ),
  unlistedDirectionRules: word(
    {
      ignored: 'rules of a direction that policyTypes does not list are ignored',
      enforced: 'rules of a direction that policyTypes does not list are enforced, and isolate',
      additive: 'rules of a direction that policyTypes does not list allow, but do not isolate',
    },
    {
      default: 'ignored',
      meaning:
        'What becomes of the rules of a direction that policyTypes does not list: nothing; they isolate and allow; or they allow, for pods that another policy isolates.',
      source: `${API}, policyTypes: a policy has no effect on a direction that is not listed`,
    },
  ),
  policiesOfBothTypes: word(
    {
      separate: 'rules count in their own direction only',
      shared: 'within the pods of one policy of both types, rules of either direction count in both',
    },
    {
      default: 'separate',
      meaning:
        'Whether the rules of a policy that lists Ingress and Egress count only in their own direction, or also in the other, for connections between two pods that the policy selects.',
      source: `${API}: ingress rules are about traffic to the selected pods, egress rules about traffic from them`,
    },
  ),
  enforces: word(
    { yes: 'policies are enforced', no: 'no policy is enforced' },
    {
      default: 'yes',
      meaning: 'Whether any policy is enforced.',
      source: `${CONCEPT}#prerequisites: policies need a plugin that enforces them`,
    },
  ),
  apis: wordList(
    APIS,
    { default: APIS, meaning: 'The policy APIs that are enforced.', source: 'all that are understood' },
    (value) => `enforces ${value.join(', ')} only`,
  ),
  endPort: word(
    {
      range: 'endPort opens a range',
      portOnly: 'endPort is not read: only port itself is open',
      unknown: 'whether endPort is read is not known',
    },
    {
      default: 'range',
      meaning:
        'Whether endPort of NetworkPolicy opens a range, or is not read, so that only port itself is open; or nobody knows.',
      source: `${API}, endPort: the range from port to endPort, both included`,
    },
  ),
  exceptions: word(
    {
      ofBlock: 'an exception takes away from its own ipBlock only',
      ofRule: 'an exception takes away from wider ipBlocks of the same rule too',
      unknown: 'an exception may take away from wider peers of other rules too',
    },
    {
      default: 'ofBlock',
      meaning:
        'From what the exceptions of an ipBlock take away: that block; the wider blocks of its rule too; or perhaps any wider block and any peerless rule of the same namespace and direction.',
      source: `${API}, except: values that are not included within the rule; Kubernetes e2e tests: another peer allows them again`,
    },
  ),
  ipv6Blocks: word(
    {
      understood: 'ipBlocks of both families are understood',
      policyIgnored: 'a policy with an IPv6 ipBlock is not enforced at all',
    },
    {
      default: 'understood',
      meaning: 'Whether an ipBlock of IPv6 is understood, or makes the plugin ignore the whole policy.',
      source: `${API}, cidr: "192.168.1.0/24" or "2001:db8::/64"`,
    },
  ),
  sctp: word(
    {
      enforced: 'policies are enforced for SCTP',
      unknown: 'whether policies are enforced for SCTP is not known',
    },
    {
      default: 'enforced',
      meaning: 'Whether SCTP connections follow policies, or nobody knows what becomes of them.',
      source: `${API}, protocol: SCTP is one of the three`,
    },
  ),
  portlessRuleProtocols: word(
    {
      all: 'rules without ports match every protocol',
      'TCP,UDP,SCTP': 'rules without ports match TCP, UDP and SCTP only',
    },
    {
      default: 'all',
      meaning: 'What a rule without ports matches: all protocols, or only those with ports.',
      source: `${API}, ports: a rule without ports matches all traffic, not restricted by port`,
    },
  ),
  undeclaredNamespaces: word(
    {
      unknown: 'labels of namespaces without a Namespace object are not known',
      unlabelled: 'namespaces without a Namespace object have no labels of their own',
    },
    {
      default: 'unknown',
      meaning:
        'Labels of namespaces of which no Namespace object was read: unknown, or none but kubernetes.io/metadata.name.',
      source: 'the snapshot does not show them',
    },
  ),
  families: {
    default: [],
    values: `${SHOWN} | IPv4 | IPv6 | IPv4,IPv6`,
    meaning: 'Address families of the cluster; shown: those that the snapshot shows, else IPv4.',
    source: 'the snapshot shows them',
    parse: (text) => (text === SHOWN ? { value: [] } : parseWords<Family>(text, FAMILIES)),
    print: (value) => (value.length === 0 ? SHOWN : value.join(',')),
    says: (value) => `the cluster has ${value.length === 0 ? 'the families that are shown' : value.join(' and ')}`,
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

/** What a plugin whose knob has this value does, as a clause without a full stop. */
export function describeKnob<K extends KnobName>(knobs: Knobs, knob: K): string {
  const definition: KnobDefinition<Knobs[K]> = KNOBS[knob];
  return definition.says(knobs[knob]);
}

/** Prints the value of one knob so that {@link parseAssumption} reads it back. */
export function printKnob<K extends KnobName>(knobs: Knobs, knob: K): string {
  const definition: KnobDefinition<Knobs[K]> = KNOBS[knob];
  return definition.print(knobs[knob]);
}

function isKnobName(name: string): name is KnobName {
  return Object.hasOwn(KNOBS, name);
}
