// Guarantees against enumeration: every pod in every namespace over a small universe of labels, judged by the literal
// evaluator. A proof must hold for all of them, a refutation must come with a pair that really gets through.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { worldOf } from '../../src/engine/endpoints/world.ts';
import { commonFamilies, evaluatePorts } from '../../src/engine/evaluate/cases.ts';
import type { Behaviour } from '../../src/engine/model/behaviour.ts';
import type { Namespace } from '../../src/engine/model/cluster.ts';
import type { Endpoint } from '../../src/engine/model/endpoint.ts';
import type { IsolationCase, TestCase } from '../../src/engine/questions/ask.ts';
import type { TestReport } from '../../src/engine/questions/documents.ts';
import { parseEndpoint } from '../../src/engine/questions/parse-endpoint.ts';
import { parsePort } from '../../src/engine/questions/parse-ports.ts';
import { runTests } from '../../src/engine/questions/run-tests.ts';
import { PORT_PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import type { State } from '../../src/engine/state.ts';
import { behaviour } from '../support/arbitrary-behaviour.ts';
import { possibleEnd } from '../support/possible-pods.ts';
import { type Manifest, namespaceManifest, podManifest, stateOf } from '../support/replay.ts';
import { runs } from '../support/runs.ts';

const CONTEXT = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS };
const SOURCE = { path: '' };
const NAME = 'kubernetes.io/metadata.name';

const selector = (key: string): fc.Arbitrary<Manifest> =>
  fc.constantFrom<Manifest>(
    {},
    { matchLabels: { [key]: 'a' } },
    { matchLabels: { [key]: 'b' } },
    { matchExpressions: [{ key, operator: 'In', values: ['a', 'b'] }] },
    { matchExpressions: [{ key, operator: 'NotIn', values: ['a'] }] },
    { matchExpressions: [{ key, operator: 'Exists' }] },
    { matchExpressions: [{ key, operator: 'DoesNotExist' }] },
  );

/** Names of namespaces that nobody has made; some look like those that an example might have. */
const NAMES = ['new', 'new-a', 'ghost', 'netweir-witness-from'];

const namespaces = fc.oneof(
  { weight: 3, arbitrary: selector('team') },
  fc.constantFrom<Manifest>(
    ...NAMES.map((name) => ({ matchLabels: { [NAME]: name } })),
    { matchExpressions: [{ key: NAME, operator: 'In', values: ['ghost', 'new'] }] },
    { matchExpressions: [{ key: NAME, operator: 'NotIn', values: ['new-a'] }] },
  ),
);

const peer = fc.oneof(
  fc.constantFrom('10.0.0.4/32', '10.0.0.5/32', '10.0.0.0/24').map((cidr) => ({ ipBlock: { cidr } })),
  selector('app').map((podSelector) => ({ podSelector })),
  namespaces.map((namespaceSelector) => ({ namespaceSelector })),
  fc.tuple(namespaces, selector('app')).map(([namespaceSelector, podSelector]) => ({ namespaceSelector, podSelector })),
);

const rule = (list: 'from' | 'to') =>
  fc.record({
    [list]: fc.array(peer, { minLength: 1, maxLength: 2 }),
    ports: fc.constantFrom([], [{ port: 80 }], [{ port: 81, protocol: 'UDP' }]),
  });

/** Mostly one that isolates a whole namespace, so that there is something to prove. */
const networkPolicies = (namespace: string): fc.Arbitrary<readonly Manifest[]> =>
  fc
    .array(
      fc.record({
        podSelector: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, selector('app')),
        policyTypes: fc.constantFrom(['Ingress'], ['Egress'], ['Ingress', 'Egress']),
        ingress: fc.array(rule('from'), { maxLength: 1 }),
        egress: fc.array(rule('to'), { maxLength: 1 }),
      }),
      { maxLength: 3 },
    )
    .map((specs) =>
      specs.map((spec, i) => ({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: `p${i}`, namespace },
        spec,
      })),
    );

const adminRule = fc.record({
  action: fc.constantFrom('Accept', 'Deny', 'Pass'),
  from: namespaces.map((one) => [{ namespaces: one }]),
});

const clusterPolicies: fc.Arbitrary<readonly Manifest[]> = fc
  .array(
    fc.record({
      tier: fc.constantFrom('Admin', 'Baseline'),
      subject: namespaces.map((one) => ({ namespaces: one })),
      ingress: fc.array(adminRule, { minLength: 1, maxLength: 2 }),
    }),
    { maxLength: 2 },
  )
  .map((specs) =>
    specs.map((spec, i) => ({
      apiVersion: 'policy.networking.k8s.io/v1alpha2',
      kind: 'ClusterNetworkPolicy',
      metadata: { name: `c${i}` },
      spec: { ...spec, priority: 10 + i },
    })),
  );

const cluster = fc
  .tuple(networkPolicies('x'), networkPolicies('y'), clusterPolicies)
  .map((lists): Manifest[] => [
    namespaceManifest('x', { team: 'a' }),
    namespaceManifest('y', { team: 'b' }),
    podManifest({ namespace: 'x', name: 'one', labels: { app: 'a' }, addresses: ['10.0.0.4'], ports: [] }),
    podManifest({ namespace: 'y', name: 'two', labels: { app: 'b' }, addresses: ['10.0.0.5'], ports: [] }),
    ...lists.flat(),
  ]);

/** Nobody says that a workload makes the pod. */
function standalone({ behaviour: { knobs } }: State, end: Endpoint): Endpoint {
  if (knobs.standalonePods !== 'unknown') return end;
  return { ...end, pod: { ...end.pod!, perhapsSubject: 'standalone-pods' } };
}

/** Every pod in every namespace: labels absent, mentioned, and not mentioned by anybody. */
function universe(
  state: State,
  newNamespaces: boolean,
): { readonly group: string | undefined; readonly end: Endpoint }[] {
  const made = (team: string | undefined): Namespace[] =>
    [...NAMES, `free-${team ?? 'none'}`].map((name) => ({
      name,
      labels: { [NAME]: name, ...(team === undefined ? {} : { team }) },
      declared: true,
    }));
  const own = ['x', 'y'].map((name) => state.cluster.namespaces.get(name)!);
  const all = newNamespaces ? [...own, ...[undefined, 'a', 'b', 'c', 'd'].flatMap(made)] : own;
  const there = worldOf(state).pods.map(({ endpoint }) => ({
    group: endpoint.pod!.namespaceLabels['team'],
    end: endpoint,
  }));
  const possible = all.flatMap((namespace) =>
    [undefined, 'a', 'b', 'c'].map((app) => ({
      group: namespace.labels['team'],
      end: standalone(state, possibleEnd(state, namespace, app === undefined ? {} : { app })),
    })),
  );
  return [...there, ...possible];
}

/** Reports whether the literal evaluator says of anything between the two that it is not denied. */
function isOpen(state: State, from: Endpoint, to: Endpoint, ports?: { first: number; last: number }): boolean {
  const rules = { placement: state.placement, knobs: state.behaviour.knobs };
  return commonFamilies(from, to).some((family) =>
    (ports === undefined ? PORT_PROTOCOLS : (['TCP'] as const)).some((protocol) =>
      evaluatePorts(rules, { from, to }, family, protocol, ports ?? { first: 1, last: 65535 }).some(
        ({ trace }) => trace.verdict !== 'denied',
      ),
    ),
  );
}

/** Reports whether the witness gets through in the cluster in which what the report says was made. */
function isOpenOnceMade(
  manifests: readonly Manifest[],
  plugin: Behaviour,
  { tests: [test], endpoints }: TestReport,
): boolean {
  const made = (test!.manifests ?? []) as readonly Manifest[];
  const state = stateOf([...manifests, ...made], plugin);
  const end = (side: 'from' | 'to'): Endpoint => {
    const pod = made.find(
      (one) => (one['metadata'] as Manifest)['name'] === `netweir-witness-${side}` && one['kind'] === 'Pod',
    );
    const { namespace, name } = (pod?.['metadata'] ?? {}) as Record<string, string>;
    const key = pod === undefined ? endpoints[test!.witness![side][0]!]!.key : `${namespace}/Pod/${name}`;
    return worldOf(state).pods.find(({ endpoint }) => endpoint.key === key)!.endpoint;
  };
  return isOpen(state, end('from'), end('to'));
}

describe('Isolation', () => {
  it.each([false, true])(
    'new namespaces %s: proved for every pod of the universe, or refuted by one',
    (newNamespaces) => {
      let proved = 0;
      fc.assert(
        fc.property(cluster, behaviour, (manifests, plugin) => {
          const state = stateOf(manifests, plugin);
          const assertion: IsolationCase = { name: 't', key: 'team', except: [], newNamespaces, source: SOURCE };
          const report = runTests(state, [assertion], CONTEXT);
          if (!report.tests[0]!.passed) {
            expect(isOpenOnceMade(manifests, plugin, report)).toBe(true);
            return;
          }
          proved++;
          const all = universe(state, newNamespaces).filter(({ group }) => group !== undefined);
          for (const from of all) {
            for (const to of all) {
              if (from.group !== to.group && from.end.pod!.namespace !== to.end.pod!.namespace)
                expect([from.end.key, to.end.key, isOpen(state, from.end, to.end)]).toEqual([
                  from.end.key,
                  to.end.key,
                  false,
                ]);
            }
          }
        }),
        runs(120),
      );
      if (!newNamespaces) expect(proved).toBeGreaterThan(0);
    },
  );
});

describe('any-pod', () => {
  it.each([false, true])(
    'new namespaces %s: deny holds where the literal evaluator denies every pod',
    (newNamespaces) => {
      let passed = 0;
      fc.assert(
        fc.property(cluster, behaviour, fc.constantFrom('from', 'to'), (manifests, plugin, side) => {
          const state = stateOf(manifests, plugin);
          const [any, one] = [parseEndpoint('any-pod'), parseEndpoint('x/one')];
          const test: TestCase = {
            name: 't',
            from: side === 'from' ? any : one,
            to: side === 'from' ? one : any,
            deny: [parsePort('80')],
            newNamespaces,
            source: SOURCE,
          };
          const report = runTests(state, [test], CONTEXT);
          const own = worldOf(state).pods[0]!.endpoint;
          const others = universe(state, newNamespaces).filter(({ end }) => end.key !== own.key);
          // Traffic of a pod to itself is nobody's matter, unless rules apply to it like to any other.
          if (plugin.knobs.selfTraffic === 'plainRules') others.push({ group: undefined, end: own });
          const open = others.some(({ end }) =>
            side === 'from'
              ? isOpen(state, end, own, { first: 80, last: 80 })
              : isOpen(state, own, end, { first: 80, last: 80 }),
          );
          expect(report.tests[0]!.passed).toBe(!open);
          if (open) expect(isOpenOnceMade(manifests, plugin, report)).toBe(true);
          else passed++;
        }),
        runs(120),
      );
      if (!newNamespaces) expect(passed).toBeGreaterThan(0);
    },
  );

  it('leaves out whom a selector in except means, and nobody else', () => {
    fc.assert(
      fc.property(cluster, behaviour, (manifests, plugin) => {
        const state = stateOf(manifests, plugin);
        const test: TestCase = {
          name: 't',
          from: parseEndpoint('any-pod'),
          to: parseEndpoint('x/one'),
          deny: [parsePort('80')],
          except: [{ endpoint: parseEndpoint('{team=a}/{app=a}'), ports: 'all' }],
          source: SOURCE,
        };
        const report = runTests(state, [test], CONTEXT);
        const own = worldOf(state).pods[0]!.endpoint;
        const open = universe(state, true).some(({ group, end }) => {
          const isExcepted = (group === 'a' && end.pod!.labels['app'] === 'a') || end.key === own.key;
          return !isExcepted && isOpen(state, end, own, { first: 80, last: 80 });
        });
        expect(report.tests[0]!.passed).toBe(!open);
      }),
      runs(120),
    );
  });
});
