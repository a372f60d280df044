// Calls that an application makes, and how manifests speak of them: many do, some are only made, and some are written down and
// long out of use.

import type { Application, SimCall, SimEnd, SimNode, SimService, SimWorkload } from './application.ts';
import { behind } from './draw-services.ts';
import type { Random } from './random.ts';
import { declareAddress, declareService } from './write-declarations.ts';

/** What calls are drawn among. */
export interface CallWorld {
  /** Workloads of the application, and those with the cluster's own. */
  readonly own: readonly SimWorkload[];
  readonly workloads: readonly SimWorkload[];
  readonly services: readonly SimService[];
  readonly nodes: readonly SimNode[];
  readonly isDualStack: boolean;
  readonly complete: boolean;
  /** Which parts of the cluster take part. */
  readonly isWanted: Readonly<Record<'dns' | 'scraper' | 'controller' | 'agent' | 'webhook', boolean>>;
}

/** Calls, with the objects that exist for their sake. */
export interface DrawnCalls extends Pick<Application, 'ingresses' | 'monitors' | 'webhooks'> {
  readonly calls: readonly SimCall[];
}

/** Draws the calls of all workloads; writes into workloads what declares them. */
export function drawCalls(random: Random, world: CallWorld): DrawnCalls {
  const calls = [
    ...world.own.flatMap((client) => callsOf(random, world, client)),
    ...world.own.flatMap((workload) => probesOf(random, workload)),
    ...visitors(random, world),
    ...agentCalls(random, world),
  ];
  const scraped = scrapes(random, world);
  const routed = routes(random, world);
  const admitted = admissions(random, world);
  return {
    calls: [...calls, ...scraped.calls, ...routed.calls, ...admitted.calls],
    monitors: scraped.monitors,
    ingresses: routed.ingresses,
    webhooks: admitted.webhooks,
  };
}

const pods = (workload: SimWorkload): SimEnd => ({ is: 'pods', workload });
const at = (address: string): SimEnd => ({ is: 'address', address });

function callsOf(random: Random, world: CallWorld, client: SimWorkload): SimCall[] {
  const { services, isDualStack, isWanted } = world;
  const calls: SimCall[] = [];
  let asksForNames = false;
  const theirs = services.filter(({ namespace }) => namespace !== 'kube-system' && namespace !== 'default');
  const near = theirs.filter(({ namespace }) => namespace === client.namespace || random.chance(0.3));
  for (const service of random.some(near, random.below(4))) {
    const meant = !random.chance(0.08);
    const declared = !meant || random.chance(0.65);
    const made = serviceCalls(random, world, client, service, { meant, called: meant && random.chance(0.9) });
    if (made.length === 0) continue;
    calls.push(...made);
    if (declared) declareService(random, client, service, made[0]!.via?.port ?? 443);
    asksForNames ||= meant;
  }
  if (random.chance(world.complete ? 0.2 : 0.15)) {
    const host = random.between(2, 60);
    const address = isDualStack && random.chance(0.4) ? `2001:db8:5::${host}` : `203.0.113.${host}`;
    const port = random.pick([443, 443, 5432, 8443]);
    if (random.chance(0.5)) declareAddress(random, client, address, port);
    calls.push({
      from: pods(client),
      to: at(address),
      protocol: 'TCP',
      port,
      meant: true,
      called: random.chance(0.85),
    });
  }
  const apiServer = services.find(({ namespace, name }) => namespace === 'default' && name === 'kubernetes')!;
  if (client.usesApiServer) {
    const via = { service: apiServer, port: 443 };
    const [address] = apiServer.endpoints!.addresses;
    calls.push({
      from: pods(client),
      to: at(address!),
      protocol: 'TCP',
      port: 6443,
      via,
      meant: true,
      called: random.chance(0.8),
    });
  }
  const dns = services.find(({ name }) => name === 'kube-dns');
  if (asksForNames && isWanted.dns && dns !== undefined && !client.hostNetwork) {
    const [server] = behind(world.workloads, dns, 53, 'UDP');
    const to = pods(server!.workload);
    const via = { service: dns, port: 53 };
    const both = { from: pods(client), to, port: 53, via, meant: true };
    calls.push({ ...both, protocol: 'UDP', called: random.chance(0.9) });
    if (random.chance(0.3)) calls.push({ ...both, protocol: 'TCP', called: random.chance(0.5) });
  }
  return [...calls, ...peerCalls(random, services, client)];
}

/** A call to a port of a Service is one to each workload behind it. */
function serviceCalls(
  random: Random,
  { workloads }: CallWorld,
  client: SimWorkload,
  service: SimService,
  how: Pick<SimCall, 'meant' | 'called'>,
): SimCall[] {
  const from = pods(client);
  if (service.externalName !== undefined)
    return [{ from, to: at('198.51.100.77'), protocol: 'TCP', port: 443, ...how }];
  const { port, protocol } = random.pick(service.ports);
  const via = { service, port };
  if (service.endpoints !== undefined) {
    return service.endpoints.addresses.map((address) => ({
      from,
      to: at(address),
      protocol,
      port: service.endpoints!.port,
      via,
      ...how,
    }));
  }
  const found = behind(workloads, service, port, protocol);
  if (found.some(({ workload }) => workload === client)) return [];
  return found.map((one) => ({ from, to: pods(one.workload), protocol, port: one.port, via, ...how }));
}

/** Replicas of a StatefulSet that call each other by the names of a headless Service. */
function peerCalls(random: Random, services: readonly SimService[], workload: SimWorkload): SimCall[] {
  const { kind, namespace, name, ports } = workload;
  if (kind !== 'StatefulSet' || workload.pods.length < 2 || !random.chance(0.7)) return [];
  const port = ports.find(({ protocol }) => protocol === 'TCP');
  const home = services.find((one) => one.namespace === namespace && one.name === name && one.headless);
  if (port === undefined || home === undefined) return [];
  if (random.chance(0.6)) {
    const hosts = workload.pods.map((_, i) => `${name}-${i}.${name}.${namespace}.svc.cluster.local:${port.number}`);
    workload.args.push(`--initial-cluster=${hosts.join(',')}`);
  }
  const both = pods(workload);
  return [{ from: both, to: both, protocol: 'TCP', port: port.number, meant: true, called: random.chance(0.9) }];
}

function probesOf(random: Random, workload: SimWorkload): SimCall[] {
  const port = workload.ports.find(({ protocol, declared }) => protocol === 'TCP' && declared);
  if (port === undefined || workload.hostNetwork || !random.chance(0.5)) return [];
  workload.probes.push({ port, byName: port.name !== undefined && random.chance(0.5) });
  return [
    {
      from: { is: 'kubelet' },
      to: pods(workload),
      protocol: 'TCP',
      port: port.number,
      meant: true,
      called: random.chance(0.9),
    },
  ];
}

/** Clients from outside of Services that are open to them; a node stands for them where it hides their addresses. */
function visitors(random: Random, { services, workloads }: CallWorld): SimCall[] {
  const open = services.filter(({ type }) => type === 'NodePort' || type === 'LoadBalancer');
  return open.flatMap((service) => {
    const { port, protocol } = service.ports[0]!;
    const called = random.chance(0.85);
    const from: SimEnd =
      service.externalTrafficPolicy === 'Local' ? at(`198.51.100.${random.between(2, 9)}`) : { is: 'nodes' };
    return behind(workloads, service, port, protocol).flatMap((one): SimCall[] =>
      one.workload.hostNetwork ? [] : [{ from, to: pods(one.workload), protocol, port: one.port, meant: true, called }],
    );
  });
}

function agentCalls(random: Random, world: CallWorld): SimCall[] {
  const agent = world.workloads.find(({ name }) => name === 'node-agent');
  if (agent === undefined) return [];
  const reachable = world.services.filter(
    ({ namespace, selector, headless }) =>
      namespace !== 'kube-system' && namespace !== 'ingress-nginx' && selector !== undefined && !headless,
  );
  return random.some(reachable, 2).flatMap((service) => {
    const made = serviceCalls(random, world, agent, service, { meant: true, called: random.chance(0.9) });
    if (made.length > 0 && random.chance(0.6)) declareService(random, agent, service, made[0]!.via!.port);
    return made;
  });
}

/** Who is asked for metrics: by annotation, by monitor, or without a word. */
function scrapes(
  random: Random,
  { own, workloads, services, complete }: CallWorld,
): Pick<DrawnCalls, 'calls' | 'monitors'> {
  const scraper = workloads.find(({ name, namespace }) => name === 'prometheus' && namespace === 'monitoring');
  const monitors: { service: SimService; port: string }[] = [];
  if (scraper === undefined) return { calls: [], monitors };
  const serving = own.filter(({ ports }) => ports.some(({ protocol }) => protocol === 'TCP'));
  const calls = random.some(serving, complete ? 8 : 2).flatMap((workload): SimCall[] => {
    const port = workload.ports.find(({ protocol }) => protocol === 'TCP')!;
    const service = services.find((one) => one.namespace === workload.namespace && one.name === workload.name);
    const own = service?.ports.find((one) => one.name !== undefined && one.protocol === 'TCP');
    const called = random.chance(0.9);
    const call = (to: SimWorkload, number: number): SimCall => ({
      from: pods(scraper),
      to: pods(to),
      protocol: 'TCP',
      port: number,
      meant: true,
      called,
    });
    if (service !== undefined && own?.name !== undefined && random.chance(0.5)) {
      monitors.push({ service, port: own.name });
      return behind(workloads, service, own.port, 'TCP').map((one) => call(one.workload, one.port));
    }
    if (random.chance(0.5)) {
      workload.annotations['prometheus.io/scrape'] = 'true';
      workload.annotations['prometheus.io/port'] = `${port.number}`;
    }
    return [call(workload, port.number)];
  });
  const agent = workloads.find(({ name }) => name === 'node-agent');
  if (agent !== undefined)
    calls.push({ from: pods(scraper), to: pods(agent), protocol: 'TCP', port: 9100, meant: true, called: true });
  return { calls, monitors };
}

/** Ingresses, and the calls of their controller to what is behind them. */
function routes(random: Random, { workloads, services, complete }: CallWorld): Pick<DrawnCalls, 'calls' | 'ingresses'> {
  const controller = workloads.find(({ name }) => name === 'ingress-nginx-controller');
  if (controller === undefined) return { calls: [], ingresses: [] };
  const fit = services.filter(
    ({ namespace, selector, type, ports }) =>
      namespace !== 'kube-system' &&
      namespace !== 'ingress-nginx' &&
      selector !== undefined &&
      type === 'ClusterIP' &&
      ports.some(({ protocol }) => protocol === 'TCP'),
  );
  const ingresses = random.some(fit, complete ? 4 : 2).map((service) => {
    const { name, port } = service.ports.find(({ protocol }) => protocol === 'TCP')!;
    return { service, number: port, port: name !== undefined && random.chance(0.5) ? name : port };
  });
  const calls = ingresses.flatMap(({ service, number }) =>
    behind(workloads, service, number, 'TCP').flatMap((one): SimCall[] =>
      // Their own node's: no policy is asked.
      [
        {
          from: pods(controller),
          to: pods(one.workload),
          protocol: 'TCP',
          port: one.port,
          meant: true,
          called: random.chance(0.9),
        },
      ],
    ),
  );
  return { calls, ingresses: ingresses.map(({ service, port }) => ({ service, port })) };
}

/** An admission webhook: the API server calls, from its node. */
function admissions(
  random: Random,
  { workloads, services, nodes, isWanted }: CallWorld,
): Pick<DrawnCalls, 'calls' | 'webhooks'> {
  const fit = services.filter(
    ({ namespace, selector, type, headless, ports }) =>
      namespace !== 'kube-system' &&
      namespace !== 'ingress-nginx' &&
      selector !== undefined &&
      type === 'ClusterIP' &&
      !headless &&
      ports[0]!.protocol === 'TCP',
  );
  if (!isWanted.webhook || fit.length === 0) return { calls: [], webhooks: [] };
  const service = random.pick(fit);
  const { port, protocol } = service.ports[0]!;
  const calls = behind(workloads, service, port, protocol).map(
    (one): SimCall => ({
      from: at(nodes[0]!.addresses[0]!),
      to: pods(one.workload),
      protocol: 'TCP',
      port: one.port,
      meant: true,
      called: random.chance(0.9),
    }),
  );
  return { calls, webhooks: [{ service, port }] };
}
