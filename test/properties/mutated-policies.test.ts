// Every mistake in a generated policy is found: with any rule, peer, port, block or selector changed, the proof of soundness or
// of tightness fails, or the change means the same, which the question `diff` then has to say. And the policy does not say any
// more what it was made from.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Unit } from '../../src/engine/endpoints/unit.ts';
import { worldOf } from '../../src/engine/endpoints/world.ts';
import { gatherEvidence } from '../../src/engine/generate/gather-evidence.ts';
import { needsOf } from '../../src/engine/generate/needs.ts';
import { type Plan, planPolicies } from '../../src/engine/generate/plan.ts';
import { applicationNamespaces } from '../../src/engine/generate/scope.ts';
import { statedEvidence } from '../../src/engine/generate/statements.ts';
import { EXACT } from '../../src/engine/generate/widen-addresses.ts';
import { behaviourOf, loadState } from '../../src/engine/index.ts';
import type { ObservedFlow } from '../../src/engine/model/flow.ts';
import { detectPlatform } from '../../src/engine/platforms/index.ts';
import { type Proof, provePlan } from '../../src/engine/proof/prove.ts';
import { diff } from '../../src/engine/questions/diff.ts';
import { parsePair } from '../../src/engine/questions/parse-pair.ts';
import { NO_ADDRESSES } from '../../src/engine/sets/ip-set.ts';
import type { State } from '../../src/engine/state.ts';
import { readManifests } from '../../src/manifests/index.ts';
import { ALL_PARTS, type PolicyManifest } from '../support/generating.ts';
import { mutantsOf } from '../support/policy-mutants.ts';
import { RECORDING, readRecording } from '../support/recorded-flows.ts';
import { namespace, node, pod, scenario } from '../support/scenario.ts';
import { describeWithShared, ROOT } from '../support/shared.ts';

const CONTEXT = { defaultNamespace: 'default', protocols: ['TCP', 'UDP', 'SCTP'] } as const;

interface Case {
  readonly state: State;
  readonly plan: Plan;
  readonly proof: Proof;
  /** Position of the policy and the policy with its mistake. */
  readonly mutants: readonly { readonly what: string; readonly at: number; readonly value: PolicyManifest }[];
}

function caseOf(state: State, allow: readonly string[] = [], flows?: readonly ObservedFlow[]): Case {
  const namespaces = applicationNamespaces(state.cluster);
  const { found } = gatherEvidence(
    state,
    detectPlatform(state),
    namespaces,
    flows === undefined ? undefined : { flows, broken: 0, lost: 0, within: {} },
  );
  const stated = statedEvidence(
    worldOf(state),
    allow.map((text) => parsePair([text])),
    CONTEXT,
  );
  const plan = planPolicies(state, needsOf([...found.evidence, ...stated]), {
    namespaces,
    parts: ALL_PARTS,
    confidence: 'likely',
    budget: EXACT,
    never: NO_ADDRESSES,
  });
  const mutants = plan.policies.flatMap(({ value }, at) =>
    mutantsOf(value as unknown as PolicyManifest).map((one) => ({ ...one, at })),
  );
  return { state, plan, proof: provePlan(state, plan), mutants };
}

/** What the proofs say of the mistake; `unseen` where neither says anything although it means something else. */
function fateOf(
  { state, plan, proof, mutants }: Case,
  id: number,
): { readonly fate: string; readonly wording: boolean } {
  const { at, value } = mutants[id]!;
  const policy = { ...plan.policies[at]!, value: value as unknown as Record<string, unknown> };
  let mutated: Proof;
  try {
    mutated = provePlan(state, { ...plan, policies: plan.policies.with(at, policy) });
  } catch (error) {
    if (error instanceof Error && /^the API server would refuse/.test(error.message))
      return { fate: 'refused', wording: true };
    throw error;
  }
  const wording = mutated.misworded.length > 0;
  const isSound = mutated.needs.every(
    ({ judged }, need) => judged.verdict === 'allowed' || proof.needs[need]!.judged.verdict !== 'allowed',
  );
  if (!isSound) return { fate: 'unsound', wording };
  const size = ({ tightness: { unjustified, undecided } }: Proof) =>
    JSON.stringify([
      unjustified.map(({ from, to, family, traffic }) => [keysOf(from), keysOf(to), family, traffic]),
      undecided.map(({ reason, pairs }) => [reason, pairs]),
    ]);
  if (size(mutated) !== size(proof)) return { fate: 'not tight', wording };
  const { added, removed, changed } = diff(proof.after, mutated.after, CONTEXT);
  return { fate: added.length + removed.length + changed.length === 0 ? 'the same' : 'unseen', wording };
}

const keysOf = (units: readonly Unit[]): readonly string[] => units.map(({ endpoint }) => endpoint.key);

/** Mistakes by what the maps say of them; `hidden` are those that the comparison of words does not see. */
function fatesOf(one: Case, ids: Iterable<number>): Map<string, string[]> {
  const fates = new Map<string, string[]>([
    ['unseen', []],
    ['hidden', []],
  ]);
  for (const id of ids) {
    const { fate, wording } = fateOf(one, id);
    for (const key of [fate, ...(wording ? [] : ['hidden'])])
      fates.set(key, [...(fates.get(key) ?? []), one.mutants[id]!.what]);
  }
  return fates;
}

describe('a small application', () => {
  const state = scenario(
    [
      namespace('shop'),
      namespace('ops'),
      node('n1', '192.168.0.1'),
      pod('shop/web', { labels: 'app=web', ip: '10.0.0.1 fd00:10::1', ports: '8080', node: 'n1' }),
      pod('shop/cart', { labels: 'app=cart', ip: '10.0.0.2 fd00:10::2', ports: '7070', node: 'n1' }),
      pod('ops/probe', { labels: 'app=probe', ip: '10.0.0.3 fd00:10::3', ports: '9115', node: 'n1' }),
      pod('ops/idle', { labels: 'app=idle', ip: '10.0.0.4 fd00:10::4', ports: '80', node: 'n1' }),
    ],
    { assume: ['podCIDRs=10.0.0.0/16,fd00:10::/64'] },
  ).state;
  const one = caseOf(state, [
    'shop/web -> shop/cart:7070',
    'ops/probe -> shop/web:8080',
    'ops/probe -> shop/cart:7000-7099/udp',
    'shop/cart -> 203.0.113.8/30:443',
    'shop/cart -> [2001:db8::7]:5432',
    'shop/web -> 198.51.100.7:514/udp',
    '203.0.113.0/24 -> shop/web:8080',
  ]);

  it('is proved as it is', () => {
    expect(one.proof.misworded).toEqual([]);
    expect(one.proof.needs.map(({ judged }) => judged.verdict)).toEqual(one.proof.needs.map(() => 'allowed'));
    expect(one.proof.tightness.unjustified).toEqual([]);
    expect(one.mutants.length).toBeGreaterThan(100);
  });

  const fates = fatesOf(one, one.mutants.keys());

  it('has no mutant that goes unseen by the maps', () => {
    expect(fates.get('unseen')).toEqual([]);
    expect(fates.get('unsound')?.length).toBeGreaterThan(20);
    expect(fates.get('not tight')?.length).toBeGreaterThan(5);
  });

  it('has none that the words of the policy hide, even where the other end is closed to it', () => {
    expect(fates.get('hidden')).toEqual([]);
    expect(fates.get('the same')?.length).toBeGreaterThan(5);
  });
});

describe('drawn applications', () => {
  const NAMES = ['shop/a', 'shop/b', 'shop/c', 'ops/d', 'ops/e'] as const;
  const edge = fc
    .tuple(
      fc.constantFrom(...NAMES),
      fc.oneof(
        fc.constantFrom(...NAMES),
        fc.constantFrom('203.0.113.7', '203.0.113.64/26', '[2001:db8::7]', '198.51.100.0/31'),
      ),
      fc.constantFrom(':80', ':8080-8090', ':53/udp', ':3868/sctp', ':443'),
    )
    .filter(([from, to]) => from !== to)
    .map(([from, to, port]) => `${from} -> ${to}${port}`);

  it('have no mutant that goes unseen', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.uniqueArray(edge, { minLength: 1, maxLength: 8 }), fc.infiniteStream(fc.nat()), (allow, draws) => {
        const texts = NAMES.map((path, id) =>
          pod(path, { labels: `app=${path.slice(-1)}`, ip: `10.0.0.${id + 1} fd00:10::${id + 1}`, ports: '80' }),
        );
        const { state } = scenario([namespace('shop'), namespace('ops'), ...texts], {
          assume: ['podCIDRs=10.0.0.0/16,fd00:10::/64'],
        });
        const one = caseOf(state, allow);
        const ids = Array.from({ length: 12 }, () => draws.next().value! % one.mutants.length);
        const fates = fatesOf(one, ids);
        expect([fates.get('unseen'), fates.get('hidden')]).toEqual([[], []]);
      }),
      { numRuns: 25 },
    );
  });
});

describeWithShared('online-boutique', () => {
  it('has no mutant that goes unseen, of one in nine', { timeout: 240_000 }, async () => {
    const read = await readManifests(['../shared/corpus/online-boutique/kubernetes-manifests.yaml'], { cwd: ROOT });
    const state = loadState({ ...read, behaviour: behaviourOf('default'), defaultNamespace: 'default' });
    const one = caseOf(state);
    const ids = [...one.mutants.keys()].filter((id) => id % 9 === 4);
    expect(ids.length).toBeGreaterThan(50);
    const fates = fatesOf(one, ids);
    expect([fates.get('unseen'), fates.get('hidden')]).toEqual([[], []]);
  });
});

describeWithShared('online-boutique as it was recorded', () => {
  it('has no mutant that goes unseen, of one in 23', { timeout: 240_000 }, async () => {
    const read = await readManifests([`../shared/${RECORDING.join('/')}/manifests.yaml`], { cwd: ROOT });
    const state = loadState({ ...read, behaviour: behaviourOf('default'), defaultNamespace: 'default' });
    const { flows } = await readRecording({});
    const one = caseOf(state, [], flows);
    const ids = [...one.mutants.keys()].filter((id) => id % 23 === 7);
    expect(ids.length).toBeGreaterThan(15);
    const fates = fatesOf(one, ids);
    expect([fates.get('unseen'), fates.get('hidden')]).toEqual([[], []]);
  });
});
