// What may talk to what: all workloads, the ranges outside, and the entry points in front of them.

import { mergeUnknown, possibleTraffic } from '../compile/decision.ts';
import { entry } from '../compile/entry.ts';
import { compileReach } from '../compile/reach.ts';
import type { FamilyDecisions } from '../compile/rectangle.ts';
import type { EntryTarget, Unit } from '../endpoints/unit.ts';
import { type World, worldOf } from '../endpoints/world.ts';
import { UserError } from '../model/user-error.ts';
import type { Decision, UnknownPart } from '../model/verdict.ts';
import { FAMILIES } from '../sets/ip-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import type { State } from '../state.ts';
import type { EndpointExpression, MapFilter, PortExpression, QuestionContext } from './ask.ts';
import {
  addConnections,
  commonFields,
  type DecisionDocument,
  describeDecision,
  describeUnit,
  isDenied,
  restrict,
} from './describe.ts';
import { describeFindings } from './describe-findings.ts';
import type { ConnectionDocument, ConnectivityMap } from './documents.ts';
import { list, stateNotes, unknownNotes } from './notes.ts';
import { checkPortName, mergeTargets, resolve, seenThrough } from './resolve.ts';
import { compilePaths } from './service-path.ts';

/** Rectangles of units; the raw form of a map, for questions that go on computing. */
export interface UnitRectangle {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly decisions: FamilyDecisions;
}

/** A map before it is described: units by position, and rectangles over them. */
export interface UnitMap {
  readonly units: readonly Unit[];
  readonly rectangles: readonly UnitRectangle[];
}

/** Computes the map of a state. Filters narrow what is shown, never what is evaluated. Throws UserError for unknown names. */
export function mapUnits(state: State, filter: MapFilter, context: QuestionContext): UnitMap {
  const world = worldOf(state);
  if (filter.to === undefined) checkPortName(world, filter.port, context);
  return mapWorld(world, world.outside(), filter, context);
}

/** What is computed of a map: keys of endpoints at both ends, and protocols. */
export interface Within {
  readonly from: ReadonlySet<string>;
  readonly to: ReadonlySet<string>;
  /** Some of the filter's; never empty. */
  readonly protocols: readonly traffic.Protocol[];
}

type End = 'from' | 'to';

/**
 * The map of a world with these classes of outside addresses. Own-node traffic of workloads is a note, never an edge.
 * `within` leaves out pairs of other ends, and other protocols; absent: all.
 */
export function mapWorld(
  world: World,
  outside: readonly Unit[],
  filter: MapFilter,
  context: QuestionContext,
  within?: Within,
): UnitMap {
  const protocols = within?.protocols ?? filter.protocols;
  const resolved = filter.from?.flatMap((one) => resolve(world, one, context));
  const to = filter.to && mergeTargets(filter.to.flatMap((one) => resolve(world, one, context, filter.port)));
  // What stands behind several Services may see one client in several ways: then as it is.
  const only = filter.to?.length === 1 ? filter.to[0]! : undefined;
  const from = resolved && (only === undefined ? resolved : seenThrough(world, only, resolved, context));
  const shown = [...world.pods, ...outside];
  const clients = (from ?? []).filter(({ unit }) => unit.type === 'addresses');
  const units = distinct([
    ...world.pods,
    ...clients.map(({ unit }) => unit),
    ...outside,
    ...[...(from ?? []), ...(to ?? [])].map(({ unit }) => unit),
  ]).filter(({ endpoint: { key } }) => within === undefined || within.from.has(key) || within.to.has(key));
  const position = new Map(units.map((unit, index) => [unit.endpoint.key, index]));
  const positions = (targets: readonly { readonly unit: Unit }[] | undefined, side: End) =>
    (targets?.map(({ unit }) => unit) ?? shown)
      .filter(({ endpoint }) => within?.[side].has(endpoint.key) ?? true)
      .map(({ endpoint }) => position.get(endpoint.key)!);
  const near = (to ?? []).filter(({ unit }) => position.has(unit.endpoint.key));
  const asked = new Map(near.map(({ unit, asked: set }) => [position.get(unit.endpoint.key)!, set]));
  const paths = new Map(
    near.flatMap(({ unit, path }) => (path ? [[position.get(unit.endpoint.key)!, path] as const] : [])),
  );
  const isFocused = filter.focus && focused(world, filter.focus, context, position);
  const isLocal = filter.namespaces && local(units, filter.namespaces);
  const compiled = compilePaths(world, units, protocols);
  const between = (sources: readonly number[], destinations: readonly number[]): UnitRectangle[] =>
    compiled
      .rectangles(sources, destinations, paths)
      .map((one) => ({ from: one.sources, to: one.destinations, decisions: one.decisions }));
  const rectangles = touchingPairs(positions(from, 'from'), positions(to, 'to'), isFocused ?? isLocal, between);
  if (from === undefined)
    addEntries(
      { world, units, position, protocols },
      {
        from: (key) => within?.from.has(key) ?? true,
        to: (key) => (to === undefined || asked.has(position.get(key)!)) && (within?.to.has(key) ?? true),
      },
      rectangles,
    );
  const narrowed =
    filter.port === undefined && to === undefined ? rectangles : narrow(rectangles, units, asked, filter.port);
  return { units, rectangles: touching(touching(narrowed, isLocal), isFocused) };
}

/** The rectangles of pairs with an end that is inside; others are not worked out. `isInside` absent: everywhere is. */
function touchingPairs(
  sources: readonly number[],
  destinations: readonly number[],
  isInside: ((id: number) => boolean) | undefined,
  between: (sources: readonly number[], destinations: readonly number[]) => UnitRectangle[],
): UnitRectangle[] {
  if (isInside === undefined) return between(sources, destinations);
  const [near, far] = [sources.filter(isInside), sources.filter((id) => !isInside(id))];
  return [...between(near, destinations), ...between(far, destinations.filter(isInside))];
}

/** The units of a map without filters, and what leads from entry points to them; nothing else is worked out. */
export function mapEntries(world: World, outside: readonly Unit[], protocols: MapFilter['protocols']): UnitMap {
  const units = [...world.pods, ...outside];
  const rectangles: UnitRectangle[] = [];
  if (world.entries().length === 0) return { units, rectangles };
  const position = new Map(units.map((unit, index) => [unit.endpoint.key, index]));
  addEntries({ world, units, position, protocols }, { from: () => true, to: () => true }, rectangles);
  return { units, rectangles };
}

/** Positions of the units that a focus means. Throws UserError where it means none that the map shows. */
function focused(
  world: World,
  focus: readonly EndpointExpression[],
  context: QuestionContext,
  position: ReadonlyMap<string, number>,
): (id: number) => boolean {
  const ids = focus
    .flatMap((one) => resolve(world, one, context))
    .flatMap(({ unit }) => position.get(unit.endpoint.key) ?? []);
  if (ids.length === 0) {
    const text = focus.map((one) => `"${one.text}"`).join(', ');
    throw new UserError('unknown-name', `no pod of the input is meant by ${text}`);
  }
  const set = new Set(ids);
  return (id) => set.has(id);
}

function distinct(units: readonly Unit[]): Unit[] {
  const seen = new Map<string, Unit>();
  for (const unit of units) if (!seen.has(unit.endpoint.key)) seen.set(unit.endpoint.key, unit);
  return [...seen.values()];
}

/** Entry points reach only what stands behind them, on its target ports. */
function addEntries(
  {
    world,
    units,
    position,
    protocols,
  }: {
    readonly world: World;
    readonly units: Unit[];
    readonly position: ReadonlyMap<string, number>;
    readonly protocols: MapFilter['protocols'];
  },
  isShown: Readonly<Record<End, (key: string) => boolean>>,
  into: UnitRectangle[],
): void {
  const entries = world.entries().filter(({ endpoint }) => isShown.from(endpoint.key));
  if (entries.length === 0) return;
  const { placement, behaviour } = world.state;
  const targets = [
    ...new Set(entries.flatMap((unit) => (unit.type === 'entry' ? unit.entry.targets.map((one) => one.key) : []))),
  ].filter(isShown.to);
  const place = new Map(targets.map((key, index) => [key, entries.length + index]));
  const ends = [...entries.map((unit) => unit.endpoint), ...targets.map((key) => units[position.get(key)!]!.endpoint)];
  const reach = compileReach({ placement, knobs: behaviour.knobs }, ends, protocols);
  entries.forEach((unit, index) => {
    if (unit.type !== 'entry') return;
    const id = units.push(unit) - 1;
    for (const target of unit.entry.targets) {
      const { key } = target;
      if (!isShown.to(key)) continue;
      const decisions = reach.decide(index, place.get(key)!);
      const cut = Object.fromEntries(
        FAMILIES.flatMap((family) =>
          decisions[family] === undefined ? [] : [[family, arriving(decisions[family], target)]],
        ),
      );
      if (Object.values(cut).every((decision) => isDenied(decision))) continue;
      into.push({ from: [id], to: [position.get(key)!], decisions: cut });
    }
  });
}

/** What a decision says of the traffic that an entry sends; what only perhaps arrives is unknown where it is not denied. */
function arriving(decision: Decision, { traffic: sure, perhaps }: EntryTarget): Decision {
  const surely = restrict(decision, sure);
  const rest = restrict(decision, perhaps);
  if (isDenied(rest)) return surely;
  const open = possibleTraffic({ ...rest, unknown: [] });
  const attached: UnknownPart = { traffic: open, reason: 'route-attachment', policies: [] };
  const unknown = [...surely.unknown, ...rest.unknown, ...(traffic.isEmpty(open) ? [] : [attached])];
  return { ...surely, unknown: mergeUnknown(unknown) };
}

/** Cuts decisions to the ports that are asked for at each destination; what nothing is left of goes. */
function narrow(
  rectangles: readonly UnitRectangle[],
  units: readonly Unit[],
  asked: ReadonlyMap<number, traffic.TrafficSet>,
  port: PortExpression | undefined,
): UnitRectangle[] {
  const wanted = (id: number): traffic.TrafficSet | undefined =>
    asked.get(id) ?? (port === undefined ? undefined : portsAt(units[id]!, port));
  return rectangles.flatMap((rectangle) => {
    const groups = new Map<string, { to: number[]; set: traffic.TrafficSet | undefined }>();
    for (const id of rectangle.to) {
      const set = wanted(id);
      const key = set === undefined ? '' : traffic.trafficKey(set);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { to: [id], set });
      else group.to.push(id);
    }
    return [...groups.values()].flatMap(({ to, set }) => {
      if (set === undefined) return [{ ...rectangle, to }];
      const decisions = Object.fromEntries(
        FAMILIES.flatMap((family) =>
          rectangle.decisions[family] === undefined ? [] : [[family, restrict(rectangle.decisions[family], set)]],
        ),
      );
      return Object.values(decisions).every((decision) => isDenied(decision))
        ? []
        : [{ from: rectangle.from, to, decisions }];
    });
  });
}

function portsAt(unit: Unit, port: PortExpression): traffic.TrafficSet {
  if (port.type === 'range') return traffic.traffic(port.protocol ?? 'TCP', port.first, port.last);
  const own = unit.type === 'workload' ? unit.pods.flatMap((pod) => pod.ports) : [];
  return own
    .filter((one) => one.name === port.name && (port.protocol ?? one.protocol) === one.protocol)
    .reduce<traffic.TrafficSet>(
      (sum, one) => traffic.union(sum, traffic.traffic(one.protocol, one.number)),
      traffic.NO_TRAFFIC,
    );
}

/** Whether a unit is of one of the namespaces. Entries are units that come later. */
function local(units: readonly Unit[], namespaces: readonly string[]): (id: number) => boolean {
  const named = new Set<string | undefined>(namespaces);
  return (id) => named.has(namespaceOf(units[id]!) ?? '');
}

/** Keeps pairs with an end that is inside; `isInside` absent: all. */
function touching(
  rectangles: readonly UnitRectangle[],
  isInside: ((id: number) => boolean) | undefined,
): readonly UnitRectangle[] {
  if (isInside === undefined) return rectangles;
  return rectangles.flatMap((rectangle) => {
    const near = rectangle.from.filter(isInside);
    const far = rectangle.from.filter((id) => !isInside(id));
    const to = rectangle.to.filter(isInside);
    return [
      { ...rectangle, from: near },
      { ...rectangle, from: far, to },
    ].filter((one) => one.from.length > 0 && one.to.length > 0);
  });
}

/** The namespace of a unit; undefined for addresses and nodes. */
export function namespaceOf(unit: Unit): string | undefined {
  switch (unit.type) {
    case 'workload':
      return unit.workload.namespace;
    case 'hypothetical':
      return unit.namespace.name;
    case 'entry':
      return unit.entry.namespace;
    case 'outside-name':
      return unit.service.namespace;
    default:
      return undefined;
  }
}

/** The map as a document. Endpoints are numbered in order of their keys, workloads first. */
export function mapConnectivity(state: State, filter: MapFilter, context: QuestionContext): ConnectivityMap {
  const world = worldOf(state);
  const { units, rectangles } = mapUnits(state, filter, context);
  const universe = traffic.allTraffic(filter.protocols);
  const connections = describeRectangles(rectangles, universe);
  const used = endsOf(rectangles);
  const isChosen = filter.from !== undefined || filter.to !== undefined || filter.focus !== undefined;
  const isInScope = (unit: Unit) =>
    unit.type === 'workload' && !isChosen && (filter.namespaces?.includes(unit.workload.namespace) ?? true);
  const listed = units.map((unit, id) => ({ unit, id })).filter(({ unit, id }) => used.has(id) || isInScope(unit));
  const alone = filter.port !== undefined ? [] : listed.filter(({ id }) => !used.has(id)).map(({ unit }) => unit);
  const notes = [...stateNotes(world), ...emptyNotes(world, filter, alone)];
  return {
    ...commonFields(state, [...notes, ...unknownNotes(decisionsOf(rectangles))]),
    kind: 'ConnectivityMap',
    protocols: [...filter.protocols],
    endpoints: listed.map(({ unit, id }) => describeUnit(unit, id, state)),
    connections,
    findings: describeFindings(state.findings),
  };
}

/** What a person might take for an omission: pods without any connection, namespaces without pods. */
function emptyNotes(world: World, { namespaces = [] }: MapFilter, alone: readonly Unit[]): string[] {
  const inhabited = new Set(world.pods.map(namespaceOf));
  const empty = namespaces.filter((name) => !inhabited.has(name)).map((name) => `namespace ${name} has no pods`);
  if (alone.length === 0) return empty;
  return [...empty, `no connection leads to or from ${list(alone.map((unit) => unit.endpoint.name))}`];
}

/** Positions of all units that stand in a rectangle. Lists may hold millions, and many rectangles share one. */
export function endsOf(rectangles: readonly Pick<UnitRectangle, 'from' | 'to'>[]): Set<number> {
  const ends = new Set<number>();
  const lists = new Set<readonly number[]>();
  const add = (list: readonly number[]): void => {
    if (lists.has(list)) return;
    lists.add(list);
    for (let i = 0; i < list.length; i++) ends.add(list[i]!);
  };
  for (let i = 0; i < rectangles.length; i++) {
    add(rectangles[i]!.from);
    add(rectangles[i]!.to);
  }
  return ends;
}

/** All decisions of rectangles, each once. */
export function decisionsOf(rectangles: readonly UnitRectangle[]): Set<Decision> {
  const found = new Set<Decision>();
  for (let i = 0; i < rectangles.length; i++) {
    const { IPv4, IPv6 } = rectangles[i]!.decisions;
    if (IPv4 !== undefined) found.add(IPv4);
    if (IPv6 !== undefined) found.add(IPv6);
  }
  return found;
}

/** Connections in order of their first source, first destination and family. */
export function describeRectangles(
  rectangles: readonly UnitRectangle[],
  universe: traffic.TrafficSet,
): ConnectionDocument[] {
  // Many rectangles share a decision.
  const known = new Map<Decision, DecisionDocument>();
  const describe = (decision: Decision): DecisionDocument =>
    entry(known, decision, () => describeDecision(decision, universe));
  const connections: ConnectionDocument[] = [];
  for (let i = 0; i < rectangles.length; i++)
    addConnections(connections, rectangles[i]!.decisions, rectangles[i]!, describe);
  return connections.sort(
    (a, b) => a.from[0]! - b.from[0]! || a.to[0]! - b.to[0]! || compareText(a.family ?? '', b.family ?? ''),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
