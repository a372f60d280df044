// All evidence there is for a state, from every source. Knows the sources, and nothing of what becomes of their evidence.

import { type AttributeOptions, attributeFlows } from '../attribution/attribute-flows.ts';
import type { Attribution, DeniedConnection, SupposedProbe, Unattributed } from '../attribution/attribution.ts';
import { entry } from '../compile/entry.ts';
import { declaredEvidence } from '../evidence/declared-evidence.ts';
import { arrivesAt, narrowed } from '../evidence/ports-question.ts';
import type { Evidence, EvidenceFound, OpenQuestion } from '../model/evidence.ts';
import type { ObservedFlow } from '../model/flow.ts';
import { partyName, typedPair, workloadName } from '../model/party-names.ts';
import { describePlatform } from '../platforms/describe-platform.ts';
import {
  judgesBeforeTranslation,
  type PlatformFacts,
  platformEvidence,
  throughMesh,
  withoutApiServer,
} from '../platforms/index.ts';
import type { Observation } from '../proof/readiness.ts';
import type { State } from '../state.ts';
import { throughNodePorts } from './node-ports.ts';
import { type ResolvedName, withResolvedNames } from './resolve-names.ts';
import { throughServices } from './service-addresses.ts';

/** Flows of logs, and what the reader says of the logs as a whole. */
export interface FlowsGiven {
  readonly flows: readonly ObservedFlow[];
  /** Records that were not understood. */
  readonly broken: number;
  /** Events that the log says it lost. */
  readonly lost: number;
  /** What DNS answers in the log say. Absent: nothing. */
  readonly resolved?: readonly ResolvedName[];
  readonly within: AttributeOptions;
}

/** What was gathered. */
export interface Gathered {
  readonly found: EvidenceFound;
  /** Facts of the platform, one line each, for people. */
  readonly platform: readonly string[];
  /** Absent where no flows were given. */
  readonly observation?: Observation;
  /** Records that are evidence of nothing, since nobody knows whose they are. Empty: none, or no flows were given. */
  readonly unattributed: readonly Unattributed[];
}

/**
 * Gathers the evidence for the workloads of some namespaces; `given` absent: nothing was observed. `declared: false` leaves out
 * what the manifests of applications declare: what flows alone tell can be compared with it.
 */
export function gatherEvidence(
  state: State,
  facts: PlatformFacts,
  namespaces: readonly string[],
  given: FlowsGiven | undefined,
  { declared = true }: { readonly declared?: boolean } = {},
): Gathered {
  const homes = new Set(namespaces);
  const workloads = [...state.cluster.workloads.values()].filter(({ namespace }) => homes.has(namespace));
  const ours = new Set(workloads.map(({ key }) => key));
  const sources = [...(declared ? [declaredEvidence(state)] : []), platformEvidence(state, facts, ours)];
  const attribution = given === undefined ? undefined : attributeFlows(state, given.flows, given.within);
  if (attribution !== undefined) sources.push(observed(attribution, state.cluster));
  const all = {
    evidence: sources.flatMap(({ evidence }) => evidence),
    questions: sources.flatMap(({ questions }) => questions),
  };
  const addressed = throughServices(state, withoutApiServer(all, facts), judgesBeforeTranslation(state, facts));
  const landed = { ...addressed, evidence: throughNodePorts(state, addressed.evidence) };
  const grounded = throughMesh(state, landed, facts);
  const { evidence, names } = withResolvedNames(grounded.evidence, given?.resolved ?? [], state.plan);
  const callsOf = byDestination(evidence);
  return {
    found: { evidence, questions: grounded.questions.flatMap((one) => stillOpen(one, ours, callsOf) ?? []) },
    platform: describePlatform(facts),
    unattributed: attribution?.unattributed ?? [],
    ...(given === undefined || attribution === undefined
      ? {}
      : { observation: { ...observationOf(given, attribution), resolvedNames: names } }),
  };
}

/** The question as far as it is about these workloads and no evidence answers it; undefined: not at all. */
function stillOpen(
  question: OpenQuestion,
  ours: ReadonlySet<string>,
  callsOf: ReadonlyMap<string, readonly Evidence[]>,
): OpenQuestion | undefined {
  const { workload } = question;
  if (workload !== undefined && !ours.has(workload)) return undefined;
  const isAnswered = (one: Parameters<typeof arrivesAt>[1]) =>
    callsOf.get(one.workload)?.some((known) => arrivesAt(known, one)) === true;
  return narrowed(question, (one) => ours.has(one.workload) && !isAnswered(one));
}

/** Evidence of calls to workloads, by their keys: one question may be about the ports of all workloads. */
function byDestination(evidence: readonly Evidence[]): ReadonlyMap<string, readonly Evidence[]> {
  const found = new Map<string, Evidence[]>();
  for (const one of evidence) if (one.to.type === 'workload') entry(found, one.to.key, () => []).push(one);
  return found;
}

/** Connections that succeeded are evidence; those that never did are questions. */
function observed({ evidence, denied, supposedProbes }: Attribution, cluster: State['cluster']): EvidenceFound {
  return {
    evidence,
    questions: [...denied.map((one) => deniedQuestion(one, cluster)), ...probesQuestion(supposedProbes)],
  };
}

function deniedQuestion(
  { from, to, protocol, port, by, seen }: DeniedConnection,
  { workloads }: State['cluster'],
): OpenQuestion {
  const pair = `${partyName(from)} -> ${partyName(to)}`;
  const workload = [from, to].find((party) => party.type === 'workload');
  const who = by === 'policy' ? 'refused by a policy' : 'refused, but not by a policy';
  return {
    about: 'denied',
    ...(workload?.type === 'workload' ? { workload: workload.key } : {}),
    says: `${pair}, ${port}/${protocol}, was tried and ${who} (${seen.count === 1 ? 'one record' : `${seen.count} records`})`,
    hint: `if it is wanted: --allow "${typedPair(from, to, protocol, [port, port], workloads)}"`,
    connection: { from, to, protocol, ports: [port, port] },
  };
}

/** All of them together: each workload that was rolled out would be one otherwise. */
function probesQuestion(probes: readonly SupposedProbe[]): OpenQuestion[] {
  const [first, ...more] = probes;
  if (first === undefined) return [];
  const count = probes.reduce((sum, { seen }) => sum + seen.count, 0);
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  const records = count === 1 ? 'one record of a node' : `${count} records of nodes`;
  return [
    {
      about: 'supposed-probes',
      says: `${records} at ${workloadName(first.workload)}:${first.port}${others} ${count === 1 ? 'was' : 'were'} taken for probes of the kubelet, and nobody knows on which nodes those pods were`,
      hint: 'read Node objects with their podCIDRs, or a snapshot of the time of the log; if other nodes call it: --allow "node/NAME -> NAMESPACE/NAME:PORT"',
    },
  ];
}

function observationOf({ broken, lost }: FlowsGiven, attribution: Attribution): Observation {
  const { window, records, unseen, leftAside } = attribution;
  const asideFor = (wanted: string) =>
    leftAside.reduce((sum, { reason, seen }) => sum + (reason === wanted ? seen.count : 0), 0);
  return {
    ...window,
    unattributed: records.unattributed,
    broken,
    lost,
    icmp: asideFor('icmp'),
    multicast: asideFor('multicast'),
    unseenWorkloads: new Set(unseen.workloads),
    unseenProtocols: unseen.protocols,
  };
}
