// Probes and lifecycle hooks: the kubelet of the pod's node calls the pod, or an address that the probe names.

import type { Path } from '../../model/source.ts';
import { readHost } from '../addresses/host-syntax.ts';
import type { EvidenceContext } from '../context.ts';
import { type Fields, fieldsOf, listOf, portOf, textOf } from '../json-fields.ts';
import { type Container, containersOf, type PodSpec, podSpecs, titleOfWorkload } from '../pod-specs.ts';
import { resolveHost } from '../resolve/resolve-host.ts';
import type { EvidenceSource, Findings } from '../source-of-evidence.ts';

const PROBES: readonly Path[] = [
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
];

const ACTIONS = ['httpGet', 'tcpSocket', 'grpc'] as const;

/** See the file's head. Commands (`exec`) run in the container and are no traffic of the node's. */
export const probes: EvidenceSource = (context, findings) => {
  for (const workload of context.cluster.workloads.values()) {
    for (const pod of podSpecs(context, workload)) {
      for (const container of containersOf(pod)) {
        for (const at of PROBES) addProbe(context, findings, pod, container, at);
      }
    }
  }
};

function addProbe(context: EvidenceContext, findings: Findings, pod: PodSpec, container: Container, at: Path): void {
  let probe: Fields = container.fields;
  for (const key of at) probe = fieldsOf(probe[String(key)]);
  for (const action of ACTIONS) {
    const fields = fieldsOf(probe[action]);
    const port = numberOf(container, fields['port']);
    if (port === undefined) continue;
    const path = [...container.path, ...at, action];
    const title = titleOfWorkload(pod.workload);
    const what = `${String(at.at(-1))} (${action}) of ${title}`;
    const host = action === 'grpc' ? undefined : textOf(fields['host']);
    const to = host === undefined ? undefined : elsewhere(context, pod, host);
    if (to === 'own') continue;
    const own = { type: 'workload', key: pod.workload.key } as const;
    findings.add({
      from: { type: 'node' },
      to: to ?? own,
      protocol: 'TCP',
      ports: [port, port],
      kind: 'probe',
      confidence: 'certain',
      brief: String(at.at(-1)),
      says: to === undefined ? `${what} asks for port ${port}` : `${what} asks ${host}:${port}`,
      source: pod.object.locate(path),
    });
  }
}

/** Another host than the pod: only an address says who it is. `own`: the node itself, which no policy of a pod is about. */
function elsewhere(
  context: EvidenceContext,
  pod: PodSpec,
  host: string,
): { readonly type: 'workload'; readonly key: string } | 'own' | undefined {
  const read = readHost(host);
  const target = read === undefined ? undefined : resolveHost(context, pod.workload.namespace, read);
  if (target?.type === 'workload') return target;
  // The kubelet calls from the node: its loopback is the node's, and other names are resolved there.
  return pod.spec['hostNetwork'] === true && target?.type === 'own' ? undefined : 'own';
}

/** A number, or the name of a port of the same container. */
function numberOf(container: Container, port: unknown): number | undefined {
  const number = portOf(port);
  if (number !== undefined) return number;
  const name = textOf(port);
  const own = listOf(container.fields['ports'])
    .map(fieldsOf)
    .find((one) => name !== undefined && one['name'] === name);
  return portOf(own?.['containerPort']);
}
