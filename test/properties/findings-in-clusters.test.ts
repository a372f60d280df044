// Findings over drawn clusters: their example flows are decided as they say, and each fix that can be applied does to the
// map what it announces.

import { describe, expect, it } from 'vitest';
import { type Random, randomFrom } from '../../bench/random.ts';
import { drawCluster } from '../../bench/shapes/cluster-shape.ts';
import type { Json } from '../../bench/shapes/policy-shape.ts';
import { lintInput, proveFixes } from '../../src/engine/fixing/prove-fixes.ts';
import { behaviourOf, can, type Finding, parsePair } from '../../src/engine/index.ts';
import { PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { manifestObject } from '../support/manifest-object.ts';

const CONTEXT = { defaultNamespace: 'default', protocols: PROTOCOLS };
const SEEDS = [1, 2, 3, 4, 5, 6];
/** Fixes that are proved for each cluster and check: each is a map of its own. */
const PROVED = 2;

const BLOCKS = [
  { cidr: '0.0.0.0/0' },
  { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] },
  { cidr: '169.254.0.0/16' },
  { cidr: '0.0.0.0/1' },
  { cidr: '10.0.0.0/8' },
  { cidr: '127.0.0.0/8' },
  { cidr: '::/0', except: ['fd00::/8'] },
];
const DNS = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'coredns', namespace: 'kube-system' },
  spec: {
    selector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    template: { metadata: { labels: { 'k8s-app': 'kube-dns' } }, spec: { containers: [{ name: 'dns' }] } },
  },
};

/** A drawn cluster with DNS, Services in front of its workloads, and wide blocks and DNS ports among its rules. */
function drawObjects(seed: number): Json[] {
  const random = randomFrom(seed);
  const drawn = drawCluster(
    { namespaces: 3, workloads: 9, policies: 18, ...(seed % 3 === 0 ? { pods: 15 } : {}) },
    seed,
  );
  const policies = drawn.policies.map((policy) => changed(policy, random));
  const services = new Map(
    drawn.workloads.map((workload) => {
      const { namespace, labels } = workload['metadata'] as { namespace: string; labels: { app: string } };
      const ports = [{ port: random.pick([80, 8080]), targetPort: random.pick(['http', 8080]) }];
      const spec = { type: random.pick(['ClusterIP', 'LoadBalancer']), selector: { app: labels.app }, ports };
      const metadata = { name: labels.app, namespace };
      return [`${namespace}/${labels.app}`, { apiVersion: 'v1', kind: 'Service', metadata, spec }];
    }),
  );
  return [...drawn.namespaces, ...drawn.workloads, ...policies, ...services.values(), DNS];
}

function changed(policy: Json, random: Random): Json {
  const spec = policy['spec'] as { readonly [direction: string]: unknown };
  const rulesOf = (direction: string, list: string) => {
    const rules = spec[direction];
    if (!Array.isArray(rules)) return {};
    const drawn = rules.map((rule: Json) => {
      if (random.chance(0.2)) return { ...rule, [list]: [{ ipBlock: random.pick(BLOCKS) }] };
      return random.chance(0.2) ? { ...rule, ports: [{ protocol: 'UDP', port: 53 }] } : rule;
    });
    return { [direction]: drawn };
  };
  return { ...policy, spec: { ...spec, ...rulesOf('egress', 'to'), ...rulesOf('ingress', 'from') } };
}

describe.each(SEEDS)('findings of drawn cluster %i', (seed) => {
  const objects = drawObjects(seed).map((value) => manifestObject(value));
  const before = lintInput({ objects, behaviour: behaviourOf('default', []), defaultNamespace: 'default' });

  it('are there', () => {
    expect(before.findings.length).toBeGreaterThan(5);
  });

  it('have examples that are decided', () => {
    const open = before.findings.flatMap(({ check, example }) => {
      const verdict = example === undefined ? 'denied' : can(before.state, parsePair([example]), CONTEXT).verdict;
      return verdict === 'allowed' || verdict === 'denied' ? [] : [`${check}: ${example} is ${verdict}`];
    });
    expect(open).toEqual([]);
  });

  it('have fixes that do what they announce', () => {
    const proved = new Map<string, number>();
    const wrong = before.findings.flatMap((finding: Finding) => {
      const count = proved.get(finding.check) ?? 0;
      if (finding.fix === undefined || count === PROVED) return [];
      proved.set(finding.check, count + 1);
      const proof = proveFixes(before, [{ finding, fix: finding.fix }], CONTEXT);
      // What was hidden behind a mistake may come to light when it is mended: then the fix is not applied.
      return proof.ok || proof.why.startsWith('it would bring') ? [] : [`${finding.check}: ${proof.why}`];
    });
    expect(wrong).toEqual([]);
  });
});
