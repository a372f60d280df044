// What is known of a platform as programs read it: a part of documents, with the fields of schemas/definitions.json (Platform).

import type { Party } from '../model/evidence.ts';
import { printSelector } from '../model/selector.ts';
import type { Source } from '../model/source.ts';
import type { Fact } from './fact.ts';
import type {
  AddOn,
  ApiServerEndpoint,
  DnsServer,
  Mesh,
  NetworkPlugin,
  PlatformFacts,
  ServerPort,
} from './platform-facts.ts';

/** One fact. `value` is absent where `how` is `unknown`, and then `hint` says what settles it. */
export interface FactDocument<T> {
  readonly how: 'shown' | 'stated' | 'assumed' | 'unknown';
  readonly value?: T;
  readonly because: string;
  readonly hint?: string;
  readonly source?: Source;
}

/** One end of a connection. */
export type PartyDocument =
  | { readonly type: 'workload'; readonly workload: string }
  | { readonly type: 'pods'; readonly namespaceSelector: string; readonly podSelector: string; readonly what: string }
  | { readonly type: 'addresses'; readonly cidrs: readonly string[]; readonly what?: string }
  | { readonly type: 'outside' }
  | { readonly type: 'node'; readonly name?: string }
  | { readonly type: 'domain'; readonly name: string }
  | { readonly type: 'api-server' };

/** A server of names. */
export interface DnsServerDocument {
  readonly title: string;
  readonly party: PartyDocument;
  readonly ports: readonly ServerPort[];
}

/** A service mesh. */
export interface MeshDocument {
  readonly name: string;
  readonly title: string;
  readonly controlPlane?: PartyDocument;
}

/** Everything known of a platform. */
export interface PlatformDocument {
  readonly distribution: FactDocument<string>;
  readonly cloud: FactDocument<string>;
  readonly plugins: readonly FactDocument<NetworkPlugin>[];
  readonly cni: FactDocument<string>;
  readonly enforcement: FactDocument<'yes' | 'no'>;
  readonly dns: {
    readonly servers: FactDocument<readonly DnsServerDocument[]>;
    readonly caches: readonly FactDocument<DnsServerDocument>[];
    readonly nodeResolvers: FactDocument<readonly string[]>;
  };
  readonly apiServer: {
    readonly endpoints: FactDocument<readonly ApiServerEndpoint[]>;
    readonly service?: ApiServerEndpoint;
    readonly clients: FactDocument<readonly PartyDocument[]>;
  };
  readonly families: FactDocument<readonly string[]>;
  readonly podCIDRs: FactDocument<readonly string[]>;
  readonly serviceCIDRs: FactDocument<readonly string[]>;
  readonly nodeCIDRs: FactDocument<readonly string[]>;
  readonly meshes: readonly FactDocument<MeshDocument>[];
  readonly ingressControllers: readonly FactDocument<AddOn>[];
  readonly monitoring: readonly FactDocument<AddOn>[];
  readonly unenforcedNodes: readonly FactDocument<string>[];
}

/** The facts as plain JSON. */
export function platformDocument(facts: PlatformFacts): PlatformDocument {
  const { dns, apiServer } = facts;
  const same = <T>(fact: Fact<T>): FactDocument<T> => factDocument(fact, (value) => value);
  return {
    distribution: same(facts.distribution),
    cloud: same(facts.cloud),
    plugins: facts.plugins.map(same),
    cni: same(facts.cni),
    enforcement: same(facts.enforcement),
    dns: {
      servers: factDocument(dns.servers, (servers) => servers.map(serverDocument)),
      caches: dns.caches.map((cache) => factDocument(cache, serverDocument)),
      nodeResolvers: same(dns.nodeResolvers),
    },
    apiServer: {
      endpoints: same(apiServer.endpoints),
      ...(apiServer.service === undefined ? {} : { service: apiServer.service }),
      clients: factDocument(apiServer.clients, (parties) => parties.map(partyDocument)),
    },
    families: same(facts.families),
    podCIDRs: same(facts.podCIDRs),
    serviceCIDRs: same(facts.serviceCIDRs),
    nodeCIDRs: same(facts.nodeCIDRs),
    meshes: facts.meshes.map((mesh) => factDocument(mesh, meshDocument)),
    ingressControllers: facts.ingressControllers.map(same),
    monitoring: facts.monitoring.map(same),
    unenforcedNodes: facts.unenforcedNodes.map(same),
  };
}

function factDocument<T, D>(fact: Fact<T>, write: (value: T) => D): FactDocument<D> {
  if (fact.how === 'unknown') return { how: fact.how, because: fact.because, hint: fact.hint };
  const { how, value, because, source } = fact;
  return { how, value: write(value), because, ...(source === undefined ? {} : { source }) };
}

function serverDocument({ title, party, ports }: DnsServer): DnsServerDocument {
  return { title, party: partyDocument(party), ports };
}

function meshDocument({ name, title, controlPlane }: Mesh): MeshDocument {
  return { name, title, ...(controlPlane === undefined ? {} : { controlPlane: partyDocument(controlPlane) }) };
}

/** A party with selectors as text, as `netweir` itself reads them. */
export function partyDocument(party: Party): PartyDocument {
  switch (party.type) {
    case 'workload':
      return { type: 'workload', workload: party.key };
    case 'pods': {
      const { namespaces, pods, what } = party;
      const namespaceSelector = 'selector' in namespaces ? printSelector(namespaces.selector) : namespaces.name;
      return { type: 'pods', namespaceSelector, podSelector: printSelector(pods), what };
    }
    default:
      return party;
  }
}
