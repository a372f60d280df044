// Which values of knobs mean that nobody knows, and the reason that a verdict then carries.

import { type KnobName, printKnob } from '../../behaviours/index.ts';
import type { Behaviour } from '../../model/behaviour.ts';
import type { UnknownReason } from '../../model/endpoint.ts';

/** A value that leaves verdicts open. */
interface OpenValue {
  readonly value: string;
  readonly reason: UnknownReason;
  /** Whether whatever else the knob may be agrees with every verdict that is definite nevertheless. */
  readonly covers: boolean;
}

const OPEN: Partial<Record<KnobName, OpenValue>> = {
  ipBlockMatchesPods: { value: 'unknown', reason: 'ip-block', covers: true },
  ipBlockMatchesNodes: { value: 'unknown', reason: 'ip-block', covers: true },
  // Whether such pods are subjects is not open: they are none.
  hostNetwork: { value: 'unknown', reason: 'host-network', covers: false },
  standalonePods: { value: 'unknown', reason: 'standalone-pods', covers: true },
  serviceView: { value: 'preDNAT', reason: 'service-view', covers: true },
  // Of the cluster-scoped APIs it leaves nothing open, where another value does.
  hairpin: { value: 'undefined', reason: 'hairpin', covers: false },
  namedPorts: { value: 'unknown', reason: 'named-ports', covers: true },
  egressNamedPorts: { value: 'unknown', reason: 'named-ports', covers: true },
  icmp: { value: 'undefined', reason: 'icmp', covers: true },
  tiePriority: { value: 'ambiguous', reason: 'equal-priority', covers: true },
  endPort: { value: 'unknown', reason: 'end-port', covers: true },
  exceptions: { value: 'unknown', reason: 'exceptions', covers: true },
  sctp: { value: 'unknown', reason: 'sctp', covers: true },
};

/** Reports whether this knob of the behaviour makes verdicts unknown for the reason. */
export function opensFor({ knobs }: Behaviour, knob: KnobName, reason: UnknownReason): boolean {
  const open = OPEN[knob];
  return open !== undefined && open.reason === reason && printKnob(knobs, knob) === open.value;
}

/** Reports whether a definite verdict of the behaviour would be the same with any other value of the knob. */
export function hasNoSay({ knobs }: Behaviour, knob: KnobName): boolean {
  const open = OPEN[knob];
  return open?.covers === true && printKnob(knobs, knob) === open.value;
}

/** Reports whether a verdict is unknown because of what nobody knows of the plugin, not of the input. */
export function isAboutPlugin(reason: UnknownReason): boolean {
  return Object.values(OPEN).some((open) => open.reason === reason);
}
