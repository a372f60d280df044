// Replays the conformance tests of ClusterNetworkPolicy v1alpha2 through both evaluators, as they are and rewritten in the
// older kinds AdminNetworkPolicy and BaselineAdminNetworkPolicy.

import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import type { Protocol } from '../../src/engine/sets/traffic-set.ts';
import { type Manifest, namespaceManifest, podManifest, replayOf, stateOf } from '../support/replay.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';
import { type ClusterNetworkPolicyManifest, toAdminNetworkPolicies } from '../support/to-admin-network-policy.ts';

type LabelsByName = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface Step {
  readonly title: string;
  readonly clusterNetworkPolicies: readonly ClusterNetworkPolicyManifest[];
  readonly networkPolicies?: readonly Manifest[];
  /** Replaces the labels of all namespaces; absent: those of the topology. */
  readonly namespaceLabels?: LabelsByName;
  readonly probes: readonly { from: string; to: string; protocol: Protocol; port: number; allowed: boolean }[];
}

interface Topology {
  readonly namespaces: LabelsByName;
  readonly nodes: readonly { name: string; labels: Readonly<Record<string, string>>; ips: readonly string[] }[];
  readonly pods: readonly {
    namespace: string;
    name: string;
    labels: Readonly<Record<string, string>>;
    ips: readonly string[];
    hostNetwork: boolean;
    ports: readonly { name: string; protocol: string; containerPort: number }[];
  }[];
}

interface Data extends Topology {
  readonly tests: readonly { readonly name: string; readonly steps: readonly Step[] }[];
}

describeWithShared('conformance tests of ClusterNetworkPolicy', () => {
  const data = read();
  const replayed = { tests: 0, states: 0, probes: 0 };
  afterAll(() => {
    console.log(
      `ClusterNetworkPolicy: ${replayed.tests} tests, ${replayed.states} states, ${replayed.probes} probes; none skipped`,
    );
  });
  for (const test of data.tests) {
    it(test.name, () => {
      for (const step of test.steps) {
        replayed.probes += replayStep(data, step, step.clusterNetworkPolicies);
        replayed.states++;
      }
      replayed.tests++;
    });
  }

  it('holds what its notice says', () => {
    expect(replayed).toEqual({ tests: 24, states: 96, probes: 301 });
  });
});

describeWithShared('the same rewritten as AdminNetworkPolicy and BaselineAdminNetworkPolicy', () => {
  const data = read();
  const replayed = { tests: 0, states: 0, probes: 0 };
  const skipped: string[] = [];
  afterAll(() => {
    const { tests, states, probes } = replayed;
    const rest = skipped.length === 0 ? 'all states can be expressed' : `not expressible: ${skipped.join('; ')}`;
    console.log(`AdminNetworkPolicy: ${tests} tests, ${states} states, ${probes} probes; ${rest}`);
  });
  for (const test of data.tests) {
    it(test.name, () => {
      for (const step of test.steps) {
        const rewritten = toAdminNetworkPolicies(step.clusterNetworkPolicies);
        if ('reason' in rewritten) {
          skipped.push(`${test.name}, ${step.title}: ${rewritten.reason}`);
          continue;
        }
        replayed.probes += replayStep(data, step, rewritten.manifests);
        replayed.states++;
      }
      replayed.tests++;
    });
  }

  it('covers everything', () => {
    expect({ ...replayed, skipped }).toEqual({ tests: 24, states: 96, probes: 301, skipped: [] });
  });
});

function read(): Data {
  return JSON.parse(readFileSync(sharedPath('conformance', 'npapi-conformance-cases.json'), 'utf8')) as Data;
}

/** Compares every probe of a state by both evaluators; returns how many there are. */
function replayStep(topology: Topology, step: Step, policies: readonly Manifest[]): number {
  const networkPolicies = step.networkPolicies ?? [];
  const state = stateOf([...manifestsOf(topology, step), ...policies, ...networkPolicies]);
  expect({ findings: state.findings.filter((finding) => finding.rejectedByApi), gaps: state.gaps }).toEqual({
    findings: [],
    gaps: [],
  });
  expect(state.policies.length, step.title).toBe(policies.length + networkPolicies.length);
  const replay = replayOf(state);
  const answers = (ask: (probe: Step['probes'][number]) => string): string[] =>
    step.probes.map((probe) => `${probe.from} -> ${probe.to} ${probe.port}/${probe.protocol} ${ask(probe)}`);
  const expected = answers(({ allowed }) => (allowed ? 'allowed' : 'denied'));
  const literal = answers(({ from, to, protocol, port }) => replay.literal(from, to, protocol, port).verdict);
  const compiled = answers(({ from, to, protocol, port }) => replay.compiled(from, to, protocol, port));
  expect({ title: step.title, literal, compiled }).toEqual({
    title: step.title,
    literal: expected,
    compiled: expected,
  });
  return expected.length;
}

/** Pods of one StatefulSet, as upstream: they are one workload, of two variants where a policy tells them apart. */
function manifestsOf({ namespaces, nodes, pods }: Topology, step: Step): Manifest[] {
  return [
    ...Object.entries(step.namespaceLabels ?? namespaces).map(([name, labels]) => namespaceManifest(name, labels)),
    ...nodes.map(({ name, labels, ips }) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels },
      status: { addresses: ips.map((address) => ({ type: 'InternalIP', address })) },
    })),
    ...pods.map(({ ips, ...pod }) => {
      const node = nodes.find((one) => one.ips.some((ip) => ips.includes(ip)));
      const owner = pod.name.replace(/-\d+$/, '');
      return podManifest({ ...pod, addresses: ips, owner, ...(node === undefined ? {} : { node: node.name }) });
    }),
  ];
}
