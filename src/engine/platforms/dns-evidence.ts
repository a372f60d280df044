// Why pods need DNS, and from whom: by the dnsPolicy and dnsConfig of each, and the servers that the platform has.

import type { Pod } from '../model/cluster.ts';
import type { Evidence, OpenQuestion, Party } from '../model/evidence.ts';
import type { Source } from '../model/source.ts';
import { isObject } from '../snapshot/reading.ts';
import { type Component, podSpecOf, titleOf } from './components.ts';
import { both } from './dns-ports.ts';
import type { Known } from './fact.ts';
import { addressesOf } from './parties.ts';
import type { DnsServer, PlatformFacts, ServerPort } from './platform-facts.ts';
import { parseResolver } from './resolver-address.ts';

/** Whom a pod asks for names. */
interface DnsChoice {
  /** `cluster`: its DNS Service. `node`: whom the node asks. `own`: only the servers that the pod names. */
  readonly asks: 'cluster' | 'node' | 'own';
  readonly nameservers: readonly string[];
  readonly source?: Source;
}

/** What one workload needs for names, in both directions of nothing but its own. */
export function dnsOf(
  component: Component,
  { dns }: Pick<PlatformFacts, 'dns'>,
): { readonly evidence: readonly Evidence[]; readonly questions: readonly OpenQuestion[] } {
  const { key } = component.workload;
  const title = titleOf(component.workload);
  const from: Party = { type: 'workload', key };
  const evidence: Evidence[] = [];
  const questions: OpenQuestion[] = [];
  const choice = choiceOf(component.pods.find((pod) => !pod.hostNetwork) ?? component.pods[0]!);
  const { source } = choice;
  if (choice.asks === 'cluster') {
    // The party may be the workload itself: the DNS asks itself like everybody.
    const { servers } = dns;
    if (servers.how !== 'unknown') {
      for (const server of servers.value) evidence.push(...needs(from, title, server, servers));
    } else {
      questions.push({ about: 'dns-server', workload: key, says: servers.because, hint: servers.hint });
    }
    for (const cache of dns.caches) evidence.push(...needs(from, title, cache.value, cache));
  }
  if (choice.asks === 'node') {
    const { nodeResolvers } = dns;
    if (nodeResolvers.how === 'unknown') {
      questions.push({
        about: 'node-resolvers',
        workload: key,
        says: `${title} asks the resolvers of its node (dnsPolicy Default), and ${nodeResolvers.because}`,
        hint: nodeResolvers.hint,
        ...(source === undefined ? {} : { source }),
      });
    } else {
      const to: Party = { type: 'addresses', cidrs: nodeResolvers.value, what: 'the resolvers of the nodes' };
      evidence.push(
        ...connections(from, to, both(53), `${title} asks the resolvers of its node (dnsPolicy Default)`, source),
      );
    }
  }
  for (const text of choice.nameservers) {
    const resolver = parseResolver(text);
    const to = resolver === undefined ? undefined : addressesOf([resolver.address], 'a nameserver of dnsConfig');
    if (to !== undefined)
      evidence.push(...connections(from, to, both(53), `dnsConfig of ${title} names ${text}`, source));
  }
  return { evidence, questions };
}

/** The choice of a pod that has a network of its own: there ClusterFirstWithHostNet is ClusterFirst. */
function choiceOf(pod: Pod): DnsChoice {
  const found = podSpecOf(pod);
  const policy = found?.spec['dnsPolicy'];
  const config = found?.spec['dnsConfig'];
  const names = isObject(config) && Array.isArray(config['nameservers']) ? config['nameservers'] : [];
  const nameservers = names.filter((name) => typeof name === 'string');
  const isWritten = policy !== undefined || nameservers.length > 0;
  const source = isWritten
    ? pod.object.locate([...found!.path, policy === undefined ? 'dnsConfig' : 'dnsPolicy'])
    : undefined;
  const asks = policy === 'None' ? 'own' : policy === 'Default' ? 'node' : 'cluster';
  return { asks, nameservers, ...(source === undefined ? {} : { source }) };
}

function needs(
  from: Party,
  who: string,
  { title, party, ports }: DnsServer,
  fact: Known<unknown>,
): readonly Evidence[] {
  const says = `${who} asks ${title} for names (${fact.because})`;
  return connections(from, party, ports, says, fact.source, fact.how === 'assumed' ? 'likely' : 'certain');
}

function connections(
  from: Party,
  to: Party,
  ports: readonly ServerPort[],
  says: string,
  source: Source | undefined,
  confidence: Evidence['confidence'] = 'certain',
): readonly Evidence[] {
  return ports.map(({ protocol, port }) => ({
    from,
    to,
    protocol,
    ports: [port, port],
    kind: 'dns',
    confidence,
    says,
    brief: 'DNS',
    ...(source === undefined ? {} : { source }),
  }));
}
