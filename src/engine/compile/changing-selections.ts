// Which policies select whom, while policies come and go: the first look-up stays as it is, and what changes lies over it.

import type { Direction } from '../model/policy.ts';
import { DIRECTIONS } from '../model/policy.ts';
import type { PlacedPolicy, Placement } from '../model/tier.ts';
import { type IdSet, idSet, unionAll } from '../sets/id-set.ts';
import { entry } from './entry.ts';
import { looksAtBothDirections } from './rows.ts';
import { compareInOrder, type Selection, type Selections, selectSubjects } from './selections.ts';
import type { SelectorIndex } from './selector-index.ts';

/** Selections that can be had with other policies. */
export interface ChangingSelections {
  readonly selections: Selections;
  /** The selections with some policies exchanged; these stay as they are. */
  exchange(change: SelectionChange): {
    readonly selections: ChangingSelections;
    /** Subjects of any of the policies. Where being selected in one direction matters to the other, they are of both. */
    readonly affected: Readonly<Record<Direction, IdSet>>;
  };
}

/** Policies that go and come; subjects that come. Policies in both lists select anew whoever is there now. */
export interface SelectionChange {
  readonly removed: readonly PlacedPolicy[];
  readonly added: readonly PlacedPolicy[];
  /** New subjects, and policies that are there already and apply to one of them; absent: none. */
  readonly joining?: { readonly selectors: SelectorIndex; readonly policies: readonly PlacedPolicy[] };
}

/**
 * Changed subjects by which the first look-up is copied rather than laid over once more: every exchange copies what lies
 * over, and now and then all is copied, so that both cost about the same.
 */
function mostLaidOver({ ingress, egress }: Base): number {
  return 4 * Math.sqrt(ingress.length + egress.length);
}

type Lists = Record<Direction, ReadonlyMap<number, readonly Selection[]>>;

/** The same by position: very many subjects are looked up, and one list is copied sooner than a map. */
type Base = Record<Direction, readonly (readonly Selection[] | undefined)[]>;

/** The selections of a placement. */
export function changingSelections(placement: Placement, selectors: SelectorIndex): ChangingSelections {
  // Numbers are never used twice, so that what was worked out for a policy is not taken for another one's.
  let numbers = placement.policies.length;
  const seesBoth = looksAtBothDirections(placement.chain);

  function over(base: Base, changed: Lists): ChangingSelections {
    const selections: Selections = {
      ingress: laidOver(base.ingress, changed.ingress),
      egress: laidOver(base.egress, changed.egress),
    };
    return {
      selections,
      exchange({ removed, added, joining }) {
        const gone = new Set(removed);
        // Whoever was selected by a policy that selects anew is selected by it still.
        const stays = new Set(added);
        const leaving = selectSubjects({ policies: removed.filter((placed) => !stays.has(placed)) }, selectors);
        const coming = [selectSubjects({ policies: added }, selectors, numbers)];
        numbers += added.length;
        if (joining !== undefined) {
          coming.push(selectSubjects({ policies: joining.policies }, joining.selectors, numbers));
          numbers += joining.policies.length;
        }
        const next = { ingress: new Map(changed.ingress), egress: new Map(changed.egress) };
        const affected = { ingress: idSet([]), egress: idSet([]) };
        for (const direction of DIRECTIONS) {
          const ids = new Set([leaving, ...coming].flatMap((lists) => [...lists[direction].keys()]));
          const merge = merger(gone);
          for (const id of ids) {
            const more = coming.map((lists) => lists[direction].get(id) ?? NONE).filter((list) => list.length > 0);
            // Mostly one list, which subjects share.
            const own = merge(selections[direction].get(id) ?? NONE, more.length < 2 ? (more[0] ?? NONE) : more.flat());
            next[direction].set(id, own);
          }
          affected[direction] = idSet([...ids]);
        }
        const both = unionAll([affected.ingress, affected.egress]);
        const isLarge = next.ingress.size + next.egress.size > mostLaidOver(base);
        return {
          selections: isLarge ? over(flattened(base, next), NOTHING) : over(base, next),
          affected: seesBoth ? { ingress: both, egress: both } : affected,
        };
      },
    };
  }
  return over(flattened({ ingress: [], egress: [] }, selectSubjects(placement, selectors)), NOTHING);
}

const NONE: readonly Selection[] = [];

/** Takes out policies that are gone and puts others in order, once for all subjects that share both lists. */
function merger(gone: ReadonlySet<PlacedPolicy>) {
  const known = new Map<readonly Selection[], Map<readonly Selection[], readonly Selection[]>>();
  return (before: readonly Selection[], coming: readonly Selection[]): readonly Selection[] =>
    entry(
      entry(known, before, () => new Map<readonly Selection[], readonly Selection[]>()),
      coming,
      () =>
        [...before.filter(({ placed }) => !gone.has(placed)), ...coming].sort((a, b) =>
          compareInOrder(a.placed, b.placed),
        ),
    );
}

const NOTHING: Lists = { ingress: new Map(), egress: new Map() };

function laidOver(base: Base[Direction], changed: Lists[Direction]): Selections[Direction] {
  return { get: changed.size === 0 ? (id) => base[id] : (id) => changed.get(id) ?? base[id] };
}

function flattened(base: Base, changed: Lists): Base {
  const flat = (direction: Direction): Base[Direction] => {
    const lists = [...base[direction]];
    const size = [...changed[direction].keys()].reduce((most, id) => Math.max(most, id + 1), lists.length);
    while (lists.length < size) lists.push(undefined);
    for (const [id, list] of changed[direction]) lists[id] = list;
    return lists;
  };
  return { ingress: flat('ingress'), egress: flat('egress') };
}
