import { describe, expect, it } from 'vitest';
import { ALL_PARTS, generated, needLines, selectorText } from '../../../test/support/generating.ts';
import { deployment, namespace, node, pod, policy, scenario } from '../../../test/support/scenario.ts';
import type { Evidence, EvidenceFound, Party } from '../model/evidence.ts';
import { isOurs } from './foreign-policies.ts';
import { planPolicies } from './plan.ts';
import { EXACT, setOf } from './widen-addresses.ts';

const SHOP = [namespace('shop'), deployment('shop/web', 'app=web', '8080'), deployment('shop/db', 'app=db', '5432')];
const workload = (name: string): Party => ({ type: 'workload', key: `shop/Deployment.apps/${name}` });
const found = (...parts: readonly Partial<Evidence>[]): EvidenceFound => ({
  evidence: parts.map((part) => ({
    from: workload('web'),
    to: workload('db'),
    protocol: 'TCP',
    ports: [5432, 5432],
    kind: 'environment',
    confidence: 'likely',
    says: 'DB of shop/web',
    ...part,
  })),
  questions: [],
});

/** Why needs are in no rule. */
const unwritten = ({ document }: ReturnType<typeof generated>): string[] =>
  document.needs.flatMap(({ unwritten: all }) => all.map(({ direction, why }) => `${direction}: ${why}`)).sort();

describe('policies', () => {
  it('are one for each workload, then the default deny of each namespace', () => {
    const texts = [...SHOP, namespace('ops'), pod('ops/probe', { labels: 'app=probe' })];
    expect(generated(texts, { found: found() }).names).toEqual([
      'ops/probe',
      'shop/db',
      'shop/web',
      'ops/default-deny',
      'shop/default-deny',
    ]);
  });

  it('list both directions, and are ours', () => {
    const { document } = generated(SHOP, { found: found({}) });
    for (const { manifest } of document.policies) {
      expect(manifest['spec']).toMatchObject({ policyTypes: ['Ingress', 'Egress'] });
      expect(isOurs(manifest)).toBe(true);
    }
  });

  it('have a rule at both ends of a need', () => {
    const { rules } = generated(SHOP, { found: found({}) });
    expect([rules('shop/web'), rules('shop/db')]).toEqual([['to app=db: 5432/TCP'], ['from app=web: 5432/TCP']]);
  });

  it('keep clear of the names of others, and take the place of their own', () => {
    const others = [
      policy('shop/web', '{podSelector: {}}'),
      policy('shop/default-deny', '{podSelector: {}}'),
      policy('shop/db', '{podSelector: {matchLabels: {app: db}}}').replace(
        'metadata: {',
        'metadata: {labels: {app.kubernetes.io/managed-by: netweir}, ',
      ),
    ];
    const outcome = generated([...SHOP, ...others], { found: found({}) });
    expect(outcome.names).toEqual(['shop/db', 'shop/web-netweir', 'shop/default-deny-netweir']);
    expect(outcome.after.policies.map(({ ref }) => ref.name).sort()).toEqual([
      'db',
      'default-deny',
      'default-deny-netweir',
      'web',
      'web-netweir',
    ]);
  });

  it('of earlier runs that are no longer part of the set are named, since nothing replaces them', () => {
    const ours = (path: string) =>
      policy(path, '{podSelector: {}, policyTypes: [Ingress, Egress]}').replace(
        'metadata: {',
        'metadata: {labels: {app.kubernetes.io/managed-by: netweir}, ',
      );
    const texts = [...SHOP, ours('shop/gone'), ours('shop/web'), ours('shop/default-deny'), ours('ops/default-deny')];
    const obsolete = (parts = ALL_PARTS) =>
      generated([...texts, namespace('ops')], { found: found({}), parts }).document.obsolete.map(({ name }) => name);
    expect(obsolete()).toEqual(['gone']);
    expect(obsolete(new Set([...ALL_PARTS].filter((part) => part !== 'default-deny')))).toEqual([
      'default-deny',
      'gone',
    ]);
  });

  it('of earlier runs for other namespaces stay in force', () => {
    const closed = policy('ops/default-deny', '{podSelector: {}, policyTypes: [Ingress, Egress]}').replace(
      'metadata: {',
      'metadata: {labels: {app.kubernetes.io/managed-by: netweir}, ',
    );
    const texts = [...SHOP, namespace('ops'), pod('ops/probe', { labels: 'app=probe' }), closed];
    const outcome = generated(texts, { namespaces: ['shop'], allow: ['shop/web -> ops/probe:80'], found: found() });
    expect(needLines(outcome.document.needs)).toEqual(['shop/web -> ops/probe:80/TCP denied']);
    expect(outcome.document.proof.sound).toBe(false);
  });

  it('are one for workloads that no selector tells apart, with the needs of both', () => {
    const texts = [...SHOP, deployment('shop/web-2', 'app=web')];
    const more = { from: workload('web-2'), to: { type: 'addresses', cidrs: ['203.0.113.7/32'] } } as const;
    const outcome = generated(texts, { found: found({}, { ...more, ports: [443, 443] }) });
    expect(outcome.names).toEqual(['shop/db', 'shop/web', 'shop/default-deny']);
    expect(outcome.rules('shop/web')).toEqual(['to app=db: 5432/TCP', 'to 203.0.113.7/32: 443/TCP']);
    expect(outcome.remarks).toContainEqual(
      expect.stringMatching(/^same-labels: no label tells shop\/web, shop\/web-2 apart/),
    );
    expect(outcome.document.proof.sound).toBe(true);
    expect(new Set(outcome.document.proof.unjustified.map(({ reason }) => reason))).toEqual(
      new Set(['no label tells shop/web, shop/web-2 apart']),
    );
  });
});

describe('needs that are in no rule', () => {
  it('are left out by --include, and denied', () => {
    const outcome = generated(SHOP, { found: found({}), parts: new Set(['default-deny', 'dns']) });
    expect(unwritten(outcome)).toEqual(['egress: --include leaves app out', 'ingress: --include leaves app out']);
    expect(outcome.document.proof.sound).toBe(false);
  });

  it('are unsure, with the flag that makes them sure', () => {
    const possible = found({ confidence: 'possible' });
    const outcome = generated(SHOP, { found: possible });
    expect(unwritten(outcome)).toEqual(['egress: it is only possible', 'ingress: it is only possible']);
    expect(outcome.document.needs[0]?.unwritten[0]?.hint).toContain('--allow "shop/web -> shop/db:5432"');
    expect(outcome.document.proof).toMatchObject({ sound: true, needs: 0 });
    expect(unwritten(generated(SHOP, { found: possible, confidence: 'possible' }))).toEqual([]);
    expect(unwritten(generated(SHOP, { found: found({}), confidence: 'certain' }))).toHaveLength(2);
  });

  it('are of ICMP, or to a DNS name', () => {
    const outcome = generated(SHOP, {
      found: found(
        { protocol: 'ICMP', ports: [8, 8], to: { type: 'addresses', cidrs: ['203.0.113.7/32'] } },
        { to: { type: 'domain', name: 'pay.example.com' }, ports: [443, 443] },
      ),
    });
    expect(unwritten(outcome)).toEqual([
      'egress: NetworkPolicies cannot name ICMP',
      'egress: NetworkPolicies cannot name pay.example.com: they know addresses only',
    ]);
  });
});

describe('a namespace', () => {
  it('gets no default deny where somebody closed it, and says which policies do', () => {
    const apart = [
      policy('shop/in', '{podSelector: {}, policyTypes: [Ingress]}'),
      policy('shop/out', '{podSelector: {}, policyTypes: [Egress]}'),
    ];
    const both = policy('shop/both', '{podSelector: {}, policyTypes: [Ingress, Egress]}');
    const closed = (...more: readonly string[]) =>
      generated([...SHOP, ...more], { found: found() }).document.closed.map(
        ({ namespace: name, policies }) => `${name}: ${policies.map((one) => one.name).join(', ')}`,
      );
    expect(closed()).toEqual([]);
    expect(closed(apart[0]!)).toEqual([]);
    expect(closed(...apart)).toEqual(['shop: in, out']);
    expect(closed(...apart, both)).toEqual(['shop: both']);
    expect(generated([...SHOP, both], { found: found() }).names).not.toContain('shop/default-deny');
  });

  it('gets no default deny where that is not asked for', () => {
    const parts = new Set([...ALL_PARTS].filter((part) => part !== 'default-deny'));
    expect(generated(SHOP, { found: found(), parts }).names).toEqual(['shop/db', 'shop/web']);
  });

  it('gets none where a pod could not be selected, which is asked', () => {
    const texts = [...SHOP, pod('shop/one', { labels: 'job-name=one' })];
    const outcome = generated(texts, { found: found() });
    expect(outcome.names).toEqual(['shop/db', 'shop/web']);
    expect(outcome.remarks).toContainEqual(expect.stringMatching(/^unselectable: namespace shop gets no default deny/));
  });

  it('gets one where some are on the host network, which no policy is about', () => {
    const texts = [...SHOP, pod('shop/agent', { hostNetwork: true, ip: '192.168.0.1' }), node('n1', '192.168.0.1')];
    const outcome = generated(texts, { found: found() });
    expect(outcome.names).toEqual(['shop/db', 'shop/web', 'shop/default-deny']);
    expect(outcome.document.workloads.find(({ name }) => name === 'agent')?.status).toBe('host-network');
  });
});

it('the node of a pod needs no rule where it is exempt, and has one where it is not', () => {
  const probe = found({ from: { type: 'node' }, to: workload('db'), kind: 'probe' });
  expect(generated(SHOP, { found: probe }).rules('shop/db')).toEqual([]);
  const assume = ['localNodeIngress=evaluate', 'nodeCIDRs=192.168.0.0/24'];
  const closed = generated(SHOP, { found: probe, assume });
  expect(closed.rules('shop/db')).toEqual(['from 192.168.0.0/24: 5432/TCP']);
  expect(needLines(closed.document.needs)).toEqual(['its node -> shop/db:5432/TCP allowed']);
});

it('blocks are widened within the budget only, and never into what is closed', () => {
  const cidrs = ['198.51.100.1/32', '198.51.100.3/32'] as const;
  const { state } = scenario(SHOP);
  const [need] = found({ to: { type: 'addresses', cidrs } }).evidence;
  const plan = (never: readonly string[], blocks: number) =>
    planPolicies(state, [{ ...need!, evidence: [need!], confidence: 'likely' }], {
      namespaces: ['shop'],
      parts: ALL_PARTS,
      confidence: 'likely',
      budget: { ...EXACT, blocks, factor: 4 },
      never: setOf(never),
    });
  const peersOf = (made: ReturnType<typeof plan>) =>
    made.policies.flatMap(({ egress }) => egress.rules.flatMap(({ content: { peers } }) => peers.length));
  expect(peersOf(plan([], 2))).toEqual([2]);
  expect(peersOf(plan([], 1))).toEqual([1]);
  expect(peersOf(plan(['198.51.100.0/32'], 1))).toEqual([2]);
});

it('the selectors of policies are those of the workloads', () => {
  const texts = [...SHOP, pod('shop/a', { labels: 'app=x' }), pod('shop/b', { labels: 'app=x,extra=y' })];
  const { manifest, names } = generated(texts, { found: found() });
  const selectors = names.map((name) => `${name} ${selectorText(manifest(name).spec.podSelector)}`);
  expect(selectors).toEqual([
    'shop/db app=db',
    'shop/web app=web',
    'shop/a app=x,!extra',
    'shop/b app=x,extra=y',
    'shop/default-deny *',
  ]);
});
