// The reference of redundancy: a policy is taken away and flows are judged again, one by one, on raw objects. Each side of a
// connection is judged by itself.

import type { Json } from '../shapes/policy-shape.ts';
import { type NaiveEnd, naiveEvaluator, selects } from './naive.ts';

/** A cluster as raw objects. */
export interface RawCluster {
  readonly namespaces: readonly Json[];
  readonly workloads: readonly Json[];
  readonly policies: readonly Json[];
}

type Rule = { readonly from?: readonly Peer[]; readonly to?: readonly Peer[]; readonly ports?: readonly Port[] };
type Peer = { readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] } };
type Port = { readonly port?: number | string; readonly endPort?: number };
type Spec = {
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
};

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
/** Ports of containers that policies may name, and ports that nobody names. */
const PORTS = [1, 8080, 8443, 9090, 65_535];

/** The first flow that is judged otherwise without the policy, as a text; undefined: none of these ends sees a difference. */
export function changeWithout(cluster: RawCluster, policy: Json, ends: readonly Json[]): string | undefined {
  const near = cluster.policies.filter((one) => namespaceOf(one) === namespaceOf(policy));
  const subjects = cluster.workloads.filter((pod) => namespaceOf(pod) === namespaceOf(policy) && selects(policy, pod));
  const peers: NaiveEnd[] = [
    ...ends.map((object) => ({ object })),
    ...addressesIn(near).map((address) => ({ address })),
  ];
  const ports = [...new Set([...PORTS, ...portsIn(near)])];
  const { policyTypes } = policy['spec'] as Spec;
  for (const type of policyTypes) {
    // Policies of one namespace and one direction: the other side says nothing.
    const sided = near.map((one) => ofType(one, type));
    const [before, after] = [sided, sided.filter((_, i) => near[i] !== policy)].map((some) =>
      naiveEvaluator(
        cluster.namespaces,
        some.filter((one) => one !== undefined),
      ),
    );
    for (const object of subjects) {
      for (const peer of peers) {
        const [from, to] = type === 'Ingress' ? [peer, { object }] : [{ object }, peer];
        for (const protocol of PROTOCOLS) {
          for (const port of ports) {
            const flow = { from, to, protocol, port };
            if (before!(flow) !== after!(flow)) return `${type} ${nameOf(from)} -> ${nameOf(to)}:${port}/${protocol}`;
          }
        }
      }
    }
  }
  return undefined;
}

function ofType(policy: Json, type: string): Json | undefined {
  const spec = policy['spec'] as Spec;
  if (!spec.policyTypes.includes(type)) return undefined;
  return { ...policy, spec: { ...spec, policyTypes: [type] } };
}

/** The namespace of an object. */
export function namespaceOf({ metadata }: Json): string {
  return (metadata as { readonly namespace: string }).namespace;
}

function nameOf(end: NaiveEnd): string {
  return 'address' in end ? end.address : (end.object['metadata'] as { readonly name: string }).name;
}

function rulesIn(policies: readonly Json[]): readonly Rule[] {
  return policies.flatMap(({ spec }) => [...((spec as Spec).ingress ?? []), ...((spec as Spec).egress ?? [])]);
}

/** Every port where a range begins or ends, and those beside it. */
function portsIn(policies: readonly Json[]): number[] {
  const bounds = rulesIn(policies).flatMap(({ ports = [] }) =>
    ports.flatMap(({ port, endPort }) => (typeof port === 'number' ? [port, (endPort ?? port) + 1] : [])),
  );
  return bounds.filter((port) => port < 65_536);
}

/** An address of each block, of each exception, and one that is in few. */
function addressesIn(policies: readonly Json[]): string[] {
  const blocks = rulesIn(policies)
    .flatMap(({ from = [], to = [] }) => [...from, ...to])
    .flatMap(({ ipBlock }) => (ipBlock === undefined ? [] : [ipBlock.cidr, ...(ipBlock.except ?? [])]));
  const bases = blocks.filter((cidr) => !cidr.includes(':')).map((cidr) => cidr.split('/')[0]!);
  return [...new Set([...bases.filter((one) => one !== '0.0.0.0'), '198.51.100.10'])];
}
