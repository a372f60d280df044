// Boxes of pods by number, and what is asked of them again and again: where they hold, and what they say of labels alone.

import { entry } from '../compile/entry.ts';
import type { Namespace } from '../model/cluster.ts';
import { type BoxId, type BoxTable, boxTable } from '../sets/box-table.ts';
import { pairTable } from '../sets/pair-table.ts';
import { anyNamespace, confinedTo, holdsNamespace, namesOf, namespaceLabelsOf, saysOnly } from './pod-space.ts';

/** Boxes of one computation; each question about one is worked out once. */
export interface PodTable extends BoxTable {
  /** The box without what it asks of the namespace. */
  anyNamespace(box: BoxId): BoxId;
  /** Names of namespaces that the box is confined to; undefined: others may be in it too. */
  namesOf(box: BoxId): readonly string[] | undefined;
  /** Whether the box holds pods of a namespace of the snapshot. */
  holds(box: BoxId, namespace: Namespace): boolean;
  /** The pods of the box in a namespace of the snapshot that it {@link holds}: the name says all about it. */
  inNamespace(box: BoxId, namespace: Namespace): BoxId;
  /** The pods of the box in namespaces of these names, at least one, which it must not exclude; they need not exist. */
  confined(box: BoxId, names: readonly string[]): BoxId;
}

/** A table that holds only the box of all pods. */
export function podTable(): PodTable {
  const table = boxTable();
  const anywhere: BoxId[] = [];
  const homes: BoxId[] = [];
  const names: (readonly string[] | undefined | null)[] = [];
  const numbers = new Map<string, number>();
  const [held, inside] = [pairTable(), pairTable()];
  const numberOf = (name: string) => entry(numbers, name, () => numbers.size);
  const anyHome = (box: BoxId): BoxId => {
    anywhere[box] ??= table.intern(anyNamespace(table.get(box)));
    return anywhere[box];
  };
  const confined = (box: BoxId, own: readonly string[]) => table.intern(confinedTo(table.get(box), own));
  return {
    ...table,
    anyNamespace: anyHome,
    namesOf(box) {
      const known = names[box];
      if (known !== undefined) return known ?? undefined;
      const found = namesOf(table.get(box));
      names[box] = found ?? null;
      return found;
    },
    holds(box, namespace) {
      // Boxes that ask the same of namespaces share the answer.
      homes[box] ??= table.intern(namespaceLabelsOf(table.get(box)));
      const make = () => (holdsNamespace(table.get(box), namespace) ? 1 : 0);
      return held.entry(homes[box], numberOf(namespace.name), make) === 1;
    },
    inNamespace(box, { name }) {
      return inside.entry(box, numberOf(name), () =>
        saysOnly(table.get(box), name) ? box : confined(anyHome(box), [name]),
      );
    },
    confined,
  };
}
