// The ends of flows as numbers: every pod by itself, pods of a kind, nodes, and classes of addresses outside. Policies see
// kinds of pods, so a number leads to the unit that verdicts are worked out for, and to the node, which exempts single pods.

import type { Unit } from '../endpoints/unit.ts';
import { type World, withOwnNode } from '../endpoints/world.ts';
import type { Pod } from '../model/cluster.ts';
import { UserError } from '../model/user-error.ts';

/** All ends of one state. Numbers follow the sorted units, so that equal input has equal numbers. */
export interface NumberedEnds {
  /** Numbers are 0 to count - 1. */
  readonly count: number;
  /** Sorted as in the world: kinds of pods, nodes, classes outside. hostNetwork pods seen as nodes have their node's rights. */
  readonly units: readonly Unit[];
  /** By number: position of the unit. */
  readonly unitOf: Int32Array;
  /** By number: number of the node that it runs on or is; -1 where nobody knows, or pods of the kind are on several. */
  readonly nodeOf: Int32Array;
  /** By number: 1 for one pod that exists, which can be both ends of a flow. */
  readonly isOne: Uint8Array;
  /** The pod of a number; undefined for all other ends. */
  podOf(number: number): Pod | undefined;
  /** The number of a pod, of a unit as a whole. Undefined: it is not of this state. */
  ofPod(pod: Pod): number | undefined;
  ofUnit(unit: number): number;
}

/** Numbers the ends of a world: pods first, then units, each in the order of units. */
export function numberEnds(world: World): NumberedEnds {
  const units = [...world.pods, ...world.nodes(), ...world.outside()].map(withOwnNode);
  const pods = units.flatMap((unit) => (unit.type === 'workload' ? unit.pods : []));
  const count = pods.length + units.length;
  const unitOf = new Int32Array(count);
  const nodeOf = new Int32Array(count).fill(-1);
  const isOne = new Uint8Array(count);
  const nodes = new Map<string, number>();
  const nodeNumber = (name: string | undefined): number => {
    if (name === undefined) return -1;
    const known = nodes.get(name) ?? nodes.size;
    nodes.set(name, known);
    return known;
  };
  let next = 0;
  units.forEach((unit, position) => {
    unitOf[pods.length + position] = position;
    nodeOf[pods.length + position] = nodeNumber(unit.endpoint.nodeName);
    if (unit.type !== 'workload') return;
    for (const pod of unit.pods) {
      unitOf[next] = position;
      nodeOf[next] = nodeNumber(pod.node);
      isOne[next] = pod.real ? 1 : 0;
      next++;
    }
  });
  let numbers: Map<Pod, number> | undefined;
  return {
    count,
    units,
    unitOf,
    nodeOf,
    isOne,
    podOf: (number) => pods[number],
    ofPod(pod) {
      numbers ??= new Map(pods.map((one, number) => [one, number]));
      return numbers.get(pod);
    },
    ofUnit: (unit) => pods.length + unit,
  };
}

/** The error for a number that no end has. */
export function noEnd(number: number, count: number): UserError {
  return new UserError('usage', `no end has the number ${number}`, {
    hint: `ends have the numbers 0 to ${count - 1}, and -1 is an end that nobody knows`,
  });
}
