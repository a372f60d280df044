// Pods that an operator makes of its custom resources and that no manifest shows: as parties, and the ports that they are
// documented to have. Knows no evidence.

import type { OperatorObject, Service } from '../../model/cluster.ts';
import type { Party } from '../../model/evidence.ts';
import { type Labels, type Selector, selects } from '../../model/selector.ts';
import type { Protocol } from '../../sets/traffic-set.ts';
import { operatorPodLabels } from '../../snapshot/operators.ts';
import type { EvidenceContext } from '../context.ts';
import { groupOfApiVersion } from './group-of.ts';

/** A port of an operator's pods. */
export interface KnownPort {
  readonly name: string;
  readonly protocol: Protocol;
  readonly number: number;
}

const tcp = (name: string, number: number): KnownPort => ({ name, protocol: 'TCP', number });

/** Ports by `Kind.group`, from prometheus-operator's API reference (portName is `web` unless the object says otherwise). */
const PORTS: Readonly<Record<string, readonly KnownPort[]>> = {
  'Prometheus.monitoring.coreos.com': [tcp('web', 9090), tcp('reloader-web', 8080)],
  'PrometheusAgent.monitoring.coreos.com': [tcp('web', 9090), tcp('reloader-web', 8080)],
  'ThanosRuler.monitoring.coreos.com': [tcp('web', 10902), tcp('grpc', 10901), tcp('reloader-web', 8080)],
  'Alertmanager.monitoring.coreos.com': [
    tcp('web', 9093),
    tcp('mesh-tcp', 9094),
    { name: 'mesh-udp', protocol: 'UDP', number: 9094 },
    tcp('reloader-web', 8080),
  ],
};

/** Ports that the pods of the object are documented to have; empty where nobody wrote them down here. */
export function operatorPorts({ kind, object }: OperatorObject): readonly KnownPort[] {
  const key = `${kind}.${groupOfApiVersion(object.value['apiVersion'])}`;
  return Object.hasOwn(PORTS, key) ? PORTS[key]! : [];
}

/**
 * The pods of an operator's object: the workload where the snapshot has its pods, else pods by the labels that they surely
 * carry. Undefined where no label is sure: an empty selector would mean all pods of the namespace.
 */
export function operatorParty(context: EvidenceContext, one: OperatorObject): Party | undefined {
  const group = groupOfApiVersion(one.object.value['apiVersion']);
  const key = `${one.namespace}/${one.kind}${group === '' ? '' : `.${group}`}/${one.name}`;
  if (context.cluster.workloads.has(key)) return { type: 'workload', key };
  const selector = selectorOf(one);
  if (selector === undefined) return undefined;
  return {
    type: 'pods',
    namespaces: { name: one.namespace },
    pods: selector,
    what: `pods of ${one.kind} ${one.namespace}/${one.name}`,
  };
}

/** Objects of operators whose pods a Service surely selects. */
export function operatorsBehind(context: EvidenceContext, { namespace, selector }: Service): readonly OperatorObject[] {
  if (selector === undefined) return [];
  return context.cluster.operatorObjects.filter(
    (one) => one.namespace === namespace && selects(selector, operatorPodLabels(one.object)),
  );
}

/** Labels that an operator sets beside those by which its pods are meant to be found. */
const BESIDE =
  /^(?:app\.kubernetes\.io\/managed-by|operator\.prometheus\.io\/.*|prometheus|alertmanager|thanos-ruler)$/;

/** Labels that the next version of a program changes. */
const VERSIONS = /(?:^|\/)(?:version|chart|revision)$/;

/** Labels that the pods surely carry, asked for or set by the operator, and that identify them: none of a version. */
function selectorOf(one: OperatorObject): Selector | undefined {
  const labels: Labels = operatorPodLabels(one.object);
  const sure = Object.keys(labels).filter((key) => !VERSIONS.test(key));
  const found = sure.filter((key) => !BESIDE.test(key));
  const keys = (found.length > 1 ? found : sure).sort();
  if (keys.length === 0) return undefined;
  return { op: 'and', of: keys.map((key) => ({ op: 'in', key, values: [labels[key]!] })) };
}
