import { describe, expect, it } from 'vitest';
import type { Match, Peer } from '../model/policy.ts';
import { printCidrs } from '../sets/ip-address.ts';
import { resolveDomains } from './domain-map.ts';

const peers = (...names: string[]): Match<Peer> => [{ path: ['to', 0], type: 'domains', names }];

/** Peers as text: CIDRs of address peers, names of domain peers in brackets. */
function resolved(names: string[], map: Record<string, string[]>): string {
  const result = resolveDomains(peers(...names), map);
  if (typeof result === 'string') return result;
  return result
    .map((peer) =>
      peer.type === 'addresses'
        ? printCidrs(peer.addresses).join('+')
        : peer.type === 'domains'
          ? `[${peer.names}]`
          : '?',
    )
    .join(' ');
}

describe('resolveDomains', () => {
  it.each([
    [
      'a known name',
      ['a.example.com'],
      { 'a.example.com': ['192.0.2.1/32', '2001:db8::/64'] },
      '192.0.2.1/32+2001:db8::/64',
    ],
    ['an unknown name', ['b.example.com'], { 'a.example.com': ['192.0.2.1/32'] }, '[b.example.com]'],
    [
      'one of two',
      ['a.example.com', 'b.example.com'],
      { 'a.example.com': ['192.0.2.1/32'] },
      '192.0.2.1/32 [b.example.com]',
    ],
    [
      'case and a dot at the end do not matter',
      ['A.Example.COM.'],
      { 'a.example.com': ['192.0.2.1/32'] },
      '192.0.2.1/32',
    ],
    ['a pattern that is an entry itself', ['*.example.com'], { '*.example.com': ['192.0.2.0/24'] }, '192.0.2.0/24'],
    [
      'a pattern of which some names are known',
      ['*.example.com'],
      { 'a.example.com': ['192.0.2.1/32'] },
      '192.0.2.1/32 [*.example.com]',
    ],
    [
      'several labels below a pattern',
      ['*.example.com'],
      { 'a.b.example.com': ['192.0.2.1/32'], '*.example.com': ['192.0.2.4/32'] },
      '192.0.2.1/32+192.0.2.4/32',
    ],
    ['the apex is not below its pattern', ['*.example.com'], { 'example.com': ['192.0.2.1/32'] }, '[*.example.com]'],
    ['another domain with the same end', ['*.example.com'], { 'badexample.com': ['192.0.2.1/32'] }, '[*.example.com]'],
    [
      'a name below an entry that is a pattern',
      ['a.example.com'],
      { '*.example.com': ['192.0.2.0/24'] },
      '[a.example.com]',
    ],
  ])('%s', (_what, names, map, expected) => {
    expect(resolved(names, map)).toBe(expected);
  });

  it('leaves other peers and lists without known names as they are', () => {
    const list = peers('a.example.com');
    expect(resolveDomains(list, {})).toBe(list);
    expect(resolveDomains(list, { 'b.example.com': ['192.0.2.1/32'] })).toBe(list);
    expect(resolveDomains('any', { 'a.example.com': ['192.0.2.1/32'] })).toBe('any');
    const both: Match<Peer> = [{ path: [], type: 'nodes', nodes: { op: 'and', of: [] } }, ...(list as [Peer])];
    const result = resolveDomains(both, { 'a.example.com': ['192.0.2.1/32'] });
    expect((result as readonly Peer[]).map(({ type }) => type)).toEqual(['nodes', 'addresses']);
  });
});
