// One drawn application and its log through the whole generator, and what a naive reading of NetworkPolicy has to say about what
// comes out: is anything denied that happened or is called allowed, is anything open that nothing needs, is every step safe?

import { makeAttributor } from '../../../src/engine/attribution/attribute-flow.ts';
import type { AttributedFlow } from '../../../src/engine/attribution/attribution.ts';
import type { Party } from '../../../src/engine/model/evidence.ts';
import type { GeneratedPolicies } from '../../../src/engine/questions/generated-document.ts';
import { type Oracle, type OracleEnd, oracleOf } from '../network-policy-oracle.ts';
import { type Manifest, stateOf } from '../replay.ts';
import { type Application, keyOf } from './application.ts';
import { drawApplication, SMALL } from './draw-application.ts';
import { drawFlows, drawStyle, type SimFlow } from './draw-flows.ts';
import { EVIDENCE_FROM, generateFrom } from './generate-from.ts';
import type { FlowTruth } from './log-ends.ts';
import { manifestsOf } from './manifests-of.ts';
import { addressPairs, pairsMeant, type RealEnd, type RealEnds, realEnds, speaksOf } from './oracle-ends.ts';
import { contains, parseSimple } from './plain-addresses.ts';
import { randomFrom } from './random.ts';

/** What came of a case. `problems` empty: nothing is wrong. */
export interface Checked {
  readonly problems: readonly string[];
  readonly claims: { readonly sound: boolean; readonly tight: boolean; readonly safeOrder: boolean };
  readonly attributed: number;
  readonly unattributed: number;
  /** Calls of pods of the host network that are taken for a kubelet's; see {@link isTakenForKubelet}. */
  readonly guessed: number;
  /** Connections that the oracle was asked about. */
  readonly asked: number;
}

interface Connection {
  readonly from: RealEnd;
  readonly to: RealEnd;
  readonly protocol: string;
  readonly port: number;
  /** Absent: every family that both ends have. */
  readonly family?: string;
}

/** Draws the case of a seed and checks it; `change` alters what was generated, after it was proved: to see the checks fail. */
export function checkCase(
  seed: number,
  change: (made: GeneratedPolicies) => GeneratedPolicies = (made) => made,
): Checked {
  const application = drawApplication(seed, SMALL);
  const flows = drawFlows(application, drawStyle(seed));
  const manifests = manifestsOf(application);
  const state = stateOf(manifests);
  const from = EVIDENCE_FROM[seed % 3]!;
  const given = { flows: flows.map(({ flow }) => flow), broken: 0, lost: 0, within: {} };
  const document = change(generateFrom(state, given, from).document);

  const ends = realEnds(application);
  const problems: string[] = [];
  const { attribute } = makeAttributor(state, given.flows);
  const results = flows.map((one) => ({ ...one, what: attribute(one.flow) }));
  for (const { flow, call, what } of results) {
    const wrong = call === undefined ? wrongNoise(flow.verdict.kind, what) : wrongAttribution(call, what);
    if (wrong !== undefined) problems.push(`attribution: ${wrong} (line ${flow.place.line})`);
  }

  const judge = judgeOf(manifests, document);
  const happened = from === 'manifests' ? [] : happenedIn(results, ends);
  const promised = document.needs.flatMap((need): Connection[] => {
    if (need.verdict !== 'allowed') return [];
    const { protocol, ports } = need;
    return pairsMeant(need, ends).map((pair) => ({ ...pair, protocol, port: ports[0] }));
  });
  const isExcused = (one: Connection) =>
    document.needs.some((need) => need.verdict !== 'allowed' && speaksOf(need, ends, one));
  const { sound, tight, safeOrder } = document.proof;
  const last = document.policies.length;
  let guessed = 0;
  for (const one of sound ? happened : []) {
    if (!judge.concerns(one) || !judge.denies(one, last) || isExcused(one)) continue;
    const isSaid = document.questions.some(({ about }) => about === 'supposed-probes');
    if (isTakenForKubelet(application, one) && isSaid) guessed++;
    else problems.push(`unsound: ${textOf(one)} happened and is denied`);
  }
  for (const one of promised)
    if (judge.denies(one, last)) problems.push(`unsound: ${textOf(one)} is called allowed and is denied`);
  if (safeOrder) {
    const working = [...promised, ...happened].filter((one) => !judge.denies(one, last) && !judge.denies(one, 0));
    for (let step = 0; step < last; step++) {
      const cut = working.find((one) => judge.denies(one, step));
      if (cut !== undefined) problems.push(`order: after ${step} policies ${textOf(cut)} is denied`);
    }
  }
  if (tight) {
    for (const one of sampled(application, ends, document, judge.concerns)) {
      if (!judge.opens(one) || document.needs.some((need) => speaksOf(need, ends, one))) continue;
      problems.push(`not tight: ${textOf(one)} is open and nothing needs it`);
    }
  }
  return {
    problems,
    claims: { sound, tight, safeOrder },
    attributed: results.filter(({ what }) => what.kind === 'connection').length,
    unattributed: results.filter(({ what }) => what.kind === 'unattributed').length,
    guessed,
    asked: judge.asked(),
  };
}

/**
 * The one guess of attribution (ADR 15): without ranges of nodes nobody knows on which node a pod was that is gone, so that who
 * calls it from a node at a port that is probed is taken for its kubelet.
 */
function isTakenForKubelet({ hasNodes }: Application, { from, to, port }: Connection): boolean {
  const isGone = to.workload?.pods.every(({ name }) => name !== to.pod?.metadata.name) === true;
  const isProbed = to.workload?.probes.some((probe) => probe.port.number === port) === true;
  return !hasNodes && from.node !== undefined && isGone && isProbed;
}

/** Answers of the oracle about whole ends, with so many of the generated policies applied. */
function judgeOf(manifests: readonly Manifest[], { policies, workloads }: GeneratedPolicies) {
  const kept = manifests.filter(({ kind }) => kind === 'Namespace' || kind === 'NetworkPolicy');
  const oracles: Oracle[] = [];
  const after = (count: number): Oracle => {
    oracles[count] ??= oracleOf([...kept, ...policies.slice(0, count).map(({ manifest }) => manifest)]);
    return oracles[count];
  };
  const planned = new Set(workloads.filter(({ status }) => status === 'planned').map(({ key }) => key));
  const isPlanned = ({ workload }: RealEnd) => workload !== undefined && planned.has(keyOf(workload));
  let asked = 0;
  const connects = (
    count: number,
    { from, to }: { from: OracleEnd; to: OracleEnd },
    { protocol, port }: Connection,
  ) => {
    asked++;
    return after(count).connects(from, to, protocol, port);
  };
  return {
    asked: () => asked,
    /** An end is one that gets a policy. */
    concerns: ({ from, to }: Connection) => isPlanned(from) || isPlanned(to),
    denies: (one: Connection, count: number) => addressPairs(one).some((pair) => !connects(count, pair, one)),
    /** With all policies; what a node may do to its own pods whatever they say does not count. */
    opens: (one: Connection) =>
      (one.from.node === undefined || one.from.node !== one.to.pod?.spec.nodeName) &&
      addressPairs(one).some((pair) => connects(policies.length, pair, one)),
  };
}

type Attributed = readonly (SimFlow & { readonly what: AttributedFlow })[];

/** What a log shows to have happened, as far as the engine could tell who it was. */
function happenedIn(results: Attributed, ends: RealEnds): Connection[] {
  return results.flatMap(({ flow, call, what }): Connection[] =>
    call === undefined || what.kind !== 'connection' || flow.verdict.kind === 'denied'
      ? []
      : [
          {
            from: ends.of(call.from),
            to: ends.of(call.to),
            protocol: flow.protocol,
            port: call.port,
            family: flow.family,
          },
        ],
  );
}

/** Connections that are tried: between a few ends, at ports that somebody needs and at others. */
function sampled(
  { seed }: Application,
  { all }: RealEnds,
  { needs }: GeneratedPolicies,
  concerns: (one: Connection) => boolean,
): Connection[] {
  const random = randomFrom(seed ^ 0x7167);
  const ports = [...new Set(needs.flatMap(({ ports }) => [ports[0], ports[0] + 1])), 1, 80, 65_535];
  return Array.from({ length: 400 }, () => ({
    from: random.pick(all),
    to: random.pick(all),
    protocol: random.chance(0.8) ? 'TCP' : 'UDP',
    port: random.pick(ports),
  })).filter((one) => one.from !== one.to && concerns(one));
}

/** Why an attribution is wrong; undefined where it is right or leaves the question open. */
function wrongAttribution(call: NonNullable<SimFlow['call']>, what: AttributedFlow): string | undefined {
  if (what.kind !== 'connection') return undefined;
  if (!isMeant(what.from.party, call.from))
    return `${truthText(call.from)} was taken for ${JSON.stringify(what.from.party)}`;
  if (what.to.some(({ party, port }) => isMeant(party, call.to) && (port === call.port || party.type === 'api-server')))
    return undefined;
  const taken = what.to.map(({ party, port }) => `${JSON.stringify(party)}:${port}`).join(', ');
  return `${truthText(call.to)}:${call.port} was taken for ${taken}`;
}

function wrongNoise(verdict: string, what: AttributedFlow): string | undefined {
  if (verdict === 'denied' || what.kind !== 'connection') return undefined;
  return `noise was taken for a call of ${JSON.stringify(what.from.party)}`;
}

function isMeant(party: Party, end: FlowTruth): boolean {
  if (end.is === 'pod' && party.type === 'workload') return party.key === keyOf(end.pod.workload);
  if (end.is === 'pod' && !end.pod.workload.hostNetwork) return false;
  const node = end.is === 'pod' ? end.pod.node : end.node;
  if (node !== undefined && (party.type === 'node' || party.type === 'api-server'))
    return party.type === 'api-server' || party.name === undefined || party.name === node.name;
  const addresses = end.is === 'pod' ? end.pod.addresses : [end.address, ...(end.node?.addresses ?? [])];
  return (
    party.type === 'addresses' && addresses.some((one) => party.cidrs.some((cidr) => contains(cidr, parseSimple(one))))
  );
}

function truthText(end: FlowTruth): string {
  return end.is === 'pod' ? `${end.pod.workload.namespace}/${end.pod.name}` : end.address;
}

function textOf({ from, to, protocol, port }: Connection): string {
  const name = ({ workload, pod, node, addresses }: RealEnd) =>
    pod === undefined ? (node ?? addresses[0]) : `${workload!.namespace}/${pod.metadata.name}`;
  return `${name(from)} -> ${name(to)}:${port}/${protocol}`;
}
