// What manifests declare against what the application truly does: the recording of ../shared with its true call graph.

import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { declaredEvidence } from '../../src/engine/evidence/declared-evidence.ts';
import { behaviourOf, loadState } from '../../src/engine/index.ts';
import type { Evidence, EvidenceFound, Party } from '../../src/engine/model/evidence.ts';
import { readManifests } from '../../src/manifests/index.ts';
import { describeWithShared, ROOT, sharedPath } from '../support/shared.ts';

interface TrueCall {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: number;
  readonly via: { readonly service: string; readonly port: number } | null;
  readonly why: string;
}

const FOLDER = 'corpus/flows-online-boutique';

describeWithShared('declared evidence of the recorded application', () => {
  const truth: readonly TrueCall[] = JSON.parse(readFileSync(sharedPath(FOLDER, 'truth.json'), 'utf8'));
  const calls = new Set(truth.map(({ from, to, protocol, port }) => `${from} -> ${to}:${port}/${protocol}`));
  let found: EvidenceFound;
  beforeAll(async () => {
    const read = await readManifests([`../shared/${FOLDER}/manifests.yaml`], { cwd: ROOT });
    found = declaredEvidence(loadState({ ...read, behaviour: behaviourOf('default'), defaultNamespace: 'default' }));
  });
  const edges = (...kinds: readonly Evidence['kind'][]) => [
    ...new Set(found.evidence.filter(({ kind }) => kinds.includes(kind)).map(print)),
  ];

  it('has every call whose reason is a variable, on the port of the pod', () => {
    const declared = new Set(edges('environment', 'argument', 'configuration'));
    const wanted = truth.filter(({ why }) => /^[A-Z][A-Z_]+ of /.test(why));
    expect(wanted.length).toBeGreaterThan(15);
    expect(wanted.map(printCall).filter((one) => !declared.has(one))).toEqual([]);
  });

  it('has no call that is none', () => {
    const declared = edges('environment', 'argument', 'configuration', 'peers');
    expect(declared.length).toBeGreaterThan(20);
    expect(declared.filter((one) => !calls.has(one))).toEqual([]);
  });

  // CoreDNS came with the cluster and is not in the manifests.
  it('has the probes, and each of them only once', () => {
    const probes = edges('probe');
    const wanted = truth
      .filter(({ from, to, why }) => from.startsWith('Node/') && !to.includes('coredns') && why.endsWith('probe'))
      .map(printCall);
    expect(probes.map((one) => one.replace(/^node/, 'NODE')).sort()).toEqual(
      wanted.map((one) => one.replace(/^Node\/[^ ]+/, 'NODE')).sort(),
    );
  });

  it('names the Service and its port where one is used', () => {
    const of = new Map(found.evidence.map((one) => [print(one), one.via]));
    for (const call of truth.filter(({ why, via }) => via !== null && /^[A-Z][A-Z_]+ of /.test(why))) {
      const via = of.get(printCall(call));
      expect([printCall(call), `${via?.namespace}/${via?.name}`, via?.port]).toEqual([
        printCall(call),
        call.via!.service,
        call.via!.port,
      ]);
    }
  });

  it('asks about the one Service that is not there', () => {
    expect(found.questions.filter(({ about }) => about === 'unresolved-name').map(({ says }) => says)).toEqual([
      'SHOPPING_ASSISTANT_SERVICE_ADDR of boutique/frontend names shoppingassistantservice:80, and no Service boutique/shoppingassistantservice is here',
    ]);
  });
});

function printCall({ from, to, port, protocol }: TrueCall): string {
  return `${from} -> ${to}:${port}/${protocol}`;
}

function print({ from, to, ports, protocol }: Evidence): string {
  return `${name(from)} -> ${name(to)}:${ports[0]}/${protocol}`;
}

/** As truth.json has it: `namespace/Kind/name` without the group, an address without its prefix. */
function name(party: Party): string {
  if (party.type === 'workload') return party.key.replace(/^([^/]+\/[^./]+)\.[^/]+/, '$1');
  return party.type === 'addresses' ? party.cidrs.join(',').replace(/\/32$/, '') : party.type;
}
