// Adds to a drawn cluster what its manifests would say of who needs whom: a Service for each workload, and variables that
// name Services, mostly of the own namespace. Only raw objects; knows nothing of the engine.

import { type Random, randomFrom } from '../random.ts';
import type { DrawnCluster } from './cluster-shape.ts';
import type { Json } from './policy-shape.ts';

/** One connection that a variable of `from` declares; the port is the pods', not the Service's. */
export interface DeclaredNeed {
  readonly from: Json;
  readonly to: Json;
  readonly port: number;
}

/** A drawn cluster with evidence, and what it declares. */
export interface DeclaringCluster extends DrawnCluster {
  readonly services: readonly Json[];
  readonly needs: readonly DeclaredNeed[];
}

type Metadata = { readonly name: string; readonly namespace: string };
type Port = { readonly name: string; readonly containerPort: number };
type Container = { readonly ports: readonly Port[]; readonly env: readonly Json[] };
type Spec = { readonly template: { readonly spec: { readonly containers: readonly Container[] } } };

/** Draws none to three needs a workload, a fifth of them of another namespace; `cluster` is of Deployments. */
export function declareNeeds(cluster: DrawnCluster, seed: number): DeclaringCluster {
  const random = randomFrom(seed);
  const homes = new Map<string, Json[]>();
  for (const workload of cluster.workloads) {
    const { namespace } = metadataOf(workload);
    const home = homes.get(namespace) ?? [];
    home.push(workload);
    homes.set(namespace, home);
  }
  const needs: DeclaredNeed[] = [];
  const workloads = cluster.workloads.map((from) => {
    const home = homes.get(metadataOf(from).namespace)!;
    const needed = new Set(
      Array.from({ length: random.pick([0, 1, 1, 2, 3]) }, () =>
        random.pick(random.chance(0.8) ? home : cluster.workloads),
      ),
    );
    needed.delete(from);
    for (const to of needed) needs.push({ from, to, port: portOf(to) });
    return withVariables(
      from,
      [...needed].map((to, index) => variable(random, from, to, index)),
    );
  });
  return { ...cluster, workloads, services: cluster.workloads.map(serviceOf), needs };
}

function metadataOf(object: Json): Metadata {
  return object.metadata as Metadata;
}

/** The port of a drawn workload or Pod that serves, and that its node probes. */
export function portOf({ spec }: Json): number {
  const { containers } =
    'template' in (spec as Json) ? (spec as Spec).template.spec : (spec as Spec['template']['spec']);
  return containers[0]!.ports[0]!.containerPort;
}

/** As people write them: a name of the own namespace, a qualified name, a URL. */
function variable(random: Random, from: Json, to: Json, index: number): Json {
  const [own, other] = [metadataOf(from), metadataOf(to)];
  const isLocal = own.namespace === other.namespace && random.chance(0.7);
  const host = isLocal ? other.name : `${other.name}.${other.namespace}.svc.cluster.local`;
  return { name: `PEER_${index}_URL`, value: random.chance(0.5) ? `http://${host}/v1` : `${host}:80` };
}

function withVariables(workload: Json, variables: readonly Json[]): Json {
  const spec = workload.spec as Spec;
  const [main, ...others] = spec.template.spec.containers;
  const containers = [{ ...main!, env: [...main!.env, ...variables] }, ...others];
  return {
    ...workload,
    spec: { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, containers } } },
  };
}

function serviceOf(workload: Json): Json {
  const { name, namespace } = metadataOf(workload);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
  };
}
