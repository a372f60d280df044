// Guarantees that nobody has to write: metadata services closed, tenants apart, databases reachable by named clients only.

import { labelKeyProblem } from '../dialects/decoding/name-syntax.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import { nearestNames } from '../model/nearest-names.ts';
import type { Source } from '../model/source.ts';
import { UserError } from '../model/user-error.ts';
import type { Assertion, ClientsCase, EndpointExpression, PortExpression } from '../questions/ask.ts';
import { parseEndpoint } from '../questions/parse-endpoint.ts';
import { unionAll } from '../sets/ip-set.ts';
import { METADATA_ADDRESSES, type MetadataAddress } from '../sets/named-ranges.ts';
import { DATABASE_PORTS } from './database-ports.ts';

/** One that is asked for. `clouds` empty: all. */
export type Guarantee =
  | { readonly type: 'metadata-closed'; readonly clouds: readonly string[] }
  | { readonly type: 'tenants-apart'; readonly key: string }
  | { readonly type: 'database-clients' };

/** A guarantee, where it was asked for. */
export interface GuaranteeRequest {
  readonly guarantee: Guarantee;
  /** Whether pods in namespaces that do not exist yet count too. */
  readonly newNamespaces: boolean;
  readonly source: Source;
}

/** Their names. */
export const GUARANTEES: readonly Guarantee['type'][] = ['database-clients', 'metadata-closed', 'tenants-apart'];

/** Clouds by the names that people use for them, to the word that providerID of a node begins with. */
const CLOUDS: Readonly<Record<string, string>> = {
  aks: 'azure',
  alibaba: 'alicloud',
  alicloud: 'alicloud',
  aws: 'aws',
  azure: 'azure',
  digitalocean: 'digitalocean',
  eks: 'aws',
  gce: 'gce',
  gcp: 'gce',
  gke: 'gce',
  hcloud: 'hcloud',
  hetzner: 'hcloud',
  oci: 'oci',
  openstack: 'openstack',
  oracle: 'oci',
  qcloud: 'qcloud',
  scaleway: 'scaleway',
  tencent: 'qcloud',
};

const FORM = 'write metadata-closed, metadata-closed=aws,gke, tenants-apart=LABEL or database-clients';

/** Reads `NAME` or `NAME=VALUE`. Throws UserError `invalid-test`. */
export function parseGuarantee(text: string): Guarantee {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  const value = equals < 0 ? undefined : text.slice(equals + 1);
  switch (name) {
    case 'metadata-closed':
      return { type: name, clouds: (value === undefined ? [] : value.split(',')).map((one) => cloudNamed(one.trim())) };
    case 'tenants-apart':
      if (value === undefined || value === '') throw invalid(`"${text}" names no label`, 'write tenants-apart=tenant');
      if (labelKeyProblem(value) !== undefined) throw invalid(`"${value}" is no key of a label`);
      return { type: name, key: value };
    case 'database-clients':
      if (value !== undefined) throw invalid('database-clients takes no value');
      return { type: name };
    default: {
      const [near] = nearestNames(name, GUARANTEES, 1);
      throw invalid(`there is no guarantee "${name}"`, near === undefined ? FORM : `did you mean ${near}?`);
    }
  }
}

function cloudNamed(word: string): string {
  const cloud = Object.hasOwn(CLOUDS, word.toLowerCase()) ? CLOUDS[word.toLowerCase()] : undefined;
  if (cloud !== undefined) return cloud;
  throw invalid(`"${word}" is no cloud that is known`, `clouds: ${Object.keys(CLOUDS).join(', ')}`);
}

function invalid(message: string, hint: string = FORM): UserError {
  return new UserError('invalid-test', message, { hint });
}

/** What a guarantee comes to. Notes say what it leaves out; no assertions: there is nothing that it is about. */
export interface Expanded {
  readonly assertions: readonly Assertion[];
  readonly notes: readonly string[];
}

/** The assertions that a guarantee stands for in a cluster. */
export function expandGuarantee({ guarantee, newNamespaces, source }: GuaranteeRequest, world: World): Expanded {
  switch (guarantee.type) {
    case 'metadata-closed':
      return { assertions: metadataClosed(guarantee.clouds, newNamespaces, source), notes: [] };
    case 'tenants-apart': {
      const name = `no path between namespaces of different ${guarantee.key}`;
      return { assertions: [{ name, key: guarantee.key, except: [], newNamespaces, source }], notes: [] };
    }
    case 'database-clients':
      return databaseCases(world, newNamespaces, source);
  }
}

/** One test for each set of ports. */
function metadataClosed(clouds: readonly string[], newNamespaces: boolean, source: Source): Assertion[] {
  const chosen = METADATA_ADDRESSES.filter(
    (one) => clouds.length === 0 || one.clouds.some((cloud) => clouds.includes(cloud)),
  );
  const ports = [...new Set(chosen.flatMap((one) => one.ports))].sort((a, b) => a - b);
  return ports.map((port): Assertion => {
    const there = chosen.filter((one) => one.ports.includes(port));
    return {
      name: `no pod reaches ${titleOf(there)} on port ${port}`,
      from: parseEndpoint('any-pod'),
      to: addressesOf(there),
      deny: [{ text: `${port}`, type: 'range', protocol: 'TCP', first: port, last: port }],
      newNamespaces,
      source,
    };
  });
}

function titleOf(addresses: readonly MetadataAddress[]): string {
  const [first] = addresses;
  return addresses.length === 1 ? `${first!.address} (${first!.provider})` : 'a metadata address';
}

function addressesOf(addresses: readonly MetadataAddress[]): EndpointExpression {
  const sets = addresses.map(({ address }) => {
    const expression = parseEndpoint(address);
    return expression.type === 'addresses' ? [expression.set] : [];
  });
  return { text: addresses.map(({ address }) => address).join(','), type: 'addresses', set: unionAll(sets.flat()) };
}

/** A pod that declares the port of a database is taken for one. */
function databaseCases({ pods }: World, newNamespaces: boolean, source: Source): Expanded {
  const databases = pods.flatMap((unit) => {
    const numbers = databasePorts(unit);
    return numbers.length === 0 ? [] : [{ endpoint: unit.endpoint, numbers }];
  });
  if (databases.length === 0) {
    return {
      assertions: [],
      notes: ['database-clients: no pod declares the port of a database, so nothing was tested'],
    };
  }
  const assertions = databases.flatMap(({ endpoint, numbers }): ClientsCase[] => {
    if (endpoint.pod === undefined) return [];
    const ports = numbers.map(
      (number): PortExpression => ({ text: `${number}`, type: 'range', protocol: 'TCP', first: number, last: number }),
    );
    const what = [...new Set(numbers.map((number) => DATABASE_PORTS.get(number)!))].join(' and ');
    const name = `only named clients reach ${endpoint.name} (${what})`;
    return [{ name, clientsOf: endpoint.key, ports, newNamespaces, source }];
  });
  const notes = databases.flatMap(({ endpoint }) =>
    endpoint.pod === undefined
      ? [`database-clients: ${endpoint.name} is on the host network, which policies do not close, and was not tested`]
      : [],
  );
  return { assertions, notes };
}

/** Ports of databases that any of the pods declares, in ascending order. */
function databasePorts(unit: Unit): number[] {
  if (unit.type !== 'workload') return [];
  const numbers = unit.pods
    .flatMap(({ ports }) => ports)
    .flatMap(({ number, protocol }) => (protocol === 'TCP' && DATABASE_PORTS.has(number) ? [number] : []));
  return [...new Set(numbers)].sort((a, b) => a - b);
}
