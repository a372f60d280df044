// A cluster in compiled form: units with numbers of their own, and how one form leads to the next by an exchange of
// endpoints and policies, or, where too much changes for that, by compiling anew. Knows no events.

import { chainOf } from '../behaviours/place.ts';
import { compileReach, type EndChange, type PolicyChange, type Reach } from '../compile/reach.ts';
import { type ReachChange, reachChanges } from '../compile/reach-changes.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { PlacedPolicy } from '../model/tier.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import { compareForms } from './compare-forms.ts';
import { compareUnits, OUTSIDE, type UnitChange, type UnitSource, unitsIn } from './live-units.ts';
import { type EndpointText, endpointTexts } from './told-apart.ts';

/** How forms are compiled. */
export interface FormOptions {
  readonly protocols: readonly Protocol[];
  /** For how many endpoints that come there is to be room before all is compiled anew; absent: some, as is quick. */
  readonly room?: number;
}

/** One form. Immutable. */
export interface LiveForm {
  readonly source: UnitSource;
  readonly text: EndpointText;
  readonly reach: Reach;
  /** By number, as in {@link Reach.endpoints}; undefined: nobody is there. */
  readonly units: readonly (Unit | undefined)[];
  /** Numbers by namespace, and of what is outside. */
  readonly numbers: ReadonlyMap<string, readonly number[]>;
}

/** What leads from one form to the next. */
export interface FormChange {
  readonly source: UnitSource;
  /** Namespaces whose units may be others, with {@link OUTSIDE}. */
  readonly names: Iterable<string>;
  readonly policies: PolicyChange;
  /** All policies of the next form, in case that it has to be compiled anew. */
  allPolicies(): readonly PlacedPolicy[];
}

/** The next form, and how it differs. */
export interface NextForm {
  readonly form: LiveForm;
  /** Where a unit stood that has this number now; what is new keeps its number, or has one that nobody had. */
  placeOf(number: number): number;
  /** Pairs that meet another decision, by places; worked out when somebody asks. */
  changes(): readonly ReachChange[];
  readonly compiledAnew: boolean;
}

/** Compiles a form from all of its units. */
export function compileForm(
  source: UnitSource,
  policies: readonly PlacedPolicy[],
  { protocols, room }: FormOptions,
): LiveForm {
  const numbers = new Map<string, readonly number[]>();
  const units: Unit[] = [];
  for (const name of [...[...source.parts.byName.keys()].filter((one) => one !== OUTSIDE).sort(), OUTSIDE]) {
    const own = unitsIn(name, source);
    numbers.set(
      name,
      own.map((_, index) => units.length + index),
    );
    for (const unit of own) units.push(unit);
  }
  const { behaviour } = source;
  const reach = compileReach(
    { placement: { chain: chainOf(behaviour), policies, notEnforced: [] }, knobs: behaviour.knobs },
    units.map(({ endpoint }) => endpoint),
    protocols,
    { room: room ?? roomFor(units.length) },
  );
  return { source, text: endpointTexts(source.relevance), reach, units, numbers };
}

/** Enough that compiling anew costs little for each that comes. */
function roomFor(size: number): number {
  return 256 + Math.ceil(size / 2);
}

/** Leads to the next form; this one stays as it is. */
export function nextForm(form: LiveForm, change: FormChange, options: FormOptions): NextForm {
  const { source, policies } = change;
  const text = source.relevance === form.source.relevance ? form.text : endpointTexts(source.relevance);
  const differences = [...new Set(change.names)].map((name) => {
    const own = form.numbers.get(name) ?? [];
    const unitOf = (number: number) => form.units[number]!;
    const now = unitsIn(name, source);
    return { name, own, ...compareUnits(own, unitOf, (number) => form.reach.endpoints[number]!, now, text) };
  });
  const come = differences.flatMap((one) => one.come);
  if (come.length > form.reach.room()) return anew(form, change, options);
  const ends: EndChange = {
    removed: differences.flatMap(({ gone }) => gone),
    added: come.map(({ unit: { endpoint }, instead }) =>
      instead === undefined ? { endpoint } : { endpoint, instead },
    ),
  };
  const { reach, affected, added, naming } = form.reach.exchange(policies, ends);
  const instead = new Map(
    come.flatMap((one, index) => (one.instead === undefined ? [] : [[added[index]!, one.instead] as const])),
  );
  const place = { numbers: added.values() };
  const units = [...form.units];
  const numbers = new Map(form.numbers);
  for (const one of differences) numbers.set(one.name, renew(units, one, place.numbers));
  return {
    form: { source, text, reach, units, numbers },
    placeOf: (number) => instead.get(number) ?? number,
    changes: () => reachChanges(form.reach, reach, affected, { instead, naming }),
    compiledAnew: false,
  };
}

/** Puts the units of one namespace in their places; its numbers now. */
function renew(
  units: (Unit | undefined)[],
  { own, kept, gone, come }: UnitChange & { readonly own: readonly number[] },
  added: Iterator<number>,
): readonly number[] {
  for (const number of gone) units[number] = undefined;
  for (const [number, unit] of kept) units[number] = unit;
  const more = come.map(({ unit }) => {
    const number: number = added.next().value;
    units[number] = unit;
    return number;
  });
  return [...own.filter((number) => kept.has(number)), ...more];
}

function anew(form: LiveForm, { source, allPolicies }: FormChange, options: FormOptions): NextForm {
  const next = compileForm(source, allPolicies(), options);
  const { placeOf, changes } = compareForms(form, next);
  return { form: next, placeOf, changes, compiledAnew: true };
}
