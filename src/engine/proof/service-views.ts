// Plugins that judge a call to a Service before its address is translated see another destination than the pod. A need whose
// evidence names a Service is allowed only if it is allowed under every reading.

import type { Unit } from '../endpoints/unit.ts';
import type { Need } from '../generate/needs.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Placement } from '../model/tier.ts';
import { pathOf } from '../questions/resolve-service.ts';
import { readingsOf } from '../questions/service-path.ts';
import type { State } from '../state.ts';

/** Other placements under which a pair of a need must be judged too; empty: none, which is the rule. */
export type OtherViews = (
  need: Pick<Need, 'evidence'>,
  from: Endpoint,
  to: Endpoint,
  near: Placement,
) => readonly Placement[];

/** The views of a state's plugin. */
export function serviceViews({ cluster, behaviour }: Pick<State, 'cluster' | 'behaviour'>): OtherViews {
  if (behaviour.knobs.serviceView === 'postDNAT') return () => [];
  const services = new Map(cluster.services.map((service) => [`${service.namespace}/${service.name}`, service]));
  return ({ evidence }, from, to, near) =>
    evidence.flatMap(({ via }) => {
      const service = via === undefined ? undefined : services.get(`${via.namespace}/${via.name}`);
      const ports = service?.ports.filter(({ port }) => port === via!.port) ?? [];
      if (service === undefined || ports.length === 0) return [];
      const { path } = pathOf(service, ports);
      if (path === undefined) return [];
      const { placements } = readingsOf({ placement: near, behaviour }, asUnit(from), { unit: asUnit(to), path });
      return placements.slice(1);
    });
}

/** An end as the readings take it: they ask for nothing but the endpoint, hairpins aside, which are another matter. */
function asUnit(endpoint: Endpoint): Unit {
  return { type: 'addresses', endpoint, set: endpoint.addresses };
}
