// Services, their endpoints and the Ingresses before them. Which pods a Service selects is decided elsewhere.

import type { EndpointSlice, IngressRoute, Service, ServicePort } from '../model/cluster.ts';
import type { Selector } from '../model/selector.ts';
import type { Path } from '../model/source.ts';
import type { Family } from '../sets/ip-set.ts';
import { compareTexts, type Identified } from './identity.ts';
import {
  canonicalAddress,
  canonicalAddresses,
  isObject,
  type JsonObject,
  objectAt,
  objectsAt,
  portAt,
  protocolAt,
  type Reading,
  reportMissing,
  reportWrongType,
  stringAt,
  stringMapAt,
  stringsAt,
} from './reading.ts';

const TYPES: readonly Service['type'][] = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'];

/** Reads a Service. An absent or empty selector gives none; an unknown type is read as ClusterIP. */
export function readService({ object, namespace, name, reading }: Identified): Service {
  const spec = objectAt(reading, object.value, 'spec', []) ?? {};
  const path = ['spec'];
  const type = TYPES.find((one) => one === stringAt(reading, spec, 'type', path)) ?? 'ClusterIP';
  const written = stringsAt(reading, spec, 'clusterIPs', path);
  const single = stringAt(reading, spec, 'clusterIP', path);
  const headless = single === 'None' || written[0] === 'None';
  const externalName = stringAt(reading, spec, 'externalName', path);
  const selector = readServiceSelector(reading, spec);
  const texts = written.length > 0 ? written : single === undefined ? [] : [single];
  const clusterIPs = headless ? [] : canonicalAddresses(reading, texts, [...path, 'clusterIPs']);
  return {
    namespace,
    name,
    type,
    headless,
    ...(selector === undefined ? {} : { selector }),
    ...(externalName === undefined ? {} : { externalName }),
    clusterIPs,
    externalIPs: canonicalAddresses(reading, stringsAt(reading, spec, 'externalIPs', path), [...path, 'externalIPs']),
    ipFamilies: readFamilies(reading, spec, clusterIPs),
    externalTrafficPolicy: stringAt(reading, spec, 'externalTrafficPolicy', path) === 'Local' ? 'Local' : 'Cluster',
    ports: objectsAt(reading, spec, 'ports', path).flatMap(([index, port]) =>
      readServicePort(reading, port, [...path, 'ports', index]),
    ),
    object,
  };
}

function readServiceSelector(reading: Reading, spec: JsonObject): Selector | undefined {
  const labels = stringMapAt(reading, spec, 'selector', ['spec']);
  const keys = Object.keys(labels).sort(compareTexts);
  if (keys.length === 0) return undefined;
  return { op: 'and', of: keys.map((key) => ({ op: 'in', key, values: [labels[key]!] })) };
}

function readFamilies(reading: Reading, spec: JsonObject, clusterIPs: readonly string[]): readonly Family[] {
  const named = stringsAt(reading, spec, 'ipFamilies', ['spec']).filter(
    (family): family is Family => family === 'IPv4' || family === 'IPv6',
  );
  const families = named.length > 0 ? named : clusterIPs.map((ip): Family => (ip.includes(':') ? 'IPv6' : 'IPv4'));
  return [...new Set(families)];
}

function readServicePort(reading: Reading, port: JsonObject, path: Path): readonly ServicePort[] {
  const number = portAt(reading, port, 'port', path);
  if (port.port === undefined || port.port === null) reportMissing(reading, [...path, 'port']);
  const protocol = protocolAt(reading, port, path);
  const name = stringAt(reading, port, 'name', path);
  const target =
    typeof port.targetPort === 'string'
      ? stringAt(reading, port, 'targetPort', path)
      : // The API server stores an unset target as 0 for headless Services: the same as none.
        port.targetPort === 0
        ? undefined
        : portAt(reading, port, 'targetPort', path);
  const nodePort = port.nodePort === 0 ? undefined : portAt(reading, port, 'nodePort', path);
  if (number === undefined || protocol === undefined) return [];
  return [
    {
      ...(name === undefined ? {} : { name }),
      protocol,
      port: number,
      ...(target === undefined ? {} : { target }),
      ...(nodePort === undefined ? {} : { nodePort }),
    },
  ];
}

/**
 * Reads an EndpointSlice. Endpoints that are not ready are kept: they may be in a moment. Addresses of type FQDN are
 * names, which no policy can see, and are left out.
 */
export function readEndpointSlice({ object, namespace, metadata, reading }: Identified): EndpointSlice {
  const value: JsonObject = object.value;
  const service = stringMapAt(reading, metadata, 'labels', ['metadata'])['kubernetes.io/service-name'];
  const areNames = value.addressType === 'FQDN';
  const endpoints = objectsAt(reading, value, 'endpoints', []).map(([index, endpoint]) => {
    const path = ['endpoints', index];
    const texts = stringsAt(reading, endpoint, 'addresses', path);
    const pod = readTarget(reading, endpoint, path);
    return {
      addresses: canonicalAddresses(reading, texts, [...path, 'addresses'], areNames),
      ...(pod === undefined ? {} : { pod }),
    };
  });
  return {
    namespace,
    ...(service === undefined || service === '' ? {} : { service }),
    endpoints,
    ports: readEndpointPorts(reading, value, []),
    object,
  };
}

/** Reads an Endpoints object, the older form of EndpointSlices: one slice for each subset, as their ports differ. */
export function readEndpoints({ object, namespace, name, reading }: Identified): readonly EndpointSlice[] {
  return objectsAt(reading, object.value, 'subsets', []).map(([index, subset]) => {
    const path = ['subsets', index];
    const endpoints = ['addresses', 'notReadyAddresses'].flatMap((key) =>
      objectsAt(reading, subset, key, path).map(([position, endpoint]) => {
        const at = [...path, key, position];
        const text = stringAt(reading, endpoint, 'ip', at);
        const address = text === undefined ? undefined : canonicalAddress(reading, text, [...at, 'ip']);
        const pod = readTarget(reading, endpoint, at);
        return { addresses: address === undefined ? [] : [address], ...(pod === undefined ? {} : { pod }) };
      }),
    );
    return { namespace, service: name, endpoints, ports: readEndpointPorts(reading, subset, path), object };
  });
}

function readTarget(reading: Reading, endpoint: JsonObject, path: Path): string | undefined {
  const target = objectAt(reading, endpoint, 'targetRef', path);
  return target?.kind === 'Pod' ? stringAt(reading, target, 'name', [...path, 'targetRef']) : undefined;
}

/** A port without a number is every port of its protocol. */
function readEndpointPorts(reading: Reading, parent: JsonObject, path: Path): EndpointSlice['ports'] {
  return objectsAt(reading, parent, 'ports', path).flatMap(([index, item]) => {
    const at = [...path, 'ports', index];
    const protocol = protocolAt(reading, item, at);
    const port = portAt(reading, item, 'port', at);
    const name = stringAt(reading, item, 'name', at);
    const isWrong = port === undefined && item.port !== undefined && item.port !== null;
    if (protocol === undefined || isWrong) return [];
    return [{ ...(name === undefined ? {} : { name }), protocol, ...(port === undefined ? {} : { port }) }];
  });
}

/** Reads an Ingress: the Services behind it, each with its port once, by name and port. */
export function readIngress({ object, namespace, name, metadata, reading }: Identified): IngressRoute {
  const spec = objectAt(reading, object.value, 'spec', []) ?? {};
  const backends = new Map<string, IngressRoute['backends'][number]>();
  const add = (parent: JsonObject, key: string, path: Path): void => {
    const backend = readBackend(reading, parent, key, path);
    if (backend !== undefined) backends.set(JSON.stringify([backend.service, backend.port ?? null]), backend);
  };
  add(spec, 'defaultBackend', ['spec']);
  // Before networking.k8s.io/v1 the field was called backend.
  add(spec, 'backend', ['spec']);
  for (const [index, rule] of objectsAt(reading, spec, 'rules', ['spec'])) {
    const at = ['spec', 'rules', index];
    const http = objectAt(reading, rule, 'http', at) ?? {};
    for (const [position, path] of objectsAt(reading, http, 'paths', [...at, 'http'])) {
      add(path, 'backend', [...at, 'http', 'paths', position]);
    }
  }
  const annotations = stringMapAt(reading, metadata, 'annotations', ['metadata']);
  const annotated = Object.hasOwn(annotations, 'kubernetes.io/ingress.class')
    ? annotations['kubernetes.io/ingress.class']
    : undefined;
  const className = stringAt(reading, spec, 'ingressClassName', ['spec']) ?? annotated;
  return {
    namespace,
    name,
    ...(className === undefined ? {} : { className }),
    backends: [...backends.entries()].sort(([a], [b]) => compareTexts(a, b)).map(([, backend]) => backend),
    object,
  };
}

/** A backend that names a Service; undefined for a resource backend and for none. Reads the older shape as well. */
function readBackend(
  reading: Reading,
  parent: JsonObject,
  key: string,
  path: Path,
): IngressRoute['backends'][number] | undefined {
  const backend = objectAt(reading, parent, key, path);
  if (backend === undefined) return undefined;
  const at = [...path, key];
  const service = objectAt(reading, backend, 'service', at);
  if (service === undefined) {
    const old = stringAt(reading, backend, 'serviceName', at);
    if (old === undefined) return undefined;
    const port = readNumberOrName(reading, backend, 'servicePort', at);
    return { service: old, ...(port === undefined ? {} : { port }) };
  }
  const name = stringAt(reading, service, 'name', [...at, 'service']);
  if (name === undefined) {
    reportMissing(reading, [...at, 'service', 'name']);
    return undefined;
  }
  const reference = objectAt(reading, service, 'port', [...at, 'service']) ?? {};
  const inPort = [...at, 'service', 'port'];
  const port = portAt(reading, reference, 'number', inPort) ?? stringAt(reading, reference, 'name', inPort);
  return { service: name, ...(port === undefined ? {} : { port }) };
}

function readNumberOrName(reading: Reading, parent: JsonObject, key: string, path: Path): number | string | undefined {
  const value = parent[key];
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (isObject(value)) {
    reportWrongType(reading, [...path, key], value, 'a number or a name');
    return undefined;
  }
  return portAt(reading, parent, key, path);
}
