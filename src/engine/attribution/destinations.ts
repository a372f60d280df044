// Where a call arrived: the pods behind a Service at their own ports, behind a node's port, or the end that was called.

import type { Service } from '../model/cluster.ts';
import { partyKey } from '../model/evidence.ts';
import type { FlowEnd } from '../model/flow.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import type { When } from './address-history.ts';
import type { AttributedDestination, AttributedEnd, UnattributedReason } from './attribution.ts';
import type { EndRecogniser, RecognisedEnd } from './recognise-end.ts';
import type { Front, ServicePorts, ServiceTarget } from './service-ports.ts';

/** The port of Service `default/kubernetes`, which the API server itself makes. */
const API_SERVER_PORT = 443;

/** A call to follow. */
export interface Call {
  readonly to: RecognisedEnd & { readonly is: 'end' | 'service' };
  /** The end as the log describes it. */
  readonly called: FlowEnd;
  readonly protocol: Protocol;
  readonly port: number;
  readonly when: When;
}

/** Follows a call to where it arrived; never an empty list. */
export function destinationsOf(
  known: { readonly recogniser: EndRecogniser; readonly services: ServicePorts },
  call: Call,
): readonly AttributedDestination[] | UnattributedReason {
  const { to, called, protocol, port } = call;
  const { services, recogniser } = known;
  if (to.is === 'service') {
    const named = called.service && services.named(called.service.namespace, called.service.name);
    const found = to.address === undefined ? [] : recogniser.book.services(to.address);
    const meant = found.length > 0 ? found : named === undefined ? [] : [named];
    if (meant.length === 0) return 'unknown-service';
    return arrivals(
      known,
      meant.map((service) => ({ service, port })),
      call,
    );
  }
  const apiPort = to.address === undefined ? undefined : services.apiServerPort(to.address, protocol, port);
  if (apiPort !== undefined) {
    return [
      apiServer(`${to.address}:${port} is an endpoint of the API server`, apiPort, [{ address: to.address!, port }]),
    ];
  }
  if (to.end.party.type === 'addresses' && called.apiServer === true) {
    const service = services.named('default', 'kubernetes');
    const front = service?.ports.find((one) => one.protocol === protocol)?.port ?? API_SERVER_PORT;
    return [apiServer(`the log calls ${to.address} the API server`, front, [{ address: to.address!, port }])];
  }
  if (to.end.party.type === 'node') {
    const passed = recogniser.book.nodePort(protocol, port);
    if (passed.length > 0)
      return arrivals(
        known,
        passed.map((one) => ({ service: one.service, port: one.port.port })),
        call,
      );
    const led = behindHostPort(recogniser, call, to.end);
    if (led.length > 0) return led;
  }
  if (to.end.party.type === 'workload') {
    const { key } = to.end.party;
    // Some answers show the pod with its Service's port, at which nobody listens.
    const fronts = services.listens(key, protocol, port) ? [] : services.fronts(key, protocol, port);
    if (fronts.length > 0) {
      const byTarget = new Map(fronts.map((front) => [front.target, front]));
      return [...byTarget.values()].map((front) => ({ ...to.end, port: front.target, via: viaOf(front) }));
    }
    const via = called.service && viaNamed(services.behind(key, protocol, port), called.service);
    return [{ ...to.end, port, ...(via === undefined ? {} : { via }) }];
  }
  return [{ ...to.end, port }];
}

/** The pods that the node's port leads to; each workload and port once, with its pod where that is the only one. */
function behindHostPort(
  { book }: EndRecogniser,
  { to, protocol, port }: Call,
  { party, how }: AttributedEnd,
): readonly AttributedDestination[] {
  if (party.type !== 'node') return [];
  const at = {
    ...(party.name === undefined ? {} : { node: party.name }),
    ...(to.address === undefined ? {} : { address: to.address }),
  };
  const found = new Map<string, AttributedDestination>();
  for (const { pod, port: own } of book.hostPort(protocol, port, at)) {
    const key = `${pod.workload} ${own}`;
    const says = `port ${port} of ${party.name === undefined ? 'a node' : `node ${party.name}`} leads to it (hostPort)`;
    const one = { party: { type: 'workload' as const, key: pod.workload }, how, says, port: own };
    found.set(key, found.has(key) || !pod.real ? one : { ...one, pod });
  }
  return [...found.values()];
}

function arrivals(
  { recogniser, services }: { readonly recogniser: EndRecogniser; readonly services: ServicePorts },
  calls: readonly { readonly service: Service; readonly port: number }[],
  { protocol, when }: Call,
): readonly AttributedDestination[] | UnattributedReason {
  const found = new Map<string, AttributedDestination>();
  let unknown: UnattributedReason | undefined;
  for (const { service, port } of calls) {
    const via = { namespace: service.namespace, name: service.name, port };
    const name = `${service.namespace}/${service.name}:${port}`;
    if (isApiServer(service) && service.ports.some((one) => one.port === port && one.protocol === protocol)) {
      const known = services.targets(service, protocol, port).filter((target) => 'address' in target);
      return [apiServer(`Service ${name} is the API server`, port, known)];
    }
    for (const target of services.targets(service, protocol, port)) {
      const end = endOf(target, recogniser, when);
      if (typeof end === 'string') unknown ??= end;
      else {
        const key = `${partyKey(end.party)} ${target.port}`;
        if (!found.has(key))
          found.set(key, { ...end, says: `Service ${name} leads ${end.says}`, port: target.port, via });
      }
    }
  }
  return found.size > 0 ? [...found.values()] : (unknown ?? 'no-endpoints');
}

/** Wherever it runs, this Service is its name. */
function isApiServer({ namespace, name }: Service): boolean {
  return namespace === 'default' && name === 'kubernetes';
}

function apiServer(says: string, port: number, at?: AttributedDestination['at']): AttributedDestination {
  const via = { namespace: 'default', name: 'kubernetes', port };
  return { party: { type: 'api-server' }, how: 'endpoint-slice', says, port, via, ...(at === undefined ? {} : { at }) };
}

function endOf(
  target: ServiceTarget,
  recogniser: EndRecogniser,
  when: When,
): Omit<AttributedDestination, 'port' | 'via'> | UnattributedReason {
  if ('workload' in target) {
    const party = { type: 'workload' as const, key: target.workload };
    return { party, ...(target.pod === undefined ? {} : { pod: target.pod }), how: 'service', says: 'to its pods' };
  }
  const end = recogniser.recognise({ address: target.address }, when);
  if (end.is === 'end') return { ...end.end, how: 'endpoint-slice', says: `to ${target.address}` };
  return end.is === 'unknown' ? end.reason : 'no-endpoints';
}

function viaOf({ service, port }: Front): NonNullable<AttributedDestination['via']> {
  return { namespace: service.namespace, name: service.name, port: port.port };
}

function viaNamed(
  fronts: readonly Front[],
  { namespace, name }: NonNullable<FlowEnd['service']>,
): AttributedDestination['via'] {
  const found = fronts.filter(({ service }) => service.namespace === namespace && service.name === name);
  return found.length === 1 ? viaOf(found[0]!) : undefined;
}
