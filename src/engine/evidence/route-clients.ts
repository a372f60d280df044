// Who carries the traffic of an Ingress, a Gateway or a Route into the cluster: pods of a controller that the snapshot has,
// a load balancer with published addresses, or nobody that is known. Knows no route.

import type { IngressRoute, Workload } from '../model/cluster.ts';
import type { Party } from '../model/evidence.ts';
import type { Gateway } from '../model/gateway.ts';
import { type Labels, labelOf } from '../model/selector.ts';
import type { EvidenceContext } from './context.ts';
import {
  CLOUD_INGRESSES,
  type CloudIngress,
  INGRESS_CONTROLLERS,
  type IngressController,
} from './ingress-controllers.ts';
import { fieldsOf, listOf, textOf } from './json-fields.ts';
import { annotationsOf } from './label-selectors.ts';
import { containersOf, podSpecs } from './pod-specs.ts';

/** Who carries it. `usually`, for a hint: where such pods are. */
export type RouteClients =
  | { readonly known: readonly Party[]; readonly name: string }
  | { readonly known: undefined; readonly says: string; readonly usually: string };

const ANY = 'ingress-nginx/ingress-nginx-controller';

/** Who serves an Ingress: by its class, else by the default class, else by the one controller that runs here. */
export function clientsOfIngress(context: EvidenceContext, { className, object }: IngressRoute): RouteClients {
  const classes = context.othersOf('IngressClass', 'networking.k8s.io', 'extensions');
  const isDefault = ({ object: one }: (typeof classes)[number]) =>
    annotationsOf(one.value).get('ingressclass.kubernetes.io/is-default-class') === 'true';
  const chosen = className === undefined ? classes.find(isDefault) : classes.find(({ name }) => name === className);
  const controller = textOf(fieldsOf(chosen?.object.value['spec'])['controller']);
  const name = chosen?.name ?? className;
  const cloud = find(CLOUD_INGRESSES, controller, name);
  if (cloud !== undefined) return ofCloud(cloud, annotationsOf(object.value));
  const entry = find(INGRESS_CONTROLLERS, controller, name);
  if (entry !== undefined) return ofController(context, entry, name);
  if (name !== undefined) return unknown(`its class "${name}" belongs to no controller that is known here`);
  return ofAnyController(context, 'it names no class');
}

/** Who serves a Gateway: pods made for it, which say so, else pods of the controller of its class. */
export function clientsOfGateway(context: EvidenceContext, namespace: string, name: string): RouteClients {
  return context.remember('gateway-clients', `${namespace}/${name}`, () =>
    findGatewayClients(context, namespace, name),
  );
}

function findGatewayClients(context: EvidenceContext, namespace: string, name: string): RouteClients {
  const gateway = context.cluster.gatewayApi.gateways.find((one) => one.namespace === namespace && one.name === name);
  const made = workloadsWith(context, [
    { 'gateway.networking.k8s.io/gateway-name': name },
    { 'gateway.envoyproxy.io/owning-gateway-name': name, 'gateway.envoyproxy.io/owning-gateway-namespace': namespace },
  ]).filter(
    (one) =>
      one.namespace === namespace || carries(context, one, [{ 'gateway.envoyproxy.io/owning-gateway-name': name }]),
  );
  if (made.length > 0) return { known: made.map(asParty), name: `Gateway ${namespace}/${name}` };
  const controller = gateway === undefined ? undefined : controllerOf(context, gateway);
  if (controller === undefined)
    return ofAnyController(context, `Gateway ${namespace}/${name} or its class is not here`);
  const cloud = find(CLOUD_INGRESSES, controller, undefined);
  if (cloud !== undefined) return ofCloud(cloud, new Map());
  const entry = find(INGRESS_CONTROLLERS, controller, undefined);
  return entry === undefined
    ? unknown(`its controller "${controller}" is not known here`)
    : ofController(context, entry, undefined);
}

/** Who serves OpenShift's Routes: the router. */
export function clientsOfRoute(context: EvidenceContext): RouteClients {
  return ofController(context, INGRESS_CONTROLLERS.find(({ controllers }) => controllers.includes(ROUTER))!, undefined);
}

const ROUTER = 'openshift.io/ingress-to-route';

function controllerOf(context: EvidenceContext, { object }: Gateway): string | undefined {
  const className = textOf(fieldsOf(object.value['spec'])['gatewayClassName']);
  const own = context.othersOf('GatewayClass', 'gateway.networking.k8s.io').find(({ name }) => name === className);
  const written = textOf(fieldsOf(own?.object.value['spec'])['controllerName']);
  if (written !== undefined || className === undefined) return written;
  // Classes that a provider installs are called the same everywhere.
  if (/^gke-/.test(className)) return 'networking.gke.io/gateway';
  return [...INGRESS_CONTROLLERS, ...CLOUD_INGRESSES]
    .find(({ classes }) => classes.includes(className))
    ?.controllers.at(-1);
}

function find<T extends { readonly controllers: readonly string[]; readonly classes: readonly string[] }>(
  entries: readonly T[],
  controller: string | undefined,
  className: string | undefined,
): T | undefined {
  const isSame = (one: string) => controller === one || controller?.startsWith(`${one}/`) === true;
  if (controller !== undefined) return entries.find(({ controllers }) => controllers.some(isSame));
  return className === undefined ? undefined : entries.find(({ classes }) => classes.includes(className));
}

function ofCloud({ name, cidrs }: CloudIngress, annotations: ReadonlyMap<string, string>): RouteClients {
  if (cidrs !== undefined) return { known: [{ type: 'addresses', cidrs, what: name }], name };
  const target = annotations.get('alb.ingress.kubernetes.io/target-type');
  const how = target === 'ip' ? ' and goes to pods directly' : '';
  return unknown(`${name} serves it${how}, from addresses that the cluster does not show`, 'CIDR');
}

function ofController(context: EvidenceContext, entry: IngressController, className: string | undefined): RouteClients {
  const found = carriersOf(context, entry);
  const [only, ...more] = found;
  if (only === undefined) return unknown(`no pod of ${entry.name} is here`, entry.usually);
  if (more.length === 0) return { known: [asParty(only)], name: entry.name };
  // Several of one kind serve a class each, which they are told on their command line.
  const own = className === undefined ? [] : found.filter((one) => isToldClass(context, one, className));
  if (own.length === 1) return { known: [asParty(own[0]!)], name: entry.name };
  const names = found.map(({ namespace, name }) => `${namespace}/${name}`).join(' and ');
  return unknown(`${names} are both ${entry.name}`, names.split(' ')[0]!);
}

function ofAnyController(context: EvidenceContext, says: string): RouteClients {
  const here = INGRESS_CONTROLLERS.filter((entry) => carriersOf(context, entry).length > 0);
  return here.length === 1 ? ofController(context, here[0]!, undefined) : unknown(says);
}

function unknown(says: string, usually: string = ANY): RouteClients {
  return { known: undefined, says, usually };
}

function carriersOf(context: EvidenceContext, entry: IngressController): readonly Workload[] {
  return context.remember('carriers', entry.name, () => findCarriers(context, entry));
}

function findCarriers(context: EvidenceContext, { labels, image }: IngressController): readonly Workload[] {
  return [...context.cluster.workloads.values()].filter(
    (workload) =>
      carries(context, workload, labels) ||
      (image !== undefined &&
        podSpecs(context, workload).some((pod) =>
          containersOf(pod).some(
            ({ fields, list }) => list === 'container' && image.test(textOf(fields['image']) ?? ''),
          ),
        )),
  );
}

function workloadsWith(context: EvidenceContext, labels: readonly Labels[]): readonly Workload[] {
  return [...context.cluster.workloads.values()].filter((workload) => carries(context, workload, labels));
}

/** Reports whether pods of a workload carry one of the label sets; Jobs that only set something up never serve. */
function carries(context: EvidenceContext, { key, kind }: Workload, sets: readonly Labels[]): boolean {
  if (kind === 'Job' || kind === 'CronJob') return false;
  return context.podsOf(key).some(({ labels: own }) =>
    sets.some((set) =>
      Object.entries(set).every(([name, value]) => {
        const written = labelOf(own, name);
        return value === '' ? written !== undefined : written === value;
      }),
    ),
  );
}

function isToldClass(context: EvidenceContext, workload: Workload, className: string): boolean {
  return podSpecs(context, workload).some((pod) =>
    containersOf(pod).some(({ fields }) =>
      [...listOf(fields['command']), ...listOf(fields['args'])].some(
        (text) => typeof text === 'string' && new RegExp(`class(?:-name)?[= ]${escaped(className)}$`).test(text),
      ),
    ),
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&');
}

function asParty({ key }: Workload): Party {
  return { type: 'workload', key };
}
