// Routes of OpenShift: the Services behind them, and which of their endpoints' ports the router uses. The rules and their
// sources stand in docs/semantics/openshift-route.md.

import type { OpenShiftRoute } from '../model/cluster.ts';
import type { Path } from '../model/source.ts';
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
} from './reading.ts';

const MAX_WEIGHT = 256;

/** Reads a Route. Backends that cannot be read are problems and left out. */
export function readOpenShiftRoute({ object, namespace, name, reading }: Identified): OpenShiftRoute {
  const spec = objectAt(reading, object.value, 'spec', []) ?? {};
  const services = new Set<string>();
  const add = (backend: JsonObject, path: Path): void => {
    const service = readBackend(reading, backend, path);
    if (service !== undefined) services.add(service);
  };
  const to = objectAt(reading, spec, 'to', ['spec']);
  if (to !== undefined) add(to, ['spec', 'to']);
  else if (spec.to === undefined || spec.to === null) reportMissing(reading, ['spec', 'to']);
  for (const [index, backend] of objectsAt(reading, spec, 'alternateBackends', ['spec'])) {
    add(backend, ['spec', 'alternateBackends', index]);
  }
  const targetPort = readTargetPort(reading, spec);
  return {
    namespace,
    name,
    services: [...services].sort(compareTexts),
    ...(targetPort === undefined ? {} : { targetPort }),
    object,
  };
}

/** The Service of a backend; undefined for weight 0, which suppresses requests to it. */
function readBackend(reading: Reading, backend: JsonObject, path: Path): string | undefined {
  const kind = stringAt(reading, backend, 'kind', path) ?? 'Service';
  const name = stringAt(reading, backend, 'name', path);
  const weight = countAt(reading, backend, 'weight', path);
  if (kind !== 'Service') {
    reportInvalid(reading, 'invalid-value', [...path, 'kind'], `is "${kind}", but must be Service`);
  }
  if (weight !== undefined && weight > MAX_WEIGHT) {
    reportInvalid(reading, 'invalid-value', [...path, 'weight'], `is ${weight}, but must be from 0 to ${MAX_WEIGHT}`);
  }
  if (name === undefined) reportMissing(reading, [...path, 'name']);
  return kind === 'Service' && weight !== 0 ? name : undefined;
}

/** The router compares it as text with the name and the number of each endpoint's port. */
function readTargetPort(reading: Reading, spec: JsonObject): string | undefined {
  const port = objectAt(reading, spec, 'port', ['spec']);
  if (port === undefined) return undefined;
  const at = ['spec', 'port'];
  if (typeof port.targetPort === 'string' && port.targetPort !== '') return port.targetPort;
  if (port.targetPort === undefined || port.targetPort === null || port.targetPort === '') {
    reportMissing(reading, [...at, 'targetPort']);
    return undefined;
  }
  const number = portAt(reading, port, 'targetPort', at);
  return number === undefined ? undefined : String(number);
}
