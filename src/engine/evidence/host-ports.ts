// Ports of nodes that lead to a container (hostPort), as pod specs have them. Knows nobody who calls them.

import type { Path, Source } from '../model/source.ts';
import type { EvidenceContext } from './context.ts';
import { fieldsOf, listOf, portOf, textOf } from './json-fields.ts';
import { containersOf, podSpecs } from './pod-specs.ts';

/** A port of the nodes on which a workload's pods run, and where it leads. */
export interface HostPort {
  /** Key of the workload. */
  readonly workload: string;
  /** Its name for sentences: `shop/web`. */
  readonly title: string;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly onNode: number;
  /** Of the pod itself. */
  readonly port: number;
  readonly source: () => Source;
}

/**
 * All of them, in the order of the snapshot. Pods of the host network have no ports but those of their nodes, and no policy
 * isolates them; a port on the node's loopback is for the node alone; init containers end before anybody calls.
 */
export function findHostPorts(context: EvidenceContext): readonly HostPort[] {
  return context.remember('host-ports', '', () =>
    [...context.cluster.workloads.values()].flatMap((workload) =>
      podSpecs(context, workload).flatMap((pod) => {
        if (pod.spec['hostNetwork'] === true) return [];
        return containersOf(pod).flatMap(({ fields, path, list }) => {
          if (list !== 'container') return [];
          const title = `${workload.namespace}/${workload.name}`;
          const own = { workload: workload.key, title };
          return listOf(fields['ports']).flatMap((item, index) => {
            const at: Path = [...path, 'ports', index, 'hostPort'];
            const port = readPort(fieldsOf(item));
            return port === undefined ? [] : [{ ...own, ...port, source: () => pod.object.locate(at) }];
          });
        });
      }),
    ),
  );
}

function readPort(port: ReturnType<typeof fieldsOf>): Pick<HostPort, 'protocol' | 'onNode' | 'port'> | undefined {
  const [onNode, number] = [portOf(port['hostPort']), portOf(port['containerPort'])];
  const protocol = textOf(port['protocol']) ?? 'TCP';
  if (onNode === undefined || number === undefined) return undefined;
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP') return undefined;
  const address = textOf(port['hostIP']) ?? '';
  if (/^127\./.test(address) || address === '::1') return undefined;
  return { protocol, onNode, port: number };
}
