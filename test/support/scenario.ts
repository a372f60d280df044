// Small clusters written down in a few lines, and questions about them. Every scenario first asserts that the literal and
// the compiled evaluator agree on every pair, port and protocol; every single question asserts that can and explain agree.

import { expect } from 'vitest';
import { behaviourOf } from '../../src/engine/behaviours/index.ts';
import { compileReach } from '../../src/engine/compile/reach.ts';
import type { Unit } from '../../src/engine/endpoints/unit.ts';
import { worldOf } from '../../src/engine/endpoints/world.ts';
import { commonFamilies, evaluatePorts } from '../../src/engine/evaluate/cases.ts';
import type { Decision, Verdict } from '../../src/engine/model/verdict.ts';
import { can } from '../../src/engine/questions/can.ts';
import type { Answer, ConnectivityMap, Explanation } from '../../src/engine/questions/documents.ts';
import { explain } from '../../src/engine/questions/explain.ts';
import { mapConnectivity } from '../../src/engine/questions/map.ts';
import { parsePair } from '../../src/engine/questions/parse-pair.ts';
import { contains, PORT_PROTOCOLS, PROTOCOLS, type Protocol } from '../../src/engine/sets/traffic-set.ts';
import { loadState, type State } from '../../src/engine/state.ts';
import { readText } from '../../src/manifests/index.ts';

/** How the cluster behaves; absent: the default behaviour, nothing assumed, TCP, UDP and SCTP. */
export interface ScenarioOptions {
  readonly cni?: string;
  /** As `--assume`: `KNOB=VALUE`. */
  readonly assume?: readonly string[];
  readonly protocols?: readonly Protocol[];
  /** Whether the API server may refuse something; false if absent, so that a slip in a test does not go unseen. */
  readonly mayRefuse?: boolean;
}

/** A loaded cluster that answers questions. */
export interface Scenario {
  readonly state: State;
  /** `allowed`, `denied`, `partly`, or `unknown: REASON, …`, agreed by both evaluators. */
  can(from: string, to: string): string;
  answer(from: string, to: string): Answer;
  explain(from: string, to: string): Explanation;
  map(): ConnectivityMap;
  /** Findings as `check path`, those that the API server refuses with `refused` before them. */
  readonly findings: readonly string[];
}

/** Loads YAML texts, one object or many each. */
export function scenario(texts: readonly string[], options: ScenarioOptions = {}): Scenario {
  const read = readText(texts.join('\n---\n'), 'scenario.yaml');
  expect(read.skipped).toEqual([]);
  const wrong = (one: { message: string; rejectedByApi: boolean }) => one.rejectedByApi && options.mayRefuse !== true;
  const behaviour = behaviourOf(options.cni ?? 'default', options.assume);
  const state = loadState({ ...read, behaviour, defaultNamespace: 'default' });
  expect(state.findings.filter(wrong).map(({ message }) => message)).toEqual([]);
  expectAgreement(state);
  const context = { defaultNamespace: 'default', protocols: options.protocols ?? PORT_PROTOCOLS };
  return {
    state,
    can(from, to) {
      const pair = parsePair([from, to]);
      const answer = can(state, pair, context);
      const explained = explain(state, pair, context);
      expect([from, to, 'literal', explained.verdict]).toEqual([from, to, 'literal', answer.verdict]);
      if (answer.verdict !== 'unknown') return answer.verdict;
      const reasons = new Set(explained.cases.flatMap((one) => one.reason?.split(', ') ?? []));
      for (const reason of answer.reason?.split(', ') ?? []) expect([...reasons]).toContain(reason);
      return `unknown: ${answer.reason}`;
    },
    answer: (from, to) => can(state, parsePair([from, to]), context),
    explain: (from, to) => explain(state, parsePair([from, to]), context),
    map: () => mapConnectivity(state, { protocols: context.protocols }, context),
    findings: state.findings.map(
      ({ check, source, rejectedByApi }) => `${rejectedByApi ? 'refused ' : ''}${check} ${source.path}`,
    ),
  };
}

/** Asserts that both evaluators give every unit of the state the same verdicts on all traffic. */
function expectAgreement(state: State): void {
  const world = worldOf(state);
  const units: Unit[] = [...world.pods, ...world.nodes(), ...world.outside(), ...world.entries()];
  const ends = units.map((unit) => unit.endpoint);
  const rules = { placement: state.placement, knobs: { ...state.behaviour.knobs, selfTraffic: 'plainRules' as const } };
  const reach = compileReach(rules, ends, PROTOCOLS);
  const differences: string[] = [];
  for (const [s, from] of ends.entries()) {
    for (const [d, to] of ends.entries()) {
      const decisions = reach.decide(s, d);
      for (const family of commonFamilies(from, to)) {
        for (const protocol of PROTOCOLS) {
          for (const { first, last, trace } of evaluatePorts(rules, { from, to }, family, protocol)) {
            for (const port of [first, last]) {
              const compiled = verdictAt(decisions[family]!, protocol, port);
              if (compiled === trace.verdict) continue;
              const where = `${from.key} -> ${to.key} ${family} ${port}/${protocol}`;
              differences.push(`${where}: compiled ${compiled}, literal ${trace.verdict}`);
            }
          }
        }
      }
    }
  }
  expect(differences).toEqual([]);
}

function verdictAt(decision: Decision, protocol: Protocol, port: number): Verdict {
  if (contains(decision.allowed, protocol, port)) return 'allowed';
  if (decision.unknown.some((part) => contains(part.traffic, protocol, port))) return 'unknown';
  return decision.conditional.some((part) => contains(part.traffic, protocol, port)) ? 'conditional' : 'denied';
}

/** What a pod has besides its name. */
export interface PodParts {
  /** `app=web,tier=front`; absent: `pod=NAME`. */
  readonly labels?: string;
  /** Addresses, separated by blanks; absent: none known. */
  readonly ip?: string;
  /** `web=80,dns=53/UDP,9090`. */
  readonly ports?: string;
  /** Ports of a container in initContainers that restarts always. */
  readonly sidecar?: string;
  /** Ports of an init container that ends. */
  readonly init?: string;
  readonly node?: string;
  readonly hostNetwork?: boolean;
  readonly phase?: string;
}

/** A pod that nobody owns. */
export function pod(path: string, parts: PodParts = {}): string {
  const [namespace, name] = path.split('/');
  const ips = (parts.ip ?? '').split(' ').filter((ip) => ip !== '');
  const init = [
    ...(parts.sidecar === undefined
      ? []
      : [{ name: 'sidecar', restartPolicy: 'Always', ports: portList(parts.sidecar) }]),
    ...(parts.init === undefined ? [] : [{ name: 'init', ports: portList(parts.init) }]),
  ];
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: pairs(parts.labels ?? `pod=${name}`) },
    spec: {
      containers: [{ name: 'main', ports: portList(parts.ports ?? '') }],
      ...(init.length === 0 ? {} : { initContainers: init }),
      ...(parts.node === undefined ? {} : { nodeName: parts.node }),
      ...(parts.hostNetwork === true ? { hostNetwork: true } : {}),
    },
    status: {
      phase: parts.phase ?? 'Running',
      ...(ips.length === 0 ? {} : { podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) }),
    },
  });
}

/** A Deployment whose pods exist only as a template. */
export function deployment(path: string, labels: string, ports = '', replicas = 2): string {
  const [namespace, name] = path.split('/');
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: pairs(labels) },
      template: {
        metadata: { labels: pairs(labels) },
        spec: { containers: [{ name: 'main', ports: portList(ports) }] },
      },
    },
  });
}

/** A Namespace with labels `a=b,c=d`; none if absent. */
export function namespace(name: string, labels = ''): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: pairs(labels) } });
}

/** A Node with addresses separated by blanks. */
export function node(name: string, ip = '', labels = ''): string {
  const addresses = ip.split(' ').flatMap((address) => (address === '' ? [] : [{ type: 'InternalIP', address }]));
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: pairs(labels) },
    status: { addresses },
  });
}

/** A Service with its spec in YAML's flow style: `{selector: {app: web}, ports: [{port: 80}]}`. */
export function service(path: string, spec: string): string {
  return object('v1', 'Service', path, spec);
}

/** A NetworkPolicy with its spec in YAML's flow style. */
export function policy(path: string, spec: string): string {
  return object('networking.k8s.io/v1', 'NetworkPolicy', path, spec);
}

/** The fields of a ClusterNetworkPolicy's spec after tier, priority and subject, in flow style without braces. */
export function clusterPolicy(name: string, rules: string, at: Partial<ClusterPolicyPlace> = {}): string {
  const { tier = 'Admin', priority = 10, subject = '{namespaces: {}}' } = at;
  const spec = `{tier: ${tier}, priority: ${priority}, subject: ${subject}, ${rules}}`;
  return object('policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy', name, spec);
}

/** Where a ClusterNetworkPolicy stands, and whom it is for; absent: Admin, 10, every pod. */
export interface ClusterPolicyPlace {
  readonly tier: 'Admin' | 'Baseline';
  readonly priority: number;
  readonly subject: string;
}

/** An AdminNetworkPolicy of priority 10, or the BaselineAdminNetworkPolicy, for every pod. */
export function adminPolicy(kind: 'AdminNetworkPolicy' | 'BaselineAdminNetworkPolicy', rules: string): string {
  const priority = kind === 'AdminNetworkPolicy' ? 'priority: 10, ' : '';
  const spec = `{${priority}subject: {namespaces: {}}, ${rules}}`;
  return object('policy.networking.k8s.io/v1alpha1', kind, 'default', spec);
}

/** Any object in YAML; a path without a slash has no namespace. */
export function object(apiVersion: string, kind: string, path: string, spec: string): string {
  const parts = path.split('/');
  const own = parts.length === 2 ? `, namespace: ${parts[0]}` : '';
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${parts.at(-1)}${own}}\nspec: ${spec}`;
}

/**
 * Namespaces x, w and z, each with its own label ns, pods a and b (labels pod=a, pod=b) and known addresses: x/a 10.0.1.1,
 * x/b 10.0.1.2, w/a 10.0.2.1 … Each pod names ports web (TCP 80), alt (TCP 81) and dns (UDP 53).
 */
export const XWZ: readonly string[] = ['x', 'w', 'z'].flatMap((name, i) => [
  namespace(name, `ns=${name}`),
  ...['a', 'b'].map((own, j) =>
    pod(`${name}/${own}`, { ip: `10.0.${i + 1}.${j + 1}`, ports: 'web=80,alt=81,dns=53/UDP' }),
  ),
]);

function pairs(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').flatMap((pair) => (pair === '' ? [] : [pair.split('=') as [string, string]])),
  );
}

function portList(text: string): object[] {
  return text.split(',').flatMap((entry) => {
    if (entry === '') return [];
    const [name, rest] = entry.includes('=') ? entry.split('=') : [undefined, entry];
    const [number, protocol] = rest!.split('/');
    return [{ ...(name ? { name } : {}), containerPort: Number(number), ...(protocol ? { protocol } : {}) }];
  });
}
