// Why plugins differ: which knob, switched in one of them to what another has, turns the verdict. Splits areas until each
// has one answer. Knows knobs by name only.

import type { KnobName } from '../../behaviours/index.ts';
import { entry } from '../../compile/entry.ts';
import type { Behaviour } from '../../model/behaviour.ts';
import { type Area, mergeAreas } from './area.ts';
import type { Differing } from './compare.ts';
import { groupBy } from './group-by.ts';
import { hasNoSay, isAboutPlugin, opensFor } from './open-knobs.ts';
import { type Outcome, outcomeKey, verdictKey } from './outcome.ts';
import { adopt, differingKnobs, type Traits, traitsAbout } from './traits.ts';
import type { OpenView, PluginView, View, Views } from './views.ts';

/** Knobs that turn a verdict when they are switched together; mostly one. */
export interface Cause {
  readonly knobs: readonly KnobName[];
  /** The view with the knobs switched, or the plugin's own where that shows the same. */
  readonly view: View;
}

/** Why one view judges an area otherwise than the reference does. */
export interface Explained {
  /** Position of the view. */
  readonly view: number;
  /** Position of the view that it is compared to: one that judges the area as the reference does. */
  readonly base: number;
  /** Each of them is enough. Empty where no switch of knobs makes the difference. */
  readonly causes: readonly Cause[];
}

/** An area on which plugins differ, with the view that others are compared to. */
export type ExplainedArea = Differing & {
  readonly reference: number;
  /** One for each view whose verdict is another than the reference's. */
  readonly explained: readonly Explained[];
};

/** Explains all areas. */
export function findCauses(areas: readonly Differing[], views: Views, traits: Traits): ExplainedArea[] {
  const { plugins, open } = views;
  const searches = new Map<string, Search>();
  const searchFor = (base: number, view: number, area: Area): Search => {
    const about = traitsAbout(traits, area.traffic);
    const key = `${base} ${view} ${about.inPlay.size} ${about.inPlay.has('sctp')}`;
    const known = searches.get(key) ?? searchIn(plugins[base]!, plugins[view]!, about);
    searches.set(key, known);
    return known;
  };
  const planned = areas.map((area) => {
    const members = referenceMembers(area.outcomes, plugins);
    const others = [...plugins.keys()].filter(
      (view) => verdictKey(area.outcomes[view]!) !== verdictKey(area.outcomes[members[0]!]!),
    );
    const tasks = others.map((view) => {
      const outcome = area.outcomes[view]!;
      const choices = members.map((base) => {
        const search = searchFor(base, view, area);
        return { base, search, knobs: plausible(search, outcome) };
      });
      // Whoever differs least shows the cause best, and with the least work.
      const best = choices.reduce((least, one) => (one.knobs.length < least.knobs.length ? one : least));
      return { view, outcome, base: best.base, trial: trialFor(best.search, best.knobs, area) };
    });
    return { area, reference: members[0]!, tasks };
  });
  // What no knob turns alone is known of all areas before knobs are switched together: views for few pairs cost little.
  const tried = inOrderOfSources(planned, ({ area: { from, to, family, traffic }, tasks }) =>
    tasks.map(({ outcome, trial }) => {
      const parts = alone({ from, to, family, traffic }, outcome, trial, open);
      for (const { causes, ...part } of parts) if (causes.length === 0) trial.left.push(part);
      return parts;
    }),
  );
  const explained = planned.flatMap(({ area, reference, tasks }, index) => {
    let pieces: ExplainedArea[] = [{ ...area, reference, explained: [] }];
    for (const [at, { view, base, outcome, trial }] of tasks.entries()) {
      const whole = pieces.length === 1 ? tried[index]![at] : undefined;
      const explain = (piece: ExplainedArea) => causesOf(piece, outcome, trial, open, whole);
      pieces = pieces.flatMap((piece) =>
        explain(piece).map(({ causes, ...part }) => ({
          ...piece,
          ...part,
          explained: [...piece.explained, { view, base, causes }],
        })),
      );
    }
    return pieces;
  });
  return mergeAreas(explained, ({ outcomes, explained: why }) =>
    JSON.stringify([
      outcomes.map(outcomeKey),
      why.map(({ view, base, causes }) => [view, base, causes.map(({ knobs }) => knobs)]),
    ]),
  );
}

/** Maps areas, those of the same source one after the other: what a view says of a source is then at hand. */
function inOrderOfSources<T extends { readonly area: Area }, R>(areas: readonly T[], map: (area: T) => R): R[] {
  const order = [...areas.keys()].sort((a, b) => areas[a]!.area.from[0]! - areas[b]!.area.from[0]!);
  const result = new Array<R>(areas.length);
  for (const index of order) result[index] = map(areas[index]!);
  return result;
}

/**
 * The views that others are compared to: those that come to the verdict of most plugins, the view of most plugins first.
 * What is unknown only because nobody knows a plugin is no verdict to compare with while there is another. Never empty.
 */
function referenceMembers(outcomes: readonly Outcome[], plugins: readonly PluginView[]): readonly number[] {
  const count = (members: readonly number[]) =>
    members.reduce((sum, view) => sum + plugins[view]!.behaviours.length, 0);
  const groups = [...groupBy(plugins.keys(), (view) => outcomeKey(outcomes[view]!)).values()];
  const isOpen = (members: readonly number[]) => {
    const { reason } = outcomes[members[0]!]!;
    return reason !== undefined && isAboutPlugin(reason) ? 1 : 0;
  };
  const [largest] = groups.sort((a, b) => isOpen(a) - isOpen(b) || count(b) - count(a));
  return [...largest!].sort((a, b) => count([b]) - count([a]));
}

/** What can be tried for one pair of behaviours. */
interface Search {
  readonly base: Behaviour;
  readonly other: PluginView;
  /** What the area's traffic can be told apart by. */
  readonly traits: Traits;
  /** All knobs that differ. */
  readonly knobs: readonly KnobName[];
  /** By the knobs that are tried first. */
  readonly trials: Map<string, Trial>;
}

/** Areas of one search whose cause may be the same. Views are opened for them together. */
interface Trial {
  readonly search: Search;
  /** The knobs that may be a cause alone; never empty. */
  readonly first: readonly KnobName[];
  readonly areas: Area[];
  /** Parts of these that no knob turns alone. */
  readonly left: Area[];
  /** Views with one knob switched for the areas, and with any for what is left. */
  readonly switched: { readonly areas: Map<string, View>; readonly left: Map<string, View> };
}

function searchIn(reference: PluginView, other: PluginView, traits: Traits): Search {
  const base = reference.behaviours[0];
  const knobs = differingKnobs(traits, base, other.behaviours[0]);
  return { base, other, traits, knobs, trials: new Map() };
}

function trialFor(search: Search, first: readonly KnobName[], area: Area): Trial {
  const key = first.join();
  const trial: Trial = search.trials.get(key) ?? {
    search,
    first,
    areas: [],
    left: [],
    switched: { areas: new Map(), left: new Map() },
  };
  search.trials.set(key, trial);
  trial.areas.push(area);
  return trial;
}

/** The knobs that may be a cause alone: what is tried first. */
function plausible({ other, knobs }: Search, { reason }: Outcome): readonly KnobName[] {
  const [behaviour] = other.behaviours;
  if (reason === undefined) {
    const firm = knobs.filter((knob) => !hasNoSay(behaviour, knob));
    return firm.length > 0 ? firm : knobs;
  }
  // The reason of an unknown verdict names the knob that leaves it open.
  const opening = knobs.filter((knob) => opensFor(behaviour, knob, reason));
  return opening.length > 0 ? opening : knobs;
}

type CausedArea = Area & { readonly causes: readonly Cause[] };

/**
 * The area in parts, each with the causes that hold for all of it: one knob, or what switching finds. `known`: the parts by
 * the knobs that turn it alone, where they have been found before.
 */
function causesOf(
  whole: Area,
  wanted: Outcome,
  trial: Trial,
  open: OpenView,
  known: readonly TriedArea[] | undefined,
): CausedArea[] {
  const { from, to, family, traffic } = whole;
  const { search, first } = trial;
  const tried = known ?? alone({ from, to, family, traffic }, wanted, trial, open);
  return tried.flatMap(({ causes, ...area }): CausedArea[] => {
    if (causes.length === 0) return combinations(area, wanted, trial, open);
    return [
      {
        ...area,
        causes: causes.map((knob) => ({
          knobs: [knob],
          // Where one knob was in question, the plugin itself shows what it does.
          view: first.length === 1 ? search.other : viewWith([knob], trial, 'areas', open),
        })),
      },
    ];
  });
}

/** The view of the base with these knobs as the other has them, for all areas of the trial or for what is left of them. */
function viewWith(knobs: readonly KnobName[], trial: Trial, where: 'areas' | 'left', open: OpenView): View {
  const { base, other, traits } = trial.search;
  const key = knobs.join();
  const views = trial.switched[where];
  const known = views.get(key) ?? open(adopt(base, other.behaviours[0], knobs), traits, trial[where]);
  views.set(key, known);
  return known;
}

type TriedArea = Area & { readonly causes: readonly KnobName[] };

/** A part of an area, and the knobs that turn its verdict; `exact`: to the same reason, too. */
interface Piece {
  readonly area: Area;
  readonly exact: readonly KnobName[];
  readonly turning: readonly KnobName[];
}

function withKnob({ area, exact, turning }: Piece, knob: KnobName, { isExact, turns }: Judged): Piece {
  return { area, exact: isExact ? [...exact, knob] : exact, turning: turns ? [...turning, knob] : turning };
}

/** What a person would say of an outcome beside the wanted one. */
interface Judged {
  readonly isExact: boolean;
  readonly turns: boolean;
}

const EXACT: Judged = { isExact: true, turns: true };
const TURNED: Judged = { isExact: false, turns: true };
const ANOTHER: Judged = { isExact: false, turns: false };

/** Judges outcomes, each object once. */
function judgeFor(wanted: Outcome): (outcome: Outcome) => Judged {
  const known = new Map<Outcome, Judged>();
  const [exact, turned] = [outcomeKey(wanted), verdictKey(wanted)];
  return (outcome) =>
    entry(known, outcome, () =>
      outcomeKey(outcome) === exact ? EXACT : verdictKey(outcome) === turned ? TURNED : ANOTHER,
    );
}

/** The knobs of a trial that turn the verdict alone, found by switching them one by one. */
function alone(whole: Area, wanted: Outcome, trial: Trial, open: OpenView): TriedArea[] {
  const judge = judgeFor(wanted);
  let pieces: Piece[] = [{ area: whole, exact: [], turning: [] }];
  for (const knob of trial.first) {
    const { column } = viewWith([knob], trial, 'areas', open);
    pieces = pieces.flatMap((piece) => {
      // Mostly all of it comes out alike: then it stays in one piece.
      let first: Judged | undefined;
      const isOne = column.every(piece.area, (outcome) => {
        const one = judge(outcome);
        first ??= one;
        return one === first;
      });
      if (isOne) return [withKnob(piece, knob, first!)];
      return column.split(piece.area).map(({ outcome, ...area }) => withKnob({ ...piece, area }, knob, judge(outcome)));
    });
  }
  // What leads to the same reason explains an unknown verdict better than what makes it unknown for another.
  return pieces.map(({ area, exact, turning }) => ({ ...area, causes: exact.length > 0 ? exact : turning }));
}

/** Knobs that turn the verdict only together: all of them, without those that it is turned without. */
function combinations(whole: Area, wanted: Outcome, trial: Trial, open: OpenView): CausedArea[] {
  const { search } = trial;
  const split = (area: Area, knobs: readonly KnobName[]) =>
    viewWith(knobs, trial, 'left', open)
      .column.split(area)
      .map(({ outcome, ...part }) => ({ part, turned: verdictKey(outcome) === verdictKey(wanted) }));
  let pieces = split(whole, search.knobs).map(({ part, turned }) => ({
    area: part,
    needed: turned ? search.knobs : [],
  }));
  for (const knob of search.knobs) {
    pieces = pieces.flatMap(({ area, needed }) => {
      if (!needed.includes(knob)) return [{ area, needed }];
      const without = needed.filter((one) => one !== knob);
      return split(area, without).map(({ part, turned }) => ({ area: part, needed: turned ? without : needed }));
    });
  }
  return pieces.map(({ area, needed }) => ({
    ...area,
    causes: needed.length === 0 ? [] : [{ knobs: needed, view: viewWith(needed, trial, 'left', open) }],
  }));
}
