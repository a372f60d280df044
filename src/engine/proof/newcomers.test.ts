import { describe, expect, it } from 'vitest';
import { namespace, pod, policy, scenario } from '../../../test/support/scenario.ts';
import { worldOf } from '../endpoints/world.ts';
import { openToNewcomers } from './newcomers.ts';

const SHOP = [namespace('shop'), pod('shop/web', { labels: 'app=web', ip: '10.0.0.1 fd00::1' })];
const spec = (text: string) => policy('shop/closed', `{podSelector: {}, ${text}}`);

/** `FROM -> TO FAMILY` of what is open to a new pod of shop. */
function open(...texts: readonly string[]): string[] {
  const world = worldOf(scenario([...SHOP, ...texts]).state);
  return openToNewcomers(world, ['shop']).flatMap(({ from, to, family }) =>
    from.flatMap((source) => to.map((other) => `${source.endpoint.name} -> ${other.endpoint.name} ${family}`)),
  );
}

describe('a new pod of a namespace', () => {
  it('may do nothing behind a default deny', () => {
    expect(open(spec('policyTypes: [Ingress, Egress]'))).toEqual([]);
  });

  it('may do everything without one, in both directions and families', () => {
    const found = open();
    for (const family of ['IPv4', 'IPv6']) {
      expect(found.some((line) => line.startsWith('a new pod of shop -> ') && line.endsWith(family))).toBe(true);
      expect(found.some((line) => line.includes('-> a new pod of shop') && line.endsWith(family))).toBe(true);
    }
  });

  it('is open in the direction that is not closed', () => {
    const egress = open(spec('policyTypes: [Ingress]'));
    expect(egress.length).toBeGreaterThan(0);
    expect(egress.every((line) => line.startsWith('a new pod of shop -> '))).toBe(true);
    const ingress = open(spec('policyTypes: [Egress]'));
    expect(ingress.every((line) => line.includes('-> a new pod of shop'))).toBe(true);
  });

  it('is not let in by a rule for pods of other labels', () => {
    const other = policy('shop/web', '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{}]}');
    expect(open(spec('policyTypes: [Ingress, Egress]'), other)).toEqual([]);
  });

  it('has addresses with the same traffic together, in their order, the first of them first', () => {
    const world = worldOf(
      scenario([
        ...SHOP,
        policy(
          'shop/near',
          '{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 443}]}]}',
        ),
        policy(
          'shop/far',
          '{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 443}]}]}',
        ),
        policy(
          'shop/mid',
          '{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 198.51.100.0/24}}], ports: [{port: 80}]}]}',
        ),
        policy('shop/six', '{podSelector: {}, egress: [{to: [{ipBlock: {cidr: "2001:db8::/32"}}]}]}'),
      ]).state,
    );
    const found = openToNewcomers(world, ['shop']).filter(({ from }) => from[0].type === 'hypothetical');
    expect(found.map(({ to, family }) => `${family} ${to.map(({ endpoint }) => endpoint.name).join(' ')}`)).toEqual([
      'IPv4 192.0.2.0/24 203.0.113.0/24',
      'IPv4 198.51.100.0/24',
      'IPv6 2001:db8::/32',
    ]);
  });

  it('is none of a namespace that is not there', () => {
    const world = worldOf(scenario(SHOP).state);
    expect(openToNewcomers(world, ['gone'])).toEqual([]);
  });
});
