// Replays the generated cases of cyclonus: every cell of every table, through manifests and both evaluators.

import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import type { Protocol } from '../../src/engine/sets/traffic-set.ts';
import { type Manifest, namespaceManifest, podManifest, replayOf, SERVED_PORTS, stateOf } from '../support/replay.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';

type Table = 'ingress' | 'egress' | 'combined';

interface Step {
  readonly namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly pods: readonly { namespace: string; name: string; labels: Readonly<Record<string, string>>; ip: string }[];
  /** Null: none. Some come without apiVersion and kind. */
  readonly policies: readonly Manifest[] | null;
  /** Row = source, column = destination, in the order of `pods`; `.` allowed, `X` blocked. */
  readonly expected: Readonly<Record<string, Readonly<Record<Table, readonly string[]>>>>;
}

interface Case {
  readonly index: number;
  readonly description: string;
  readonly steps: readonly Step[];
}

const TABLES: readonly Table[] = ['ingress', 'egress', 'combined'];

describeWithShared('cases of cyclonus', () => {
  const text = readFileSync(sharedPath('conformance', 'cyclonus-all.json'), 'utf8');
  const { cases } = JSON.parse(text) as { cases: readonly Case[] };
  const replayed = { cases: 0, steps: 0, cells: 0 };
  afterAll(() => {
    const { cells } = replayed;
    console.log(
      `cyclonus: ${replayed.cases} cases, ${replayed.steps} steps, ${cells} cells in ${TABLES.length} tables`,
    );
  });

  for (const one of cases) {
    it(`${one.index} ${one.description}`, () => {
      for (const [number, step] of one.steps.entries()) {
        const cells = replayStep(step, `step ${number + 1}`);
        replayed.steps++;
        replayed.cells += cells;
      }
      replayed.cases++;
    });
  }

  it('holds what its notice says', () => {
    expect(replayed).toEqual({ cases: 230, steps: 256, cells: 123_669 });
  });
});

/** Compares all three tables of each port by both evaluators; returns the number of cells of one table. */
function replayStep(step: Step, name: string): number {
  const state = stateOf(manifestsOf(step), { assume: ['selfTraffic=plainRules'] });
  expect({ findings: state.findings.filter((finding) => finding.rejectedByApi), gaps: state.gaps }, name).toEqual({
    findings: [],
    gaps: [],
  });
  expect(state.policies.length, name).toBe((step.policies ?? []).length);
  const replay = replayOf(state);
  const pods = step.pods.map((pod) => `${pod.namespace}/${pod.name}`);
  let cells = 0;
  for (const [key, expected] of Object.entries(step.expected)) {
    const [protocol, port] = [key.split('/')[0] as Protocol, Number(key.split('/')[1])];
    const literal: Record<Table, string[]> = { ingress: [], egress: [], combined: [] };
    const compiled: Record<Table, string[]> = { ingress: [], egress: [], combined: [] };
    for (const from of pods) {
      const traces = pods.map((to) => replay.literal(from, to, protocol, port));
      literal.ingress.push(traces.map((trace) => cell(trace.ingress.verdict)).join(''));
      literal.egress.push(traces.map((trace) => cell(trace.egress.verdict)).join(''));
      literal.combined.push(traces.map((trace) => cell(trace.verdict)).join(''));
      for (const table of TABLES) {
        const options = table === 'combined' ? {} : { direction: table };
        compiled[table].push(pods.map((to) => cell(replay.compiled(from, to, protocol, port, options))).join(''));
      }
      cells += pods.length;
    }
    expect({ evaluator: 'literal', key, ...literal }, name).toEqual({ evaluator: 'literal', key, ...expected });
    expect({ evaluator: 'compiled', key, ...compiled }, name).toEqual({ evaluator: 'compiled', key, ...expected });
  }
  return cells;
}

/** `?` and `c` never stand in the tables: what is known exactly must be decided. */
function cell(verdict: string): string {
  return verdict === 'allowed' ? '.' : verdict === 'denied' ? 'X' : verdict === 'unknown' ? '?' : 'c';
}

function manifestsOf(step: Step): Manifest[] {
  return [
    ...Object.entries(step.namespaces).map(([name, labels]) => namespaceManifest(name, labels)),
    ...step.pods.map(({ ip, ...pod }, index) => {
      // Pods that a case creates have no real address in the data (192.168.1.292); none of those cases has an ipBlock.
      const address = isIP(ip) === 4 ? ip : `192.168.2.${index}`;
      return podManifest({ ...pod, addresses: [address], ports: SERVED_PORTS });
    }),
    ...(step.policies ?? []).map((policy) => ({
      ...policy,
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
    })),
  ];
}
