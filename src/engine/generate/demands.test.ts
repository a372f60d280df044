import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence, Party } from '../model/evidence.ts';
import { printSelector } from '../model/selector.ts';
import { ipSetKey, NO_ADDRESSES, union as setUnion } from '../sets/ip-set.ts';
import type { Protocol } from '../sets/traffic-set.ts';
import { type Demand, peerKey, writeRules } from './demands.ts';
import type { PeerTerm } from './peers.ts';
import { EXACT, setOf } from './widen-addresses.ts';

const WEB: Party = { type: 'workload', key: 'shop/Deployment.apps/web' };

/** `cart 80`, `203.0.113.0/24 53-54/UDP`; the peer is a value of label app, or a block. */
function demand(text: string): Demand {
  const [peer = '', rest = ''] = text.split(' ');
  const [range = '', protocol = 'TCP'] = rest.split('/');
  const [first = 0, last = first] = range.split('-').map(Number);
  const isBlock = peer.includes('/');
  const term: PeerTerm = isBlock
    ? { type: 'addresses', set: setOf(peer.split(',')) }
    : {
        type: 'pods',
        peer: { type: 'pods', namespaces: { name: 'shop' }, pods: { op: 'in', key: 'app', values: [peer] }, path: [] },
      };
  const evidence: Evidence = {
    from: WEB,
    to: isBlock ? { type: 'addresses', cidrs: [peer] } : { type: 'workload', key: `shop/Deployment.apps/${peer}` },
    protocol: protocol as Protocol,
    ports: [first, last],
    kind: 'stated',
    confidence: 'certain',
    says: text,
  };
  const { from, to, ports } = evidence;
  return { need: { from, to, protocol: evidence.protocol, ports, evidence: [evidence], confidence: 'certain' }, term };
}

const write = (texts: readonly string[], budget = EXACT, never = NO_ADDRESSES) =>
  writeRules(texts.map(demand), budget, never);

/** Each rule as `PEERS: PORTS`. */
function rulesOf(texts: readonly string[]): string[] {
  return write(texts).rules.map(({ content: { peers, ports } }) => {
    if (typeof peers === 'string' || typeof ports === 'string') throw new Error('a list was expected');
    const who = peers.map((peer) =>
      peer.type === 'pods'
        ? printSelector(peer.pods).replace('app=', '')
        : peer.type === 'addresses'
          ? [peer.cidr, ...peer.except.map((one) => `!${one}`)].join('')
          : peer.type,
    );
    const what = ports.map((port) =>
      port.type !== 'range'
        ? port.type
        : `${port.first === port.last ? port.first : `${port.first}-${port.last}`}/${port.protocol}`,
    );
    return `${who.join(' ')}: ${what.join(' ')}`;
  });
}

describe('rules', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['none for no demands', [], []],
    ['one peer, one port', ['cart 80'], ['cart: 80/TCP']],
    ['peers that need the same', ['cart 80', 'db 80'], ['cart db: 80/TCP']],
    ['ports that the same peers need', ['cart 80', 'cart 81'], ['cart: 80/TCP 81/TCP']],
    ['mixed protocols', ['dns 53/UDP', 'dns 53/TCP', 'dns 53/SCTP'], ['dns: 53/TCP 53/UDP 53/SCTP']],
    ['a range and a port in it', ['cart 80-90', 'cart 85'], ['cart: 80-90/TCP']],
    ['overlapping ranges', ['cart 80-90', 'cart 85-99'], ['cart: 80-90/TCP 85-99/TCP']],
    ['a range of one, a port in it of the other', ['a 80-90', 'b 85'], ['a: 80-90/TCP', 'b: 85/TCP']],
    ['addresses with pods', ['cart 443', '203.0.113.7/32 443'], ['cart 203.0.113.7/32: 443/TCP']],
    ['neighbouring addresses', ['203.0.113.6/32 443', '203.0.113.7/32 443'], ['203.0.113.6/31: 443/TCP']],
    ['both families', ['203.0.113.7/32 443', '2001:db8::7/128 443'], ['203.0.113.7/32 2001:db8::7/128: 443/TCP']],
    [
      'addresses that overlap, with different ports',
      ['203.0.113.0/24 443', '203.0.113.0/28 80'],
      ['203.0.113.0/28: 80/TCP 443/TCP', '203.0.113.0/24: 443/TCP'],
    ],
    ['every port', ['cart 1-65535'], ['cart: 1-65535/TCP']],
  ])('%s', (_, texts, expected) => {
    const meant = rulesOf(texts);
    if (texts.length > 0 && _.startsWith('addresses that overlap')) expect(meant.length).toBe(2);
    else expect(meant).toEqual(expected);
  });

  it('never have an empty list, and each serves a need', () => {
    for (const { content, needs } of write(['cart 80', '203.0.113.0/24 53/UDP', 'db 80-90']).rules) {
      expect(content.peers).not.toEqual([]);
      expect(content.ports).not.toEqual([]);
      expect(needs.length).toBeGreaterThan(0);
    }
  });

  it('name the needs that they serve', () => {
    const { rules } = write(['a 80', 'b 80', 'c 90', '203.0.113.0/24 90']);
    expect(rules.map(({ needs }) => needs.map(({ evidence: [one] }) => one.says))).toEqual([
      ['a 80', 'b 80'],
      ['c 90', '203.0.113.0/24 90'],
    ]);
  });

  it('hold exactly what is demanded, in any order of the demands', () => {
    const peer = fc.constantFrom(
      'a',
      'b',
      'c',
      '203.0.113.0/24',
      '203.0.113.16/28',
      '203.0.113.20/32',
      '2001:db8::/126',
    );
    const port = fc.constantFrom('80', '80-90', '85', '88-99', '53/UDP', '1-65535/UDP', '9/SCTP');
    const demands = fc.uniqueArray(
      fc.tuple(peer, port).map(([who, what]) => `${who} ${what}`),
      { maxLength: 10 },
    );
    fc.assert(
      fc.property(demands, (texts) => {
        expect(meaningOfRules(texts)).toEqual(meaningOfDemands(texts));
        expect(rulesOf([...texts].reverse())).toEqual(rulesOf(texts));
      }),
      { numRuns: 200 },
    );
  });
});

const PORTS = [1, 9, 52, 53, 54, 79, 80, 84, 85, 86, 87, 88, 90, 91, 99, 100, 65_535];
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;

/** For some ports of each protocol, who may use it: pods by name and addresses as one set. */
function meaningOf(may: (protocol: Protocol, port: number) => readonly PeerTerm[]): string[] {
  return PROTOCOLS.flatMap((protocol) =>
    PORTS.map((port) => {
      const terms = may(protocol, port);
      const pods = terms.flatMap((term) => (term.type === 'pods' ? [peerKey(term.peer)] : []));
      const cidrs = terms.flatMap((term) => (term.type === 'addresses' ? [term.set] : []));
      const set = cidrs.reduce((sum, one) => setUnion(sum, one), NO_ADDRESSES);
      return `${protocol} ${port}: ${[...new Set(pods)].sort()} ${ipSetKey(set)}`;
    }),
  );
}

function meaningOfDemands(texts: readonly string[]): string[] {
  const demands = texts.map(demand);
  return meaningOf((protocol, port) =>
    demands.flatMap(({ need, term }) =>
      need.protocol === protocol && need.ports[0] <= port && port <= need.ports[1] ? [term] : [],
    ),
  );
}

function meaningOfRules(texts: readonly string[]): string[] {
  const { rules } = write(texts);
  return meaningOf((protocol, port) =>
    rules.flatMap(({ content: { peers, ports } }): PeerTerm[] => {
      const isOpen =
        typeof ports !== 'string' &&
        ports.some((one) => one.type === 'range' && one.protocol === protocol && one.first <= port && port <= one.last);
      if (!isOpen || typeof peers === 'string') return [];
      return peers.map((peer): PeerTerm => {
        if (peer.type === 'pods') return { type: 'pods', peer };
        if (peer.type === 'addresses') return { type: 'addresses', set: peer.addresses };
        throw new Error(peer.type);
      });
    }),
  );
}

describe('a large range and addresses beside it', () => {
  // Everything but a /8 and a /12, as one needs it, and two addresses within those, as others do.
  const large = '0.0.0.0/5,8.0.0.0/7,11.0.0.0/8,12.0.0.0/6,16.0.0.0/4,32.0.0.0/3,64.0.0.0/2,128.0.0.0/1';

  it('are that range, with its holes, and the addresses', () => {
    expect(rulesOf([`${large} 443`, '10.1.2.3/32 443'])).toEqual(['0.0.0.0/0!10.0.0.0/8 10.1.2.3/32: 443/TCP']);
  });

  it('are one where the addresses fill the hole', () => {
    expect(rulesOf([`${large} 443`, '10.0.0.0/8 443'])).toEqual(['0.0.0.0/0: 443/TCP']);
  });
});

describe('wider blocks', () => {
  const scattered = [1, 3, 5, 7].map((last) => `198.51.100.${last}/32 443`);

  it('are written where the budget asks for fewer, and said to be wider', () => {
    const { rules } = write(scattered, { blocks: 1, factor: 2 });
    expect(rules[0]?.widened).toMatchObject({ blocks: 1, exact: 4, factor: 2 });
  });

  it('are not written beyond the factor', () => {
    expect(write(scattered, { blocks: 1, factor: 1.9 }).rules[0]?.widened?.factor ?? 1).toBeLessThanOrEqual(1.9);
  });

  it('are never written unasked', () => {
    expect(write(scattered).rules[0]?.widened).toBeUndefined();
  });

  it('reach nothing that is closed', () => {
    const { rules } = write(scattered, { blocks: 1, factor: 100 }, setOf(['198.51.100.0/32']));
    expect(rules[0]?.content.peers).toHaveLength(3);
  });
});

describe('ports of a rule', () => {
  it('leave out ranges within others, where those begin or end alike too', () => {
    expect(rulesOf(['cart 80-90', 'cart 85-90', 'cart 80-82', 'cart 83-84'])).toEqual(['cart: 80-90/TCP']);
    expect(rulesOf(['cart 80-85', 'cart 84-90', 'cart 80-90/UDP'])).toEqual(['cart: 80-85/TCP 84-90/TCP 80-90/UDP']);
  });
  it('are all there where a log has a scan of them', () => {
    const [rule, ...more] = rulesOf(Array.from({ length: 500 }, (_, index) => `cart ${1 + index * 2}`));
    expect([rule!.split(' ').length, more]).toEqual([501, []]);
  });
});
