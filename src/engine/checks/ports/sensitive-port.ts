// Ports of databases, control planes and shells that a rule opens to very many.

import type { Peer, PortMatch } from '../../model/policy.ts';
import { isEverything } from '../../model/selector.ts';
import { FAMILIES } from '../../sets/ip-set.ts';
import { type AcceptRule, acceptRules, subjectsOf } from '../accepting-rules.ts';
import { holdsInternet, holdsPrivate } from '../addresses/block-extent.ts';
import type { Check } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { declaredPorts } from '../fixes.ts';
import { isSystemNamespace } from '../isolation/namespace-isolation.ts';
import { flowThrough } from '../rule-flows.ts';

interface SensitivePort {
  readonly port: number;
  readonly what: string;
  /** Part of the control plane or of every node: to be reached there by no pod but a few. */
  readonly control?: true;
  /** Many others listen on it too: meant only where the pods stand beside the control plane. */
  readonly common?: true;
}

/** What listens on these TCP ports, as a person knows it. */
const SENSITIVE: readonly SensitivePort[] = [
  { port: 22, what: 'SSH' },
  { port: 2375, what: 'the Docker API without a password', control: true },
  { port: 2379, what: 'etcd', control: true },
  { port: 2380, what: 'etcd', control: true },
  { port: 3306, what: 'MySQL' },
  { port: 5432, what: 'PostgreSQL' },
  { port: 6379, what: 'Redis' },
  { port: 6443, what: 'the Kubernetes API', common: true },
  { port: 9200, what: 'Elasticsearch' },
  { port: 10250, what: 'the kubelet', control: true },
  { port: 10255, what: 'the kubelet, read only', control: true },
  { port: 10257, what: 'the controller manager', control: true },
  { port: 10259, what: 'the scheduler', control: true },
  { port: 11211, what: 'memcached' },
  { port: 27017, what: 'MongoDB' },
];

const NONE: readonly SensitivePort[] = [];

/** A range of more ports than this is no choice of one of them. */
const FEW = 16;

/**
 * Rule 87 of the catalogue. For ingress all of them; for egress those of the control plane and of nodes: databases outside
 * of the cluster are reached on their ports, and so is the Kubernetes API.
 */
export const SENSITIVE_PORT: Check = {
  id: 'sensitive-port',
  severity: 'high',
  scope: 'input',
  summary: 'a port of a database, a shell or the control plane that is open to very many',
  controls: ['M1030', 'MS-TA9005'],
  *find(context) {
    for (const one of acceptRules(context)) {
      const { policy, direction, rule } = one;
      if (typeof rule.ports === 'string' || rule.ports.every((port) => sensitiveOf(port).length === 0)) continue;
      const wide = widthOf(one);
      if (wide === undefined) continue;
      for (const port of rule.ports) {
        const known = sensitiveOf(port).find(({ control, common }) =>
          direction === 'ingress' ? common !== true || isBesideControlPlane(one) : control === true,
        );
        if (known === undefined) continue;
        const pods = subjectsOf(context, one).yes;
        const impact = countPods(context, pods);
        const example = flowThrough(context, { ...one, rule: { ...rule, ports: [port] } }, 'allowed');
        const isIngress = direction === 'ingress';
        yield {
          object: policy.object,
          policy,
          path: port.path,
          severity: !isIngress ? 'medium' : isDeclared(context, one, known.port) ? 'high' : 'low',
          message: isIngress
            ? `opens ${known.port}, the port of ${known.what}, to ${wide}`
            : `lets pods connect to ${known.port}, the port of ${known.what}, at ${wide}`,
          hint: isIngress ? 'name the pods that need it' : 'leave the port out, or name the addresses',
          ...(impact.pods === 0
            ? {}
            : {
                impact,
                effect: isIngress ? `opens it on ${printImpact(impact)}` : `opens it to ${printImpact(impact)}`,
              }),
          ...(example === undefined ? {} : { example }),
        };
      }
    }
  },
};

function sensitiveOf(port: PortMatch): readonly SensitivePort[] {
  if (port.type !== 'range' || (port.protocol !== 'TCP' && port.protocol !== 'any')) return NONE;
  if (port.last - port.first >= FEW) return NONE;
  return SENSITIVE.filter((known) => port.first <= known.port && known.port <= port.last);
}

function isBesideControlPlane({ part: { subject } }: AcceptRule): boolean {
  return 'name' in subject.namespaces && isSystemNamespace(subject.namespaces.name);
}

/** Pods that declare their ports and not this one have nothing there that could be reached. */
function isDeclared(context: CheckContext, one: AcceptRule, number: number): boolean {
  const ports = declaredPorts(context, subjectsOf(context, one).yes);
  return ports === undefined || ports.some(({ port }) => port === number);
}

/** Who is meant, where that is very many; undefined for others. */
function widthOf({ rule: { peers } }: AcceptRule): string | undefined {
  if (typeof peers === 'string') return peers === 'any' ? 'everybody' : undefined;
  return peers.map(widthOfPeer).find((width) => width !== undefined);
}

function widthOfPeer(peer: Peer): string | undefined {
  if (peer.type === 'addresses') {
    if (FAMILIES.some((family) => holdsInternet(peer.addresses, family))) return `the internet (${peer.cidr})`;
    return FAMILIES.some((family) => holdsPrivate(peer.addresses, family))
      ? `a whole private range (${peer.cidr})`
      : undefined;
  }
  if (peer.type === 'nodes') return isEverything(peer.nodes) ? 'every node' : undefined;
  if (peer.type !== 'pods' || 'name' in peer.namespaces) return undefined;
  return isEverything(peer.namespaces.selector) && isEverything(peer.pods) ? 'every pod of every namespace' : undefined;
}
