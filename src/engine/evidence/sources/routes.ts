// Traffic that Ingresses, routes of the Gateway API and Routes of OpenShift bring to pods, from whoever carries it.

import { attacher, isGranted } from '../../endpoints/route-attachment.ts';
import type { OpenShiftRoute, Service } from '../../model/cluster.ts';
import type { GatewayRoute } from '../../model/gateway.ts';
import type { ManifestObject, Path } from '../../model/source.ts';
import type { EvidenceContext } from '../context.ts';
import { type Arrival, type Arrivals, arrivalsAt } from '../resolve/service-arrivals.ts';
import { clientsOfGateway, clientsOfIngress, clientsOfRoute, type RouteClients } from '../route-clients.ts';
import type { EvidenceSource, Findings } from '../source-of-evidence.ts';

/** What a route sends to its backends, and who does. */
interface Brought {
  readonly title: string;
  readonly object: ManifestObject;
  readonly path: Path;
  readonly clients: RouteClients;
}

/** See the file's head. Where nobody is known to carry the traffic, that is a question with the pods concerned. */
export const routes: EvidenceSource = (context, findings) => {
  for (const ingress of context.cluster.ingresses) {
    const { namespace, name, object, backends } = ingress;
    const brought = {
      title: `Ingress ${namespace}/${name}`,
      object,
      path: ['spec'],
      clients: clientsOfIngress(context, ingress),
    };
    const found = backends.map(({ service, port }) => {
      const own = context.service(namespace, service);
      const wanted = typeof port === 'number' ? { port } : port === undefined ? {} : { name: port };
      return arrivalsOf(context, own, `${namespace}/${service}`, wanted);
    });
    bring(findings, brought, found);
  }
  for (const route of context.cluster.openShiftRoutes) {
    const { namespace, name, object, services } = route;
    const clients = clientsOfRoute(context);
    const found = services.map((service) => ofRouter(context, route, context.service(namespace, service), service));
    bring(findings, { title: `Route ${namespace}/${name}`, object, path: ['spec', 'to'], clients }, found);
  }
  const attach = attacher(context);
  for (const route of context.cluster.gatewayApi.routes)
    addGatewayRoute(context, findings, route, attach(route).gateways);
};

function addGatewayRoute(
  context: EvidenceContext,
  findings: Findings,
  route: GatewayRoute,
  gateways: ReturnType<ReturnType<typeof attacher>>['gateways'],
): void {
  const title = `${route.kind} ${route.namespace}/${route.name}`;
  const found = route.backends
    .filter((one) => one.group === '' && one.kind === 'Service' && isGranted(context.cluster, route, one))
    .map(({ namespace, name, port }) => {
      const wanted = { protocol: route.protocol, ...(port === undefined ? {} : { port }) };
      return arrivalsOf(context, context.service(namespace, name), `${namespace}/${name}`, wanted);
    });
  for (const { kind, namespace, name, taken } of gateways) {
    // A Gateway that does not take the route sends nothing; one that may is asked about like one that does.
    if (taken === 'no') continue;
    const clients =
      kind === 'Gateway'
        ? clientsOfGateway(context, namespace, name)
        : {
            known: undefined,
            says: `${kind} ${namespace}/${name} is not here`,
            usually: 'istio-system/istio-ingressgateway',
          };
    bring(findings, { title, object: route.object, path: ['spec', 'rules'], clients }, found);
  }
}

type Wanted = Parameters<typeof arrivalsAt>[2];

function arrivalsOf(context: EvidenceContext, service: Service | undefined, title: string, wanted: Wanted): Arrivals {
  const missing = { about: 'no-endpoints', says: `no Service ${title} is here` } as const;
  if (service === undefined) return { arrivals: [], problems: [missing] };
  // Proxies send to endpoints, so that a headless Service is translated like any other.
  return arrivalsAt(context, { ...service, headless: false }, wanted);
}

/** The router compares a Route's target port with the name of the Service's port and the number of the endpoints'. */
function ofRouter(
  context: EvidenceContext,
  { namespace, targetPort }: OpenShiftRoute,
  service: Service | undefined,
  name: string,
): Arrivals {
  if (service === undefined) return arrivalsOf(context, service, `${namespace}/${name}`, {});
  const ports = service.ports.filter(({ protocol }) => protocol === 'TCP');
  const found = ports.map((port) => {
    const own = arrivalsOf(context, service, `${namespace}/${name}`, { port: port.port, protocol: 'TCP' });
    if (targetPort === undefined || port.name === targetPort) return own;
    const arrivals = own.arrivals.filter((one) => String(one.ports[0]) === targetPort && one.ports[0] === one.ports[1]);
    return { arrivals, problems: own.problems };
  });
  const arrivals = found.flatMap((one) => one.arrivals);
  return { arrivals, problems: arrivals.length > 0 ? [] : found.flatMap((one) => one.problems) };
}

function bring(findings: Findings, { title, object, path, clients }: Brought, found: readonly Arrivals[]): void {
  const arrivals = found.flatMap((one) => one.arrivals);
  if (clients.known === undefined) {
    if (arrivals.length > 0) askForClients(findings, { title, object, path, clients }, arrivals, clients);
  } else {
    for (const from of clients.known) {
      for (const { to, protocol, ports, via } of arrivals) {
        findings.add({
          from,
          to,
          protocol,
          ports,
          kind: 'ingress-route',
          confidence: 'likely',
          says: `${title} sends requests to Service ${via.namespace}/${via.name}, port ${via.port}, and ${clients.name} serves it`,
          source: object.locate(path),
          via,
        });
      }
    }
  }
  for (const { says, about } of found.flatMap((one) => (one.arrivals.length > 0 ? [] : one.problems))) {
    findings.ask({
      about,
      says: `${title} sends requests nowhere: ${says}`,
      hint: 'read the Service and its workload as well',
      source: object.locate(path),
    });
  }
}

/** One question for each route: every pod behind it is concerned alike. */
function askForClients(
  findings: Findings,
  { title, object, path }: Brought,
  arrivals: readonly Arrival[],
  { says, usually }: Extract<RouteClients, { known: undefined }>,
): void {
  const ends = arrivals.flatMap(({ to, ports }) => {
    if (to.type !== 'workload') return [];
    const [namespace, , ...name] = to.key.split('/');
    return [{ key: to.key, text: `${namespace}/${name.join('/')}:${ports[0]}` }];
  });
  const texts = [...new Set(ends.map(({ text }) => text))].sort();
  const keys = new Set(ends.map(({ key }) => key));
  findings.ask({
    about: 'unknown-ingress',
    ...(keys.size === 1 ? { workload: [...keys][0]! } : {}),
    says: `${title} sends requests to ${texts.join(', ')}, and ${says}`,
    hint: `read the ingress controller as well, or name it with ${texts.map((text) => `--allow "${usually} -> ${text}"`).join(' ')}`,
    source: object.locate(path),
  });
}
