// Who collects metrics: Prometheus objects of its operator, with the monitors that they take, and workloads that run a
// collector. Knows no monitor's fields.

import type { OperatorObject, Workload } from '../model/cluster.ts';
import type { Party } from '../model/evidence.ts';
import { type Labels, labelOf, selects } from '../model/selector.ts';
import type { EvidenceContext, OtherObject } from './context.ts';
import { fieldsOf, textOf } from './json-fields.ts';
import { labelsOf, selectorOf } from './label-selectors.ts';
import { containersOf, podSpecs, titleOfWorkload } from './pod-specs.ts';
import { groupOfApiVersion } from './resolve/group-of.ts';
import { operatorParty } from './resolve/operator-pods.ts';

/** One that collects metrics. */
export interface Scraper {
  readonly party: Party;
  /** `Prometheus monitoring/k8s`, `monitoring/prometheus`. */
  readonly title: string;
  readonly namespace: string;
  /** The object of the operator; absent for a workload that is recognised by its image. */
  readonly operator?: OperatorObject;
}

/** Names of images that scrape by themselves. */
const IMAGES = /(?:^|\/)(?:prometheus|vmagent|grafana-agent|agent-flow|alloy)(?:[:@]|$)/;

/** All that collect metrics here, objects of operators first. */
export function scrapersOf(context: EvidenceContext): readonly Scraper[] {
  return context.remember('scrapers', '', () => findScrapers(context));
}

function findScrapers(context: EvidenceContext): readonly Scraper[] {
  const made = context.cluster.operatorObjects.flatMap((one): Scraper[] => {
    if (groupOfApiVersion(one.object.value['apiVersion']) !== 'monitoring.coreos.com') return [];
    if (one.kind !== 'Prometheus' && one.kind !== 'PrometheusAgent') return [];
    const party = operatorParty(context, one);
    const title = `${one.kind} ${one.namespace}/${one.name}`;
    return party === undefined ? [] : [{ party, title, namespace: one.namespace, operator: one }];
  });
  const ofOperators = new Set(made.flatMap(({ party }) => (party.type === 'workload' ? [party.key] : [])));
  const recognised = [...context.cluster.workloads.values()].filter(
    (workload) => !ofOperators.has(workload.key) && isScraper(context, workload),
  );
  return [
    ...made,
    ...recognised.map((workload): Scraper => {
      const party: Party = { type: 'workload', key: workload.key };
      return { party, title: titleOfWorkload(workload), namespace: workload.namespace };
    }),
  ];
}

function isScraper(context: EvidenceContext, workload: Workload): boolean {
  const [pod] = context.podsOf(workload.key);
  if (pod === undefined) return false;
  const component =
    labelOf(pod.labels, 'app.kubernetes.io/component') ?? labelOf(pod.labels, 'component') ?? 'prometheus';
  const isNamed = ['app.kubernetes.io/name', 'app', 'k8s-app'].some((key) => labelOf(pod.labels, key) === 'prometheus');
  if (isNamed && (component === 'prometheus' || component === 'server')) return true;
  return podSpecs(context, workload).some((spec) =>
    containersOf(spec).some(({ fields, list }) => list === 'container' && IMAGES.test(textOf(fields['image']) ?? '')),
  );
}

/** The scrapers that take a monitor; `field` is that of the Prometheus object for its kind: `serviceMonitor`. */
export function takersOf(
  context: EvidenceContext,
  scrapers: readonly Scraper[],
  monitor: OtherObject,
  field: string,
): readonly Scraper[] {
  const labels = labelsOf(monitor.object.value);
  return scrapers.filter(({ operator, namespace }) => {
    const spec = fieldsOf(operator?.object.value['spec']);
    // "An empty label selector matches all objects. A null label selector matches no objects."
    const chosen = selectorOf(spec[`${field}Selector`]);
    if (operator === undefined || chosen === undefined || !selects(chosen, labels)) return false;
    const namespaces = selectorOf(spec[`${field}NamespaceSelector`]);
    // "A null label selector matches the current namespace only."
    if (namespaces === undefined) return monitor.namespace === namespace;
    return selects(namespaces, namespaceLabels(context, monitor.namespace));
  });
}

/** Labels of a namespace; without its object only its name. */
export function namespaceLabels({ cluster }: EvidenceContext, name: string): Labels {
  return cluster.namespaces.get(name)?.labels ?? { 'kubernetes.io/metadata.name': name };
}
