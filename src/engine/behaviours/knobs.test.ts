// Knobs: every legal value survives printing and reading, and everything else is refused with a way out.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Knobs } from '../model/behaviour.ts';
import { UserError } from '../model/user-error.ts';
import type { IpSet } from '../sets/ip-set.ts';
import { DEFAULT_KNOBS, KNOB_NAMES, KNOBS, parseAssumption, printKnob } from './knobs.ts';

function refusal(text: string): UserError {
  try {
    parseAssumption(text);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`"${text}" was accepted`);
}

/** Legal texts of each knob, spelled as they are printed. */
const LEGAL: { readonly [K in keyof Knobs]: readonly string[] } = {
  ipBlockMatchesPods: ['true', 'false', 'unknown'],
  ipBlockMatchesNodes: ['true', 'false', 'unknown'],
  hostNetwork: ['asNode', 'asPod', 'unknown'],
  standalonePods: ['subjects', 'unknown'],
  localNodeIngress: ['allow', 'evaluate'],
  localNodeEgress: ['allow', 'evaluate'],
  serviceView: ['postDNAT', 'preDNAT'],
  hairpin: ['undefined', 'enforce', 'allow', 'egressOnly'],
  sidecarNamedPorts: ['restartable', 'all', 'none'],
  namedPorts: ['resolved', 'anyPort', 'unknown'],
  ingressNamedPorts: ['perPod', 'perPolicy'],
  egressNamedPorts: ['perDestination', 'podPeers', 'selectedPods', 'clusterWide', 'unknown'],
  icmp: ['undefined', 'portlessRules'],
  npTier: ['perDirection', 'anyDirection'],
  tiePriority: ['ambiguous', 'byName', 'byBareName'],
  highestPriority: ['1000', '99'],
  strictCIDR: ['reject', 'warn', 'accept'],
  domainMap: ['none', 'a.example:192.0.2.1/32+2001:db8::1/128,b.example:198.51.100.0/24', '*.example.com:192.0.2.0/24'],
  selfTraffic: ['allow', 'plainRules'],
  unlistedDirectionRules: ['ignored', 'enforced', 'additive'],
  policiesOfBothTypes: ['separate', 'shared'],
  enforces: ['yes', 'no'],
  apis: ['network-policy', 'network-policy,cluster-network-policy', 'cluster-network-policy,admin-network-policy'],
  endPort: ['range', 'portOnly', 'unknown'],
  exceptions: ['ofBlock', 'ofRule', 'unknown'],
  ipv6Blocks: ['understood', 'policyIgnored'],
  sctp: ['enforced', 'unknown'],
  portlessRuleProtocols: ['all', 'TCP,UDP,SCTP'],
  undeclaredNamespaces: ['unknown', 'unlabelled'],
  families: ['shown', 'IPv4', 'IPv6', 'IPv4,IPv6'],
  podCIDRs: ['shown', '10.1.0.0/16,fd00:1::/48'],
  serviceCIDRs: ['shown', '10.96.0.0/12'],
  nodeCIDRs: ['shown', '192.168.0.0/24,192.168.7.0/24,2001:db8::/64'],
};

describe('knobs', () => {
  it.each(KNOB_NAMES.flatMap((knob) => LEGAL[knob].map((text) => [knob, text] as const)))('%s=%s', (knob, text) => {
    const assumption = parseAssumption(`${knob}=${text}`);
    expect(assumption.knob).toBe(knob);
    expect(printKnob({ ...DEFAULT_KNOBS, [knob]: assumption.value }, knob)).toBe(text);
  });

  it.each(KNOB_NAMES)('%s: its default is legal, and its words are in the list of legal values', (knob) => {
    const text = printKnob(DEFAULT_KNOBS, knob);
    expect(parseAssumption(`${knob}=${text}`).value).toEqual(DEFAULT_KNOBS[knob]);
    for (const word of LEGAL[knob].filter((one) => /^[a-zA-Z]+$/.test(one))) expect(KNOBS[knob].values).toContain(word);
  });

  it.each(KNOB_NAMES)('%s says what it means and why its default is what it is', (knob) => {
    expect(KNOBS[knob].meaning).toMatch(/^\S.*\.$/);
    expect(KNOBS[knob].source).toMatch(/\S{3}/);
  });

  it('reads values, not only texts', () => {
    const pods: IpSet = {
      v4: [0x0a01_0000, 0x0a02_0000],
      v6: [0xfd00_0001n << 96n, (0xfd00_0001n << 96n) + (1n << 80n)],
    };
    expect(parseAssumption('podCIDRs=10.1.0.0/16,fd00:1::/48')).toEqual({ knob: 'podCIDRs', value: pods });
    expect(parseAssumption('ipBlockMatchesPods=false')).toEqual({ knob: 'ipBlockMatchesPods', value: false });
    expect(parseAssumption('families=IPv6,IPv4,IPv6')).toEqual({ knob: 'families', value: ['IPv4', 'IPv6'] });
    expect(parseAssumption(' hostNetwork = asPod ')).toEqual({ knob: 'hostNetwork', value: 'asPod' });
    expect(parseAssumption('domainMap=Example.COM.:192.0.2.1/32')).toEqual({
      knob: 'domainMap',
      value: { 'example.com': ['192.0.2.1/32'] },
    });
  });

  it('keeps a domain called __proto__ as a name like others', () => {
    const { value } = parseAssumption('domainMap=__proto__:192.0.2.1/32') as { value: Knobs['domainMap'] };
    expect(Object.keys(value)).toEqual(['__proto__']);
  });

  it.each([
    ['hostNetwok=asPod', 'there is no knob "hostNetwok"', 'did you mean hostNetwork?'],
    ['zzz=1', 'there is no knob "zzz"', 'knobs: ipBlockMatchesPods, '],
    ['constructor=1', 'there is no knob "constructor"', 'knobs: '],
    ['', 'there is no knob ""', 'knobs: '],
    ['hostNetwork', '"hostNetwork" has no value', 'hostNetwork: asNode | asPod'],
    ['hostNetwork=aspod', '"aspod" is no value of hostNetwork', 'hostNetwork: asNode | asPod'],
    ['ipBlockMatchesPods=yes', '"yes" is no value of ipBlockMatchesPods', 'true | false | unknown'],
    ['endPort=', '"" is no value of endPort', 'range | portOnly'],
    ['families=IPV4', '"IPV4" is none of them, did you mean IPv4', 'families: shown | IPv4'],
    ['families=', '"" is none of them', 'shown'],
    ['apis=network-policy,calico', '"calico" is none of them', 'apis: network-policy'],
    ['podCIDRs=10.0.0.0', '"10.0.0.0" is no CIDR', 'CIDR[,CIDR…]'],
    ['podCIDRs=10.0.0.0/8,', '"" is no CIDR', 'CIDR[,CIDR…]'],
    ['domainMap=example.com', '"example.com" has no addresses', 'NAME:CIDR'],
    ['domainMap=example.com:', '"" is no CIDR', 'NAME:CIDR'],
    ['domainMap=a b:192.0.2.1/32', '"a b" is no domain name', 'NAME:CIDR'],
    ['domainMap=a.b:192.0.2.1/32,A.b:192.0.2.2/32', '"a.b" is there twice', 'NAME:CIDR'],
  ])('refuses %s', (text, message, hint) => {
    const error = refusal(text);
    expect(error.code).toBe('invalid-behaviour');
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
  });

  it('never fails otherwise, whatever is typed', () => {
    const text = fc.oneof(
      fc.string(),
      fc.tuple(fc.constantFrom(...KNOB_NAMES), fc.string()).map(([knob, value]) => `${knob}=${value}`),
    );
    fc.assert(
      fc.property(text, (typed) => {
        try {
          const { knob, value } = parseAssumption(typed);
          const printed = printKnob({ ...DEFAULT_KNOBS, [knob]: value }, knob);
          expect(parseAssumption(`${knob}=${printed}`).value).toEqual(value);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
        }
      }),
    );
  });
});
