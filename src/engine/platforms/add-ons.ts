// Pods of a platform that call others: controllers behind Ingresses and collectors of metrics. How to tell them is known where
// their evidence is made (evidence/); here they are facts for people.

import { evidenceContext } from '../evidence/context.ts';
import { INGRESS_CONTROLLERS, type IngressController } from '../evidence/ingress-controllers.ts';
import { scrapersOf } from '../evidence/scrapers.ts';
import { type Labels, labelOf } from '../model/selector.ts';
import type { State } from '../state.ts';
import { type Component, componentsOf, containersOf, placeOf, titleOf } from './components.ts';
import { type Known, shown } from './fact.ts';
import type { AddOn } from './platform-facts.ts';

/** Controllers behind Ingresses and Gateways, in the order of workloads. */
export function findIngressControllers(state: State): readonly Known<AddOn>[] {
  return [...componentsOf(state).values()].flatMap((component): Known<AddOn>[] => {
    for (const controller of INGRESS_CONTROLLERS) {
      const sign = signOf(controller, component);
      if (sign === undefined) continue;
      const addOn = { title: controller.name, workload: component.workload.key };
      return [shown(addOn, `${titleOf(component.workload)} with ${sign}`, placeOf(component))];
    }
    return [];
  });
}

/** Collectors of metrics that are workloads of the snapshot. */
export function findMonitoring(state: State): readonly Known<AddOn>[] {
  const components = componentsOf(state);
  return scrapersOf(evidenceContext(state)).flatMap(({ party }): Known<AddOn>[] => {
    const component = party.type === 'workload' ? components.get(party.key) : undefined;
    if (component === undefined) return [];
    const addOn = { title: titleOf(component.workload), workload: component.workload.key };
    return [shown(addOn, 'recognised as a collector of metrics', placeOf(component))];
  });
}

function signOf({ labels, image }: IngressController, { pods }: Component): string | undefined {
  const [pod] = pods;
  const matching = labels.find((set) => carries(pod!.labels, set));
  if (matching !== undefined) {
    const words = Object.entries(matching).map(([key, value]) => (value === '' ? key : `${key}=${value}`));
    return `${words.length === 1 ? 'label' : 'labels'} ${words.join(' and ')}`;
  }
  const own = image === undefined ? undefined : containersOf(pod!).find((one) => image.test(one.image));
  return own === undefined ? undefined : `image ${own.image}`;
}

/** Whether the labels hold all of a set; an empty value stands for any. */
function carries(own: Labels, set: Labels): boolean {
  return Object.entries(set).every(([key, value]) => {
    const found = labelOf(own, key);
    return found !== undefined && (value === '' || found === value);
  });
}
