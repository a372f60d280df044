// Defects of other tools in judging policies, each by its number: what goes wrong elsewhere, and that it does not here. And
// one generator behind every way of asking.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readText } from '../../src/manifests/index.ts';
import { afterwards, generated } from '../support/generating.ts';
import { problemsOf, stateOf } from '../support/lint.ts';
import { runCli } from '../support/run-cli.ts';
import { deployment, namespace, object, pod, policy, scenario, service } from '../support/scenario.ts';

const checksOf = (texts: readonly string[]): string[] => problemsOf(texts.join('\n---\n')).map(({ check }) => check);

const SHOP = [namespace('shop'), deployment('shop/web', 'app=web', '8080'), deployment('shop/db', 'app=db', '5432')];

describe('D18 one generator, and no guess', () => {
  // The rival has three implementations that differ; one falls back to {app: SERVICE} and to port 80.
  const folder = mkdtempSync(join(tmpdir(), 'netweir-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('gives the command line and the library the same policies', async () => {
    const texts = [...SHOP, service('shop/db', '{selector: {app: db}, ports: [{port: 5432}]}')];
    writeFileSync(join(folder, 'scenario.yaml'), texts.join('\n---\n'));
    const allow = 'shop/web -> shop/db:5432';
    const argv = ['generate', '-f', 'scenario.yaml', '--allow', allow];
    const json = await runCli([...argv, '-o', 'json'], { cwd: folder });
    const yaml = await runCli([...argv, '-o', 'yaml'], { cwd: folder });
    const ours = generated(texts, { allow: [allow] }).document.policies.map(({ manifest }) => manifest);
    const theirs = JSON.parse(json.stdout).policies.map(({ manifest }: { manifest: unknown }) => manifest);
    expect(JSON.stringify(theirs)).toBe(JSON.stringify(ours));
    expect(readText(yaml.stdout, 'out.yaml').objects.map(({ value }) => value)).toEqual(ours);
  });

  it('asks where a name or a port is not known', () => {
    const web = JSON.parse(deployment('shop/front', 'app=front'));
    web.spec.template.spec.containers[0].env = [{ name: 'CART_URL', value: 'http://cart' }];
    const outcome = generated([...SHOP, JSON.stringify(web)]);
    expect(outcome.rules('shop/front')).toEqual([]);
    expect(outcome.remarks).toContainEqual(expect.stringContaining('no Service shop/cart is here'));
  });
});

describe('D25 a DNS rule that cannot work is found', () => {
  // A policy sample in wide use allows DNS by a namespace label that no namespace has, and by UDP alone: no names at all.
  const sample = policy(
    'shop/allow-dns',
    '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {name: kube-system}}}], ports: [{protocol: UDP, port: 53}]}]}',
  );
  const dns = [
    namespace('kube-system'),
    deployment('kube-system/coredns', 'k8s-app=kube-dns', 'dns=53/UDP,dns-tcp=53'),
    service(
      'kube-system/kube-dns',
      '{clusterIP: 10.96.0.10, selector: {k8s-app: kube-dns}, ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53}]}',
    ),
  ];

  it('lint names the label that no namespace has, and the outage', () => {
    const found = problemsOf([...dns, ...SHOP, sample].join('\n---\n'));
    expect(found.map(({ check }) => check)).toContain('no-such-namespace');
    expect(found.find(({ check }) => check === 'dns-selector-mismatch')).toMatchObject({
      severity: 'high',
      effect: expect.stringMatching(/^cuts .* off from DNS$/),
    });
    expect(scenario([...dns, ...SHOP, sample]).can('shop/web', 'kube-system/coredns:53/udp')).toBe('denied');
  });

  it('lint names the missing protocol where somebody did put the label', () => {
    const labelled = namespace('kube-system', 'name=kube-system');
    expect(checksOf([labelled, ...dns.slice(1), ...SHOP, sample])).toContain('dns-udp-only');
  });

  it('the generated policies resolve names beside it', () => {
    const texts = [...dns, ...SHOP, sample];
    const after = afterwards(generated(texts), texts);
    expect(after.can('shop/web', 'kube-system/coredns:53/udp')).toBe('allowed');
    expect(after.can('shop/web', 'kube-system/coredns:53/tcp')).toBe('allowed');
  });
});

describe('D26 a selector of expressions selects', () => {
  // The rival reads matchLabels only: with matchExpressions alone it reports pods as without a policy.
  const closed = policy(
    'shop/closed',
    '{podSelector: {matchExpressions: [{key: app, operator: In, values: [web, db]}]}, policyTypes: [Ingress, Egress]}',
  );

  it('isolates what it selects', () => {
    expect(scenario([...SHOP, closed]).can('shop/web', 'shop/db:5432')).toBe('denied');
    expect(checksOf([...SHOP, closed])).not.toContain('ingress-not-isolated');
    expect(checksOf([...SHOP, closed])).not.toContain('selects-no-pod');
  });

  it('is what tells a workload from a neighbour with one label more', () => {
    const texts = [namespace('shop'), pod('shop/a', { labels: 'app=x' }), pod('shop/b', { labels: 'app=x,extra=y' })];
    const outcome = generated(texts, { allow: ['shop/b -> 203.0.113.7:443'] });
    const after = afterwards(outcome, texts);
    expect(after.can('shop/b', '203.0.113.7:443')).toBe('allowed');
    expect(after.can('shop/a', '203.0.113.7:443')).toBe('denied');
  });
});

describe('D27 a pod reaches itself', () => {
  // The rival reports that a pod under a default deny cannot reach itself.
  it('whatever policies say, and needs no rule for it', () => {
    const texts = [namespace('shop'), pod('shop/web', { labels: 'app=web', ip: '10.0.0.1' })];
    const after = afterwards(generated(texts), texts);
    expect(after.can('shop/web', 'shop/web:8080')).toBe('allowed');
  });

  it('but not another replica of its own', () => {
    const after = afterwards(generated(SHOP), SHOP);
    expect(after.can('shop/web', 'shop/web:8080')).not.toBe('allowed');
  });
});

describe('D28 blocks are judged by their union', () => {
  // Comparing texts with 0.0.0.0/0 misses two halves of it.
  const blocks = (...cidrs: readonly string[]) =>
    policy(
      'shop/out',
      `{podSelector: {}, policyTypes: [Egress], egress: [{to: [${cidrs.map((cidr) => `{ipBlock: {cidr: "${cidr}"}}`).join(', ')}]}]}`,
    );

  it.each([[['0.0.0.0/0']], [['0.0.0.0/1', '128.0.0.0/1']], [['::/1', '8000::/1']]])('%j is everything', (cidrs) => {
    const found = checksOf([...SHOP, blocks(...cidrs)]);
    expect(found.filter((id) => id === 'whole-internet' || id === 'wide-cover')).not.toEqual([]);
  });

  it('says so of metadata addresses too', () => {
    expect(checksOf([...SHOP, blocks('0.0.0.0/1', '128.0.0.0/1')])).toContain('metadata-reachable');
    const halves = scenario([...SHOP, blocks('0.0.0.0/1', '128.0.0.0/1')]);
    expect(halves.can('shop/web', '169.254.169.254:80')).toBe('allowed');
  });
});

describe('D29 exceptions are within their block, of its family', () => {
  // Charts add `except: 169.254.169.254/32` to whatever block there is: refused for ::/0, and missing for 0.0.0.0/1.
  it('refuses one of the other family', () => {
    const wrong = policy(
      'shop/out',
      '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: "::/0", except: [169.254.169.254/32]}}]}]}',
    );
    const { findings } = stateOf([...SHOP, wrong].join('\n---\n'));
    expect(findings.filter(({ rejectedByApi }) => rejectedByApi).map(({ check }) => check)).toEqual([
      'except-outside-cidr',
    ]);
  });

  it('writes those of each family into the block that holds them', () => {
    const texts = [namespace('shop'), pod('shop/web', { labels: 'app=web', ip: '10.0.0.1 fd00:10::1' })];
    const outcome = generated(texts, { allow: ['shop/web -> internet:443'] });
    const blocks = (outcome.manifest('shop/web').spec.egress ?? []).flatMap(({ to = [] }) =>
      to.flatMap(({ ipBlock }) => ipBlock ?? []),
    );
    expect(blocks.length).toBeGreaterThan(1);
    for (const { cidr, except = [] } of blocks) {
      for (const one of except) expect([cidr, one, one.includes(':')]).toEqual([cidr, one, cidr.includes(':')]);
    }
    const after = afterwards(outcome, texts);
    expect(after.can('shop/web', '169.254.169.254:443')).toBe('denied');
    expect(after.can('shop/web', '[fd00:ec2::254]:443')).toBe('denied');
  });
});

describe('D30 policies of a controller let it work', () => {
  // A vendor's own chart closed the way to the API server and the way from it to an aggregated API.
  const texts = [
    namespace('shop'),
    service('default/kubernetes', '{clusterIP: 10.96.0.1, ports: [{name: https, port: 443}]}'),
    JSON.stringify({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['192.168.0.1'] }],
      ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
    }),
    deployment('shop/metrics', 'app=metrics', 'https=8443').replace(
      '"containers"',
      '"serviceAccountName":"metrics","containers"',
    ),
    service('shop/metrics', '{selector: {app: metrics}, ports: [{port: 443, targetPort: https}]}'),
    object(
      'apiregistration.k8s.io/v1',
      'APIService',
      'v1beta1.metrics.example.com',
      '{group: metrics.example.com, version: v1beta1, service: {name: metrics, namespace: shop}}',
    ),
    object('rbac.authorization.k8s.io/v1', 'ClusterRole', 'metrics', '{}').replace(
      'spec: {}',
      'rules: [{apiGroups: [""], resources: [pods], verbs: [list, watch]}]',
    ),
    object('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'metrics', '{}').replace(
      'spec: {}',
      'roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: metrics}\nsubjects: [{kind: ServiceAccount, name: metrics, namespace: shop}]',
    ),
  ];

  it('reaches the API server, and is reached by it, or there is a question', () => {
    const outcome = generated(texts);
    expect(outcome.rules('shop/metrics')).toContain('to 192.168.0.1/32: 6443/TCP');
    const needs = outcome.document.needs.flatMap(({ evidence }) => evidence.map(({ kind }) => kind));
    const asked = outcome.remarks.filter((line) => line.startsWith('api-server-clients: '));
    expect(needs.includes('api-service') || asked.length > 0).toBe(true);
    expect(outcome.document.proof.sound).toBe(true);
  });
});

describe('D31 a default deny is the best case', () => {
  // The rival wants matchLabels and a rule in each direction: a default deny fails, and a policy that allows all passes.
  const deny = policy('shop/default-deny', '{podSelector: {}, policyTypes: [Ingress, Egress]}');
  const open = policy('shop/open', '{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}]}');

  it('is no finding, and allowing all is one', () => {
    const closed = checksOf([...SHOP, deny]).filter((id) => id !== 'dns-blocked');
    expect(closed).toEqual([]);
    expect(checksOf([...SHOP, open]).length).toBeGreaterThan(0);
  });

  it('ends every set of generated policies, and is proved with it', () => {
    const outcome = generated(SHOP);
    expect(outcome.names.at(-1)).toBe('shop/default-deny');
    expect(outcome.document.proof).toMatchObject({ sound: true, tight: true, safeOrder: true });
    const after = afterwards(outcome, [...SHOP, deployment('shop/new', 'app=new', '80')]);
    expect(after.can('shop/web', 'shop/new:80')).toBe('denied');
  });
});
