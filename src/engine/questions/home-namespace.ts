// Whether a workload can be in the namespace in which it is looked for; if not, an error that says what may be meant. Knows
// names, not what they resolve to.

import type { Unit } from '../endpoints/unit.ts';
import type { World } from '../endpoints/world.ts';
import type { Workload } from '../model/cluster.ts';
import { nearestNames } from '../model/nearest-names.ts';
import { UserError } from '../model/user-error.ts';
import type { EndpointExpression } from './ask.ts';
import { meansKind } from './kind-names.ts';
import { namespaceNamed } from './resolve-pods.ts';
import { namedIn, serviceNamed } from './world-index.ts';

/**
 * A name without a namespace is looked for in one that the person may not have meant: where else there is one, and what else
 * the name may be, is said. Throws UserError where the workload cannot be in `namespace`.
 */
export function checkHome(world: World, what: EndpointExpression & { type: 'workload' }, namespace: string): void {
  const { namespaces } = world.state.cluster;
  if (what.namespace !== undefined) {
    if (!namespaces.has(namespace) && meansKind(namespace)) {
      const hint = `"${namespace}" is a kind: write NAMESPACE/${what.text}`;
      throw new UserError('unknown-name', `there is no namespace "${namespace}"`, { hint });
    }
    namespaceNamed(world, namespace);
    return;
  }
  const here = namedIn(world, namespace, what.name);
  const isHere = here.units.length > 0 || here.pods.length > 0;
  const elsewhere = isHere ? [] : formsOf(world.pods, (own) => own.name === what.name);
  if (elsewhere.length > 0) {
    const hint = `write ${elsewhere.slice(0, 5).join(' or ')}, or name the namespace with -n`;
    throw new UserError('unknown-name', `namespace "${namespace}" has no workload "${what.name}"`, { hint });
  }
  if (!isHere && what.name.includes('.')) {
    const [, service, home] = /^([^.]+)\.([^.]+)\.svc(?:\.|$)/.exec(what.name) ?? [];
    const host = 'for a host outside write its address, or internet';
    const hint = service === undefined ? host : `for a Service write ${home}/service/${service}`;
    throw new UserError('unknown-name', `no workload is called "${what.name}"`, { hint });
  }
  const isKnown = namespaces.has(namespace);
  if (namespaces.has(what.name) && !isHere && serviceNamed(world, namespace, what.name) === undefined) {
    const message = isKnown ? `namespace "${namespace}" has no workload "${what.name}"` : noHome(what.name, namespace);
    const hint = `"${what.name}" is a namespace: write ${what.name}/NAME for one workload, ${what.name}/ for all`;
    throw new UserError('unknown-name', message, { hint });
  }
  // Without -n nobody named this namespace: that it does not exist is not what is wrong.
  if (!isKnown && namespace === 'default') {
    const all = world.pods.flatMap((unit) => (unit.type === 'workload' ? [unit.workload.name] : []));
    const near = nearestNames(what.name, [...new Set(all)].sort());
    const forms = formsOf(world.pods, (own) => near.includes(own.name)).slice(0, 5);
    const home = `write NAMESPACE/${what.name}, or name the namespace with -n`;
    const hint = forms.length > 0 ? `did you mean ${forms.join(' or ')}?` : home;
    throw new UserError('unknown-name', noHome(what.name, namespace), { hint });
  }
  namespaceNamed(world, namespace);
}

function noHome(name: string, namespace: string): string {
  return `"${name}" is written without a namespace, and there is no namespace "${namespace}"`;
}

/** How the chosen workloads are written, sorted; none are none. */
export function formsOf(units: readonly Unit[], isChosen: (workload: Workload) => boolean): string[] {
  const forms = units.flatMap((unit) =>
    unit.type === 'workload' && isChosen(unit.workload)
      ? [`${unit.workload.namespace}/${unit.workload.kind.toLowerCase()}/${unit.workload.name}`]
      : [],
  );
  return [...new Set(forms)].sort();
}
