// The recording of a real node, attributed: compared with what the application was meant to do.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { attributeFlows } from '../../src/engine/attribution/attribute-flows.ts';
import type { DeniedConnection } from '../../src/engine/attribution/attribution.ts';
import { behaviourOf } from '../../src/engine/behaviours/index.ts';
import type { Evidence, Party } from '../../src/engine/model/evidence.ts';
import { explainFlow } from '../../src/engine/questions/explain-flow.ts';
import { replay } from '../../src/engine/questions/replay.ts';
import { loadState, type State } from '../../src/engine/state.ts';
import { readText } from '../../src/manifests/index.ts';
import { readRecording } from '../support/recorded-flows.ts';
import { describeWithShared, sharedPath } from '../support/shared.ts';

const FOLDER = ['corpus', 'flows-online-boutique'] as const;

interface Truth {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: number;
  readonly phase2: string;
}

function stateOf(snapshot: string): State {
  const read = readText(readFileSync(sharedPath(...FOLDER, snapshot), 'utf8'), snapshot);
  return loadState({ ...read, behaviour: behaviourOf('default'), defaultNamespace: 'default' });
}

/** A party as truth.json writes it. */
function written(party: Party): string {
  if (party.type === 'workload') return party.key.replace(/\.[a-z.]+\//, '/');
  if (party.type === 'addresses') return party.cidrs.map((cidr) => cidr.replace(/\/32$/, '')).join(',');
  if (party.type === 'api-server') return '10.199.0.1';
  return party.type === 'node' ? `Node/${party.name ?? 'netweir-node'}` : party.type;
}

function text({ from, to, protocol }: Evidence | DeniedConnection, port: number): string {
  return `${written(from)} -> ${written(to)} ${protocol}/${port}`;
}

const seen = (list: readonly Evidence[]) => list.map((one) => text(one, one.ports[0])).sort();

/** What a record can tell of it: hostNetwork pods speak as their node. */
function tellable({ from, to, protocol, port }: Truth): string {
  const source = from === 'kube-system/DaemonSet/node-agent' ? 'Node/netweir-node' : from;
  // Evidence about the API server has the port of its Service.
  return `${source} -> ${to} ${protocol}/${port === 16443 ? 443 : port}`;
}

describeWithShared('the recording of a running application', () => {
  const truth = JSON.parse(readFileSync(sharedPath(...FOLDER, 'truth.json'), 'utf8')) as readonly Truth[];
  const end = stateOf('snapshot-end.json');

  /** The connections of phase two that came about, or did not, as truth.json says. */
  const inPhaseTwo = (outcome: string) =>
    [...new Set(truth.filter(({ phase2 }) => phase2.startsWith(outcome)).map(tellable))].sort();

  describe('phase one', async () => {
    const { flows, summary } = await readRecording({ to: '2026-11-21T03:31:26' });
    const attribution = attributeFlows(end, flows, summary);

    it('has every intended connection and no other', () => {
      expect(seen(attribution.evidence)).toEqual([...new Set(truth.map(tellable))].sort());
    });

    it('leaves nothing open, and no record uncounted', () => {
      const { records, unattributed, denied, leftAside } = attribution;
      expect({ unattributed, denied }).toEqual({ unattributed: [], denied: [] });
      expect(leftAside).toEqual([]);
      expect(records.evidence + records.leftAside).toBe(records.total);
      expect(records.total).toBe(flows.reduce((sum, { count }) => sum + count, 0));
    });

    it('has seen every workload, and says what it has not seen', () => {
      expect(attribution.unseen).toEqual({ workloads: [], protocols: ['SCTP'] });
      expect(new Date(attribution.window.first!).toISOString()).toMatch(/^2026-11-21T03:25:3/);
      expect(new Date(attribution.window.last!).toISOString()).toMatch(/^2026-11-21T03:31:25/);
    });

    it('is the same with the snapshot of the beginning, which has other pods', () => {
      expect(seen(attributeFlows(stateOf('snapshot-start.json'), flows, summary).evidence)).toEqual(
        seen(attribution.evidence),
      );
    });

    it('is the same with the manifests alone but for what only a snapshot tells of nodes and addresses', () => {
      const bare = attributeFlows(stateOf('manifests.yaml'), flows, summary);
      const isBetweenWorkloads = (one: Evidence) => one.from.type === 'workload' && one.to.type === 'workload';
      const namespaces = ['boutique', 'monitoring', 'batch'];
      const known = (one: Evidence) =>
        [one.from, one.to].every((party) => namespaces.some((name) => written(party).startsWith(`${name}/`)));
      const expected = seen(attribution.evidence.filter((one) => isBetweenWorkloads(one) && known(one)));
      expect(seen(bare.evidence.filter(isBetweenWorkloads))).toEqual(expected);
    });

    it('says so where the log had to be asked what an address was earlier', async () => {
      const { flows: gone } = await readRecording({ from: '2026-11-21T03:28:35', to: '2026-11-21T03:30:05' });
      const calls = gone.filter(({ destination }) => destination.address === '10.244.0.89');
      const alone = attributeFlows(end, calls);
      expect(alone.unattributed.map(({ reason, destination }) => [reason, destination])).toEqual([
        ['pod-gone', '10.244.0.89'],
      ]);
    });
  });

  describe('replayed', async () => {
    const { flows, summary } = await readRecording({ to: '2026-11-21T03:31:26' });
    const document = replay(end, flows, summary);
    const named = (outcome: string) =>
      document.observed
        .filter((one) => one.outcome === outcome)
        .map(({ from, to, protocol, port }) => `${nameOf(from)} -> ${nameOf(to)} ${protocol}/${port}`)
        .sort();
    const nameOf = (id: number): string => {
      const { key } = document.endpoints[id]!;
      if (key.startsWith('domain/')) return '10.199.0.1';
      if (key === 'node/') return 'Node/netweir-node';
      return key.replace(/\.[a-z.]+\//, '/').replace('addresses/', '');
    };

    it('phase one foretells what the policies of phase two dropped on the node, connection by connection', () => {
      expect(named('newly-denied')).toEqual(inPhaseTwo('dropped'));
      expect(named('still-allowed')).toEqual(inPhaseTwo('allowed'));
      expect(document.observed).toHaveLength(named('newly-denied').length + named('still-allowed').length);
    });

    it('says at which end each would be denied', () => {
      const arriving = document.observed.filter(
        (one) => one.egress?.verdict === 'allowed' && one.ingress?.verdict === 'denied',
      );
      const texts = arriving.map(
        ({ from, to, protocol, port }) => `${nameOf(from)} -> ${nameOf(to)} ${protocol}/${port}`,
      );
      expect(texts.sort()).toEqual(inPhaseTwo('dropped arriving'));
    });

    it('the whole log: what phase two dropped is newly denied still, since phase one saw it get through', async () => {
      const whole = await readRecording({});
      expect(replay(end, whole.flows, whole.summary).summary).toMatchObject({
        newlyDenied: inPhaseTwo('dropped').length,
        undecidable: 0,
      });
    });
  });

  describe('phase two', async () => {
    const { flows, summary } = await readRecording({ from: '2026-11-21T03:31:28' });
    const attribution = attributeFlows(end, flows, summary);

    it('has what was allowed as evidence, and nothing that was refused', () => {
      expect(seen(attribution.evidence)).toEqual(inPhaseTwo('allowed'));
    });

    it('replayed under its own policies, nothing changes', () => {
      const { summary: counts } = replay(end, flows, summary);
      expect(counts).toMatchObject({
        newlyDenied: 0,
        newlyAllowed: 0,
        undecidable: 0,
        stillDenied: inPhaseTwo('dropped').length,
        stillAllowed: inPhaseTwo('allowed').length,
      });
    });

    it('explained one by one, policies and log agree on every record that has a verdict', () => {
      const { nodeAddresses } = summary;
      const answers = flows.map((flow) => explainFlow(end, flow, { others: [], nodeAddresses }));
      const told = answers.filter(({ agrees }) => agrees !== undefined);
      expect(told.length).toBeGreaterThan(50);
      expect(told.filter(({ agrees }) => agrees === 'no' || agrees === 'unknown').map(({ says }) => says)).toEqual([]);
    });

    it('has what was refused apart', () => {
      expect(attribution.denied.map((one) => text(one, one.port)).sort()).toEqual(inPhaseTwo('dropped'));
      expect(new Set(attribution.denied.map(({ by }) => by))).toEqual(new Set(['policy']));
      for (const outcome of ['leaving', 'arriving']) {
        const direction = outcome === 'leaving' ? 'egress' : 'ingress';
        const found = attribution.denied.filter(({ directions }) => directions.includes(direction));
        expect(found.map((one) => text(one, one.port)).sort()).toEqual(inPhaseTwo(`dropped ${outcome}`));
      }
    });
  });
});
