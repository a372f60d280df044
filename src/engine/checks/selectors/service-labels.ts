// Selectors with the labels of a Service object, which its pods do not have.

import { writeSelector } from '../../dialects/writing/label-selector.ts';
import type { Service } from '../../model/cluster.ts';
import type { Fix } from '../../model/edit.ts';
import { printSelector } from '../../model/selector.ts';
import { EMPTY } from '../../sets/id-set.ts';
import type { Check, Problem } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { countPods, printImpact } from '../effect.ts';
import { type Dangling, danglingUses, describePods } from './dangling.ts';
import { podsPathOf } from './selector-uses.ts';

/** Rule 42 of the catalogue: a policy wants labels of pods, as the Service's selector has them. */
export const SERVICE_LABELS: Check = {
  id: 'service-labels',
  severity: 'high',
  scope: 'input',
  summary: 'a selector with the labels of a Service, which its pods do not have',
  *find(context) {
    for (const { use, mistake } of danglingUses(context)) {
      if (mistake.type === 'service') yield problemOf(context, use, mistake.service);
    }
  },
};

function problemOf(context: CheckContext, use: Dangling['use'], service: Service): Problem {
  const { policy, peer } = use;
  const podsPath = podsPathOf(use);
  const { object } = policy;
  const { selector, namespace, name } = service;
  const pods = selector === undefined ? EMPTY : context.select({ name: namespace }, selector, policy).yes;
  const impact = countPods(context, pods);
  const value = selector === undefined ? undefined : writeSelector(selector);
  const fix: Fix | undefined =
    podsPath === undefined || value === undefined
      ? undefined
      : {
          title: `select the pods of the Service: ${printSelector(selector!)}`,
          edits: [{ op: 'set', object, path: podsPath, value }],
          announced: 'changes',
          safe: false,
        };
  const consequence = peer === undefined ? 'the policy protects nobody' : 'this peer matches nobody';
  return {
    object,
    policy,
    path: podsPath ?? peer?.path ?? ['spec'],
    message: `${describePods(use)}: these are labels of the Service ${namespace}/${name}, not of its pods, so ${consequence}`,
    hint: `policies select pods; those of the Service have ${printSelector(selector!)}`,
    ...(impact.pods === 0 ? {} : { effect: `means none of ${printImpact(impact)} behind the Service`, impact }),
    related: [{ object: service.object, path: ['metadata', 'labels'], message: 'the labels of the Service' }],
    ...(fix === undefined ? {} : { fix }),
  };
}
