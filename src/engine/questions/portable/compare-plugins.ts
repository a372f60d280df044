// One question under many plugins: views, differences and what every such answer carries.

import { findAssumptions } from '../../assumptions.ts';
import type { Behaviour } from '../../model/behaviour.ts';
import type { UnknownReason } from '../../model/endpoint.ts';
import { whyUnknown } from '../../model/unknown-reasons.ts';
import { contains, unionAll } from '../../sets/id-set.ts';
import type { Protocol, TrafficSet } from '../../sets/traffic-set.ts';
import * as traffic from '../../sets/traffic-set.ts';
import type { State } from '../../state.ts';
import { commonFields, describeUnit } from '../describe.ts';
import type { EndpointDocument } from '../documents.ts';
import { stateNotes } from '../notes.ts';
import type { PortableMap } from '../portable-document.ts';
import type { ServicePath } from '../service-path.ts';
import { type ExplainedArea, findCauses } from './causes.ts';
import { compareMaps } from './compare.ts';
import { alikeGroups, describeDifferences } from './describe-difference.ts';
import { traitsOf } from './traits.ts';
import { type Ask, openViews, type PluginView, type Views } from './views.ts';

/** A question, and the plugins that it is asked of: at least one, none twice. */
export interface PortableQuestion {
  readonly state: State;
  readonly behaviours: readonly Behaviour[];
  readonly ask: Ask;
  /** All traffic that is asked about. */
  readonly universe: TrafficSet;
  /** Ways through Services, by key of the destination. */
  readonly paths: ReadonlyMap<string, ServicePath>;
  /** Whether differences tell what either side decided. */
  readonly traces: boolean;
}

/** What a comparison comes to; the views and areas are for questions that go on computing. */
export interface Comparison {
  readonly views: Views;
  readonly areas: readonly ExplainedArea[];
  readonly fields: Omit<PortableMap, 'kind' | 'protocols' | 'findings'>;
}

/** Asks all plugins and explains where they differ. */
export function comparePlugins(question: PortableQuestion): Comparison {
  const { state, behaviours, ask, universe, traces } = question;
  const protocols = traffic.PROTOCOLS.filter((protocol) => universe[protocol] !== undefined);
  const traits = traitsOf(state, protocols);
  const views = openViews(state, behaviours, traits, ask);
  const differing = compareMaps(
    views.plugins.map(({ column }) => column),
    universe,
  );
  const areas = findCauses(differing, views, traits);
  const cnis = behaviours.map(({ name }) => name);
  const paths = new Map(
    views.units.flatMap(({ endpoint: { key } }, position) => {
      const path = question.paths.get(key);
      return path === undefined ? [] : [[position, path] as const];
    }),
  );
  const differences = describeDifferences(areas, { views, traits, cnis, paths, universe, traces });
  const notes = [...notesOf(views.plugins), ...reasonNotes(areas)];
  return {
    views,
    areas,
    fields: {
      ...commonFields(state, notes),
      cni: cnis.join(','),
      assumptions: [
        ...new Set(behaviours.flatMap((behaviour) => assumptionsUnder(behaviour, views.plugins, protocols))),
      ],
      cnis,
      alike: alikeGroups(areas, views, cnis),
      endpoints: endpointsOf(areas, views, state),
      differences,
    },
  };
}

function endpointsOf(areas: readonly ExplainedArea[], { units }: Views, state: State): EndpointDocument[] {
  const used = unionAll(areas.flatMap(({ from, to }) => [from, to]));
  return units.flatMap((unit, id) => (contains(used, id) ? [describeUnit(unit, id, state)] : []));
}

function assumptionsUnder(
  behaviour: Behaviour,
  plugins: readonly PluginView[],
  protocols: readonly Protocol[],
): readonly string[] {
  const view = plugins.find(({ behaviours }) => behaviours.includes(behaviour));
  if (view === undefined) return [];
  const { plan, placement, cluster, policies } = view.world.state;
  return findAssumptions({ behaviour, plan, placement, cluster, policies, protocols });
}

/** What holds under all plugins is said once, and what holds under some with their names. */
function notesOf(plugins: readonly PluginView[]): string[] {
  return [
    ...new Set(
      plugins.flatMap(({ world, behaviours }) => stateNotes(world, behaviours.map(({ name }) => name).join(', '))),
    ),
  ];
}

function reasonNotes(areas: readonly ExplainedArea[]): string[] {
  const reasons = new Set<UnknownReason>();
  for (const { outcomes } of areas) for (const { reason } of outcomes) if (reason !== undefined) reasons.add(reason);
  return [...reasons].sort().map((reason) => `unknown: ${reason}: ${whyUnknown(reason)}`);
}
