// Two states cut into units by what the policies of either can tell apart. Starts from the units that each has of its own: only
// workloads that the other one's policies may split are cut anew. Pairs nothing.

import type { Pod } from '../model/cluster.ts';
import type { State } from '../state.ts';
import { type Growth, grown, growthOf, isConcerned } from './growth.ts';
import { podUnits } from './pod-endpoints.ts';
import type { Relevance } from './relevance.ts';
import type { Unit } from './unit.ts';
import { makeWorld, type World, worldOf } from './world.ts';

/** How each state was last cut for another one. */
const cuts = new WeakMap<State, { readonly other: Relevance; readonly world: World }>();

/** The worlds of both states, told apart by both relevances. A state of which nothing more is asked keeps its own world. */
export function cutAlike(before: State, after: State): { readonly before: World; readonly after: World } {
  return { before: cutFor(before, after), after: cutFor(after, before) };
}

function cutFor(state: State, other: State): World {
  const world = worldOf(state);
  const { relevance } = worldOf(other).context;
  const last = cuts.get(state);
  if (last?.other === relevance) return last.world;
  const growth = growthOf(world.context.relevance, relevance);
  if (growth === undefined) return world;
  const all = grown(world.context.relevance, relevance, growth);
  const made = makeWorld(state, all, cutFurther(world, all, growth));
  const cut = growth.blocks.length > 0 ? made : { ...made, outside: world.outside };
  cuts.set(state, { other: relevance, world: cut });
  return cut;
}

/** The pods of a world under a relevance that asks so much more; units that stay what they are are the same objects. */
function cutFurther({ pods, context }: World, relevance: Relevance, growth: Growth): readonly Unit[] {
  const concerned = new Map<string, Unit[]>();
  forEachWorkload(pods, (key, units) => {
    const [first] = units;
    // A pod that is alone in its workload cannot be told from others of it.
    if (first?.type !== 'workload' || (units.length === 1 && first.pods.length === 1)) return;
    const isSplit = units.some((unit) => unit.type === 'workload' && unit.pods.some((pod) => isConcerned(pod, growth)));
    if (isSplit) concerned.set(key, units);
  });
  if (concerned.size === 0) return pods;
  const some = context.cluster.pods.filter((pod) => concerned.has(pod.workload));
  const anew = new Map<string, Unit[]>();
  forEachWorkload(podUnits({ ...context, cluster: { ...context.cluster, pods: some }, relevance }), (key, units) => {
    if (!isSameCut(concerned.get(key)!, units)) anew.set(key, units);
  });
  if (anew.size === 0) return pods;
  const result: Unit[] = [];
  forEachWorkload(pods, (key, units) => {
    for (const unit of anew.get(key) ?? units) result.push(unit);
  });
  return result;
}

/** Units of one workload stand together. */
function forEachWorkload(pods: readonly Unit[], visit: (key: string, units: Unit[]) => void): void {
  for (let start = 0; start < pods.length; ) {
    const key = workloadOf(pods[start]!);
    let end = start + 1;
    while (end < pods.length && workloadOf(pods[end]!) === key) end++;
    visit(key, pods.slice(start, end));
    start = end;
  }
}

function workloadOf(unit: Unit): string {
  return unit.type === 'workload' ? unit.workload.key : unit.endpoint.key;
}

function isSameCut(before: readonly Unit[], after: readonly Unit[]): boolean {
  return (
    before.length === after.length &&
    before.every((unit, index) => {
      const other = after[index]!;
      if (unit.type !== 'workload' || other.type !== 'workload') return false;
      return isSameList(unit.pods, other.pods) && variantText(unit) === variantText(other);
    })
  );
}

function isSameList(a: readonly Pod[], b: readonly Pod[]): boolean {
  return a.length === b.length && a.every((pod, index) => pod === b[index]);
}

function variantText(unit: Unit): string {
  return unit.type === 'workload' ? JSON.stringify(unit.variant ?? {}) : '';
}
