// A platform in words: one line a fact, with its reason, and what flag settles what is not known. Made from what programs
// read, so that both say the same.

import type { ApiServerEndpoint, NetworkPlugin, PlatformFacts } from './platform-facts.ts';
import {
  type DnsServerDocument,
  type FactDocument,
  type PartyDocument,
  type PlatformDocument,
  platformDocument,
} from './platform-json.ts';
import { cloudNamed } from './profiles/clouds.ts';
import { DISTRIBUTIONS } from './profiles/distributions.ts';

/** The lines of {@link platformLines} for facts. */
export function describePlatform(facts: PlatformFacts): readonly string[] {
  return platformLines(platformDocument(facts));
}

/** Lines without a full stop, in a fixed order: `DNS: CoreDNS, kube-system/Deployment.apps/coredns, port 53 (…)`. */
export function platformLines(facts: PlatformDocument): readonly string[] {
  const { dns, apiServer } = facts;
  const lines = [
    line('platform', facts.distribution, (name) => DISTRIBUTIONS.find((one) => one.name === name)?.title ?? name),
    line('cloud', facts.cloud, (name) => cloudNamed(name)?.title ?? name),
    ...(facts.plugins.length === 0 ? [`plugin: ${reason(facts.cni)}`] : []),
    ...facts.plugins.map((plugin) => line('plugin', plugin, printPlugin)),
    line('policies', facts.enforcement, (is) => (is === 'yes' ? 'enforced' : 'enforced by nothing')),
    line('behaviour', facts.cni, (name) => `--cni ${name}`),
    line('DNS', dns.servers, (servers) => servers.map(printServer).join(' and ')),
    ...dns.caches.map((cache) => line('DNS on nodes', cache, printServer)),
    line('resolvers of nodes', dns.nodeResolvers, (cidrs) => cidrs.map(short).join(', ')),
    line('API server', apiServer.endpoints, (endpoints) => endpoints.map(printEndpoint).join(', ')),
    ...(apiServer.service === undefined
      ? []
      : [`API server before translation: ${printEndpoint(apiServer.service)} (Service default/kubernetes)`]),
    line('callers of webhooks', apiServer.clients, (parties) => parties.map(printParty).join(' and ')),
    line('families', facts.families, (families) => families.join(' and ')),
    line('pods', facts.podCIDRs, list),
    line('Services', facts.serviceCIDRs, list),
    line('nodes', facts.nodeCIDRs, list),
    ...facts.meshes.map((mesh) => line('mesh', mesh, ({ title }) => title)),
    ...facts.ingressControllers.map((one) => line('ingress', one, ({ title }) => title)),
    ...facts.monitoring.map((one) => line('monitoring', one, ({ title }) => title)),
    ...facts.unenforcedNodes.map((one) => line('not enforced on node', one, (name) => name)),
  ];
  return lines;
}

function line<T>(what: string, fact: FactDocument<T>, print: (value: T) => string): string {
  return fact.value === undefined ? `${what}: ${reason(fact)}` : `${what}: ${print(fact.value)} ${reason(fact)}`;
}

function reason({ how, because, hint }: FactDocument<unknown>): string {
  if (how === 'unknown') return `not known: ${because}${hint === undefined ? '' : `; ${hint}`}`;
  return `(${how === 'assumed' ? `assumed: ${because}` : because})`;
}

function printPlugin({ title, version }: NetworkPlugin): string {
  return version === undefined ? title : `${title} ${version}`;
}

function printServer({ title, party, ports }: DnsServerDocument): string {
  const numbers = [...new Set(ports.map(({ port }) => port))];
  return `${title}, ${printParty(party)}, ${numbers.length === 1 ? 'port' : 'ports'} ${numbers.join(' and ')}`;
}

function printEndpoint({ cidrs, port }: ApiServerEndpoint): string {
  return cidrs.map((cidr) => (cidr.includes(':') ? `[${short(cidr)}]:${port}` : `${short(cidr)}:${port}`)).join(', ');
}

function printParty(party: PartyDocument): string {
  switch (party.type) {
    case 'workload':
      return party.workload;
    case 'pods':
      return `pods ${party.namespaceSelector}/${party.podSelector}`;
    case 'addresses':
      return list(party.cidrs);
    case 'outside':
      return 'anywhere outside';
    case 'node':
      return party.name === undefined ? 'the own node' : `node ${party.name}`;
    case 'domain':
      return party.name;
    case 'api-server':
      return 'the API server';
  }
}

function list(cidrs: readonly string[]): string {
  const most = 4;
  const shown = cidrs.slice(0, most).map(short).join(', ');
  return cidrs.length > most ? `${shown} and ${cidrs.length - most} more` : shown;
}

function short(cidr: string): string {
  return cidr.replace(cidr.includes(':') ? /\/128$/ : /\/32$/, '');
}
