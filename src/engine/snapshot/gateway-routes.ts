// Routes of the Gateway API: what they ask to be attached to, and every backend that they send traffic to, mirrors and
// authorisation included. The rules and their sources stand in docs/semantics/gateway-api.md.

import type { GatewayRoute, GroupKind, ParentReference, RouteBackend, RouteKind } from '../model/gateway.ts';
import type { Path } from '../model/source.ts';
import { parentKindAt } from './gateways.ts';
import { compareTexts, type Identified } from './identity.ts';
import {
  countAt,
  type JsonObject,
  objectAt,
  objectsAt,
  portAt,
  type Reading,
  reportInvalid,
  reportMissing,
  stringAt,
  stringsAt,
} from './reading.ts';

const MAX_WEIGHT = 1_000_000;

/** One route being read. */
interface RouteReading {
  readonly reading: Reading;
  readonly namespace: string;
  readonly backends: Map<string, RouteBackend>;
  readonly extensions: Map<string, GroupKind>;
}

/** Reads a route of any kind. Backends that cannot be read are problems and left out. */
export function readGatewayRoute({ object, namespace, name, kind, reading }: Identified): GatewayRoute {
  const spec = objectAt(reading, object.value, 'spec', []) ?? {};
  const route: RouteReading = { reading, namespace, backends: new Map(), extensions: new Map() };
  for (const [index, rule] of objectsAt(reading, spec, 'rules', ['spec'])) {
    const at = ['spec', 'rules', index];
    readFilters(route, rule, at);
    for (const [position, reference] of objectsAt(reading, rule, 'backendRefs', at)) {
      readWeighted(route, reference, [...at, 'backendRefs', position]);
    }
  }
  return {
    kind: kind as RouteKind,
    namespace,
    name,
    parents: readParents(route, spec),
    wantsDefault: stringAt(reading, spec, 'useDefaultGateways', ['spec']) === 'All',
    hostnames: stringsAt(reading, spec, 'hostnames', ['spec']),
    protocol: kind === 'UDPRoute' ? 'UDP' : 'TCP',
    backends: sorted(route.backends),
    extensions: sorted(route.extensions),
    object,
  };
}

function sorted<T>(map: ReadonlyMap<string, T>): readonly T[] {
  return [...map.entries()].sort(([a], [b]) => compareTexts(a, b)).map(([, value]) => value);
}

function readParents({ reading, namespace }: RouteReading, spec: JsonObject): readonly ParentReference[] {
  return objectsAt(reading, spec, 'parentRefs', ['spec']).flatMap(([index, parent]) => {
    const at = ['spec', 'parentRefs', index];
    const name = stringAt(reading, parent, 'name', at);
    const section = stringAt(reading, parent, 'sectionName', at);
    const port = portAt(reading, parent, 'port', at);
    if (name === undefined) reportMissing(reading, [...at, 'name']);
    const reference = {
      ...parentKindAt(reading, parent, at),
      namespace: stringAt(reading, parent, 'namespace', at) ?? namespace,
      ...(section === undefined ? {} : { section }),
      ...(port === undefined ? {} : { port }),
    };
    return name === undefined ? [] : [{ ...reference, name }];
  });
}

/** Weight 0 means that nothing is sent there, so that its filters have nothing to work on either. */
function readWeighted(route: RouteReading, reference: JsonObject, path: Path): void {
  const weight = countAt(route.reading, reference, 'weight', path);
  if (weight !== undefined && weight > MAX_WEIGHT) {
    const message = `is ${weight}, but must be from 0 to ${MAX_WEIGHT}`;
    reportInvalid(route.reading, 'invalid-value', [...path, 'weight'], message);
  }
  if (weight === 0) return;
  readBackend(route, reference, path);
  readFilters(route, reference, path);
}

/** Filters that send requests elsewhere: mirrors, external authorisation, and those of implementations' own. */
function readFilters(route: RouteReading, parent: JsonObject, path: Path): void {
  const { reading } = route;
  for (const [index, filter] of objectsAt(reading, parent, 'filters', path)) {
    const at = [...path, 'filters', index];
    for (const key of ['requestMirror', 'externalAuth']) {
      const settings = objectAt(reading, filter, key, at);
      if (settings === undefined || isNever(route, settings, [...at, key])) continue;
      const backend = objectAt(reading, settings, 'backendRef', [...at, key]);
      if (backend === undefined) reportMissing(reading, [...at, key, 'backendRef']);
      else readBackend(route, backend, [...at, key, 'backendRef']);
    }
    const extension = objectAt(reading, filter, 'extensionRef', at);
    if (extension === undefined) continue;
    const group = stringAt(reading, extension, 'group', [...at, 'extensionRef']) ?? '';
    const kind = stringAt(reading, extension, 'kind', [...at, 'extensionRef']);
    if (kind === undefined) reportMissing(reading, [...at, 'extensionRef', 'kind']);
    else route.extensions.set(`${group}/${kind}`, { group, kind });
  }
}

/** Reports whether a mirror is set to none of the requests. */
function isNever({ reading }: RouteReading, mirror: JsonObject, path: Path): boolean {
  const fraction = objectAt(reading, mirror, 'fraction', path);
  const share =
    fraction === undefined
      ? countAt(reading, mirror, 'percent', path)
      : countAt(reading, fraction, 'numerator', [...path, 'fraction']);
  return share === 0;
}

function readBackend({ reading, namespace, backends }: RouteReading, reference: JsonObject, path: Path): void {
  const name = stringAt(reading, reference, 'name', path);
  const port = portAt(reading, reference, 'port', path);
  const kind = stringAt(reading, reference, 'kind', path) ?? 'Service';
  const group = stringAt(reading, reference, 'group', path) ?? '';
  const own = stringAt(reading, reference, 'namespace', path) ?? namespace;
  if (name === undefined) reportMissing(reading, [...path, 'name']);
  const isPortless = port === undefined && kind === 'Service' && group === '';
  if (isPortless && (reference.port === undefined || reference.port === null))
    reportMissing(reading, [...path, 'port']);
  if (name === undefined || isPortless) return;
  const backend: RouteBackend = { group, kind, namespace: own, name, ...(port === undefined ? {} : { port }) };
  backends.set(JSON.stringify([own, name, port ?? null, group, kind]), backend);
}
