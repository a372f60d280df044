// Named clients only: nobody reaches an endpoint for being anywhere or anybody. Pods without labels and addresses outside
// stand for those whom no rule names.

import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import { UserError } from '../model/user-error.ts';
import type { ClientsCase, QuestionContext } from '../questions/ask.ts';
import { type Breach, findBreach } from '../questions/claims.ts';
import { contains } from '../sets/label-set.ts';
import * as traffic from '../sets/traffic-set.ts';
import { existingPlaces, possibleUnits } from './possible-units.ts';

/** Undefined: every rule that opens the ports names pods by labels. Else a pod or range that no rule names and that gets in. */
export function proveClients(world: World, assertion: ClientsCase, context: QuestionContext): Breach | undefined {
  const unit = world.pods.find(({ endpoint }) => endpoint.key === assertion.clientsOf);
  if (unit === undefined) throw new UserError('unknown-name', `there is no endpoint "${assertion.clientsOf}"`);
  const ports = assertion.ports.reduce<traffic.TrafficSet>(
    (sum, port) =>
      port.type === 'range' ? traffic.union(sum, traffic.traffic(port.protocol ?? 'TCP', port.first, port.last)) : sum,
    traffic.NO_TRAFFIC,
  );
  const possible = possibleUnits(world, {
    direction: 'egress',
    others: [unit.endpoint],
    ...(assertion.newNamespaces ? {} : { places: existingPlaces(world) }),
  });
  const nameless = possible.filter(({ cell }) => contains(cell.podLabels, {}));
  const sources = [...world.outside(), ...nameless].map((one: Unit) => ({ unit: one, ports }));
  return findBreach(world, sources, [{ unit, ports }], context, () => ({ none: ports }), true);
}
