import { describe, expect, it } from 'vitest';
import { blockPeer, outsideEnd, placedPolicy, podEnd, rule, tier } from '../../../test/support/model.ts';
import { DEFAULT_KNOBS } from '../behaviours/index.ts';
import type { Knobs } from '../model/behaviour.ts';
import type { PlacedPolicy, Tier } from '../model/tier.ts';
import type { FlowTrace } from '../model/verdict.ts';
import { evaluateFlow, type Pair } from './evaluate.ts';

const PAIR: Pair = { from: outsideEnd('192.0.2.0/24'), to: podEnd('a') };
const FLOW = { family: 'IPv4', protocol: 'TCP', port: 80 } as const;

interface Setting {
  readonly tail?: 'allow' | 'deny';
  readonly knobs?: Partial<Knobs>;
  readonly pair?: Pair;
  readonly protocol?: 'TCP' | 'SCTP' | 'ICMP';
}

function trace(tiers: readonly Tier[], policies: readonly PlacedPolicy[], setting: Setting = {}): FlowTrace {
  const placement = { chain: { tiers, tail: setting.tail ?? 'allow' }, policies, notEnforced: [] };
  const flow = { ...FLOW, protocol: setting.protocol ?? 'TCP' };
  return evaluateFlow({ placement, knobs: { ...DEFAULT_KNOBS, ...setting.knobs } }, setting.pair ?? PAIR, flow);
}

/** The verdict, then the reasons. */
function verdict(...args: Parameters<typeof trace>): string {
  const { verdict: word, reasons } = trace(...args);
  return [word, ...reasons].join(' ');
}

const FIRST = tier('first-match', { name: 'one' });
const SECOND = tier('union', { name: 'two' });
const THIRD = tier('first-match', { name: 'three' });
const CHAIN = [FIRST, SECOND, THIRD];

describe('chains', () => {
  it('ends in the tail', () => {
    expect(verdict(CHAIN, [])).toBe('allowed');
    expect(verdict(CHAIN, [], { tail: 'deny' })).toBe('denied');
    expect(verdict(CHAIN, [placedPolicy('p', [rule('Pass')], { tier: 2 })], { tail: 'deny' })).toBe('denied');
  });

  it('Pass goes to the next tier, or where the tier sends it', () => {
    const policies = [
      placedPolicy('pass', [rule('Pass')]),
      placedPolicy('isolate', [], { tier: 1, isolates: true }),
      placedPolicy('accept', [rule('Accept')], { tier: 2 }),
    ];
    expect(verdict(CHAIN, policies)).toBe('denied');
    expect(verdict([{ ...FIRST, passTo: 'three' }, SECOND, THIRD], policies)).toBe('allowed');
  });

  it('Pass to a tier that is not later goes to the next one', () => {
    const policies = [
      placedPolicy('pass', [rule('Pass')], { tier: 1 }),
      placedPolicy('deny', [rule('Deny')], { tier: 2 }),
    ];
    const loop = [FIRST, tier('first-match', { name: 'two', passTo: 'one' }), THIRD];
    expect(verdict(loop, policies)).toBe('denied');
    expect(verdict([FIRST, tier('first-match', { name: 'two', passTo: 'nowhere' }), THIRD], policies)).toBe('denied');
  });

  it('isolation denies at the end of its own tier, and in no other', () => {
    const isolate = placedPolicy('p', [], { tier: 1, isolates: true });
    expect(verdict(CHAIN, [isolate, placedPolicy('accept', [rule('Accept')], { tier: 2 })])).toBe('denied');
    expect(verdict(CHAIN, [isolate, placedPolicy('accept', [rule('Accept')])])).toBe('allowed');
  });

  it('accept-if-selected: who is selected for the other direction only is allowed at the end of the tier', () => {
    const egress = placedPolicy('p', [], { tier: 1, isolates: true, direction: 'egress' });
    const deny = placedPolicy('deny', [rule('Deny')], { tier: 2 });
    expect(verdict(CHAIN, [egress, deny])).toBe('denied');
    const any = [FIRST, { ...SECOND, unisolated: 'accept-if-selected' as const }, THIRD];
    expect(verdict(any, [egress, deny])).toBe('allowed');
    expect(verdict(any, [deny])).toBe('denied');
    expect(verdict(any, [placedPolicy('p', [], { tier: 1, isolates: true }), deny])).toBe('denied');
  });

  it('all ways that are open must lead to one verdict', () => {
    const half = rule('Pass', { peers: [blockPeer('192.0.2.0/25')] });
    expect(verdict(CHAIN, [placedPolicy('p', [half])])).toBe('allowed');
    expect(verdict(CHAIN, [placedPolicy('p', [half]), placedPolicy('q', [], { tier: 1, isolates: true })])).toBe(
      'denied',
    );
    expect(verdict(CHAIN, [placedPolicy('p', [half, rule('Deny')])])).toBe('unknown client-address');
  });
});

describe('conditions', () => {
  const get = { http: { method: 'GET' } };
  const isolated = (...rules: ReturnType<typeof rule>[]) => [placedPolicy('p', rules, { isolates: true })];

  it('an Accept that holds under conditions only is conditional', () => {
    const result = trace([SECOND], isolated(rule('Accept', { conditions: [get] })));
    expect([result.verdict, result.conditions]).toEqual(['conditional', [get]]);
  });

  it('are those of every rule that decides if others fail, and none that is not reached', () => {
    const put = { http: { method: 'PUT' } };
    const [gets, puts] = [get, put].map((one) => rule('Accept', { conditions: [one] }));
    const first = trace([FIRST], isolated(gets!, puts!, rule('Deny'), rule('Accept', { conditions: [{ http: {} }] })));
    expect([first.verdict, first.conditions]).toEqual(['conditional', [get, put]]);
    const denied = { ...gets!, action: 'Deny' as const };
    const stronger = trace([{ ...SECOND, combine: 'deny-overrides' }], [placedPolicy('p', [puts!, denied])]);
    expect([stronger.verdict, stronger.conditions]).toEqual(['conditional', [get, put]]);
  });

  it('without effect they are not printed', () => {
    expect(verdict([SECOND], isolated(rule('Accept', { conditions: [get] }), rule('Accept')))).toBe('allowed');
    expect(verdict([SECOND], isolated(rule('Accept', { conditions: [get], peers: 'none' })))).toBe('denied');
  });
});

describe('exemptions and defaults', () => {
  const deny = [
    placedPolicy('p', [], { isolates: true }),
    placedPolicy('q', [], { isolates: true, direction: 'egress' }),
  ];
  const node = (name: string | undefined) =>
    outsideEnd('172.16.0.1/32', {
      type: 'node',
      ownNode: 'local-node',
      ...(name === undefined ? {} : { nodeName: name }),
    });

  it.each([
    ['n1', 'n1', 'allowed'],
    ['n1', 'n2', 'denied'],
    ['n1', undefined, 'unknown local-node'],
    [undefined, 'n1', 'unknown local-node'],
  ])('pod on %s, node %s: %s', (own, other, expected) => {
    const to = podEnd('a', own === undefined ? {} : { nodeName: own });
    expect(verdict([SECOND], deny, { pair: { from: node(other), to } })).toBe(expected);
    expect(verdict([SECOND], deny, { pair: { from: node(other), to }, knobs: { localNodeIngress: 'evaluate' } })).toBe(
      'denied',
    );
  });

  it('egress to the own node is exempt only if the knob says so', () => {
    const pair = { from: podEnd('a', { nodeName: 'n1' }), to: node('n1') };
    expect(verdict([SECOND], deny, { pair })).toBe('denied');
    expect(verdict([SECOND], deny, { pair, knobs: { localNodeEgress: 'allow' } })).toBe('allowed');
  });

  it('what is allowed anyway does not become unknown for an unknown node', () => {
    const open = [placedPolicy('p', [rule('Accept')], { isolates: true })];
    expect(verdict([SECOND], open, { pair: { from: node(undefined), to: podEnd('a') } })).toBe('allowed');
  });

  it('a pod to itself is exempt, unless plain rules are asked for', () => {
    const pair = { from: podEnd('a'), to: podEnd('a'), same: true };
    expect(verdict([SECOND], deny, { pair })).toBe('allowed');
    expect(verdict([SECOND], deny, { pair, knobs: { selfTraffic: 'plainRules' } })).toBe('denied');
  });

  it('SCTP and ICMP are open as knobs and placement say', () => {
    expect(verdict([SECOND], deny, { protocol: 'SCTP' })).toBe('denied');
    expect(verdict([SECOND], deny, { protocol: 'SCTP', knobs: { sctp: 'unknown' } })).toBe('unknown sctp');
    const open = deny.map((one) => ({ ...one, coversOtherProtocols: false }));
    expect(verdict([SECOND], deny, { protocol: 'ICMP' })).toBe('denied');
    expect(verdict([SECOND], open, { protocol: 'ICMP' })).toBe('unknown icmp');
    expect(verdict([SECOND], open)).toBe('denied');
  });

  it('names who isolates, and the step that denied', () => {
    const { ingress, egress } = trace([SECOND], deny);
    expect(ingress.isolatedBy.map(({ ref }) => ref.name)).toEqual(['p']);
    expect(ingress.steps.map(({ action }) => action)).toEqual(['Isolated']);
    expect(egress.steps.map(({ because }) => because)).toEqual(['policies select only pods']);
  });
});
