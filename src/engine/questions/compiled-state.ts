// The compiled form of a state, made when it is first needed and remembered as long as the state is, with the last other state
// that was compiled into the same form: states never change, and many questions are about the same ends. Answers nothing itself.

import { placedChanges } from '../behaviours/placed-changes.ts';
import { compileReach, type EndChange, type Exchanged, type Reach } from '../compile/reach.ts';
import { isSameEndpoint } from '../endpoints/same-endpoint.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Placement } from '../model/tier.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import type { State } from '../state.ts';

/** One form of a state. */
interface Form {
  readonly protocols: readonly Protocol[];
  readonly ends: readonly Endpoint[];
  readonly reach: Reach;
  /** Policies and ends that were exchanged: what was worked out for them is kept with the form. */
  exchanged: number;
  latest?: { readonly placement: Placement; readonly ends: EndChange; readonly exchanged: Exchanged };
}

/** A state with ends and policies exchanged, and what it was before. */
export interface ExchangedState {
  readonly reach: Reach;
  readonly exchanged: Exchanged;
}

/** A state may be asked as it is cut itself, and as it is cut to be compared with another one. */
const FORMS = 2;

/** What is kept for policies that are gone is not to take more than a part of what the form takes. */
const KEPT = 1 / 64;
const KEPT_ANYWAY = 100;

/** Latest first. */
const forms = new WeakMap<State, Form[]>();

/** The policies of a state over these ends. Ends are known again by what policies see in them, whatever they are called. */
export function compiledState(state: State, units: readonly Unit[], protocols: readonly Protocol[]): Reach {
  const found = findForm(state, units, protocols);
  return (found ?? newForm(state, units, protocols, 0)).reach;
}

/**
 * The state and another one of the same chain and knobs in one form; `ends` are those in which the other one differs, by
 * position in the units.
 */
export function exchangedState(
  state: State,
  units: readonly Unit[],
  protocols: readonly Protocol[],
  { placement }: State,
  ends: EndChange,
): ExchangedState {
  const found = findForm(state, units, protocols);
  const latest = found?.latest;
  if (latest?.placement === placement && isSameChange(latest.ends, ends)) {
    return { reach: found!.reach, exchanged: latest.exchanged };
  }
  const policies = placedChanges(state.placement, placement);
  const amount = policies.removed.length + policies.added.length + ends.removed.length + ends.added.length;
  // Where ends only go, there has to be room all the same.
  const come = ends.added.length + (ends.removed.length > 0 ? 1 : 0);
  const kept = KEPT_ANYWAY + (units.length + state.placement.policies.length) * KEPT;
  const isUsable =
    found !== undefined && found.reach.room() >= come && (found.exchanged === 0 || found.exchanged + amount <= kept);
  const form = isUsable ? found : newForm(state, units, protocols, come === 0 ? 0 : come + roomFor(units.length));
  const exchanged = form.reach.exchange(policies, ends);
  form.exchanged += amount;
  form.latest = { placement, ends, exchanged };
  return { reach: form.reach, exchanged };
}

/** A form of these ends that is there; it is the latest then. */
function findForm(state: State, units: readonly Unit[], protocols: readonly Protocol[]): Form | undefined {
  const own = forms.get(state);
  const found = own?.find((form) => isOf(form, units, protocols));
  if (found !== undefined) forms.set(state, [found, ...own!.filter((one) => one !== found)]);
  return found;
}

function newForm(state: State, units: readonly Unit[], protocols: readonly Protocol[], room: number): Form {
  const ends = units.map(({ endpoint }) => endpoint);
  const rules = { placement: state.placement, knobs: state.behaviour.knobs };
  const form = { protocols, ends, reach: compileReach(rules, ends, protocols, { room }), exchanged: 0 };
  const others = (forms.get(state) ?? []).filter((one) => !isOf(one, units, protocols));
  forms.set(state, [form, ...others].slice(0, FORMS));
  return form;
}

/** Enough for some exchanges, and little for one. */
function roomFor(size: number): number {
  return 16 + Math.ceil(size / 8);
}

function isOf(form: Form, units: readonly Unit[], protocols: readonly Protocol[]): boolean {
  if (form.ends.length !== units.length || form.protocols.length !== protocols.length) return false;
  return (
    protocols.every((protocol, index) => protocol === form.protocols[index]) &&
    units.every(({ endpoint }, index) => isSameEndpoint(endpoint, form.ends[index]!))
  );
}

function isSameChange(a: EndChange, b: EndChange): boolean {
  return (
    a.removed.length === b.removed.length &&
    a.removed.every((number, index) => number === b.removed[index]) &&
    a.added.length === b.added.length &&
    a.added.every(({ endpoint, instead }, index) => {
      const other = b.added[index]!;
      return instead === other.instead && isSameEndpoint(endpoint, other.endpoint);
    })
  );
}
