// Replays the reachability cases of the upstream end-to-end tests of NetworkPolicy through both evaluators.

import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import type { Protocol } from '../../src/engine/sets/traffic-set.ts';
import { type Manifest, namespaceManifest, podManifest, replayOf, SERVED_PORTS, stateOf } from '../support/replay.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';

type LabelsByName = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface Step {
  /** Without apiVersion and kind; `$IP(ns/pod)` and `$NET4(ns/pod)` stand for addresses. */
  readonly policies: readonly Manifest[];
  readonly probe: { readonly protocol: Protocol; readonly port: number };
  /** Applied in order to "everything is allowed"; `*` is a wildcard for a namespace or a pod. */
  readonly expect: readonly (readonly [source: string, destination: string, allowed: boolean])[];
  readonly nsLabels?: LabelsByName;
  readonly podLabels?: LabelsByName;
}

interface Case {
  readonly id: number;
  readonly title: string;
  readonly pods: readonly string[];
  readonly steps: readonly Step[];
}

/** Both families of a cluster: the cases are about "the address", whichever it is. */
const FAMILIES = ['IPv4', 'IPv6'] as const;

describeWithShared('upstream end-to-end cases of NetworkPolicy', () => {
  const text = readFileSync(sharedPath('conformance', 'e2e-netpol-cases.json'), 'utf8');
  const { cases } = JSON.parse(text) as { cases: readonly Case[] };
  const replayed = { cases: 0, steps: 0, pairs: 0 };
  afterAll(() => {
    console.log(
      `e2e netpol: ${replayed.cases} cases, ${replayed.steps} steps, ${replayed.pairs} pairs in each of IPv4 and IPv6; pairs of a pod with itself are not part of the cases`,
    );
  });

  for (const one of cases) {
    it(`${one.id} ${one.title}`, () => {
      for (const [number, step] of one.steps.entries()) {
        const expected = expectedPairs(one.pods, step.expect);
        for (const family of FAMILIES) {
          const actual = replayStep(one.pods, step, family);
          expect(actual.literal, `step ${number + 1} ${family} literal`).toEqual(expected);
          expect(actual.compiled, `step ${number + 1} ${family} compiled`).toEqual(expected);
        }
        replayed.steps++;
        replayed.pairs += Object.keys(expected).length;
      }
      replayed.cases++;
    });
  }

  it('holds what its notice says', () => {
    expect(replayed).toEqual({ cases: 48, steps: 65, pairs: 506 });
  });
});

function pairsOf(pods: readonly string[]): (readonly [string, string])[] {
  return pods.flatMap((from) => pods.filter((to) => to !== from).map((to) => [from, to] as const));
}

function expectedPairs(pods: readonly string[], entries: Step['expect']): Record<string, string> {
  const matches = (pattern: string, pod: string): boolean => {
    const names = pod.split('/');
    return pattern.split('/').every((part, i) => part === '*' || part === names[i]);
  };
  return Object.fromEntries(
    pairsOf(pods).map(([from, to]) => {
      const last = entries.findLast(([source, destination]) => matches(source, from) && matches(destination, to));
      return [`${from} -> ${to}`, (last?.[2] ?? true) ? 'allowed' : 'denied'];
    }),
  );
}

type Verdicts = Readonly<Record<string, string>>;

function replayStep(
  pods: readonly string[],
  step: Step,
  family: (typeof FAMILIES)[number],
): { literal: Verdicts; compiled: Verdicts } {
  const state = stateOf(manifestsOf(pods, step, family));
  expect({ findings: state.findings.filter((finding) => finding.rejectedByApi), gaps: state.gaps }).toEqual({
    findings: [],
    gaps: [],
  });
  expect(state.policies.length).toBe(step.policies.length);
  const replay = replayOf(state);
  const { protocol, port } = step.probe;
  const verdicts = (ask: (from: string, to: string) => string): Verdicts =>
    Object.fromEntries(pairsOf(pods).map(([from, to]) => [`${from} -> ${to}`, ask(from, to)]));
  return {
    literal: verdicts((from, to) => replay.literal(from, to, protocol, port, family).verdict),
    compiled: verdicts((from, to) => replay.compiled(from, to, protocol, port, { family })),
  };
}

function manifestsOf(pods: readonly string[], step: Step, family: (typeof FAMILIES)[number]): Manifest[] {
  const address = (pod: string): string => {
    const number = pods.indexOf(pod) + 1;
    expect(number).toBeGreaterThan(0);
    return family === 'IPv4' ? `10.244.0.${number}` : `fd00:10:244::${number}`;
  };
  // The /4 around the pod, and a block of one address, in either family.
  const substitute = (text: string): string =>
    text
      .replace(/\$IP\(([^)]*)\)\/32/g, (_, pod: string) => `${address(pod)}/${family === 'IPv4' ? 32 : 128}`)
      .replace(/\$NET4\([^)]*\)/g, family === 'IPv4' ? '0.0.0.0/4' : 'f000::/4');
  const policies = JSON.parse(substitute(JSON.stringify(step.policies))) as Manifest[];
  expect(JSON.stringify(policies)).not.toContain('$');
  const namespaces = [...new Set(pods.map((pod) => pod.split('/')[0]!))];
  return [
    ...namespaces.map((name) => namespaceManifest(name, step.nsLabels?.[name] ?? {})),
    ...pods.map((pod) => {
      const [namespace, name] = [pod.split('/')[0]!, pod.split('/')[1]!];
      const labels = { pod: name, ...step.podLabels?.[pod] };
      return podManifest({ namespace, name, labels, addresses: [address(pod)], ports: SERVED_PORTS });
    }),
    ...policies.map((policy) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', ...policy })),
  ];
}
