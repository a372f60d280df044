// Whether a plugin supports what a policy may use, and whether anybody knows: what checks ask. Decides nothing about a flow.

import type { Behaviour, Knobs } from '../model/behaviour.ts';
import type { DialectName } from '../model/policy.ts';
import type { DescribedKnob } from './describe.ts';
import { describeBehaviour } from './describe.ts';
import type { KnobName } from './knobs.ts';
import { describeKnob } from './knobs.ts';

/**
 * What a policy may use. `except`: exceptions take away from their own block only; `portNames` and `egressPortNames`: a
 * name opens the port that the pod which is reached calls so; `sidecarPortNames`: names of sidecars count; `ipBlockOfPods`
 * and `ipBlockOfNodes`: a block matches their addresses; `portsOfService`: rules see the pod and its port behind a Service.
 */
export type Feature =
  | 'endPort'
  | 'except'
  | 'SCTP'
  | 'portNames'
  | 'egressPortNames'
  | 'sidecarPortNames'
  | 'ipBlockOfPods'
  | 'ipBlockOfNodes'
  | 'IPv6Blocks'
  | 'hostNetworkPods'
  | 'standalonePods'
  | 'portsOfService'
  | 'NetworkPolicy'
  | 'ClusterNetworkPolicy'
  | 'AdminNetworkPolicy'
  | 'BaselineAdminNetworkPolicy';

/** The answer for one feature. */
export interface Support {
  /** `partly`: not as the API says, in a way that `says` tells; `unknown`: nobody knows. */
  readonly is: 'yes' | 'no' | 'partly' | 'unknown';
  /** Whether it was looked up or said by the user; false: the API's reading is taken since nobody found out. */
  readonly known: boolean;
  /** The knob that it hangs on. */
  readonly knob: KnobName;
  /** What the plugin does, as a clause without a full stop. */
  readonly says: string;
  /** Where that is known from: an address, the name of a document, or `--assume`. */
  readonly source: string;
}

type Answers = { readonly [F in Feature]: (knobs: Knobs, behaviour: Behaviour) => readonly [KnobName, Support['is']] };

const ANSWERS: Answers = {
  endPort: ({ endPort }) => ['endPort', endPort === 'range' ? 'yes' : endPort === 'portOnly' ? 'no' : 'unknown'],
  except: ({ exceptions }) => [
    'exceptions',
    exceptions === 'ofBlock' ? 'yes' : exceptions === 'ofRule' ? 'partly' : 'unknown',
  ],
  SCTP: ({ sctp }) => ['sctp', sctp === 'enforced' ? 'yes' : 'unknown'],
  portNames: (knobs) => (knobs.namedPorts === 'resolved' ? ingressNames(knobs) : names(knobs)),
  egressPortNames: (knobs) => (knobs.namedPorts === 'resolved' ? egressNames(knobs) : names(knobs)),
  sidecarPortNames: ({ sidecarNamedPorts: knob }) => ['sidecarNamedPorts', knob === 'none' ? 'no' : 'yes'],
  ipBlockOfPods: ({ ipBlockMatchesPods: knob }) => ['ipBlockMatchesPods', yesOrNo(knob)],
  ipBlockOfNodes: ({ ipBlockMatchesNodes: knob }) => ['ipBlockMatchesNodes', yesOrNo(knob)],
  IPv6Blocks: ({ ipv6Blocks: knob }) => ['ipv6Blocks', knob === 'understood' ? 'yes' : 'no'],
  hostNetworkPods: ({ hostNetwork: knob }) => [
    'hostNetwork',
    knob === 'asPod' ? 'yes' : knob === 'asNode' ? 'no' : 'unknown',
  ],
  standalonePods: ({ standalonePods: knob }) => ['standalonePods', knob === 'subjects' ? 'yes' : 'unknown'],
  portsOfService: ({ serviceView: knob }) => ['serviceView', knob === 'postDNAT' ? 'yes' : 'no'],
  NetworkPolicy: (_, behaviour) => api('network-policy', 'NetworkPolicy', behaviour),
  ClusterNetworkPolicy: (_, behaviour) => api('cluster-network-policy', 'ClusterNetworkPolicy', behaviour),
  AdminNetworkPolicy: (_, behaviour) => api('admin-network-policy', 'AdminNetworkPolicy', behaviour),
  BaselineAdminNetworkPolicy: (_, behaviour) => api('admin-network-policy', 'BaselineAdminNetworkPolicy', behaviour),
};

/** Every feature, in the order in which they are declared. */
export const FEATURES: readonly Feature[] = Object.keys(ANSWERS) as Feature[];

/** Whether the behaviour supports a feature, by what, and how that is known. */
export function supportOf(behaviour: Behaviour, feature: Feature): Support {
  const [knob, is] = ANSWERS[feature](behaviour.knobs, behaviour);
  const { confidence, source } = described(behaviour, knob);
  return { is, known: confidence !== 'default', knob, says: describeKnob(behaviour.knobs, knob), source };
}

const descriptions = new WeakMap<Behaviour, readonly DescribedKnob[]>();

function described(behaviour: Behaviour, knob: KnobName): DescribedKnob {
  const list = descriptions.get(behaviour) ?? describeBehaviour(behaviour);
  descriptions.set(behaviour, list);
  return list.find((one) => one.knob === knob)!;
}

function names({ namedPorts }: Knobs): readonly [KnobName, Support['is']] {
  return ['namedPorts', namedPorts === 'unknown' ? 'unknown' : 'no'];
}

function ingressNames({ ingressNamedPorts: knob }: Knobs): readonly [KnobName, Support['is']] {
  return ['ingressNamedPorts', knob === 'perPod' ? 'yes' : 'partly'];
}

function egressNames({ egressNamedPorts: knob }: Knobs): readonly [KnobName, Support['is']] {
  return ['egressNamedPorts', knob === 'perDestination' ? 'yes' : knob === 'unknown' ? 'unknown' : 'partly'];
}

function yesOrNo(knob: boolean | 'unknown'): Support['is'] {
  return knob === 'unknown' ? knob : knob ? 'yes' : 'no';
}

function api(dialect: DialectName, kind: string, behaviour: Behaviour): readonly [KnobName, Support['is']] {
  const { enforces, apis } = behaviour.knobs;
  if (enforces === 'no') return ['enforces', 'no'];
  const isEnforced = apis.includes(dialect) && !(behaviour.kindsNotEnforced ?? []).includes(kind);
  return ['apis', isEnforced ? 'yes' : 'no'];
}
