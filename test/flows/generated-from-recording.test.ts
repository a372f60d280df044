// Policies generated from the recording of a real node, from its manifests and from both, against what its application was
// meant to do. The table is in docs/generating-measured.md.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { behaviourOf } from '../../src/engine/behaviours/index.ts';
import type { FlowsGiven } from '../../src/engine/generate/gather-evidence.ts';
import type { Protocol } from '../../src/engine/sets/traffic-set.ts';
import { loadState, type State } from '../../src/engine/state.ts';
import { readText } from '../../src/manifests/index.ts';
import { RECORDING, readRecording } from '../support/recorded-flows.ts';
import { describeWithShared, ROOT, sharedPath } from '../support/shared.ts';
import { EVIDENCE_FROM, type EvidenceFrom, generateFrom } from '../support/simulation/generate-from.ts';
import { type Measured, measure } from '../support/simulation/measure.ts';
import { type MeasuredRow, measuredTable, withSection } from '../support/simulation/measured-page.ts';
import type { TruthEdge, TruthEnd } from '../support/simulation/truth.ts';

interface Connection {
  readonly from: string;
  readonly to: string;
  readonly protocol: Protocol;
  readonly port: number;
}

/** Which objects policies are generated from: the cluster's, and what was applied to it. */
const INPUTS = ['snapshot-start.json', 'manifests.yaml'] as const;

const PAGE = join(ROOT, 'docs/generating-measured.md');

describeWithShared('policies for the recorded application', () => {
  const truth = (JSON.parse(readFileSync(sharedPath(...RECORDING, 'truth.json'), 'utf8')) as Connection[]).map(
    ({ from, to, protocol, port }): TruthEdge => ({ from: endOf(from), to: endOf(to), protocol, port }),
  );
  const rows: (MeasuredRow & { readonly file: string; readonly from: EvidenceFrom })[] = [];
  beforeAll(async () => {
    const { flows, summary } = await readRecording({});
    const given: FlowsGiven = {
      flows,
      broken: summary.broken,
      lost: summary.lostEvents,
      within: { nodeAddresses: summary.nodeAddresses },
    };
    const reality = stateOf('snapshot-start.json');
    for (const file of INPUTS) {
      for (const from of EVIDENCE_FROM) {
        const measured = measure(generateFrom(stateOf(file), given, from), truth, reality, summary.nodeAddresses);
        rows.push({ about: [file, from], measured, file, from });
      }
    }
  }, 300_000);
  const rowsOf = (file: string): ReadonlyMap<EvidenceFrom, Measured> =>
    new Map(rows.filter((row) => row.file === file).map(({ from, measured }) => [from, measured]));

  it('are measured as docs/generating-measured.md says', async () => {
    const page = readFileSync(PAGE, 'utf8');
    const table = measuredTable(['objects', 'learned from'], rows);
    await expect(withSection(page, 'recording', table)).toMatchFileSnapshot(PAGE);
  });

  describe('with the snapshot', () => {
    it('deny nothing that was observed', () => {
      expect(rowsOf('snapshot-start.json').get('flows')).toMatchObject({ missed: [], denied: [], undecided: [] });
      expect(rowsOf('snapshot-start.json').get('both')).toMatchObject({ missed: [], denied: [], undecided: [] });
    });

    it('deny what no manifest says: targets that are in a ConfigMap which is not in the snapshot', () => {
      expect(rowsOf('snapshot-start.json').get('manifests')!.denied).toEqual(
        ['emailservice', 'frontend', 'recommendationservice'].map(
          (name) => `monitoring/Deployment.apps/prometheus -> boutique/Deployment.apps/${name}:8080/TCP`,
        ),
      );
    });

    it('open beyond the truth only names for everybody, and the load balancer to everybody', () => {
      const beside = (from: EvidenceFrom) =>
        rowsOf('snapshot-start.json')
          .get(from)!
          .overPairs.filter((pair) => !pair.includes('/coredns:53/'));
      expect(beside('flows')).toEqual([]);
      for (const from of ['manifests', 'both'] as const) {
        expect(beside(from)).toEqual(['elsewhere -> boutique/Deployment.apps/frontend:8080/TCP']);
      }
    });

    it('are proved: everything that is needed is allowed, nothing else is, and no step of the order cuts anything off', () => {
      for (const measured of rowsOf('snapshot-start.json').values()) {
        expect(measured.claims).toEqual({ sound: true, tight: true, safeOrder: true });
        expect(measured.needs.allowed).toBe(measured.needs.asked);
      }
    });
  });

  describe('with the manifests alone', () => {
    it('deny no more, in the cluster where they are to live', () => {
      for (const from of EVIDENCE_FROM) {
        expect(rowsOf('manifests.yaml').get(from)!.denied).toEqual(rowsOf('snapshot-start.json').get(from)!.denied);
      }
    });

    it('are not called sound where a pod has the address of a node that no manifest shows', () => {
      expect(rowsOf('manifests.yaml').get('manifests')!.claims).toEqual({ sound: false, tight: true, safeOrder: true });
      expect(rowsOf('manifests.yaml').get('flows')!.claims).toEqual({ sound: true, tight: true, safeOrder: true });
    });
  });
});

const GROUPS: Readonly<Record<string, string>> = {
  Deployment: 'apps',
  StatefulSet: 'apps',
  DaemonSet: 'apps',
  CronJob: 'batch',
};

/** An end as truth.json writes it. */
function endOf(text: string): TruthEnd {
  const [namespace = '', kind, name] = text.split('/');
  if (namespace === 'Node') return { type: 'node' };
  if (kind === undefined) return { type: 'address', address: namespace };
  return { type: 'workload', key: `${namespace}/${kind}.${GROUPS[kind]}/${name}` };
}

function stateOf(file: string): State {
  const read = readText(readFileSync(sharedPath(...RECORDING, file), 'utf8'), file);
  return loadState({ ...read, behaviour: behaviourOf('cilium@1.15'), defaultNamespace: 'default' });
}
