// Questions about connections that get no rule because the evidence is less sure than was asked for. Writes none of them.

import { CONFIDENCES, type Need } from '../generate/needs.ts';
import type { Cluster } from '../model/cluster.ts';
import type { OpenQuestion } from '../model/evidence.ts';
import { namedPair, partyName, typedPair } from '../model/party-names.ts';
import type { ProvedNeed } from './prove.ts';

/** One question for each caller, in order of needs; what is allowed all the same is none. */
export function unsureQuestions(
  needs: readonly ProvedNeed[],
  { workloads }: Pick<Cluster, 'workloads'>,
): readonly OpenQuestion[] {
  const byCaller = new Map<string, [Need, ...Need[]]>();
  for (const { need, judged, unwritten } of needs) {
    if (judged.verdict === 'allowed' || !unwritten.some(({ why }) => why === 'unsure')) continue;
    const caller = partyName(need.from);
    const known = byCaller.get(caller);
    if (known === undefined) byCaller.set(caller, [need]);
    else known.push(need);
  }
  return [...byCaller].map(([caller, own]) => questionOf(caller, own, workloads));
}

function questionOf(caller: string, own: readonly [Need, ...Need[]], workloads: Cluster['workloads']): OpenQuestion {
  const [first] = own;
  const least = CONFIDENCES.findLast((one) => own.some(({ confidence }) => confidence === one))!;
  const { from, to, protocol, ports, evidence } = first;
  const pair = `${namedPair(from, to, protocol, ports)} (${evidence[0].says})`;
  const says =
    own.length === 1
      ? `${pair} is only ${least}, and gets no rule`
      : `${own.length} connections of ${caller} are only ${least}, such as ${pair}, and get no rule`;
  const workload = [from, to].find((party) => party.type === 'workload');
  return {
    about: 'unsure',
    ...(workload?.type === 'workload' ? { workload: workload.key } : {}),
    says,
    hint: `--confidence ${least} takes such evidence for true; or allow what is meant: --allow "${typedPair(from, to, protocol, ports, workloads)}"`,
    ...(evidence[0].source === undefined ? {} : { source: evidence[0].source }),
  };
}
