// What the platform itself makes workloads need: names, the API server's own traffic, identities, the mesh. What applications
// declare and what was observed come from elsewhere.

import { type Evidence, type EvidenceFound, type OpenQuestion, partyKey } from '../model/evidence.ts';
import type { State } from '../state.ts';
import { componentsOf } from './components.ts';
import { dnsOf } from './dns-evidence.ts';
import { dnsServerNeeds } from './dns-server-evidence.ts';
import { identityOf } from './identity-evidence.ts';
import { meshNeeds, meshServerNeeds } from './mesh-evidence.ts';
import { questionsOfNodes } from './node-questions.ts';
import type { PlatformFacts } from './platform-facts.ts';

/**
 * Evidence for the given workloads, by key, in the order of the snapshot; keys that it does not have are passed over. Workloads
 * of the host network have none: no policy selects them. Some of it names the party `api-server`; see resolve-api-server.ts.
 */
export function platformEvidence(state: State, facts: PlatformFacts, workloads: Iterable<string>): EvidenceFound {
  const wanted = new Set(workloads);
  const evidence: Evidence[] = [];
  const questions: OpenQuestion[] = [];
  for (const [key, component] of componentsOf(state)) {
    if (!wanted.has(key) || component.pods.every((pod) => pod.hostNetwork)) continue;
    // A DNS server asks others on behalf of all: what its own dnsPolicy says is the same question.
    const server = dnsServerNeeds(state, component, facts);
    const dns = server.evidence.length > 0 ? server : dnsOf(component, facts);
    for (const found of [dns, identityOf(state, component, facts)]) {
      evidence.push(...found.evidence);
      questions.push(...found.questions);
    }
    evidence.push(...meshNeeds(state, component, facts), ...meshServerNeeds(state, component, facts));
  }
  const onNodes = new Set(facts.dns.caches.flatMap(({ value }) => (value.isOnNode ? [partyKey(value.party)] : [])));
  const isOnNodes = onNodes.size > 0 && evidence.some(({ to, kind }) => kind === 'dns' && onNodes.has(partyKey(to)));
  if (isOnNodes) questions.push(...questionsOfNodes(facts, 'pods ask a DNS cache in the network of their node'));
  return { evidence, questions };
}
