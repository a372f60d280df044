// `explain --portable`: what each plugin says of one connection, and what the others do otherwise.

import { type World, worldOf } from '../../endpoints/world.ts';
import type { Behaviour } from '../../model/behaviour.ts';
import * as traffic from '../../sets/traffic-set.ts';
import type { State } from '../../state.ts';
import type { PairExpression, QuestionContext } from '../ask.ts';
import { destinationText, reasonOf } from '../can.ts';
import { checkPairs } from '../explain.ts';
import { isItself, type Judgement, judge, noPair, verdictOf } from '../judge.ts';
import type { PortableExplanation } from '../portable-document.ts';
import { resolvePair } from '../resolve.ts';
import { comparePlugins } from './compare-plugins.ts';
import type { PluginView } from './views.ts';

/**
 * Explains one connection under all behaviours, of which there is at least one and none twice. Throws UserError as
 * `explain` does.
 */
export function explainPortable(
  state: State,
  behaviours: readonly Behaviour[],
  pair: PairExpression,
  context: QuestionContext,
): PortableExplanation {
  const own = resolvePair(worldOf(state), pair, context);
  checkPairs(own);
  const { sources, destinations } = own;
  const [source, destination] = [sources[0], destinations[0]];
  const isSelf = sources.length * destinations.length === 1 && isItself(worldOf(state), source!.unit, destination!);
  const judgements = new Map<World, Judgement>();
  const { views, fields } = comparePlugins({
    state,
    behaviours,
    ask: (world) => {
      const resolved = resolvePair(world, pair, context);
      const judgement = judge(world, resolved.sources, resolved.destinations, context);
      judgements.set(world, judgement);
      // No policy can block a pod from itself, whatever the plugin.
      return { units: judgement.units, rectangles: isSelf ? [] : judgement.open };
    },
    universe: traffic.union(
      traffic.allTraffic(context.protocols),
      destinations.reduce<traffic.TrafficSet>((sum, { asked }) => traffic.union(sum, asked), traffic.NO_TRAFFIC),
    ),
    paths: new Map(destinations.flatMap(({ unit, path }) => (path ? [[unit.endpoint.key, path] as const] : []))),
    traces: true,
  });
  const pairs = [...judgements.values()][0]!.pairs;
  const notes = pairs > 0 || isSelf ? [] : [noPair([...sources, ...destinations].map(({ unit }) => unit))];
  return {
    ...fields,
    notes: [...fields.notes, ...notes],
    kind: 'PortableExplanation',
    from: pair.from.text,
    to: destinationText(pair),
    verdicts: isSelf
      ? [{ cnis: fields.cnis, verdict: 'allowed', reason: 'a pod to itself: no policy can block it' }]
      : verdictsOf(views.plugins, judgements, fields.cnis),
  };
}

/** One verdict a line, with the plugins that come to it, in the order of their first. */
function verdictsOf(
  plugins: readonly PluginView[],
  judgements: ReadonlyMap<World, Judgement>,
  cnis: readonly string[],
): PortableExplanation['verdicts'] {
  const groups = new Map<string, PortableExplanation['verdicts'][number]>();
  for (const cni of cnis) {
    const { world } = plugins.find(({ behaviours }) => behaviours.some(({ name }) => name === cni))!;
    const judgement = judgements.get(world)!;
    const verdict = verdictOf(judgement);
    const said = { verdict, ...reasonOf(verdict, judgement) };
    const known = groups.get(JSON.stringify(said));
    if (known === undefined) groups.set(JSON.stringify(said), { cnis: [cni], ...said });
    else known.cnis.push(cni);
  }
  return [...groups.values()];
}
