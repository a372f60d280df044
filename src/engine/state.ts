// One loaded state: the snapshot, the policies where the plugin puts them, and what is not known. Every question starts here.

import { findAssumptions } from './assumptions.ts';
import { placePolicies, resolveEgressNames, resolveIngressNames } from './behaviours/index.ts';
import type { DecodeOptions } from './dialects/dialect.ts';
import { dialectOf, recogniseForeign } from './dialects/registry.ts';
import type { Behaviour } from './model/behaviour.ts';
import type { AddressPlan, Cluster, Gap } from './model/cluster.ts';
import type { Fix } from './model/edit.ts';
import type { Finding } from './model/finding.ts';
import type { Policy } from './model/policy.ts';
import type { ServerFacts } from './model/server-facts.ts';
import type { ManifestObject } from './model/source.ts';
import type { Placement } from './model/tier.ts';
import { planAddresses } from './snapshot/address-plan.ts';
import { buildCluster } from './snapshot/build-cluster.ts';

/** Everything that an answer is computed from. Immutable. */
export interface State {
  readonly cluster: Cluster;
  /** Objects that the snapshot does not use (ConfigMaps, RBAC, webhooks, monitors …), each once, by namespace, kind and name. */
  readonly others: readonly ManifestObject[];
  /** The namespace of objects that are written without one. */
  readonly defaultNamespace: string;
  /** Policies that count: decoded, accepted, in input order by key. */
  readonly policies: readonly Policy[];
  readonly placement: Placement;
  readonly behaviour: Behaviour;
  readonly plan: AddressPlan;
  /** Problems in the input, API refusals included. */
  readonly findings: readonly Finding[];
  /** What was not read or understood; empty: the input is complete. */
  readonly gaps: readonly Gap[];
  /** What was assumed, one short sentence each. */
  readonly assumptions: readonly string[];
  /** What else is missing and changes no verdict, one sentence each; part of the notes of every answer. */
  readonly limits: readonly string[];
  /** The API server that the objects come from; absent: none, or nobody wrote it down. */
  readonly server?: ServerFacts;
}

/** What {@link loadState} starts from. `gaps` and `findings` come from the reader. */
export interface LoadInput {
  readonly objects: readonly ManifestObject[];
  readonly behaviour: Behaviour;
  readonly defaultNamespace: string;
  readonly gaps?: readonly Gap[];
  readonly findings?: readonly Finding[];
  /** What the reader could not see and no verdict depends on, one sentence each; absent: nothing. */
  readonly limits?: readonly string[];
  readonly server?: ServerFacts;
}

/** Builds the state. Never throws for what the objects say: problems are findings, what is not understood is a gap. */
export function loadState(input: LoadInput): State {
  const { behaviour, defaultNamespace } = input;
  const isPolicy = (apiVersion: string, kind: string) => dialectOf(apiVersion, kind) !== undefined;
  const built = buildCluster(input.objects, { defaultNamespace, isPolicy, gaps: input.gaps ?? [] });
  const findings: Finding[] = [...(input.findings ?? []), ...built.findings];
  const gaps: Gap[] = [...built.cluster.gaps];
  const options: DecodeOptions = { defaultNamespace, strictCIDR: behaviour.knobs.strictCIDR, channel: 'either' };
  const policies: Policy[] = [];
  for (const object of built.policyObjects) {
    const decoded = dialectOf(String(object.value['apiVersion']), String(object.value['kind']))!.decode(
      object,
      options,
    );
    findings.push(...decoded.findings);
    if (decoded.policy !== undefined) policies.push(decoded.policy);
    gaps.push(...undecidable(decoded.findings));
  }
  for (const object of built.other) {
    const foreign = foreignPolicy(object, defaultNamespace);
    if (foreign === undefined) continue;
    findings.push(foreign.finding);
    gaps.push(foreign.gap);
  }
  const cluster = { ...built.cluster, gaps };
  const { limits = [], server } = input;
  const beside = server === undefined ? { limits } : { limits, server };
  return placed({ cluster, others: built.other, defaultNamespace, policies, findings, gaps, ...beside }, behaviour);
}

/**
 * The same input under another behaviour, read and decoded only once. Both have to agree on how CIDRs are read (knob
 * strictCIDR), which no plugin has a say in.
 */
export function withBehaviour(state: State, behaviour: Behaviour): State {
  return placed(state, behaviour);
}

/** The same state with other policies, to ask it questions: findings, gaps and assumptions stay those of what was read. */
export function withPolicies(state: State, policies: readonly Policy[]): State {
  return { ...state, policies, placement: placementOf(policies, state) };
}

/** Some policies as the plugin of a state places them. */
export function placementOf(
  policies: readonly Policy[],
  { cluster, behaviour }: { readonly cluster: Pick<Cluster, 'pods'>; readonly behaviour: Behaviour },
): Placement {
  const { knobs } = behaviour;
  const named = resolveIngressNames(placePolicies(policies, behaviour), cluster.pods, knobs);
  return resolveEgressNames(named, cluster.pods, knobs);
}

/** What a state holds before a plugin has a say. */
type Read = Omit<State, 'placement' | 'behaviour' | 'plan' | 'assumptions'>;

function placed(read: Read, behaviour: Behaviour): State {
  const { cluster, others, defaultNamespace, policies, findings, gaps, limits, server } = read;
  const plan = planAddresses(cluster, behaviour.knobs);
  const placement = placementOf(policies, { cluster, behaviour });
  let assumptions: readonly string[] | undefined;
  return {
    cluster,
    others,
    defaultNamespace,
    policies,
    placement,
    behaviour,
    plan,
    findings,
    gaps,
    limits,
    ...(server === undefined ? {} : { server }),
    // Found out when somebody asks: not every state is one that a person sees.
    get assumptions() {
      assumptions ??= findAssumptions({ behaviour, plan, placement, cluster, policies });
      return assumptions;
    },
  };
}

/** Parts of a policy whose meaning nobody can know: a subject that cannot be told, a rule that was closed for safety. */
function undecidable(findings: readonly Finding[]): Gap[] {
  return findings
    .filter(({ check }) => check === 'undecidable-subject')
    .map(({ message, source }) => ({
      reason: 'not-understood',
      message,
      namespaces: 'all',
      ...(source.file === undefined ? {} : { file: source.file }),
    }));
}

/** A policy of an API that Netweir does not read: it could change answers about the pods of its namespace. */
function foreignPolicy(object: ManifestObject, defaultNamespace: string): { finding: Finding; gap: Gap } | undefined {
  const { apiVersion, kind } = object.value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  const foreign = recogniseForeign(apiVersion, kind);
  if (foreign === undefined) return undefined;
  const metadata = object.value['metadata'];
  const field = (key: string): string | undefined => {
    const value = typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, key) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const namespaced = kind === 'NetworkPolicy' || kind.endsWith('NetworkPolicy') ? !CLUSTER_WIDE.test(kind) : false;
  const namespace = field('namespace') ?? (namespaced ? defaultNamespace : undefined);
  const message = `${foreign.what} is not understood: ${namespace === undefined ? '' : `${namespace}/`}${field('name') ?? '(no name)'}`;
  return {
    finding: {
      check: 'not-understood',
      severity: 'high',
      rejectedByApi: false,
      message,
      hint: foreign.hint,
      object,
      source: object.locate(['kind']),
      ...(foreign.meant === undefined ? {} : { fix: writeKind(object, foreign.meant) }),
    },
    gap: {
      reason: 'not-understood',
      message,
      namespaces: namespaced && namespace !== undefined ? [namespace] : 'all',
      ...(object.file === undefined ? {} : { file: object.file }),
    },
  };
}

/** Writes apiVersion and kind where they are not what is meant. */
function writeKind(object: ManifestObject, meant: { readonly apiVersion: string; readonly kind: string }): Fix {
  const wrong = (['apiVersion', 'kind'] as const).filter((field) => object.value[field] !== meant[field]);
  return {
    title: wrong.map((field) => `write ${field}: ${meant[field]}`).join(' and '),
    edits: wrong.map((field) => ({ op: 'set', object, path: [field], value: meant[field] })),
    announced: 'changes',
    safe: true,
  };
}

const CLUSTER_WIDE = /Cluster|Global|Admin/;
