// Ingress and Gateway controllers that are known: how to tell their pods, and by which names objects ask for them.
// A table of facts; what they serve is decided elsewhere.

import type { Labels } from '../model/selector.ts';

/** One kind of controller. */
export interface IngressController {
  /** For sentences. */
  readonly name: string;
  /** `spec.controller` of its IngressClass, `spec.controllerName` of its GatewayClass; without what follows a slash at the end. */
  readonly controllers: readonly string[];
  /** Names of IngressClasses that mean it where no IngressClass says otherwise. */
  readonly classes: readonly string[];
  /** Label sets of the pods that carry the traffic: any of them. Empty value: any value. */
  readonly labels: readonly Labels[];
  /** The name of an image that only such a pod runs; absent: none. */
  readonly image?: RegExp;
  /** Where an installation by its own documentation puts the pods, as `--allow` names them. */
  readonly usually: string;
}

/** Controllers whose traffic comes from pods, from the installation manifests and charts of each project. */
export const INGRESS_CONTROLLERS: readonly IngressController[] = [
  {
    name: 'ingress-nginx',
    controllers: ['k8s.io/ingress-nginx'],
    classes: ['nginx'],
    labels: [
      { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
      { 'app.kubernetes.io/name': 'rke2-ingress-nginx', 'app.kubernetes.io/component': 'controller' },
    ],
    image: /ingress-nginx\/controller|nginx-ingress-controller(?:[:@]|$)/,
    usually: 'ingress-nginx/ingress-nginx-controller',
  },
  {
    name: 'NGINX Ingress Controller',
    controllers: ['nginx.org/ingress-controller'],
    classes: [],
    labels: [{ 'app.kubernetes.io/name': 'nginx-ingress' }, { app: 'nginx-ingress' }],
    image: /nginx\/nginx-(?:plus-)?ingress(?:[:@]|$)/,
    usually: 'nginx-ingress/nginx-ingress',
  },
  {
    name: 'Traefik',
    controllers: ['traefik.io/ingress-controller', 'traefik.io/gateway-controller'],
    classes: ['traefik'],
    labels: [{ 'app.kubernetes.io/name': 'traefik' }],
    image: /(?:^|\/)(?:mirrored-library-)?traefik(?:[:@]|$)/,
    usually: 'kube-system/traefik',
  },
  {
    name: 'HAProxy Kubernetes Ingress Controller',
    controllers: ['haproxy.org/ingress-controller'],
    classes: [],
    labels: [{ 'app.kubernetes.io/name': 'kubernetes-ingress' }, { run: 'haproxy-ingress' }],
    image: /haproxytech\/kubernetes-ingress(?:[:@]|$)/,
    usually: 'haproxy-controller/haproxy-kubernetes-ingress',
  },
  {
    name: 'HAProxy Ingress',
    controllers: ['haproxy-ingress.github.io/controller'],
    classes: ['haproxy'],
    labels: [{ 'app.kubernetes.io/name': 'haproxy-ingress' }],
    image: /jcmoraisjr\/haproxy-ingress(?:[:@]|$)/,
    usually: 'ingress-controller/haproxy-ingress',
  },
  {
    name: 'Contour',
    controllers: ['projectcontour.io/ingress-controller', 'projectcontour.io/gateway-controller'],
    classes: ['contour'],
    // Contour itself is the control plane; traffic goes through its Envoys.
    labels: [{ app: 'envoy' }, { 'app.kubernetes.io/name': 'contour', 'app.kubernetes.io/component': 'envoy' }],
    usually: 'projectcontour/envoy',
  },
  {
    name: 'Istio',
    controllers: ['istio.io/ingress-controller', 'istio.io/gateway-controller'],
    classes: ['istio'],
    labels: [{ istio: 'ingressgateway' }],
    usually: 'istio-system/istio-ingressgateway',
  },
  {
    name: 'Kong',
    controllers: ['ingress-controllers.konghq.com/kong', 'konghq.com/kic-gateway-controller'],
    classes: ['kong'],
    labels: [
      { 'app.kubernetes.io/name': 'kong' },
      { 'app.kubernetes.io/name': 'gateway', 'app.kubernetes.io/instance': 'kong' },
      { app: 'proxy-kong' },
    ],
    usually: 'kong/kong-gateway',
  },
  {
    name: 'Envoy Gateway',
    controllers: ['gateway.envoyproxy.io/gatewayclass-controller'],
    classes: [],
    labels: [{ 'gateway.envoyproxy.io/owning-gateway-name': '' }],
    usually: 'envoy-gateway-system/envoy',
  },
  {
    name: 'the OpenShift router',
    controllers: ['openshift.io/ingress-to-route'],
    classes: ['openshift-default'],
    labels: [{ 'ingresscontroller.operator.openshift.io/deployment-ingresscontroller': '' }],
    usually: 'openshift-ingress/router-default',
  },
];

/** Load balancers of clouds that serve Ingresses themselves: no pod carries their traffic. */
export interface CloudIngress {
  readonly name: string;
  readonly controllers: readonly string[];
  readonly classes: readonly string[];
  /** Addresses that it connects from, where the provider publishes them; absent: subnets of the user's own. */
  readonly cidrs?: readonly [string, ...string[]];
}

/**
 * Google's proxies and health checks connect from 35.191.0.0/16 and 130.211.0.0/22
 * (https://cloud.google.com/load-balancing/docs/health-check-concepts#ip-ranges); internal ones from a subnet of the user's.
 */
export const CLOUD_INGRESSES: readonly CloudIngress[] = [
  {
    name: 'Google Cloud load balancing',
    controllers: ['networking.gke.io/gateway'],
    classes: ['gce'],
    cidrs: ['35.191.0.0/16', '130.211.0.0/22'],
  },
  { name: 'an internal load balancer of Google Cloud', controllers: [], classes: ['gce-internal'] },
  {
    name: 'an Application Load Balancer of AWS',
    controllers: ['ingress.k8s.aws/alb', 'eks.amazonaws.com/alb', 'gateway.k8s.aws/alb'],
    classes: ['alb'],
  },
  {
    name: 'an Application Gateway of Azure',
    controllers: ['azure/application-gateway', 'alb.networking.azure.io/alb-controller'],
    classes: ['azure-application-gateway', 'azure/application-gateway'],
  },
  {
    name: 'Cilium on the node',
    controllers: ['cilium.io/ingress-controller', 'io.cilium/gateway-controller'],
    classes: ['cilium'],
  },
];
