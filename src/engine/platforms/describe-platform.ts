// A platform in words: one line a fact, with its reason, and what flag settles what is not known. For people; the same for
// programs is platform-document.ts.

import type { Party } from '../model/evidence.ts';
import { printSelector } from '../model/selector.ts';
import type { Fact } from './fact.ts';
import type { ApiServerEndpoint, DnsServer, NetworkPlugin, PlatformFacts } from './platform-facts.ts';
import { cloudNamed } from './profiles/clouds.ts';
import { distributionNamed } from './profiles/distributions.ts';

/** Lines without a full stop, in a fixed order: `DNS: CoreDNS, kube-system/Deployment.apps/coredns, port 53 (…)`. */
export function describePlatform(facts: PlatformFacts): readonly string[] {
  const { dns, apiServer } = facts;
  const lines = [
    line('platform', facts.distribution, (name) => distributionNamed(name).title),
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

function line<T>(what: string, fact: Fact<T>, print: (value: T) => string): string {
  return fact.how === 'unknown' ? `${what}: ${reason(fact)}` : `${what}: ${print(fact.value)} ${reason(fact)}`;
}

function reason(fact: Fact<unknown>): string {
  if (fact.how === 'unknown') return `not known: ${fact.because}; ${fact.hint}`;
  return `(${fact.how === 'assumed' ? `assumed: ${fact.because}` : fact.because})`;
}

function printPlugin({ title, version }: NetworkPlugin): string {
  return version === undefined ? title : `${title} ${version}`;
}

function printServer({ title, party, ports }: DnsServer): string {
  const numbers = [...new Set(ports.map(({ port }) => port))];
  return `${title}, ${printParty(party)}, ${numbers.length === 1 ? 'port' : 'ports'} ${numbers.join(' and ')}`;
}

function printEndpoint({ cidrs, port }: ApiServerEndpoint): string {
  return cidrs.map((cidr) => (cidr.includes(':') ? `[${short(cidr)}]:${port}` : `${short(cidr)}:${port}`)).join(', ');
}

/** A party as a person recognises it. */
export function printParty(party: Party): string {
  switch (party.type) {
    case 'workload':
      return party.key;
    case 'pods':
      return `pods ${'selector' in party.namespaces ? printSelector(party.namespaces.selector) : party.namespaces.name}/${printSelector(party.pods)}`;
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
