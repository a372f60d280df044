// `map --portable`: the connections whose verdict depends on the plugin.

import { worldOf } from '../../endpoints/world.ts';
import type { Behaviour } from '../../model/behaviour.ts';
import * as traffic from '../../sets/traffic-set.ts';
import type { State } from '../../state.ts';
import type { MapFilter, QuestionContext } from '../ask.ts';
import { describeFindings } from '../describe-findings.ts';
import { mapWorld } from '../map.ts';
import type { PortableMap } from '../portable-document.ts';
import { resolve } from '../resolve.ts';
import { comparePlugins, type PortableQuestion } from './compare-plugins.ts';

/**
 * Compares the maps under all behaviours, of which there is at least one and none twice. The state's own behaviour is not
 * compared. Throws UserError for unknown names in the filter.
 */
export function mapPortable(
  state: State,
  behaviours: readonly Behaviour[],
  filter: MapFilter,
  context: QuestionContext,
): PortableMap {
  const { fields } = comparePlugins(mapQuestion(state, behaviours, filter, context));
  return {
    ...fields,
    kind: 'PortableMap',
    protocols: [...filter.protocols],
    findings: describeFindings(state.findings),
  };
}

/** The question that {@link mapPortable} asks. */
export function mapQuestion(
  state: State,
  behaviours: readonly Behaviour[],
  filter: MapFilter,
  context: QuestionContext,
): PortableQuestion {
  const targets = (filter.to ?? []).flatMap((one) => resolve(worldOf(state), one, context, filter.port));
  return {
    state,
    behaviours,
    ask: (world, within) => mapWorld(world, world.outside(), filter, context, within),
    universe: traffic.allTraffic(filter.protocols),
    paths: new Map(
      targets.flatMap(({ unit, path }) => (path === undefined ? [] : [[unit.endpoint.key, path] as const])),
    ),
    traces: false,
  };
}
