import { describe, expect, it } from 'vitest';
import { ALL_PARTS } from '../../../test/support/generating.ts';
import { deployment, namespace, policy, scenario } from '../../../test/support/scenario.ts';
import { worldOf } from '../endpoints/world.ts';
import { needsOf } from '../generate/needs.ts';
import { type Plan, type PlannedPolicy, planPolicies } from '../generate/plan.ts';
import { statedEvidence } from '../generate/statements.ts';
import { EXACT } from '../generate/widen-addresses.ts';
import { parsePair } from '../questions/parse-pair.ts';
import { NO_ADDRESSES } from '../sets/ip-set.ts';
import type { State } from '../state.ts';
import { provePlan } from './prove.ts';

const SHOP = [namespace('shop'), deployment('shop/web', 'app=web', '8080'), deployment('shop/db', 'app=db', '5432')];

function planned(texts: readonly string[]): { readonly state: State; readonly plan: Plan } {
  const { state } = scenario(texts);
  const context = { defaultNamespace: 'default', protocols: ['TCP'] } as const;
  const evidence = statedEvidence(worldOf(state), [parsePair(['shop/web', 'shop/db:5432'])], context);
  const options = { namespaces: ['shop'], parts: ALL_PARTS, confidence: 'likely', budget: EXACT, never: NO_ADDRESSES };
  return { state, plan: planPolicies(state, needsOf(evidence), { ...options, confidence: 'likely' }) };
}

/** `STEP POLICY` of each unsafe step of the plan's policies in another order. */
function unsafe(
  { state, plan }: ReturnType<typeof planned>,
  order: (policies: readonly PlannedPolicy[]) => PlannedPolicy[],
) {
  const { steps } = provePlan(state, { ...plan, policies: order(plan.policies) });
  return steps.unsafe.map(({ step, policy: { ref } }) => `${step} ${ref.name}`);
}

describe('the order of a plan', () => {
  it('cuts nothing off, and all of its steps are judged', () => {
    const { state, plan } = planned(SHOP);
    const { steps } = provePlan(state, plan);
    expect(steps).toEqual({ steps: 3, judged: 3, unsafe: [] });
  });

  it('is unsafe with the default deny first', () => {
    expect(unsafe(planned(SHOP), (policies) => [...policies].reverse())).toEqual(['0 default-deny']);
  });

  it('is unsafe with the default deny between the ends of a need', () => {
    expect(unsafe(planned(SHOP), ([db, web, deny]) => [db!, deny!, web!])).toEqual(['1 default-deny']);
  });

  it('is unsafe where a policy that isolates without allowing comes before the one that allows', () => {
    const { state, plan } = planned(SHOP);
    const [db, web, deny] = plan.policies;
    const bare = {
      ...web!,
      ref: { ...web!.ref, name: 'web-isolated' },
      value: {
        ...web!.value,
        metadata: { name: 'web-isolated', namespace: 'shop' },
        spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'] },
      },
    };
    const { steps } = provePlan(state, { ...plan, policies: [db!, bare, web!, deny!] });
    expect(steps.unsafe.map(({ step, policy: { ref } }) => `${step} ${ref.name}`)).toEqual(['1 web-isolated']);
  });

  it('is safe in any order of the workloads’ policies', () => {
    expect(unsafe(planned(SHOP), ([db, web, deny]) => [web!, db!, deny!])).toEqual([]);
  });

  it('is not to blame for what another policy denied before', () => {
    const closed = policy('shop/closed', '{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}');
    expect(unsafe(planned([...SHOP, closed]), ([db, web, deny]) => [web!, db!, deny!])).toEqual([]);
  });
});
