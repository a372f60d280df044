import { describe, expect, it } from 'vitest';
import type { Ports } from '../engine/questions/documents.ts';
import { partsText, portsText } from './ports-text.ts';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('portsText', () => {
  const rows: [Ports, string][] = [
    ['all', 'all ports'],
    [{}, ''],
    [{ TCP: [] }, ''],
    [
      {
        TCP: [
          [80, 80],
          [443, 443],
          [8000, 8999],
        ],
        UDP: [[53, 53]],
      },
      '80,443,8000-8999/TCP 53/UDP',
    ],
    [{ UDP: [[53, 53]], TCP: [[1, 65535]] }, 'all TCP 53/UDP'],
    [{ TCP: [[1, 65534]] }, '1-65534/TCP'],
    [{ SCTP: [[2, 65535]] }, '2-65535/SCTP'],
    [{ ICMP: [[0, 65535]] }, 'all ICMP'],
    [{ ICMP: [[2048, 2303]] }, 'echo-request/ICMP'],
    [{ ICMPv6: [[32768, 33279]] }, 'echo-request,echo-reply/ICMPv6'],
    [
      {
        ICMP: [
          [772, 772],
          [10496, 10497],
        ],
      },
      'destination-unreachable(4),type-41(0-1)/ICMP',
    ],
    [{ ICMP: [[1023, 1024]] }, 'destination-unreachable(255),type-4(0)/ICMP'],
  ];
  it.each(rows)('%j is %s', (ports, expected) => {
    expect(plain(portsText(ports))).toBe(expected);
  });
});

describe('partsText', () => {
  it('marks what is unknown and what has conditions', () => {
    const text = partsText(
      {
        allowed: { TCP: [[80, 80]] },
        unknown: [{ ports: 'all', reason: 'icmp', policies: [] }],
        conditional: [{ ports: { TCP: [[81, 81]] }, conditions: [{ http: { method: 'GET' } }, { sni: 'a.example' }] }],
      },
      false,
    );
    expect(plain(text)).toBe('80/TCP; ? all ports (icmp); ~ 81/TCP (http method=GET or sni a.example)');
  });

  it('is empty where nothing is allowed', () => {
    expect(partsText({}, false)).toBe('');
  });
});
