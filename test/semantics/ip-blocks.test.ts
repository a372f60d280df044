// Semantics 1.6: addresses of the other end against cidr and except.

import { describe, expect, it } from 'vitest';
import { deployment, namespace, node, pod, policy, scenario, XWZ } from '../support/scenario.ts';

const egress = (to: string) => policy('x/p', `{podSelector: {}, policyTypes: [Egress], egress: [{to: ${to}}]}`);
const ingress = (from: string) => policy('x/p', `{podSelector: {}, ingress: [{from: ${from}}]}`);
const block = (cidr: string, except = '') =>
  `{ipBlock: {cidr: "${cidr}"${except === '' ? '' : `, except: [${except}]`}}}`;

describe('1.6 ipBlock', () => {
  it('1.6: in cidr and in none of except', () => {
    const s = scenario([...XWZ, egress(`[${block('192.0.2.0/24', '192.0.2.64/26')}]`)]);
    expect(s.can('x/a', '192.0.2.1')).toBe('allowed');
    expect(s.can('x/a', '192.0.2.63')).toBe('allowed');
    expect(s.can('x/a', '192.0.2.64')).toBe('denied');
    expect(s.can('x/a', '192.0.2.127')).toBe('denied');
    expect(s.can('x/a', '192.0.2.128')).toBe('allowed');
    expect(s.can('x/a', '192.0.3.0')).toBe('denied');
    expect(s.can('x/a', '192.0.2.0/24')).toBe('partly');
  });

  it('1.6: several blocks are ORed, and another item re-allows what one excepts', () => {
    const s = scenario([...XWZ, egress(`[${block('192.0.2.0/24', '192.0.2.64/26')}, ${block('192.0.2.80/32')}]`)]);
    expect(s.can('x/a', '192.0.2.80')).toBe('allowed');
    expect(s.can('x/a', '192.0.2.81')).toBe('denied');
  });

  it('1.6: a pod whose own address is excepted is re-allowed by a selector of another item', () => {
    const only = block('10.0.0.0/8', '10.0.2.1/32');
    expect(scenario([...XWZ, egress(`[${only}]`)]).can('x/a', 'w/a')).toBe('denied');
    expect(scenario([...XWZ, egress(`[${only}]`)]).can('x/a', 'w/b')).toBe('allowed');
    const again = '{namespaceSelector: {}, podSelector: {matchLabels: {pod: a}}}';
    expect(scenario([...XWZ, egress(`[${only}, ${again}]`)]).can('x/a', 'w/a')).toBe('allowed');
  });

  it('1.6: another policy re-allows what one excepts', () => {
    const more = policy('x/q', `{podSelector: {}, policyTypes: [Egress], egress: [{to: [${block('192.0.2.64/26')}]}]}`);
    expect(
      scenario([...XWZ, egress(`[${block('192.0.2.0/24', '192.0.2.64/26')}]`), more]).can('x/a', '192.0.2.0/24'),
    ).toBe('allowed');
  });

  it('1.6: 0.0.0.0/0 holds pods, nodes and everything outside of IPv4', () => {
    const s = scenario([...XWZ, node('n1', '172.16.0.1'), egress(`[${block('0.0.0.0/0')}]`)]);
    expect(s.can('x/a', 'w/a')).toBe('allowed');
    expect(s.can('x/a', 'node/n1')).toBe('allowed');
    expect(s.can('x/a', '8.8.8.8')).toBe('allowed');
  });

  it('1.6: 0.0.0.0/0 never matches IPv6, ::/0 never IPv4', () => {
    const world = [namespace('x'), pod('x/a', { ip: '10.0.0.1 fd00::1' }), pod('x/b', { ip: '10.0.0.2 fd00::2' })];
    const v4 = scenario([...world, egress(`[${block('0.0.0.0/0')}]`)]);
    expect(v4.can('x/a', '8.8.8.8')).toBe('allowed');
    expect(v4.can('x/a', '2001:db8::1')).toBe('denied');
    const v6 = scenario([...world, egress(`[${block('::/0')}]`)]);
    expect(v6.can('x/a', '2001:db8::1')).toBe('allowed');
    expect(v6.can('x/a', '8.8.8.8')).toBe('denied');
    expect(v6.can('x/a', 'x/b:80')).toBe('partly');
  });

  it.each([
    ['IPv4-mapped notation is IPv4', '::ffff:192.0.2.0/120', '192.0.2.7', '192.0.3.7'],
    ['host bits are masked', '10.1.2.3/8', '10.9.9.9', '11.0.0.1'],
    ['leading zeros are decimal', '010.000.000.000/8', '10.1.1.1', '8.1.1.1'],
  ])('1.6: %s (with strictCIDR=warn)', (_meaning, cidr, inside, outside) => {
    const s = scenario([...XWZ, egress(`[${block(cidr)}]`)]);
    expect(s.can('x/a', inside)).toBe('allowed');
    expect(s.can('x/a', outside)).toBe('denied');
    expect(s.findings.length).toBeGreaterThan(0);
  });

  it('1.6 knob strictCIDR=reject: sloppy blocks are refused', () => {
    const s = scenario([...XWZ, egress(`[${block('10.1.2.3/8')}]`)], {
      assume: ['strictCIDR=reject'],
      mayRefuse: true,
    });
    expect(s.findings.some((one) => one.startsWith('refused'))).toBe(true);
    expect(s.can('x/a', '8.8.8.8')).toBe('allowed');
  });

  it('1.6 knob ipBlockMatchesPods: the address of a pod matches, or only those outside do', () => {
    const texts = [...XWZ, egress(`[${block('10.0.0.0/8')}]`)];
    expect(scenario(texts).can('x/a', 'w/a')).toBe('allowed');
    const cilium = scenario(texts, { assume: ['ipBlockMatchesPods=false'] });
    expect(cilium.can('x/a', 'w/a')).toBe('denied');
    expect(cilium.can('x/a', '10.200.0.1')).toBe('allowed');
  });

  it('1.6 knob ipBlockMatchesNodes: the address of a node matches, or not', () => {
    const texts = [...XWZ, node('n1', '172.16.0.1'), egress(`[${block('172.16.0.0/12')}]`)];
    expect(scenario(texts).can('x/a', 'node/n1')).toBe('allowed');
    expect(scenario(texts, { assume: ['ipBlockMatchesNodes=false'] }).can('x/a', 'node/n1')).toBe('denied');
  });

  it('1.6: ingress blocks see the source', () => {
    const s = scenario([...XWZ, ingress(`[${block('10.0.2.1/32')}]`)]);
    expect(s.can('w/a', 'x/a')).toBe('allowed');
    expect(s.can('w/b', 'x/a')).toBe('denied');
  });

  it('1.6: an excepted own node still reaches its pods', () => {
    const world = [
      namespace('x'),
      node('n1', '172.16.0.1'),
      node('n2', '172.16.0.2'),
      pod('x/a', { ip: '10.0.0.1', node: 'n1' }),
    ];
    const s = scenario([...world, ingress(`[${block('0.0.0.0/0', '172.16.0.0/12')}]`)]);
    expect(s.can('node/n1', 'x/a')).toBe('allowed');
    expect(s.can('node/n2', 'x/a')).toBe('denied');
  });
});

describe('1.6 pods without an address yet', () => {
  const world = [namespace('x'), pod('x/a', { ip: '10.244.0.1' }), deployment('x/web', 'app=web')];
  const to = (peers: string, assume: string[] = ['podCIDRs=10.244.0.0/16']) =>
    scenario([...world, egress(peers)], { assume }).can('x/a', 'x/web:80');

  it.each([
    ['a block that covers the whole range matches', `[${block('10.0.0.0/8')}]`, 'allowed'],
    ['a block that is disjoint does not', `[${block('192.0.2.0/24')}]`, 'denied'],
    ['a block that covers a part may or may not', `[${block('10.244.0.0/17')}]`, 'unknown: pod-address'],
    [
      'two blocks of one rule that cover it together match',
      `[${block('10.244.0.0/17')}, ${block('10.244.128.0/17')}]`,
      'allowed',
    ],
    ['an except inside leaves it open', `[${block('0.0.0.0/0', '10.244.7.0/24')}]`, 'unknown: pod-address'],
    ['an except over the whole range does not match', `[${block('0.0.0.0/0', '10.0.0.0/8')}]`, 'denied'],
  ])('1.6: %s', (_meaning, peers, expected) => {
    expect(to(peers)).toBe(expected);
  });

  it('1.6: a selector beside it decides', () => {
    expect(to(`[${block('10.244.0.0/17')}, {podSelector: {matchLabels: {app: web}}}]`)).toBe('allowed');
  });

  it('1.6: with ipBlockMatchesPods=false there is nothing to know', () => {
    expect(to(`[${block('10.244.0.0/17')}]`, ['podCIDRs=10.244.0.0/16', 'ipBlockMatchesPods=false'])).toBe('denied');
  });

  it('1.6: the range is an assumption where nothing shows it, and is printed', () => {
    const s = scenario([namespace('x'), deployment('x/web', 'app=web'), egress(`[${block('10.0.0.0/8')}]`)]);
    expect(s.can('x/web', 'x/web')).toBe('allowed');
    expect(s.state.assumptions.join('\n')).toContain('10.0.0.0/8');
  });
});
