// Verdicts on batches of flows against the literal evaluator: every end of drawn clusters, each pod by itself.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { podEndpoint } from '../../src/engine/endpoints/pod-endpoints.ts';
import { withOwnNode, worldOf } from '../../src/engine/endpoints/world.ts';
import { portBounds } from '../../src/engine/evaluate/cases.ts';
import { evaluateFlow } from '../../src/engine/evaluate/evaluate.ts';
import type { Endpoint } from '../../src/engine/model/endpoint.ts';
import type { Flow, Verdict } from '../../src/engine/model/verdict.ts';
import { FAMILIES } from '../../src/engine/sets/ip-set.ts';
import { everyPort, PROTOCOLS, type Protocol } from '../../src/engine/sets/traffic-set.ts';
import type { State } from '../../src/engine/state.ts';
import { FLOW_PROTOCOLS, flowVerdicts } from '../../src/engine/verdicts/flow-verdicts.ts';
import { numberEnds } from '../../src/engine/verdicts/numbered-ends.ts';
import { VERDICTS } from '../../src/engine/verdicts/verdict-codes.ts';
import { behaviour } from '../support/arbitrary-behaviour.ts';
import { manifests } from '../support/arbitrary-manifests.ts';
import { batchOf, type ResolvedFlow } from '../support/flow-batches.ts';
import { stateOf } from '../support/replay.ts';
import { runs } from '../support/runs.ts';

/** An end as the literal evaluator sees it; a pod that exists is itself and no replica. */
interface End {
  readonly number: number;
  readonly endpoint: Endpoint;
  readonly isOne: boolean;
}

/** Every end with its number: pods alone, made anew from the one pod; all other ends as units. */
function endsOf(state: State): End[] {
  const world = worldOf(state);
  const { units, ofPod, ofUnit } = numberEnds(world);
  const nodes = new Map(state.cluster.nodes.map((node) => [node.name, node]));
  const pods = world.pods.flatMap((unit) => (unit.type === 'workload' ? unit.pods : []));
  return [
    ...pods.map((pod, at): End => {
      const key = `${pod.namespace}/${pod.name} ${at}`;
      const endpoint = podEndpoint(world.context, [pod], nodes, { key, name: key });
      // A pod of its own kind speaks with its node's address where it has no identity of its own.
      const isHost = endpoint.pod === undefined;
      const seen: Endpoint = isHost ? { ...endpoint, ownNode: 'local-node' } : endpoint;
      return { number: ofPod(pod)!, endpoint: seen, isOne: pod.real };
    }),
    ...units.map((unit, at): End => ({ number: ofUnit(at), endpoint: withOwnNode(unit).endpoint, isOne: false })),
  ];
}

/** One port of every stretch in which no policy can tell ports apart. */
function representatives({ placement }: State, to: Endpoint, protocol: Protocol): number[] {
  const [first, end] = everyPort(protocol) as [number, number];
  const bounds = [first, ...portBounds(placement, to, protocol), end - 1];
  return [...new Set(bounds)].filter((port) => first <= port && port < end);
}

interface Case {
  readonly from: End;
  readonly to: End;
  readonly flow: Flow;
}

function casesOf(state: State, ends: readonly End[]): Case[] {
  return ends.flatMap((from) =>
    ends.flatMap((to) =>
      PROTOCOLS.flatMap((protocol) =>
        representatives(state, to.endpoint, protocol).flatMap((port) =>
          FAMILIES.map((family): Case => ({ from, to, flow: { family, protocol, port } })),
        ),
      ),
    ),
  );
}

function resolved({ from, to, flow }: Case): ResolvedFlow {
  return { source: from.number, destination: to.number, ...flow };
}

function literally(state: State, { from, to, flow }: Case): Verdict {
  const rules = { placement: state.placement, knobs: state.behaviour.knobs, explains: false };
  const same = from.number === to.number && from.isOne;
  const isExempt = same && state.behaviour.knobs.selfTraffic === 'allow';
  const share = [from, to].every(({ endpoint }) => endpoint.families.includes(flow.family));
  if (!share && !isExempt) return 'unknown';
  return evaluateFlow(rules, { from: from.endpoint, to: to.endpoint, same }, flow).verdict;
}

const text = ({ from, to, flow }: Case) =>
  `${from.endpoint.key} -> ${to.endpoint.key} ${flow.family} ${flow.port}/${flow.protocol}`;

describe('verdicts on flows', () => {
  it('are those of the literal evaluator, for every pair of ends, and so is why', () => {
    fc.assert(
      fc.property(manifests, behaviour, fc.integer(), (drawn, chosen, seed) => {
        const state = stateOf(drawn, chosen);
        const all = casesOf(state, endsOf(state));
        // Of very many a part, which part the seed says.
        const step = Math.ceil(all.length / 3000);
        const cases = all.filter((_, i) => (i + seed) % step === 0);
        const verdicts = flowVerdicts(state);
        const codes = verdicts.judge(batchOf(cases.map(resolved)));
        const again = verdicts.judge(batchOf(cases.map(resolved)));
        expect(again).toEqual(codes);
        const wrong = cases.flatMap((one, i) => {
          const expected = literally(state, one);
          const batched = VERDICTS[codes[i]!];
          const why = verdicts.why(one.from.number, one.to.number, one.flow).verdict;
          return batched === expected && why === expected
            ? []
            : [`${text(one)}: ${expected}, not ${batched} or ${why}`];
        });
        expect(wrong).toEqual([]);
      }),
      runs(150),
    );
  });

  it('are asked by protocols in the order of FLOW_PROTOCOLS', () => {
    expect(FLOW_PROTOCOLS).toEqual(PROTOCOLS);
  });
});
