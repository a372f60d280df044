// Metrics that custom resources ask for: ServiceMonitor, PodMonitor, Probe and ScrapeConfig of the Prometheus operator.

import type { Pod } from '../../model/cluster.ts';
import type { Party } from '../../model/evidence.ts';
import { selects } from '../../model/selector.ts';
import type { Path } from '../../model/source.ts';
import type { Protocol } from '../../sets/traffic-set.ts';
import { readValue } from '../addresses/read-value.ts';
import type { EvidenceContext, OtherObject } from '../context.ts';
import { type Fields, fieldsOf, listOf, portOf, textOf, textsOf } from '../json-fields.ts';
import { labelsOf, selectorOf } from '../label-selectors.ts';
import { addNamedAddress } from '../named-address.ts';
import { type Arrival, arrivalsAt, podsBehind } from '../resolve/service-arrivals.ts';
import { type Scraper, scrapersOf, takersOf } from '../scrapers.ts';
import type { EvidenceSource, Findings } from '../source-of-evidence.ts';

const GROUPS = ['monitoring.coreos.com', 'monitoring.rhobs'];

/** One kind of monitor: the field of Prometheus that chooses it, and what it asks for. */
const KINDS: readonly (readonly [kind: string, field: string, add: typeof addServiceMonitor])[] = [
  ['ServiceMonitor', 'serviceMonitor', addServiceMonitor],
  ['PodMonitor', 'podMonitor', addPodMonitor],
  ['Probe', 'probe', addProbe],
  ['ScrapeConfig', 'scrapeConfig', addScrapeConfig],
];

/** See the file's head. A monitor that no Prometheus here takes is a question: who scrapes is then not known. */
export const monitors: EvidenceSource = (context, findings) => {
  if (KINDS.every(([kind]) => context.othersOf(kind, ...GROUPS).length === 0)) return;
  const scrapers = scrapersOf(context);
  for (const [kind, field, add] of KINDS) {
    for (const monitor of context.othersOf(kind, ...GROUPS)) {
      const title = `${kind} ${monitor.namespace}/${monitor.name}`;
      const takers = takersOf(context, scrapers, monitor, field);
      const [only, ...more] = scrapers;
      // Without objects of the operator, the one collector that runs here is who they are for.
      const from = takers.length > 0 ? takers : only !== undefined && more.length === 0 && !only.operator ? [only] : [];
      if (from.length === 0) {
        findings.ask({
          about: 'unknown-scraper',
          says: `${title} is taken by no Prometheus here`,
          hint: 'read Prometheus as well, or say who scrapes with --allow "monitoring/NAME -> NAMESPACE/NAME:PORT"',
          source: monitor.object.locate(['kind']),
        });
        continue;
      }
      add(context, findings, { monitor, title, from });
    }
  }
};

interface Taken {
  readonly monitor: OtherObject;
  readonly title: string;
  readonly from: readonly Scraper[];
}

function addServiceMonitor(context: EvidenceContext, findings: Findings, taken: Taken): void {
  const spec = fieldsOf(taken.monitor.object.value['spec']);
  const selector = selectorOf(spec['selector']) ?? { op: 'and', of: [] };
  const names = namespacesOf(spec, taken.monitor.namespace);
  const among = names === 'any' ? context.cluster.services : names.flatMap((one) => context.servicesIn(one));
  const services = among.filter((one) => selects(selector, labelsOf(one.object.value)));
  const isForApi = (one: { namespace: string; name: string }) =>
    one.namespace === 'default' && one.name === 'kubernetes';
  // Kubernetes gives the Service of the API server these labels; manifests hardly ever show it.
  const meansApi =
    (names === 'any' || names.includes('default')) &&
    selects(selector, { component: 'apiserver', provider: 'kubernetes' }) &&
    selector.op === 'and' &&
    selector.of.length > 0;
  if (meansApi) addApiServer(findings, taken);
  if (services.length === 0 && !meansApi) {
    askNothing(findings, taken, 'selects no Service here');
    return;
  }
  listOf(spec['endpoints']).forEach((item, index) => {
    const endpoint = fieldsOf(item);
    for (const service of services) {
      if (isForApi(service)) continue;
      const name = textOf(endpoint['port']);
      const target = endpoint['targetPort'];
      const path: Path = ['spec', 'endpoints', index];
      if (name === undefined && target !== undefined) {
        for (const pod of podsBehind(context, service)) addTarget(findings, taken, path, pod, target);
        continue;
      }
      const { arrivals, problems } = arrivalsAt(context, service, name === undefined ? {} : { name });
      for (const arrival of arrivals) addArrival(findings, taken, path, arrival);
      for (const { says } of arrivals.length > 0 ? [] : problems) askNothing(findings, taken, `leads nowhere: ${says}`);
    }
  });
}

function addPodMonitor(context: EvidenceContext, findings: Findings, taken: Taken): void {
  const spec = fieldsOf(taken.monitor.object.value['spec']);
  const selector = selectorOf(spec['selector']) ?? { op: 'and', of: [] };
  const names = namespacesOf(spec, taken.monitor.namespace);
  const among = names === 'any' ? context.cluster.pods : names.flatMap((one) => context.podsIn(one));
  const pods = among.filter((pod) => selects(selector, pod.labels));
  if (pods.length === 0) askNothing(findings, taken, 'selects no pod here');
  listOf(spec['podMetricsEndpoints']).forEach((item, index) => {
    const endpoint = fieldsOf(item);
    const target = endpoint['portNumber'] ?? endpoint['port'] ?? endpoint['targetPort'];
    for (const pod of pods) addTarget(findings, taken, ['spec', 'podMetricsEndpoints', index], pod, target);
  });
}

/** The prober is asked by Prometheus, and asks the targets itself. */
function addProbe(context: EvidenceContext, findings: Findings, taken: Taken): void {
  const spec = fieldsOf(taken.monitor.object.value['spec']);
  const url = textOf(fieldsOf(spec['prober'])['url']);
  if (url !== undefined) addUrl(context, findings, taken, ['spec', 'prober', 'url'], url, 80);
}

function addScrapeConfig(context: EvidenceContext, findings: Findings, taken: Taken): void {
  listOf(fieldsOf(taken.monitor.object.value['spec'])['staticConfigs']).forEach((item, index) => {
    textsOf(fieldsOf(item)['targets']).forEach((target, position) => {
      addUrl(context, findings, taken, ['spec', 'staticConfigs', index, 'targets', position], target, 80);
    });
  });
}

function addUrl(
  context: EvidenceContext,
  findings: Findings,
  { monitor, title, from }: Taken,
  path: Path,
  text: string,
  fallback: number,
): void {
  for (const { party, namespace, title: caller } of from) {
    for (const mention of readValue(text)) {
      const { port = fallback } = mention;
      const key = party.type === 'workload' ? { key: party.key } : {};
      addNamedAddress(
        context,
        findings,
        {
          caller: { party, namespace, title: caller, ...key },
          kind: 'scrape',
          name: 'target',
          subject: `${title}, which ${caller} takes,`,
          isText: false,
          source: () => monitor.object.locate(path),
        },
        { ...mention, port },
      );
    }
  }
}

function addTarget(findings: Findings, taken: Taken, path: Path, pod: Pod, target: unknown): void {
  const number = portOf(target);
  const ports =
    number !== undefined
      ? [{ protocol: 'TCP' as const, number }]
      : pod.ports.filter((own) => own.name === target && own.protocol === 'TCP' && own.from !== 'init');
  for (const one of ports) {
    const to: Party = { type: 'workload', key: pod.workload };
    addEdge(findings, taken, path, to, one.protocol, [one.number, one.number]);
  }
}

function addArrival(findings: Findings, taken: Taken, path: Path, { to, protocol, ports, via }: Arrival): void {
  addEdge(findings, taken, path, to, protocol, ports, via);
}

function addEdge(
  findings: Findings,
  { monitor, title, from }: Taken,
  path: Path,
  to: Party,
  protocol: Protocol,
  ports: Arrival['ports'],
  via?: Arrival['via'],
): void {
  for (const scraper of from) {
    findings.add({
      from: scraper.party,
      to,
      protocol,
      ports,
      kind: 'scrape',
      confidence: 'likely',
      says: `${title}, which ${scraper.title} takes, asks for metrics on port ${ports[0]}`,
      source: monitor.object.locate(path),
      ...(via === undefined ? {} : { via }),
    });
  }
}

function addApiServer(findings: Findings, { monitor, title, from }: Taken): void {
  for (const scraper of from) {
    findings.add({
      from: scraper.party,
      to: { type: 'api-server' },
      protocol: 'TCP',
      ports: [443, 443],
      kind: 'scrape',
      confidence: 'likely',
      says: `${title}, which ${scraper.title} takes, asks the API server for metrics`,
      source: monitor.object.locate(['spec', 'selector']),
    });
  }
}

function askNothing(findings: Findings, { monitor, title, from }: Taken, what: string): void {
  const [first] = from;
  findings.ask({
    about: 'no-endpoints',
    ...(first?.party.type === 'workload' ? { workload: first.party.key } : {}),
    says: `${title} ${what}`,
    hint: 'read what it is about as well, or say whom it means with --allow "MONITORING/NAME -> NAMESPACE/NAME:PORT"',
    source: monitor.object.locate(['spec', 'selector']),
  });
}

/** Namespaces that a monitor is about: those named, any, or its own. */
function namespacesOf(spec: Fields, own: string): 'any' | readonly string[] {
  const choice = fieldsOf(spec['namespaceSelector']);
  if (choice['any'] === true) return 'any';
  const names = textsOf(choice['matchNames']);
  return names.length > 0 ? [...new Set(names)] : [own];
}
