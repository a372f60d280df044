// How behaviours differ in what matters for one input, knob by knob, and how one takes over single knobs of another.

import { describeKnob, KNOB_NAMES, type KnobName, knobsInPlay, printKnob } from '../../behaviours/index.ts';
import type { Behaviour } from '../../model/behaviour.ts';
import type { Policy } from '../../model/policy.ts';
import type { Protocol, TrafficSet } from '../../sets/traffic-set.ts';
import type { State } from '../../state.ts';

/** The knobs that can bear on one input, and the kinds of policy in it: what behaviours are compared by. */
export interface Traits {
  readonly inPlay: ReadonlySet<KnobName>;
  /** Of one policy of every kind. */
  readonly kinds: readonly Policy['ref'][];
}

/** What behaviours can be told apart by on the input of a state, where these protocols are asked about. */
export function traitsOf({ policies, cluster, plan }: State, protocols: readonly Protocol[]): Traits {
  const kinds = new Map(policies.map(({ ref }) => [`${ref.dialect} ${ref.kind}`, ref]));
  const inPlay = new Set(knobsInPlay({ policies, cluster, plan, protocols }));
  // All plugins enforce NetworkPolicy; a behaviour that somebody makes up need not.
  if (policies.length > 0) inPlay.add('apis');
  return {
    inPlay,
    kinds: [...kinds.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ref]) => ref),
  };
}

/** The traits that can bear on some traffic. The same object where the protocols are the same. */
export function traitsAbout(traits: Traits, set: TrafficSet): Traits {
  const sctp = set.SCTP !== undefined;
  const icmp = set.ICMP !== undefined || set.ICMPv6 !== undefined;
  let known = narrowed.get(traits);
  if (known === undefined) {
    known = new Map();
    narrowed.set(traits, known);
  }
  const key = `${sctp} ${icmp}`;
  const about = known.get(key) ?? { ...traits, inPlay: new Set([...traits.inPlay].filter(isAbout)) };
  known.set(key, about);
  return about;

  function isAbout(knob: KnobName): boolean {
    if (knob === 'sctp') return sctp;
    return knob === 'icmp' || knob === 'portlessRuleProtocols' ? icmp : true;
  }
}

const narrowed = new WeakMap<Traits, Map<string, Traits>>();

/** Knobs whose values are not the same in both, of those that matter. */
export function differingKnobs(traits: Traits, a: Behaviour, b: Behaviour): KnobName[] {
  return KNOB_NAMES.filter(
    (knob) => traits.inPlay.has(knob) && readTrait(traits, a, knob) !== readTrait(traits, b, knob),
  );
}

/** A text equal for behaviours that answer alike. */
export function traitKey(traits: Traits, behaviour: Behaviour): string {
  const values = KNOB_NAMES.filter((knob) => traits.inPlay.has(knob)).map((knob) => readTrait(traits, behaviour, knob));
  return JSON.stringify(values);
}

/** The behaviour with these knobs as another has them. */
export function adopt(behaviour: Behaviour, other: Behaviour, knobs: readonly KnobName[]): Behaviour {
  const taken = Object.fromEntries(knobs.map((knob) => [knob, other.knobs[knob]]));
  const { kindsNotEnforced: own, ...rest } = behaviour;
  // Which kinds of an API are enforced goes with the APIs.
  const kinds = knobs.includes('apis') ? other.kindsNotEnforced : own;
  return {
    ...rest,
    knobs: { ...behaviour.knobs, ...taken },
    ...(kinds === undefined ? {} : { kindsNotEnforced: kinds }),
  };
}

/** What the first behaviour does about a knob, as a clause without a full stop. */
export function sayTrait(traits: Traits, behaviour: Behaviour, other: Behaviour, knob: KnobName): string {
  if (knob !== 'apis') return describeKnob(behaviour.knobs, knob);
  const differing = traits.kinds.filter((ref) => isEnforced(behaviour, ref) !== isEnforced(other, ref));
  const [first] = differing;
  if (first === undefined) return describeKnob(behaviour.knobs, knob);
  const kinds = [...new Set(differing.map(({ kind }) => kind))].join(' and ');
  return `${kinds} ${isEnforced(behaviour, first) ? 'is' : 'is not'} enforced`;
}

/** Of the APIs only those matter of which a policy is there. */
function readTrait({ kinds }: Traits, behaviour: Behaviour, knob: KnobName): string {
  if (knob !== 'apis') return printKnob(behaviour.knobs, knob);
  return JSON.stringify(kinds.map((ref) => isEnforced(behaviour, ref)));
}

function isEnforced({ knobs, kindsNotEnforced = [] }: Behaviour, { dialect, kind }: Policy['ref']): boolean {
  return knobs.apis.includes(dialect) && !kindsNotEnforced.includes(kind);
}
