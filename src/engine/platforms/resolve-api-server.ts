// Evidence that names the API server, turned into evidence that names its addresses: as the destination with the ports of its
// endpoints, as the source with whoever calls webhooks for it. Where they are unknown it becomes a question, never everybody.

import type { Evidence, EvidenceFound, OpenQuestion, Party } from '../model/evidence.ts';
import { questionsOfNodes } from './node-questions.ts';
import type { ApiServerEndpoint, PlatformFacts } from './platform-facts.ts';

/** One end of a connection to the API server. */
export interface ResolvedServer {
  readonly party: Party;
  readonly port: number;
  /** Why the API server is there. */
  readonly because: string;
}

/**
 * The API server as a destination: each party with the port on which it answers there, never an empty list. Where nobody knows
 * them, the question that settles it.
 */
export function resolveApiServer(facts: Pick<PlatformFacts, 'apiServer'>): readonly ResolvedServer[] | OpenQuestion {
  const { endpoints, service } = facts.apiServer;
  if (endpoints.how === 'unknown') {
    return {
      about: 'api-server-address',
      says: `where the API server answers is not known: ${endpoints.because}`,
      hint: endpoints.hint,
    };
  }
  const resolved = endpoints.value.map((endpoint) => resolve(endpoint, 'the API server', endpoints.because));
  if (service === undefined) return resolved;
  const because = 'Service default/kubernetes, whose address the plugin sees before it is translated';
  return [...resolved, resolve(service, 'the API server', because)];
}

/** The API server as a source, for webhooks and aggregated APIs: never an empty list. */
export function resolveApiServerClients(facts: Pick<PlatformFacts, 'apiServer'>): readonly Party[] | OpenQuestion {
  const { clients } = facts.apiServer;
  if (clients.how !== 'unknown') return clients.value;
  return { about: 'api-server-clients', says: clients.because, hint: clients.hint };
}

/** Reports whether a result of the two functions above is a question. */
export function isQuestion(resolved: readonly unknown[] | OpenQuestion): resolved is OpenQuestion {
  return !Array.isArray(resolved);
}

/**
 * The same evidence without the party `api-server`. What cannot be resolved is left out, with one question for each workload
 * that needs it.
 */
export function withoutApiServer(
  found: EvidenceFound,
  facts: Pick<PlatformFacts, 'apiServer' | 'nodesUnmatchedBy'>,
): EvidenceFound {
  const server = resolveApiServer(facts);
  const clients = resolveApiServerClients(facts);
  const evidence: Evidence[] = [];
  const questions = new Map<string, OpenQuestion>();
  const ask = (question: OpenQuestion, other: Party, { says, source }: Evidence): void => {
    const workload = other.type === 'workload' ? other.key : undefined;
    const key = `${question.about} ${workload ?? ''}`;
    if (questions.has(key)) return;
    questions.set(key, {
      ...question,
      ...(workload === undefined ? {} : { workload }),
      says: `${says}; ${question.says}`,
      ...(source === undefined ? {} : { source }),
    });
  };
  for (const one of found.evidence) {
    if (one.to.type === 'api-server') {
      if (isQuestion(server)) ask(server, one.from, one);
      else for (const { party, port } of server) evidence.push({ ...one, to: party, ports: [port, port] });
    } else if (one.from.type === 'api-server') {
      if (isQuestion(clients)) ask(clients, one.to, one);
      else for (const party of clients) evidence.push({ ...one, from: party });
    } else {
      evidence.push(one);
    }
  }
  const isConcerned = found.evidence.some(({ from, to }) => from.type === 'api-server' || to.type === 'api-server');
  const unmatched =
    facts.apiServer.isOnNodes && isConcerned
      ? questionsOfNodes(facts, 'the API server runs on nodes of the cluster')
      : [];
  return { evidence, questions: [...found.questions, ...questions.values(), ...unmatched] };
}

function resolve({ cidrs, port }: ApiServerEndpoint, what: string, because: string): ResolvedServer {
  return { party: { type: 'addresses', cidrs, what }, port, because };
}
