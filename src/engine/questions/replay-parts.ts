// Parts of the document of a replay: endpoints of parties, times, rules. Judges nothing.

import type { Seen, Unattributed } from '../attribution/attribution.ts';
import { portsOfRule, printPeer } from '../checks/rule-flows.ts';
import { type Party, partyKey } from '../model/evidence.ts';
import type { PortMatch, Rule } from '../model/policy.ts';
import { parseCidr, printRanges } from '../sets/ip-address.ts';
import { unionAll } from '../sets/ip-set.ts';
import type { State } from '../state.ts';
import type { EndpointDocument } from './documents.ts';
import type { SeenDocument, UnattributedDocument, UnusedRule } from './replay-document.ts';
import type { UnusedRuleFound } from './unused-rules.ts';

/** How many workloads of a rule are listed. */
const MOST_LISTED = 20;

/** Endpoints of a document, numbered as they are met. */
export interface EndpointList {
  ofParty(party: Party): number;
  documents(): EndpointDocument[];
}

/** An empty list. */
export function endpointList(state: State): EndpointList {
  const ids = new Map<string, number>();
  const documents: EndpointDocument[] = [];
  const pods = new Map<string, number>();
  const hostNetwork = new Set<string>();
  for (const pod of state.cluster.pods) {
    if (pod.real) pods.set(pod.workload, (pods.get(pod.workload) ?? 0) + 1);
    if (pod.hostNetwork) hostNetwork.add(pod.workload);
  }
  const describe = (party: Party, id: number): EndpointDocument => {
    switch (party.type) {
      case 'workload': {
        const { key } = party;
        const workload = state.cluster.workloads.get(key)!;
        const { namespace, kind, name } = workload;
        const count = pods.get(key) ?? workload.replicas;
        return {
          id,
          key,
          type: 'workload',
          namespace,
          kind,
          name,
          ...(count === undefined ? {} : { pods: count }),
          ...(hostNetwork.has(key) ? { hostNetwork: true } : {}),
        };
      }
      case 'addresses': {
        const set = unionAll(party.cidrs.flatMap((cidr) => readCidr(cidr)));
        const ranges = printRanges(set);
        const key = `addresses/${ranges.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(',')}`;
        return { id, key, type: 'addresses', ranges, ...(party.what === undefined ? {} : { name: party.what }) };
      }
      case 'node':
        // The node of the other end has no name of its own.
        return { id, key: `node/${party.name ?? ''}`, type: 'node', name: party.name ?? 'own node' };
      case 'api-server':
        return { id, key: 'domain/kubernetes.default.svc', type: 'domain', name: 'kubernetes.default.svc' };
      default:
        return { id, key: partyKey(party), type: 'domain', name: partyKey(party) };
    }
  };
  return {
    ofParty(party) {
      const key = partyKey(party);
      let id = ids.get(key);
      if (id === undefined) {
        id = documents.length;
        ids.set(key, id);
        documents.push(describe(party, id));
      }
      return id;
    },
    documents: () => documents,
  };
}

function readCidr(text: string) {
  const parsed = parseCidr(text);
  return parsed.ok ? [parsed.set] : [];
}

/** A time of a log for programs and people: ISO 8601, UTC, milliseconds. */
export function isoTime(time: number): string {
  return new Date(time).toISOString();
}

/** Counted records as documents have them. */
export function describeSeen({ count, first, last, place }: Seen): SeenDocument {
  return {
    count,
    ...(first === undefined ? {} : { first: isoTime(first) }),
    ...(last === undefined ? {} : { last: isoTime(last) }),
    file: place.file,
    line: place.line,
  };
}

/** Unattributed records as documents have them. */
export function describeUnattributed({
  reason,
  end,
  source,
  destination,
  protocol,
  port,
  seen,
}: Unattributed): UnattributedDocument {
  return {
    reason,
    end,
    source,
    destination,
    protocol,
    ...(port === undefined ? {} : { port }),
    seen: describeSeen(seen),
  };
}

/** A port with its protocol, which tells entries of the same number apart. */
function portText(rule: Rule, port: PortMatch): string {
  const text = portsOfRule({ ...rule, ports: [port] });
  return port.type !== 'all' && port.protocol === 'TCP' ? `${text}/TCP` : text;
}

/** A rule with what of it was never used. */
export function describeUnused(found: UnusedRuleFound, endpoints: EndpointList): UnusedRule {
  const { policy, direction, rule, used, peers, ports, workloads } = found;
  const { object, ref } = policy;
  return {
    policy: { ...ref, source: object.locate([]) },
    direction,
    rule: { index: rule.index, ...(rule.name === undefined ? {} : { name: rule.name }) },
    source: object.locate(rule.path),
    used,
    peers: peers.map((peer) => ({ says: printPeer(peer), source: object.locate(peer.path) })),
    ports: ports.map((port) => ({ says: portText(rule, port), source: object.locate(port.path) })),
    endpoints: workloads.slice(0, MOST_LISTED).map((key) => endpoints.ofParty({ type: 'workload', key })),
    total: workloads.length,
  };
}
