// What is shown, given and assumed of the addresses of a cluster.

import { describe, expect, it } from 'vitest';
import type { Knobs } from '../model/behaviour.ts';
import type { AddressPlan, Cluster } from '../model/cluster.ts';
import { type ManifestObject, printPath } from '../model/source.ts';
import { parseCidr, printCidrs } from '../sets/ip-address.ts';
import { type IpSet, ofFamily, unionAll } from '../sets/ip-set.ts';
import { ASSUMED_NODE_RANGES, ASSUMED_POD_RANGES } from '../sets/named-ranges.ts';
import { planAddresses } from './address-plan.ts';
import { buildCluster } from './build-cluster.ts';

type Json = Record<string, unknown>;

function clusterOf(...values: readonly Json[]): Cluster {
  const objects = values.map((value): ManifestObject => ({ value, locate: (path) => ({ path: printPath(path) }) }));
  return buildCluster(objects, { defaultNamespace: 'default', isPolicy: () => false }).cluster;
}

function plan(cluster: Cluster, knobs: Partial<Knobs> = {}): AddressPlan {
  const none = { families: [], podCIDRs: undefined, serviceCIDRs: undefined, nodeCIDRs: undefined };
  return planAddresses(cluster, { ...none, ...knobs } as unknown as Knobs);
}

function set(...cidrs: readonly string[]): IpSet {
  return unionAll(
    cidrs.map((text) => {
      const cidr = parseCidr(text);
      return cidr.ok ? cidr.set : expect.fail(cidr.problem);
    }),
  );
}

function pod(ips: readonly string[], hostNetwork: boolean = false): Json {
  const status = { podIPs: ips.map((ip) => ({ ip })) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `p-${ips.join('-')}` },
    spec: { containers: [], hostNetwork },
    status,
  };
}

const NODE: Json = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n' },
  spec: { podCIDRs: ['10.244.0.0/24'] },
  status: { addresses: [{ type: 'InternalIP', address: '192.0.2.1' }] },
};
const SERVICE: Json = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 's' },
  spec: { clusterIPs: ['10.96.0.1'] },
};

describe('planAddresses', () => {
  it('assumes everything where nothing is shown', () => {
    const { families, pods, nodes, services, assumed } = plan(clusterOf());
    expect(families).toEqual(['IPv4']);
    expect(pods).toEqual(ofFamily(ASSUMED_POD_RANGES, 'IPv4'));
    expect(nodes).toEqual(ofFamily(ASSUMED_NODE_RANGES, 'IPv4'));
    expect(printCidrs(services)).toEqual([]);
    expect(assumed).toEqual(['families', 'podCIDRs', 'nodeCIDRs', 'serviceCIDRs']);
  });

  it('takes what the snapshot shows', () => {
    const { families, pods, nodes, services, assumed } = plan(clusterOf(NODE, SERVICE, pod(['10.244.0.9'])));
    expect(families).toEqual(['IPv4']);
    expect(printCidrs(pods)).toEqual(['10.244.0.0/24']);
    expect(printCidrs(nodes)).toEqual(['192.0.2.1/32']);
    expect(printCidrs(services)).toEqual(['10.96.0.1/32']);
    expect(assumed).toEqual(['serviceCIDRs']);
  });

  it('lets the user say it, and extends that by what exists', () => {
    const knobs: Partial<Knobs> = {
      families: ['IPv6', 'IPv4'],
      podCIDRs: set('10.1.0.0/16', 'fd01::/16'),
      nodeCIDRs: set('198.51.100.0/24', '2001:db8::/64'),
      serviceCIDRs: set('10.96.0.0/16'),
    };
    const result = plan(clusterOf(NODE, SERVICE, pod(['10.244.0.9'])), knobs);
    expect(result.families).toEqual(['IPv4', 'IPv6']);
    expect(printCidrs(result.pods)).toEqual(['10.1.0.0/16', '10.244.0.9/32', 'fd01::/16']);
    expect(printCidrs(result.nodes)).toEqual(['192.0.2.1/32', '198.51.100.0/24', '2001:db8::/64']);
    expect(printCidrs(result.services)).toEqual(['10.96.0.0/16']);
    expect(result.assumed).toEqual([]);
  });

  it('keeps the assumption beside the addresses of a few pods', () => {
    const { pods, assumed } = plan(clusterOf(pod(['192.168.3.4'])));
    expect(printCidrs(pods)).toEqual(['10.0.0.0/8', '192.168.3.4/32']);
    expect(assumed).toContain('podCIDRs');
  });

  it('assumes for the missing family only', () => {
    const { families, pods, assumed } = plan(clusterOf(NODE, pod(['10.244.0.9', 'fd12::9'])));
    expect(families).toEqual(['IPv4', 'IPv6']);
    expect(printCidrs(pods)).toEqual(['10.244.0.0/24', 'fd00::/8']);
    expect(assumed).toEqual(['podCIDRs', 'nodeCIDRs', 'serviceCIDRs']);
  });

  it.each<[string, Json[], AddressPlan['families']]>([
    ['pods', [pod(['fd00::1'])], ['IPv6']],
    ['named families of Services', [{ ...SERVICE, spec: { ipFamilies: ['IPv6', 'IPv4'] } }], ['IPv4', 'IPv6']],
    ['addresses of Services', [SERVICE], ['IPv4']],
    ['CIDRs of nodes', [{ ...NODE, spec: { podCIDR: 'fd00::/64' } }], ['IPv6']],
  ])('reads families from %s', (_, objects, families) => {
    const result = plan(clusterOf(...objects));
    expect(result.families).toEqual(families);
    expect(result.assumed).not.toContain('families');
  });

  it('counts pods of the host network to the nodes', () => {
    const { pods, nodes, assumed } = plan(clusterOf(NODE, pod(['192.0.2.9'], true)));
    expect(printCidrs(pods)).toEqual(['10.244.0.0/24']);
    expect(printCidrs(nodes)).toEqual(['192.0.2.1/32', '192.0.2.9/32']);
    expect(assumed).toEqual(['serviceCIDRs']);
  });
});
