// Policies generated from a few objects and flows, by the path that the command line takes, and each rule as one line.

import { gatherEvidence } from '../../src/engine/generate/gather-evidence.ts';
import { applicationNamespaces } from '../../src/engine/generate/scope.ts';
import type { EvidenceFound } from '../../src/engine/model/evidence.ts';
import type { ObservedFlow } from '../../src/engine/model/flow.ts';
import { detectPlatform } from '../../src/engine/platforms/index.ts';
import { type GenerateRequest, generatePolicies } from '../../src/engine/questions/generate.ts';
import type { GeneratedPolicies, NeedDocument } from '../../src/engine/questions/generated-document.ts';
import { parsePair } from '../../src/engine/questions/parse-pair.ts';
import type { State } from '../../src/engine/state.ts';
import { type Scenario, type ScenarioOptions, scenario } from './scenario.ts';

/** What is asked for. Absent: everything, of all application namespaces, without flows, likely evidence, exact blocks. */
export interface Wanted extends ScenarioOptions {
  readonly flows?: readonly ObservedFlow[];
  /** What the log says of itself: records that were not understood, events that it lost. */
  readonly broken?: number;
  readonly lost?: number;
  readonly allow?: readonly string[];
  readonly forbid?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly parts?: GenerateRequest['parts'];
  readonly confidence?: GenerateRequest['confidence'];
  readonly budget?: GenerateRequest['budget'];
  /** Instead of what was gathered. */
  readonly found?: EvidenceFound;
}

/** Everything that `--include` knows. */
export const ALL_PARTS: GenerateRequest['parts'] = new Set([
  'default-deny',
  'dns',
  'app',
  'cross-namespace',
  'egress',
  'metadata',
]);

/** A generated set of policies, and short questions about it. */
export interface Outcome {
  readonly state: State;
  readonly after: State;
  readonly document: GeneratedPolicies;
  /** `NAMESPACE/NAME` of each policy, in order. */
  readonly names: readonly string[];
  /** The manifest of `NAMESPACE/NAME`; throws where there is none. */
  manifest(name: string): PolicyManifest;
  /** Rules of `NAMESPACE/NAME`, DNS left out: `from app=web: 8080/TCP`, `to 203.0.113.7/32: 443/TCP`. */
  rules(name: string): readonly string[];
  /** What a readiness remark or question says, as `about: says`. */
  readonly remarks: readonly string[];
}

/** A NetworkPolicy as it was written. */
export interface PolicyManifest {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly podSelector: SelectorManifest;
    readonly policyTypes: readonly string[];
    readonly ingress?: readonly RuleManifest[];
    readonly egress?: readonly RuleManifest[];
  };
}

/** A rule as it was written. */
export interface RuleManifest {
  readonly from?: readonly PeerManifest[];
  readonly to?: readonly PeerManifest[];
  readonly ports?: readonly PortManifest[];
}

/** A peer as it was written. */
export interface PeerManifest {
  readonly podSelector?: SelectorManifest;
  readonly namespaceSelector?: SelectorManifest;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface PortManifest {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

interface SelectorManifest {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[];
}

/** Generates from YAML texts. */
export function generated(texts: readonly string[], wanted: Wanted = {}): Outcome {
  return generatedFrom(scenario(texts, wanted).state, wanted);
}

/** Generates from a state. */
export function generatedFrom(state: State, wanted: Wanted = {}): Outcome {
  const { flows, allow = [], forbid = [], budget = { blocks: 50, factor: 1 } } = wanted;
  const { namespaces = applicationNamespaces(state.cluster), parts = ALL_PARTS, confidence = 'likely' } = wanted;
  const { broken = 0, lost = 0 } = wanted;
  const given = flows === undefined ? undefined : { flows, broken, lost, within: {} };
  const gathered = gatherEvidence(state, detectPlatform(state), namespaces, given);
  const { document, after } = generatePolicies(
    state,
    {
      ...gathered,
      ...(wanted.found === undefined ? {} : { found: wanted.found }),
      namespaces,
      parts,
      allow: allow.map((text) => parsePair([text])),
      forbid: forbid.map((text) => parsePair([text])),
      confidence,
      budget,
    },
    { defaultNamespace: 'default', protocols: ['TCP', 'UDP', 'SCTP'] },
  );
  const manifest = (name: string): PolicyManifest => {
    const found = document.policies.find(({ policy }) => `${policy.namespace}/${policy.name}` === name);
    if (found === undefined) throw new Error(`no policy ${name} was generated`);
    return found.manifest as unknown as PolicyManifest;
  };
  return {
    state,
    after,
    document,
    names: document.policies.map(({ policy }) => `${policy.namespace}/${policy.name}`),
    manifest,
    rules: (name) => ruleLines(manifest(name)).filter((line) => !/: 53\/(TCP|UDP), 53\/(TCP|UDP)$/.test(line)),
    remarks: [...document.readiness, ...document.questions].map(({ about, says }) => `${about}: ${says}`),
  };
}

/** Every rule of a manifest as one line, ingress first. */
export function ruleLines({ spec }: PolicyManifest): string[] {
  return [
    ...(spec.ingress ?? []).map(({ from, ports }) => `from ${peersText(from)}: ${portsText(ports)}`),
    ...(spec.egress ?? []).map(({ to, ports }) => `to ${peersText(to)}: ${portsText(ports)}`),
  ];
}

/** The state as it would be with the generated policies applied and other objects beside or after it. */
export function afterwards({ document }: Outcome, texts: readonly string[], options: ScenarioOptions = {}): Scenario {
  return scenario([...texts, ...document.policies.map(({ manifest }) => JSON.stringify(manifest))], options);
}

/** Needs of a document as lines: `shop/web -> shop/cart:7070/TCP allowed`. */
export function needLines(needs: readonly NeedDocument[]): string[] {
  return needs.map(({ from, to, protocol, ports: [first, last], verdict }) => {
    const range = first === last ? `${first}` : `${first}-${last}`;
    return `${from.name} -> ${to.name}:${range}/${protocol} ${verdict}`;
  });
}

function peersText(peers: readonly PeerManifest[] | undefined): string {
  if (peers === undefined || peers.length === 0) return 'EVERYBODY';
  return peers.map(peerText).join(' | ');
}

function peerText({ podSelector, namespaceSelector, ipBlock }: PeerManifest): string {
  if (ipBlock !== undefined) {
    const except = ipBlock.except === undefined ? '' : ` except ${ipBlock.except.join(', ')}`;
    return `${ipBlock.cidr}${except}`;
  }
  const pods = podSelector === undefined ? '' : selectorText(podSelector);
  if (namespaceSelector === undefined) return pods;
  return `{${selectorText(namespaceSelector)}}/${pods}`;
}

/** `app=web,!tier`; `*` for a selector of everything. */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: SelectorManifest): string {
  const parts = [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values = [] }) =>
      operator === 'DoesNotExist' ? `!${key}` : operator === 'Exists' ? key : `${key} ${operator} ${values.join(',')}`,
    ),
  ];
  return parts.length === 0 ? '*' : parts.join(',');
}

function portsText(ports: readonly PortManifest[] | undefined): string {
  if (ports === undefined || ports.length === 0) return 'ALL PORTS';
  return ports
    .map(({ protocol, port, endPort }) => `${port ?? '*'}${endPort === undefined ? '' : `-${endPort}`}/${protocol}`)
    .join(', ');
}
