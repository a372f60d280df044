// Whose address is it? An address that the snapshot shows on a pod, node or Service stands for that, never for somebody
// outside who happens to have it: policies see the pod behind the address, and its labels.

import { addressUnits, singleAddressUnit } from '../endpoints/outside.ts';
import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import { parseAddress } from '../sets/ip-address.ts';
import { familiesOf, type IpSet, intersect, isEmpty, singleAddress, subtract, unionAll } from '../sets/ip-set.ts';
import { podItself } from './resolve-pods.ts';
import { addressesOf, onlyAddress, unitsAround } from './world-index.ts';

/**
 * The units that have the addresses of the set: pods and nodes of the snapshot, then classes of all other addresses.
 * `name` is what the set is called where it is not split. Addresses of hostNetwork pods are their node's.
 */
export function unitsAt(world: World, set: IpSet, name?: string): Unit[] {
  const owners: Unit[] = [];
  const owned: IpSet[] = [];
  for (const unit of unitsAround(world, set).flatMap((one) => podsWithin(world, one, set))) {
    const known = addressSet(addressesOf(unit));
    const shared = intersect(known, set);
    if (isEmpty(shared)) continue;
    owners.push(inFamiliesOf(unit, shared));
    owned.push(shared);
  }
  if (owners.length > 0) return [...owners, ...addressUnits(world.context, subtract(set, unionAll(owned)))];
  const isOne = name === undefined && onlyAddress(set) !== undefined;
  return isOne ? [singleAddressUnit(world.context, set)] : addressUnits(world.context, set, name);
}

/** Asked by its IPv4 address, a pod is not asked about IPv6: it is an end of its own beside the pod as a whole. */
function inFamiliesOf(unit: Unit, shared: IpSet): Unit {
  const { endpoint } = unit;
  const families = endpoint.families.filter((family) => familiesOf(shared).includes(family));
  if (families.length === endpoint.families.length) return unit;
  return { ...unit, endpoint: { ...endpoint, families, key: `${endpoint.key}@${families.join(',')}` } };
}

/** A workload as a whole where all of its pods have an address of the set, else those that have one, each alone. A node is itself. */
function podsWithin(world: World, unit: Unit, set: IpSet): Unit[] {
  if (unit.type !== 'workload') return [unit];
  const within = unit.pods.filter((pod) => !pod.hostNetwork && !isEmpty(intersect(addressSet(pod.addresses), set)));
  return within.length === unit.pods.length ? [unit] : within.map((pod) => podItself(world, pod));
}

function addressSet(texts: readonly string[]): IpSet {
  return unionAll(
    texts.flatMap((text) => {
      const address = parseAddress(text);
      return address.ok ? [singleAddress(address)] : [];
    }),
  );
}
