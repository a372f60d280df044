// What the reader makes of a real recording, against what the application was meant to do: every connection of truth.json
// and none besides, before policies and under them.

import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import type { FlowEnd, ObservedFlow } from '../../src/engine/model/flow.ts';
import { type FlowsRead, readFlows } from '../../src/flows/index.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';

interface Connection {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: number;
  readonly phase2: 'allowed' | 'dropped leaving' | 'dropped arriving';
}

const FOLDER = sharedPath('corpus', 'flows-online-boutique');
const PHASE_TWO = Date.UTC(2026, 10, 21, 3, 31, 26);

describeWithShared('the recording of Online Boutique', () => {
  const truth = JSON.parse(readFileSync(`${FOLDER}/truth.json`, 'utf8')) as Connection[];
  let read: FlowsRead;
  beforeAll(async () => {
    read = await readFlows(['hubble.jsonl.gz'], { cwd: FOLDER });
  }, 60_000);

  it('has every connection of the truth and none besides', () => {
    expect(connectionsOf(read.flows)).toEqual([...new Set(truth.map(asSeen))].sort());
  });

  it('has the verdicts of phase two, where policies are in force', () => {
    const dropped = (direction: string) =>
      connectionsOf(
        read.flows.filter(
          ({ verdict, seenAt }) => verdict.kind === 'denied' && verdict.by === 'policy' && seenAt === direction,
        ),
      );
    const meant = (phase2: string) => [...new Set(truth.filter((one) => one.phase2 === phase2).map(asSeen))].sort();
    expect(dropped('egress')).toEqual(meant('dropped leaving'));
    expect(dropped('ingress')).toEqual(meant('dropped arriving'));
    expect(read.flows.filter(({ verdict, first }) => verdict.kind === 'denied' && first! < PHASE_TWO)).toEqual([]);
  });

  it('lets what phase two drops through only before it', () => {
    const later = connectionsOf(
      read.flows.filter(
        ({ verdict, last, seenAt }) => verdict.kind === 'allowed' && seenAt === 'ingress' && last! >= PHASE_TWO + 5000,
      ),
    );
    const allowed = new Set(truth.filter(({ phase2 }) => phase2 === 'allowed').map(asSeen));
    expect(later.filter((connection) => !allowed.has(connection))).toEqual([]);
  });

  it('counts each line once, and nothing is broken', () => {
    const { summary, flows } = read;
    expect(summary).toMatchObject({
      records: 57_472,
      flows: 23_638,
      broken: 0,
      truncated: 0,
      aside: {
        'agent-event': 327,
        'before-translation': 27_930,
        'link-protocol': 454,
        'no-address': 54,
        'translated-reply': 5069,
      },
      nodes: ['netweir-node'],
      nodeAddresses: ['10.199.0.1', '192.0.2.2'],
      problems: [],
    });
    expect(flows.reduce((sum, { count }) => sum + count, 0)).toBe(summary.flows);
  });

  it('never calls a client port a destination, nor a Service port a pod port', () => {
    const ports = new Set(truth.map(({ port }) => port));
    expect([...new Set(read.flows.map(({ port }) => port!))].filter((port) => !ports.has(port))).toEqual([]);
    expect(read.flows.filter(({ opened, sourcePort }) => opened !== 'known' || sourcePort !== undefined)).toEqual([]);
    expect(read.flows.filter(({ destination }) => destination.service !== undefined)).toEqual([]);
  });

  it('names policies, but not what Cilium allows by itself', () => {
    const names = new Set(
      read.flows.flatMap(({ policies = [] }) => policies.map(({ kind, name }) => `${kind} ${name}`)),
    );
    expect(names).toContain('NetworkPolicy allow-dns');
    expect(read.flows.flatMap(({ foreignPolicies = [] }) => foreignPolicies)).toEqual([]);
  });

  it('keeps owner, pod and labels of pods that are gone', () => {
    const jobs = read.flows.filter(({ source }) => source.workload?.name === 'catalog-export');
    expect(new Set(jobs.map(({ source }) => source.pod)).size).toBe(8);
    for (const { source } of jobs) expect(source.workload?.kind).toBe('CronJob');
    expect(jobs[0]!.source.labels).toMatchObject({ app: 'catalog-export' });
    expect(Object.keys(jobs[0]!.source.labels!).filter((key) => key.startsWith('io.'))).toEqual([]);
    expect(jobs[0]!.source.namespaceLabels).toEqual({ 'kubernetes.io/metadata.name': 'batch' });
  });
});

/** Connections in the words of truth.json, as far as the log can know them. */
function connectionsOf(flows: readonly ObservedFlow[]): string[] {
  const lines = flows.map(
    ({ source, destination, protocol, port }) => `${nameOf(source)} -> ${nameOf(destination)} ${protocol} ${port}`,
  );
  return [...new Set(lines)].sort();
}

/** The log knows neither the node's own pods nor, at times, a visitor; and one pod was gone when it was called. */
function nameOf({ workload, namespace, entity, address }: FlowEnd): string {
  if (workload !== undefined) return `${namespace}/${workload.kind}/${workload.name}`;
  if (address === '10.244.0.89') return 'boutique/Deployment/frontend';
  if (address === '192.0.2.2' || address === '10.199.0.1' || address === '203.0.113.20') return 'node or visitor';
  return entity === 'outside' ? address! : `${entity} ${address}`;
}

function asSeen({ from, to, protocol, port }: Connection): string {
  const seen = (name: string) =>
    ['Node/netweir-node', 'kube-system/DaemonSet/node-agent', '203.0.113.20', '10.199.0.1'].includes(name)
      ? 'node or visitor'
      : name;
  return `${seen(from)} -> ${seen(to)} ${protocol} ${port}`;
}
