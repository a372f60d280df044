// Pods of a platform that call others: controllers behind Ingresses and collectors of metrics, by labels and images that
// their charts give them. Whom they call is declared evidence; here is only that they are there.

import { labelOf } from '../model/selector.ts';
import type { State } from '../state.ts';
import { type Component, componentsOf, containersOf, placeOf, titleOf } from './components.ts';
import { type Known, shown } from './fact.ts';
import type { AddOn } from './platform-facts.ts';

/** One product: pods with one of the labels, or an image whose name ends so. */
interface Product {
  readonly title: string;
  readonly labels: readonly (readonly [key: string, value: string])[];
  readonly images: readonly string[];
}

// Labels are those of the projects' own charts and manifests.
const CONTROLLERS: readonly Product[] = [
  {
    title: 'ingress-nginx',
    labels: [
      ['app.kubernetes.io/name', 'ingress-nginx'],
      ['app.kubernetes.io/name', 'rke2-ingress-nginx'],
    ],
    images: ['ingress-nginx/controller'],
  },
  { title: 'Traefik', labels: [['app.kubernetes.io/name', 'traefik']], images: [] },
  {
    title: 'HAProxy',
    labels: [['app.kubernetes.io/name', 'kubernetes-ingress']],
    images: ['haproxytech/kubernetes-ingress'],
  },
  {
    title: 'Contour',
    labels: [
      ['app', 'envoy'],
      ['app.kubernetes.io/component', 'envoy'],
    ],
    images: [],
  },
  {
    title: 'Istio gateway',
    labels: [
      ['istio', 'ingressgateway'],
      ['gateway.networking.k8s.io/gateway-class-name', 'istio'],
    ],
    images: [],
  },
  {
    title: 'OpenShift router',
    labels: [['ingresscontroller.operator.openshift.io/deployment-ingresscontroller', 'default']],
    images: [],
  },
  {
    title: 'Kong',
    labels: [
      ['app.kubernetes.io/name', 'kong'],
      ['app.kubernetes.io/name', 'ingress'],
    ],
    images: [],
  },
];

const MONITORING: readonly Product[] = [
  {
    title: 'Prometheus',
    labels: [
      ['app.kubernetes.io/name', 'prometheus'],
      ['app', 'prometheus'],
    ],
    images: ['prom/prometheus', 'prometheus/prometheus'],
  },
  { title: 'Grafana Alloy', labels: [['app.kubernetes.io/name', 'alloy']], images: ['grafana/alloy'] },
  { title: 'Grafana Agent', labels: [['app.kubernetes.io/name', 'grafana-agent']], images: ['grafana/agent'] },
  {
    title: 'VictoriaMetrics agent',
    labels: [
      ['app.kubernetes.io/name', 'vmagent'],
      ['app.kubernetes.io/name', 'victoria-metrics-agent'],
    ],
    images: ['victoriametrics/vmagent'],
  },
  {
    title: 'OpenTelemetry Collector',
    labels: [['app.kubernetes.io/name', 'opentelemetry-collector']],
    images: ['opentelemetry-collector-contrib'],
  },
  {
    title: 'metrics-server',
    labels: [
      ['k8s-app', 'metrics-server'],
      ['app.kubernetes.io/name', 'metrics-server'],
    ],
    images: [],
  },
  {
    title: 'Datadog agent',
    labels: [
      ['app.kubernetes.io/name', 'datadog-agent-deployment'],
      ['app', 'datadog'],
    ],
    images: ['datadog/agent'],
  },
];

/** Controllers behind Ingresses and Gateways, in the order of workloads. */
export function findIngressControllers(state: State): readonly Known<AddOn>[] {
  return find(state, CONTROLLERS);
}

/** Collectors of metrics. */
export function findMonitoring(state: State): readonly Known<AddOn>[] {
  return find(state, MONITORING);
}

function find(state: State, products: readonly Product[]): readonly Known<AddOn>[] {
  return [...componentsOf(state).values()].flatMap((component): Known<AddOn>[] => {
    const found = products.map((product) => matchOf(product, component)).find((one) => one !== undefined);
    return found === undefined ? [] : [found];
  });
}

function matchOf({ title, labels, images }: Product, component: Component): Known<AddOn> | undefined {
  const [pod] = component.pods;
  const addOn: AddOn = { title, workload: component.workload.key };
  const label = labels.find(([key, value]) => labelOf(pod!.labels, key) === value);
  const name = titleOf(component.workload);
  // `envoy` is any Envoy; Contour's stands beside Contour.
  if (label !== undefined && (title !== 'Contour' || pod!.namespace === 'projectcontour')) {
    return shown(addOn, `${name} with label ${label[0]}=${label[1]}`, placeOf(component));
  }
  if (images.length === 0) return undefined;
  const image = containersOf(pod!)
    .map((container) => container.image.replace(/[:@].*$/, ''))
    .find((one) => images.some((suffix) => one.endsWith(suffix)));
  return image === undefined ? undefined : shown(addOn, `${name} with image ${image}`, placeOf(component));
}
