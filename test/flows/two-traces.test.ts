// The same application, recorded twice: by a plugin that shows the Service, and by one that has already translated it; both
// without a single name. What is learnt must be the same (generation.md, section 12, 3).

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { attributeFlows } from '../../src/engine/attribution/attribute-flows.ts';
import { behaviourOf } from '../../src/engine/behaviours/index.ts';
import type { Evidence } from '../../src/engine/model/evidence.ts';
import type { ObservedFlow } from '../../src/engine/model/flow.ts';
import { loadState } from '../../src/engine/state.ts';
import { readText } from '../../src/manifests/index.ts';
import { partyText } from '../support/observed.ts';
import { RECORDING } from '../support/recorded-flows.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';

interface Line {
  readonly flow?: {
    readonly time: string;
    readonly IP?: { readonly source: string; readonly destination: string };
    readonly l4?: { readonly TCP?: Ports; readonly UDP?: Ports };
    readonly trace_observation_point?: string;
  };
}

interface Ports {
  readonly source_port: number;
  readonly destination_port: number;
}

/** Addresses and ports of every packet seen at one point before the rollout, questions and answers alike. */
function packetsAt(point: string): ObservedFlow[] {
  const text = gunzipSync(readFileSync(sharedPath(...RECORDING, 'hubble.jsonl.gz'))).toString('utf8');
  return text.split('\n').flatMap((written, index): ObservedFlow[] => {
    const flow = written === '' ? undefined : (JSON.parse(written) as Line).flow;
    const protocol = flow?.l4?.TCP === undefined ? 'UDP' : 'TCP';
    const ports = flow?.l4?.[protocol];
    if (flow?.IP === undefined || ports === undefined || flow.time > '2026-11-21T03:28:20') return [];
    if (flow.trace_observation_point !== point) return [];
    const at = Date.parse(flow.time);
    return [
      {
        source: { address: flow.IP.source },
        destination: { address: flow.IP.destination },
        family: 'IPv4',
        protocol,
        port: ports.destination_port,
        sourcePort: ports.source_port,
        opened: 'unknown',
        verdict: { kind: 'unknown' },
        count: 1,
        first: at,
        last: at,
        place: { file: 'packets', line: index + 1 },
      },
    ];
  });
}

const text = ({ from, to, protocol, ports }: Evidence) =>
  `${partyText(from)} -> ${partyText(to)} ${protocol}/${ports[0]}`;

describeWithShared('two traces of one application', () => {
  const file = 'snapshot-start.json';
  const read = readText(readFileSync(sharedPath(...RECORDING, file), 'utf8'), file);
  const state = loadState({ ...read, behaviour: behaviourOf('default'), defaultNamespace: 'default' });
  const learnt = (point: string) => attributeFlows(state, packetsAt(point));

  it('teach the same connections between workloads, at the ports of the pods', () => {
    const [shown, translated] = [learnt('FROM_ENDPOINT'), learnt('TO_STACK')];
    const between = ({ evidence }: typeof shown) =>
      evidence.filter(({ from, to }) => from.type === 'workload' && to.type !== 'node').map(text);
    expect(between(shown)).toEqual(between(translated));
    expect(between(shown).length).toBeGreaterThan(25);
    expect(shown.evidence.some(({ via }) => via !== undefined)).toBe(true);
  });

  it('leave open only pods that are gone, whose addresses nothing names', () => {
    for (const { unattributed } of [learnt('FROM_ENDPOINT'), learnt('TO_STACK')]) {
      expect(new Set(unattributed.map(({ reason }) => reason))).toEqual(new Set(['pod-gone']));
    }
  });
});
