// DNS that a vendor runs on every node and no object shows as pods: in EKS Auto Mode, and LocalDNS of AKS. What tells is the
// labels of nodes.

import { labelOf } from '../model/selector.ts';
import { parseAddress, printAddress } from '../sets/ip-address.ts';
import type { State } from '../state.ts';
import { countNodes } from './distribution.ts';
import { both } from './dns-ports.ts';
import { assumed, type Fact, type Known, shown, unknown } from './fact.ts';
import { addressesOf } from './parties.ts';
import type { DnsServer } from './platform-facts.ts';

/** Reports whether nodes are of EKS Auto Mode. */
export function hasAutoNodes({ cluster }: Pick<State, 'cluster'>): boolean {
  return cluster.nodes.some(({ labels }) => labelOf(labels, 'eks.amazonaws.com/compute-type') === 'auto');
}

/**
 * The resolver of Auto Mode's nodes, which answers at the address that the cluster's DNS Service has or would have: the tenth
 * of the Services (https://github.com/aws/containers-roadmap/issues/2552). Undefined: there are no such nodes.
 */
export function autoModeDns(state: State): Fact<DnsServer> | undefined {
  if (!hasAutoNodes(state)) return undefined;
  const title = 'the resolver of the node';
  const named = (namespace: string, name: string) =>
    state.cluster.services.find((one) => one.namespace === namespace && one.name === name)?.clusterIPs ?? [];
  const own = addressesOf(named('kube-system', 'kube-dns'), title);
  const server = (party: DnsServer['party']): DnsServer => ({ title, party, ports: both(53) });
  if (own !== undefined)
    return shown(server(own), 'EKS Auto Mode answers at the address of Service kube-system/kube-dns');
  const tenth = addressesOf(named('default', 'kubernetes').flatMap(tenthOf), title);
  if (tenth !== undefined) {
    return assumed(
      server(tenth),
      'EKS Auto Mode answers at the tenth address of the Services, the first of which is the API server’s',
    );
  }
  return unknown(
    'EKS Auto Mode answers at an address among those of the Services, and the snapshot has none of these',
    'say it with --dns ADDRESS; /etc/resolv.conf of a pod names it',
  );
}

/** Nine after the first, which default/kubernetes has. */
function tenthOf(text: string): readonly string[] {
  const address = parseAddress(text);
  if (!address.ok) return [];
  const next = address.family === 'IPv4' ? address.value + 9 : address.value + 9n;
  return [printAddress(address.family, next)];
}

const LOCAL_DNS_LABEL = 'kubernetes.azure.com/localdns-state';

/** Where LocalDNS of AKS answers pods of the cluster, and those that ask as their node does: https://learn.microsoft.com/azure/aks/dns-concepts. */
const LOCAL_DNS = { cluster: '169.254.10.11', node: '169.254.10.10' } as const;

/** LocalDNS of AKS as pods with dnsPolicy ClusterFirst ask it; undefined where no node has it. */
export function aksLocalDns({ cluster }: State): Known<DnsServer> | undefined {
  const title = 'AKS LocalDNS';
  const found = cluster.nodes.filter(({ labels }) => labelOf(labels, LOCAL_DNS_LABEL) === 'enabled');
  if (found.length === 0) return undefined;
  const server: DnsServer = { title, party: addressesOf([LOCAL_DNS.cluster], title)!, ports: both(53), isOnNode: true };
  return shown(
    server,
    `label ${LOCAL_DNS_LABEL}=enabled on ${countNodes(found.length)}`,
    found[0]!.object.locate(['metadata', 'labels']),
  );
}

/** The address that LocalDNS of AKS gives pods with dnsPolicy Default; undefined where not every node has it. */
export function aksNodeResolver({ cluster }: State): string | undefined {
  const { nodes } = cluster;
  const isEverywhere = nodes.length > 0 && nodes.every(({ labels }) => labelOf(labels, LOCAL_DNS_LABEL) === 'enabled');
  return isEverywhere ? LOCAL_DNS.node : undefined;
}
