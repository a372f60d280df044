// Whom a host name or an address means for a pod of some namespace, as its resolver would find it: Services and pods by name
// with search paths, addresses by the snapshot. Knows no ports and no variable.

import type { Service } from '../../model/cluster.ts';
import { parseAddress, printAddress } from '../../sets/ip-address.ts';
import { contains } from '../../sets/ip-set.ts';
import { looksLikeDomain } from '../addresses/host-syntax.ts';
import { OWN_NODE, OWN_POD, UNKNOWN_PART } from '../addresses/markers.ts';
import type { EvidenceContext } from '../context.ts';

/** Whom a host means. */
export type Target =
  /** `portName`, from an SRV name; `pod`, where the name is one pod's of a headless Service. */
  | { readonly type: 'service'; readonly service: Service; readonly portName?: string; readonly pod?: string }
  | { readonly type: 'workload'; readonly key: string }
  | { readonly type: 'address'; readonly cidr: string }
  | { readonly type: 'node'; readonly name?: string }
  | { readonly type: 'api-server' }
  | { readonly type: 'domain'; readonly name: string }
  /** The pod itself: loopback, the address to listen on. */
  | { readonly type: 'own' }
  /** A name or an address of the cluster that nothing in the snapshot bears; a clause such as `no Service shop/cart`. */
  | { readonly type: 'missing'; readonly says: string }
  /** No address, or one that only a program knows. */
  | { readonly type: 'nothing' };

const OWN: Target = { type: 'own' };
const NOTHING: Target = { type: 'nothing' };

/** Resolves a host as `readHost` gives it. */
export function resolveHost(context: EvidenceContext, namespace: string, host: string): Target {
  const parsed = parseAddress(host);
  if (parsed.ok) return ofAddress(context, parsed.family, parsed.value);
  if (host === 'localhost' || host.endsWith('.localhost') || host.startsWith('localhost.')) return OWN;
  if (host === OWN_POD) return OWN;
  if (host === OWN_NODE) return { type: 'node' };
  const labels = host.split('.');
  const svc = labels.lastIndexOf('svc');
  if (svc >= 2) return ofService(context, labels[svc - 2]!, labels[svc - 1]!, labels.slice(0, svc - 2), host);
  const pod = labels.indexOf('pod');
  if (pod === 2) return ofPodName(context, labels[0]!, host);
  return ofSearchPath(context, namespace, labels, host);
}

/** Names that a resolver completes: of the pod's namespace, then with a namespace as the last label. */
function ofSearchPath(context: EvidenceContext, own: string, labels: readonly string[], host: string): Target {
  const last = labels.at(-1)!;
  if (labels.length === 1) {
    if (last.includes(UNKNOWN_PART)) return NOTHING;
    return ofService(context, last, own, [], host);
  }
  const local = context.service(own, last);
  const inNamespace = context.service(last, labels.at(-2)!);
  if (inNamespace !== undefined) return ofService(context, labels.at(-2)!, last, labels.slice(0, -2), host);
  if (isApiServer(labels.at(-2)!, last)) return { type: 'api-server' };
  if (local !== undefined) return ofService(context, last, own, labels.slice(0, -1), host);
  if (labels.some((label) => label.includes(UNKNOWN_PART))) return NOTHING;
  if (labels.length === 2 && context.cluster.namespaces.has(last))
    return { type: 'missing', says: `no Service ${last}/${labels.at(-2)} is here` };
  return looksLikeDomain(host) ? { type: 'domain', name: host } : NOTHING;
}

function isApiServer(name: string, namespace: string): boolean {
  return namespace === 'default' && name === 'kubernetes';
}

function ofService(
  context: EvidenceContext,
  name: string,
  namespace: string,
  before: readonly string[],
  host: string,
): Target {
  if (isApiServer(name, namespace)) return { type: 'api-server' };
  const isUnknown = (label: string | undefined) => label?.includes(UNKNOWN_PART) === true;
  if (isUnknown(name) || isUnknown(namespace)) return NOTHING;
  const service = context.service(namespace, name);
  if (service === undefined) return { type: 'missing', says: `no Service ${namespace}/${name} is here` };
  if (before.length === 0) return { type: 'service', service };
  const [port, protocol] = before;
  if (before.length === 2 && port!.startsWith('_') && /^_(?:tcp|udp|sctp)$/.test(protocol!)) {
    return { type: 'service', service, portName: port!.slice(1) };
  }
  if (before.length > 1 || !(service.headless || service.selector === undefined)) {
    return { type: 'missing', says: `Service ${namespace}/${name} is not headless, so ${host} has no address` };
  }
  if (port === OWN_POD) return OWN;
  return isUnknown(port) ? { type: 'service', service } : { type: 'service', service, pod: port! };
}

/** `10-0-0-1.shop.pod`: an address with dashes. */
function ofPodName(context: EvidenceContext, label: string, host: string): Target {
  if (label.includes(UNKNOWN_PART) || label.includes(OWN_POD)) return OWN;
  for (const text of [label.replaceAll('-', '.'), label.replaceAll('-', ':')]) {
    const parsed = parseAddress(text);
    if (parsed.ok) return ofAddress(context, parsed.family, parsed.value);
  }
  return { type: 'missing', says: `${host} is no address of a pod` };
}

function ofAddress(context: EvidenceContext, family: 'IPv4' | 'IPv6', value: number | bigint): Target {
  const text = printAddress(family, value);
  if (isOwn(family, value)) return OWN;
  if (isNoHost(family, value)) return NOTHING;
  const service = context.serviceOfAddress(text);
  if (service !== undefined) return ofService(context, service.name, service.namespace, [], text);
  const pods = context.podsOfAddress(text);
  if (pods.length > 0) return { type: 'workload', key: pods[0]!.workload };
  const node = context.nodeOfAddress(text);
  if (node !== undefined) return { type: 'node', name: node };
  const { plan } = context;
  const ranges = [
    ['services', 'serviceCIDRs', 'Service'],
    ['pods', 'podCIDRs', 'pod'],
  ] as const;
  for (const [range, assumed, what] of ranges) {
    if (!plan.assumed.includes(assumed) && contains(plan[range], { family, value })) {
      return { type: 'missing', says: `${text} is an address of the cluster's, and no ${what} has it here` };
    }
  }
  return { type: 'address', cidr: `${text}/${family === 'IPv4' ? 32 : 128}` };
}

/** Loopback, and the address that stands for all of a pod's own. */
function isOwn(family: 'IPv4' | 'IPv6', value: number | bigint): boolean {
  if (family === 'IPv6') return BigInt(value) <= 1n;
  return Number(value) === 0 || Number(value) >>> 24 === 127;
}

/** Multicast, broadcast and `0.x`: versions, mostly. */
function isNoHost(family: 'IPv4' | 'IPv6', value: number | bigint): boolean {
  if (family === 'IPv6') return BigInt(value) >> 120n === 0xffn;
  const first = Number(value) >>> 24;
  return first === 0 || first >= 224;
}
