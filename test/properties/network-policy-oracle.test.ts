// The whole pipeline against a naive reading of NetworkPolicy that shares no code with it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { worldOf } from '../../src/engine/endpoints/world.ts';
import { can, mapConnectivity, parsePair, type QuestionContext } from '../../src/engine/index.ts';
import { allNamespaces, plainPods } from '../support/arbitrary-manifests.ts';
import { networkPolicies } from '../support/arbitrary-policy-manifests.ts';
import { verdictIn } from '../support/document-pairs.ts';
import { type OraclePod, oracleOf } from '../support/network-policy-oracle.ts';
import { stateOf } from '../support/replay.ts';
import { runs } from '../support/runs.ts';

const CONTEXT: QuestionContext = { defaultNamespace: 'default', protocols: ['TCP', 'UDP', 'SCTP'] };
const FAMILIES = ['IPv4', 'IPv6'] as const;
/** Every number that a drawn port begins or ends with, and those beside. */
const PORTS = [1, 78, 79, 80, 81, 82, 83, 65534, 65535];

const clusters = fc.tuple(allNamespaces, plainPods, networkPolicies).map((lists) => lists.flat());

const nameOf = ({ metadata }: OraclePod) => `${metadata.namespace}/pod/${metadata.name}`;

function* flows() {
  for (const family of FAMILIES) {
    for (const protocol of CONTEXT.protocols) {
      for (const port of PORTS) yield { family, protocol, port };
    }
  }
}

describe('the pipeline and a naive reading of the specification', () => {
  it('agree on the map: every pair of pods, family, protocol and port', () => {
    fc.assert(
      fc.property(clusters, (manifests) => {
        const state = stateOf(manifests);
        expect(state.findings.filter((finding) => finding.rejectedByApi)).toEqual([]);
        const oracle = oracleOf(manifests);
        expect(state.cluster.pods.length).toBe(oracle.pods.length);
        const map = mapConnectivity(state, { protocols: CONTEXT.protocols }, CONTEXT);
        const idOf = new Map(map.endpoints.map(({ key, id }) => [key, id]));
        const world = worldOf(state);
        const ids = oracle.pods.map((pod) => {
          const { namespace, name } = pod.metadata;
          const own = state.cluster.pods.find((one) => one.namespace === namespace && one.name === name)!;
          return idOf.get(world.unitOf(own)!.endpoint.key)!;
        });
        const wrong: unknown[] = [];
        for (const [i, from] of oracle.pods.entries()) {
          for (const [j, to] of oracle.pods.entries()) {
            // The map's pair of an endpoint with itself is about two replicas.
            if (i === j) continue;
            for (const flow of flows()) {
              const expected = oracle.allows(from, to, flow.family, flow.protocol, flow.port);
              const actual = verdictIn(map.connections, { from: ids[i]!, to: ids[j]! }, flow);
              const wanted = expected === true ? 'allowed' : 'denied';
              if (expected === undefined ? false : actual !== wanted) {
                wrong.push({ from: nameOf(from), to: nameOf(to), ...flow, actual, wanted });
              }
            }
          }
        }
        expect(wrong).toEqual([]);
      }),
      runs(300),
    );
  });

  it('agree on single questions, a pod to itself included', () => {
    const port = fc.constantFrom(...PORTS);
    const protocol = fc.constantFrom(...CONTEXT.protocols);
    fc.assert(
      fc.property(clusters, fc.nat(), fc.nat(), protocol, port, (manifests, i, j, asked, number) => {
        const { pods, allows } = oracleOf(manifests);
        const [from, to] = [pods[i % pods.length]!, pods[j % pods.length]!];
        // A pod that a set owns stands for its replicas, so that "itself" is another one.
        if (from === to && from.metadata.name.startsWith('set-')) return;
        const pair = parsePair([nameOf(from), `${nameOf(to)}:${number}/${asked.toLowerCase()}`]);
        const answer = can(stateOf(manifests), pair, CONTEXT).verdict;
        const verdicts = FAMILIES.map((family) => allows(from, to, family, asked, number)).filter(
          (one) => one !== undefined,
        );
        const expected = verdicts.every((one) => !one) ? 'denied' : verdicts.every((one) => one) ? 'allowed' : 'partly';
        expect({ pair: [nameOf(from), nameOf(to)], answer }).toEqual({
          pair: [nameOf(from), nameOf(to)],
          answer: expected,
        });
      }),
      runs(1500),
    );
  });
});
