// Guarantees that nobody has to write: metadata services closed, tenants apart, databases reachable by named clients only.

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

/** The assertions that a guarantee stands for. A cluster without databases has none to make. */
export function assertionsOf(
  guarantee: Guarantee,
  world: World,
  newNamespaces: boolean,
  source: Source,
): readonly Assertion[] {
  switch (guarantee.type) {
    case 'metadata-closed':
      return metadataClosed(guarantee.clouds, newNamespaces, source);
    case 'tenants-apart': {
      const name = `no path between namespaces of different ${guarantee.key}`;
      return [{ name, key: guarantee.key, except: [], newNamespaces, source }];
    }
    case 'database-clients':
      return world.pods.flatMap((unit) => databaseCase(unit, newNamespaces, source));
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
function databaseCase(unit: Unit, newNamespaces: boolean, source: Source): ClientsCase[] {
  if (unit.type !== 'workload' || unit.endpoint.pod === undefined) return [];
  const numbers = [
    ...new Set(
      unit.pods[0]!.ports.flatMap(({ number, protocol }) =>
        protocol === 'TCP' && DATABASE_PORTS.has(number) ? [number] : [],
      ),
    ),
  ].sort((a, b) => a - b);
  if (numbers.length === 0) return [];
  const ports = numbers.map(
    (number): PortExpression => ({ text: `${number}`, type: 'range', protocol: 'TCP', first: number, last: number }),
  );
  const what = [...new Set(numbers.map((number) => DATABASE_PORTS.get(number)!))].join(' and ');
  const name = `only named clients reach ${unit.endpoint.name} (${what})`;
  return [{ name, clientsOf: unit.endpoint.key, ports, newNamespaces, source }];
}
