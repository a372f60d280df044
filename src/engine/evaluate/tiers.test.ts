import { describe, expect, it } from 'vitest';
import { blockPeer, outsideEnd, placedPolicy, podEnd, rule, tier } from '../../../test/support/model.ts';
import type { Rule } from '../model/policy.ts';
import type { PlacedPolicy, Tier } from '../model/tier.ts';
import { appliedPolicies, evaluateTier, isolation, type Side } from './tiers.ts';

const SIDE: Side = {
  direction: 'ingress',
  subject: podEnd('a'),
  peer: outsideEnd('192.0.2.0/24'),
  destination: podEnd('a'),
  flow: { family: 'IPv4', protocol: 'TCP', port: 80 },
  conditionsHold: false,
  openProtocol: () => undefined,
};

/** `A`, `D` and `P` are rules that match, `a`, `d`, `p` such that perhaps do, `-` one that does not. */
function rules(text: string): Rule[] {
  return [...text].map((letter) => {
    const action = { A: 'Accept', D: 'Deny', P: 'Pass', '-': 'Accept' } as const;
    const parts =
      letter === '-'
        ? { peers: 'none' as const }
        : letter === letter.toLowerCase()
          ? { peers: [blockPeer('192.0.2.0/25')] as const }
          : {};
    return rule(action[letter.toUpperCase() as keyof typeof action], parts);
  });
}

/** Outcomes in alphabetical order, then reasons. */
function outcome(how: Tier, policies: readonly PlacedPolicy[], side: Side = SIDE): string {
  const { outcomes, reasons } = evaluateTier(how, appliedPolicies(policies, side), side);
  const why = [...new Set(reasons)];
  return `${[...outcomes].sort().join(' ')}${why.length === 0 ? '' : `: ${why.join(', ')}`}`;
}

describe('union', () => {
  it.each([
    ['', 'End'],
    ['-', 'End'],
    ['A', 'Accept'],
    ['-A', 'Accept'],
    ['a', 'Accept End: client-address'],
    ['aA', 'Accept'],
  ])('rules %s: %s', (text, expected) => {
    expect(outcome(tier('union'), [placedPolicy('p', rules(text))])).toBe(expected);
  });

  it('adds up policies in any order', () => {
    const [one, other] = [placedPolicy('a', rules('-')), placedPolicy('b', rules('A'))];
    expect(outcome(tier('union'), [one, other])).toBe('Accept');
    expect(outcome(tier('union'), [other, one])).toBe('Accept');
  });
});

describe('deny-overrides', () => {
  it.each([
    ['AD', 'Deny'],
    ['DA', 'Deny'],
    ['Ad', 'Accept Deny: client-address'],
    ['aP', 'Accept Pass: client-address'],
    ['AP', 'Accept'],
    ['P', 'Pass'],
    ['-', 'End'],
  ])('rules %s: %s', (text, expected) => {
    expect(outcome(tier('deny-overrides'), [placedPolicy('p', rules(text))])).toBe(expected);
  });
});

describe('first-match', () => {
  it.each([
    ['AD', 'Accept'],
    ['DA', 'Deny'],
    ['-D', 'Deny'],
    ['PD', 'Pass'],
    ['aD', 'Accept Deny: client-address'],
    ['da', 'Accept Deny End: client-address'],
    ['aA', 'Accept: client-address'],
    ['-', 'End'],
  ])('rules %s: %s', (text, expected) => {
    expect(outcome(tier('first-match'), [placedPolicy('p', rules(text))])).toBe(expected);
  });

  it('looks at policies by order, whatever their names and their place in the list', () => {
    const texts = [placedPolicy('a', rules('D'), { order: 10 }), placedPolicy('b', rules('A'), { order: 9 })];
    expect(outcome(tier('first-match'), texts)).toBe('Accept');
    expect(outcome(tier('first-match'), [...texts].reverse())).toBe('Accept');
  });

  it.each([
    ['A', 'D', 'Accept Deny: equal-priority'],
    ['D', 'D', 'Deny'],
    ['A', '-', 'Accept'],
    ['-', '-', 'End'],
    ['P', 'A', 'Accept Pass: equal-priority'],
    ['P', 'P', 'Pass'],
    ['a', 'A', 'Accept: client-address'],
    ['A', 'd', 'Accept Deny: client-address, equal-priority'],
  ])('of equal order, %s and %s: %s', (one, other, expected) => {
    const both = [placedPolicy('a', rules(one)), placedPolicy('b', rules(other))];
    expect(outcome(tier('first-match'), both)).toBe(expected);
  });

  it('goes on after a tie that did not decide', () => {
    const texts = [
      placedPolicy('a', rules('-')),
      placedPolicy('b', rules('-')),
      placedPolicy('c', rules('D'), { order: 1 }),
    ];
    expect(outcome(tier('first-match'), texts)).toBe('Deny');
  });

  it('breaks ties by name where the tier does, namespace and kind included', () => {
    const both = [placedPolicy('b', rules('A')), placedPolicy('a', rules('D'))];
    expect(outcome(tier('first-match', { ties: 'by-name' }), both)).toBe('Deny');
    // As one text: `a-b/x/…` comes before `a/x/…`.
    const dash = [placedPolicy('a', rules('A')), placedPolicy('a-b', rules('D'))];
    expect(outcome(tier('first-match', { ties: 'by-name' }), dash)).toBe('Deny');
  });
});

describe('open protocols', () => {
  const open: Side = { ...SIDE, openProtocol: () => 'icmp' };

  it.each(['union', 'first-match'] as const)(
    '%s: a policy that says nothing of the protocol may do anything',
    (how) => {
      expect(outcome(tier(how), [placedPolicy('p', rules('A'))], open)).toBe('Accept Deny End: icmp');
    },
  );

  it('a policy without rules that does not isolate says nothing', () => {
    expect(outcome(tier('union'), [placedPolicy('p', [])], open)).toBe('End');
    expect(outcome(tier('first-match'), [placedPolicy('p', [])], open)).toBe('End');
  });
});

describe('isolation', () => {
  const by = (policies: PlacedPolicy[], side: Side = SIDE) => {
    const { is, reasons, by: who } = isolation(appliedPolicies(policies, side), side);
    return `${is} ${reasons.join(' ')} ${who.map(({ ref }) => ref.name).join(' ')}`;
  };
  const perhaps = { namespaces: { selector: { op: 'exists', key: 'team' } }, pods: { op: 'and', of: [] } } as const;
  const undeclared: Side = {
    ...SIDE,
    subject: podEnd('a', { pod: { ...podEnd('a').pod!, namespaceDeclared: false } }),
  };

  it('is sure with one sure policy, perhaps with one that perhaps selects, otherwise none', () => {
    expect(by([placedPolicy('p', [], { isolates: true })])).toBe('yes  p');
    expect(by([placedPolicy('p', [])])).toBe('no  ');
    expect(by([placedPolicy('p', [], { isolates: true, subject: perhaps })], undeclared)).toBe(
      'maybe namespace-labels p',
    );
    const both = [
      placedPolicy('p', [], { isolates: true, subject: perhaps }),
      placedPolicy('q', [], { isolates: true }),
    ];
    expect(by(both, undeclared)).toBe('yes  p q');
  });

  it('is open for a protocol that the policy says nothing of', () => {
    expect(by([placedPolicy('p', [], { isolates: true })], { ...SIDE, openProtocol: () => 'sctp' })).toBe(
      'maybe sctp p',
    );
  });

  it('ignores policies of the other direction', () => {
    expect(by([placedPolicy('p', [], { isolates: true, direction: 'egress' })])).toBe('no  ');
  });
});
