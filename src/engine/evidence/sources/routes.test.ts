// Who brings traffic of Ingresses, Gateways and Routes to pods.

import { describe, expect, it } from 'vitest';
import { edgesOf, evidenceOf } from '../../../../test/support/evidence.ts';
import { deployment, object, service } from '../../../../test/support/scenario.ts';
import { routes } from './routes.ts';

const WEB: readonly string[] = [
  deployment('shop/web', 'app=web', 'http=8080'),
  service('shop/web', '{selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}'),
];
const ingress = (more = '', backend = 'service: {name: web, port: {number: 80}}', annotations = '') =>
  object(
    'networking.k8s.io/v1',
    'Ingress',
    'shop/in',
    `{${more} rules: [{http: {paths: [{backend: {${backend}}}]}}]}`,
  ).replace('metadata: {', `metadata: {annotations: {${annotations}}, `);
const ingressClass = (name: string, controller: string, isDefault = false) =>
  object('networking.k8s.io/v1', 'IngressClass', name, `{controller: ${controller}}`).replace(
    'metadata: {',
    `metadata: {annotations: {ingressclass.kubernetes.io/is-default-class: "${isDefault}"}, `,
  );
const NGINX = deployment('edge/nginx', 'app.kubernetes.io/name=ingress-nginx,app.kubernetes.io/component=controller');
const TRAEFIK = deployment('kube-system/traefik', 'app.kubernetes.io/name=traefik');
const EDGE = 'edge/nginx -> shop/web:8080/TCP';

describe('Ingresses', () => {
  it.each<[what: string, texts: string[], ...edges: string[]]>([
    ['by the name of a class', [ingress('ingressClassName: nginx,'), NGINX, TRAEFIK], EDGE],
    [
      'by the controller of a class',
      [ingress('ingressClassName: own,'), ingressClass('own', 'k8s.io/ingress-nginx'), NGINX, TRAEFIK],
      EDGE,
    ],
    ['by the default class', [ingress(), ingressClass('own', 'k8s.io/ingress-nginx', true), NGINX, TRAEFIK], EDGE],
    ['by the only controller', [ingress(), NGINX], EDGE],
    [
      'by an annotation',
      [ingress('', undefined, 'kubernetes.io/ingress.class: traefik'), NGINX, TRAEFIK],
      'kube-system/traefik -> shop/web:8080/TCP',
    ],
    [
      'with a named port',
      [ingress('ingressClassName: nginx,', 'service: {name: web, port: {name: http}}'), NGINX],
      EDGE,
    ],
    [
      'by published addresses of a cloud',
      [ingress('ingressClassName: gce,')],
      '35.191.0.0/16,130.211.0.0/22 -> shop/web:8080/TCP',
    ],
  ])('%s', (_what, texts, ...edges) => {
    const found = evidenceOf([...WEB, ...texts], routes);
    expect(edgesOf(found)).toEqual(edges);
    expect(found.questions).toEqual([]);
  });

  it.each<[what: string, texts: string[], says: string]>([
    [
      'no controller',
      [ingress('ingressClassName: nginx,')],
      'Ingress shop/in sends requests to shop/web:8080, and no pod of ingress-nginx is here',
    ],
    [
      'an unknown class',
      [ingress('ingressClassName: own,'), NGINX],
      'Ingress shop/in sends requests to shop/web:8080, and its class "own" belongs to no controller that is known here',
    ],
    [
      'two kinds of controller and no class',
      [ingress(), NGINX, TRAEFIK],
      'Ingress shop/in sends requests to shop/web:8080, and it names no class',
    ],
    [
      'a load balancer of the user’s subnets',
      [ingress('ingressClassName: alb,', undefined, 'alb.ingress.kubernetes.io/target-type: ip')],
      'Ingress shop/in sends requests to shop/web:8080, and an Application Load Balancer of AWS serves it and goes to pods directly, from addresses that the cluster does not show',
    ],
    [
      'a Service that is not here',
      [ingress('ingressClassName: nginx,', 'service: {name: gone, port: {number: 80}}'), NGINX],
      'Ingress shop/in sends requests nowhere: no Service shop/gone is here',
    ],
  ])('%s is a question', (_what, texts, says) => {
    const found = evidenceOf([...WEB, ...texts], routes);
    expect(found.evidence).toEqual([]);
    expect(found.questions.map((one) => one.says)).toEqual([says]);
  });

  it('names the flag that settles it', () => {
    const [question] = evidenceOf([...WEB, ingress('ingressClassName: nginx,')], routes).questions;
    expect(question?.hint).toContain('--allow "ingress-nginx/ingress-nginx-controller -> shop/web:8080"');
    expect(question?.workload).toBe('shop/Deployment.apps/web');
  });

  it('tells two controllers of one kind apart by their classes', () => {
    const other = (name: string) =>
      object(
        'apps/v1',
        'Deployment',
        `edge/${name}`,
        `{template: {metadata: {labels: {app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller}}, spec: {containers: [{name: c, args: [--ingress-class=${name}]}]}}}`,
      );
    const two = [other('internal'), other('external'), ingressClass('internal', 'k8s.io/ingress-nginx')];
    expect(edgesOf(evidenceOf([...WEB, ...two, ingress('ingressClassName: internal,')], routes))).toEqual([
      'edge/internal -> shop/web:8080/TCP',
    ]);
    expect(evidenceOf([...WEB, other('a'), other('b'), ingress('ingressClassName: nginx,')], routes).evidence).toEqual(
      [],
    );
  });
});

describe('Gateways and Routes', () => {
  const V1 = 'gateway.networking.k8s.io/v1';
  const gateway = object(
    V1,
    'Gateway',
    'shop/gw',
    '{gatewayClassName: own, listeners: [{name: a, port: 80, protocol: HTTP}]}',
  );
  const route = object(
    V1,
    'HTTPRoute',
    'shop/r',
    '{parentRefs: [{name: gw}], rules: [{backendRefs: [{name: web, port: 80}]}]}',
  );
  const gatewayClass = (controller: string) => object(V1, 'GatewayClass', 'own', `{controllerName: ${controller}}`);

  it.each<[what: string, texts: string[], ...edges: string[]]>([
    [
      'pods made for the Gateway',
      [gateway, deployment('shop/gw-istio', 'gateway.networking.k8s.io/gateway-name=gw')],
      'shop/gw-istio -> shop/web:8080/TCP',
    ],
    [
      'pods of the controller of its class',
      [gateway, gatewayClass('traefik.io/gateway-controller'), TRAEFIK],
      'kube-system/traefik -> shop/web:8080/TCP',
    ],
    [
      'published addresses of a cloud',
      [gateway, gatewayClass('networking.gke.io/gateway')],
      '35.191.0.0/16,130.211.0.0/22 -> shop/web:8080/TCP',
    ],
  ])('%s', (_what, texts, ...edges) => {
    expect(edgesOf(evidenceOf([...WEB, route, ...texts], routes))).toEqual(edges);
  });

  it('a Gateway that does not take the route brings nothing', () => {
    const closed = object(
      V1,
      'Gateway',
      'edge/gw',
      '{gatewayClassName: own, listeners: [{name: a, port: 80, protocol: HTTP}]}',
    );
    const far = route.replace('{name: gw}', '{name: gw, namespace: edge}');
    const found = evidenceOf([...WEB, far, closed, gatewayClass('traefik.io/gateway-controller'), TRAEFIK], routes);
    expect(found).toEqual({ evidence: [], questions: [] });
  });

  it.each<[what: string, spec: string, ...edges: string[]]>([
    ['all ports', '{to: {kind: Service, name: web}}', 'ops/router -> shop/web:8080/TCP'],
    [
      'by the name of the Service’s port',
      '{to: {kind: Service, name: web}, port: {targetPort: http}}',
      'ops/router -> shop/web:8080/TCP',
    ],
    [
      'by the number of the endpoints’',
      '{to: {kind: Service, name: web}, port: {targetPort: 8080}}',
      'ops/router -> shop/web:8080/TCP',
    ],
    ['a number that no endpoint has', '{to: {kind: Service, name: web}, port: {targetPort: 80}}'],
  ])('OpenShift: %s', (_what, spec, ...edges) => {
    const router = deployment(
      'ops/router',
      'ingresscontroller.operator.openshift.io/deployment-ingresscontroller=default',
    );
    const own = object('route.openshift.io/v1', 'Route', 'shop/r', spec);
    expect(edgesOf(evidenceOf([...WEB, own, router], routes))).toEqual(edges);
  });
});
