// What records of Hubble say about connections: which way, which port, whose verdict, and which say nothing.

import { describe, expect, it } from 'vitest';
import { hubbleFlow, hubblePod, type JsonObject } from '../../../test/support/flow-logs.ts';
import type { FlowFacts } from '../flow-key.ts';
import { MalformedRecord } from './hubble-record.ts';
import { factsOf, interpretFlow, portsOf } from './interpret-flow.ts';

/** The connection of a flow, or why there is none. */
function read(more: JsonObject): FlowFacts | string {
  const flow = hubbleFlow(more);
  const { outcome } = interpretFlow(flow);
  return typeof outcome === 'string' ? outcome : factsOf(outcome, portsOf(flow));
}

function facts(more: JsonObject): FlowFacts {
  const found = read(more);
  if (typeof found === 'string') throw new Error(`left aside: ${found}`);
  return found;
}

const WORLD = { identity: 2, labels: ['reserved:world'] };
const REPLY = {
  IP: { source: '10.0.0.2', destination: '10.0.0.1' },
  l4: { TCP: { source_port: 7070, destination_port: 41000, flags: { SYN: true, ACK: true } } },
  source: hubblePod('cart'),
  destination: hubblePod('web'),
  is_reply: true,
  event_type: { type: 4, sub_type: 3 },
  trace_observation_point: 'TO_STACK',
};
/** Without all that tells which way it goes. */
const MASKED = {
  is_reply: undefined,
  traffic_direction: undefined,
  trace_observation_point: undefined,
  event_type: undefined,
};

describe('a request', () => {
  it('is a connection from its source to its destination and port; the port of the client is dropped', () => {
    expect(facts({})).toEqual({
      source: {
        address: '10.0.0.1',
        namespace: 'shop',
        pod: 'web-1',
        workload: { kind: 'Deployment', name: 'web' },
        labels: { app: 'web' },
      },
      destination: {
        address: '10.0.0.2',
        namespace: 'shop',
        pod: 'cart-1',
        workload: { kind: 'Deployment', name: 'cart' },
        labels: { app: 'cart' },
      },
      family: 'IPv4',
      protocol: 'TCP',
      port: 7070,
      verdict: { kind: 'allowed' },
      seenAt: 'ingress',
      opened: 'known',
    });
  });

  it('may be of either family, and its addresses are written one way', () => {
    expect(facts({ IP: { source: 'FD00:0::1', destination: 'fd00::2' } })).toMatchObject({
      family: 'IPv6',
      source: { address: 'fd00::1' },
    });
    const mapped = facts({ IP: { source: '::ffff:10.0.0.9', destination: '10.0.0.2' } });
    expect(mapped).toMatchObject({ family: 'IPv4', source: { address: '10.0.0.9' } });
  });
});

describe('an answer', () => {
  it('is turned round where it leaves the server, and is the same connection then', () => {
    expect(facts(REPLY)).toEqual(facts({}));
  });

  it.each([
    [
      'arrives at the client, where its port may be a Service port again',
      { trace_observation_point: 'TO_ENDPOINT', traffic_direction: 'EGRESS' },
    ],
    ['is seen somewhere without a direction', { trace_observation_point: 'TO_NETWORK', traffic_direction: undefined }],
    ['comes from a log whose mask leaves place and direction out', { ...MASKED, is_reply: true }],
  ])('is left aside where it %s', (_, more) => {
    expect(read({ ...REPLY, ...more })).toBe('translated-reply');
  });

  it('is told by the old field, by SYN and ACK, or by point and direction', () => {
    expect(facts({ ...REPLY, is_reply: undefined, reply: true })).toEqual(facts({}));
    expect(facts({ ...REPLY, is_reply: undefined })).toEqual(facts({}));
    const later = { TCP: { source_port: 7070, destination_port: 41000, flags: { ACK: true } } };
    expect(facts({ ...REPLY, is_reply: undefined, l4: later })).toEqual(facts({}));
  });
});

describe('what was seen before addresses were translated', () => {
  it.each(['FROM_ENDPOINT', 'FROM_STACK', 'FROM_HOST', 'FROM_OVERLAY', 'FROM_NETWORK', 'FROM_PROXY'])(
    'is left aside at %s, whatever else it says',
    (point) => {
      expect(read({ trace_observation_point: point })).toBe('before-translation');
      expect(read({ ...REPLY, trace_observation_point: point })).toBe('before-translation');
    },
  );

  it('is known by the number of the point, where a mask leaves its name out', () => {
    expect(read({ ...MASKED, event_type: { type: 4, sub_type: 5 } })).toBe('before-translation');
    expect(read({ trace_observation_point: 5 })).toBe('before-translation');
  });

  it('is known for sockets: only the request after translation counts', () => {
    const socket = { ...MASKED, Type: 'SOCK', verdict: 'TRACED' };
    expect(read({ ...socket, sock_xlate_point: 'SOCK_XLATE_POINT_PRE_DIRECTION_FWD' })).toBe('before-translation');
    expect(read({ ...socket, sock_xlate_point: 'SOCK_XLATE_POINT_POST_DIRECTION_REV' })).toBe('before-translation');
    expect(facts({ ...socket, sock_xlate_point: 'SOCK_XLATE_POINT_POST_DIRECTION_FWD' })).toMatchObject({
      verdict: { kind: 'unknown' },
    });
  });

  it('keeps the name of the Service where nothing tells the point', () => {
    const found = facts({ ...MASKED, destination: WORLD, destination_service: { name: 'cart', namespace: 'shop' } });
    expect(found.destination).toEqual({
      address: '10.0.0.2',
      entity: 'outside',
      service: { namespace: 'shop', name: 'cart' },
    });
  });

  it('does not call a pod a Service', () => {
    const found = facts({ destination_service: { name: 'cart', namespace: 'shop' } });
    expect(found.destination.service).toBeUndefined();
  });
});

describe('a record that does not say which way it goes', () => {
  it('is known by SYN without ACK', () => {
    expect(facts(MASKED)).toMatchObject({ opened: 'known', port: 7070 });
  });

  it('keeps both ports otherwise, since either may be the server', () => {
    const udp = { UDP: { source_port: 53, destination_port: 52722 } };
    expect(facts({ ...MASKED, l4: udp })).toMatchObject({ opened: 'unknown', port: 52722, sourcePort: 53 });
    const middle = { TCP: { source_port: 41000, destination_port: 7070, flags: { ACK: true } } };
    expect(facts({ ...MASKED, l4: middle })).toMatchObject({ opened: 'unknown', port: 7070, sourcePort: 41000 });
  });
});

describe('a verdict', () => {
  const denied = { ...MASKED, verdict: 'DROPPED', traffic_direction: 'EGRESS' };

  it.each([
    ['POLICY_DENIED', 'policy'],
    ['POLICY_DENY', 'policy'],
    ['AUTH_REQUIRED', 'policy'],
    ['UNSUPPORTED_L3_PROTOCOL', 'other'],
    ['CT_MAP_INSERTION_FAILED', 'other'],
  ])('%s is by %s', (reason, by) => {
    expect(facts({ ...denied, drop_reason_desc: reason }).verdict).toEqual({ kind: 'denied', by, reason });
  });

  it('is by number where the name is masked, and by the kind of event where both are', () => {
    expect(facts({ ...denied, drop_reason: 133 }).verdict).toEqual({
      kind: 'denied',
      by: 'policy',
      reason: 'POLICY_DENIED',
    });
    expect(facts({ ...denied, drop_reason: 139 }).verdict).toEqual({ kind: 'denied', by: 'other', reason: '139' });
    expect(facts({ ...denied, event_type: { type: 5 } }).verdict).toEqual({ kind: 'denied', by: 'policy' });
    expect(facts(denied).verdict).toEqual({ kind: 'denied', by: 'other' });
  });

  it.each(['ERROR', 'TRACED', 'TRANSLATED', 'VERDICT_UNKNOWN', 99, undefined])('%s is unknown', (verdict) => {
    expect(facts({ verdict }).verdict).toEqual({ kind: 'unknown' });
  });

  it.each(['FORWARDED', 'REDIRECTED', 1, 5, 'AUDIT'])('%s is allowed', (verdict) => {
    expect(facts({ verdict }).verdict).toEqual({ kind: 'allowed' });
  });

  it('in audit mode is counted as such', () => {
    expect(interpretFlow(hubbleFlow({ verdict: 'AUDIT' })).isAudited).toBe(true);
    expect(interpretFlow(hubbleFlow()).isAudited).toBe(false);
  });

  it('of a proxy says nothing about policies for addresses and ports', () => {
    expect(facts({ ...denied, Type: 'L7', is_reply: false }).verdict).toMatchObject({ kind: 'denied', by: 'other' });
  });

  it('that denies UDP is for a request, unless its ports look like those of a late answer', () => {
    const udp = (source: number, destination: number) =>
      facts({ ...denied, drop_reason: 133, l4: { UDP: { source_port: source, destination_port: destination } } });
    expect(udp(42723, 8125)).toMatchObject({ opened: 'known', port: 8125 });
    expect(udp(42723, 8125).sourcePort).toBeUndefined();
    expect(udp(53, 52722)).toMatchObject({ opened: 'unknown', sourcePort: 53 });
    expect(udp(5353, 52722)).toMatchObject({ opened: 'unknown', sourcePort: 5353 });
    expect(udp(53, 5000)).toMatchObject({ opened: 'unknown' });
  });

  it('that denies a packet in the middle of a connection does not tell who opened it', () => {
    const l4 = { TCP: { source_port: 7070, destination_port: 41000, flags: { ACK: true } } };
    expect(facts({ ...denied, drop_reason: 133, l4 })).toMatchObject({ opened: 'unknown', sourcePort: 7070 });
  });

  it('names its policies once and sorted, by whether their kind is one of ours', () => {
    const derived = (kind: string) => [`k8s:io.cilium.k8s.policy.derived-from=${kind}`];
    const found = facts({
      ingress_allowed_by: [
        { name: 'b', namespace: 'shop', labels: derived('NetworkPolicy') },
        { name: 'a', namespace: 'shop', kind: 'NetworkPolicy' },
        { name: 'b', namespace: 'shop', kind: 'NetworkPolicy' },
        { labels: ['reserved:io.cilium.policy.derived-from=allow-localhost-ingress'] },
      ],
      egress_denied_by: [{ name: 'x', kind: 'CiliumClusterwideNetworkPolicy' }],
    });
    expect(found.policies).toEqual([
      { dialect: 'network-policy', kind: 'NetworkPolicy', namespace: 'shop', name: 'a' },
      { dialect: 'network-policy', kind: 'NetworkPolicy', namespace: 'shop', name: 'b' },
    ]);
    expect(found.foreignPolicies).toEqual([{ kind: 'CiliumClusterwideNetworkPolicy', name: 'x' }]);
  });
});

describe('a protocol', () => {
  it('of ICMP has its type for a port, 0 left out', () => {
    const echo = { ...MASKED, l4: { ICMPv4: { type: 8 } } };
    expect(facts(echo)).toMatchObject({ protocol: 'ICMP', port: 8, opened: 'known' });
    expect(facts({ ...REPLY, l4: { ICMPv4: {} } })).toMatchObject({ protocol: 'ICMP', port: 8, opened: 'known' });
  });

  it.each([
    ['no-protocol', { l4: undefined }],
    ['no-protocol', { l4: {} }],
    ['other-protocol', { l4: { IGMP: {} } }],
    ['icmp-error', { l4: { ICMPv4: { type: 3, code: 4 } } }],
    ['icmp-error', { trace_reason: 'RELATED' }],
    ['link-protocol', { l4: { ICMPv6: { type: 133 } } }],
    ['link-protocol', { l4: { ICMPv6: { type: 143 } }, verdict: 'DROPPED', drop_reason: 139 }],
    ['no-address', { IP: undefined }],
    ['no-address', { IP: { source: '10.0.0.1' } }],
  ])('may be %s', (reason, more) => {
    expect(read(more)).toBe(reason);
  });

  it('without ports has none', () => {
    expect(facts({ l4: { TCP: { flags: { SYN: true } } } }).port).toBeUndefined();
  });
});

describe('what else a record says', () => {
  it('is its node, without its cluster, and which addresses are nodes', () => {
    const host = { identity: 1, labels: ['reserved:host', 'reserved:kube-apiserver'] };
    expect(interpretFlow(hubbleFlow({ source: host }))).toMatchObject({ node: 'n1', nodeAddresses: ['10.0.0.1'] });
    expect(interpretFlow(hubbleFlow({ source: host, trace_observation_point: 'FROM_STACK' })).nodeAddresses).toEqual([
      '10.0.0.1',
    ]);
  });

  it('is for how many records it stands', () => {
    const aggregate = { ingress_flow_count: 4, egress_flow_count: '3' };
    expect(interpretFlow(hubbleFlow({ aggregate })).count).toBe(7);
    expect(interpretFlow(hubbleFlow({ aggregate: {} })).count).toBe(1);
  });

  it('is what DNS answers', () => {
    const dns = { query: 'api.example.com.', ips: ['192.0.2.1', 'FD00::1'] };
    expect(interpretFlow(hubbleFlow({ l7: { type: 'RESPONSE', dns } })).resolved).toEqual({
      name: 'api.example.com',
      addresses: ['192.0.2.1', 'fd00::1'],
    });
    expect(interpretFlow(hubbleFlow({ l7: { type: 'REQUEST', dns } })).resolved).toBeUndefined();
  });
});

it.each([
  ['"source" is no object', { source: [] }],
  ['"source" is no address: "10.0.0"', { IP: { source: '10.0.0', destination: '10.0.0.2' } }],
  ['the two addresses are of different families', { IP: { source: '10.0.0.1', destination: 'fd00::1' } }],
  ['"is_reply" is neither true nor false', { is_reply: 'yes' }],
  ['"verdict" is neither a name nor a number', { verdict: {} }],
  ['"labels" is no list', { source: { labels: 'k8s:a=b' } }],
  ['"source_names" holds something that is no text', { source_names: [1] }],
  ['"destination_port" is 70000, beyond 65535', { l4: { TCP: { destination_port: 70000 } } }],
  ['"source_port" is no whole number', { l4: { TCP: { source_port: -1 } } }],
  ['the ICMP type 256 is beyond 255', { l4: { ICMPv4: { type: 256 } } }],
])('a record is broken where %s', (message, more) => {
  expect(() => read(more)).toThrow(new MalformedRecord(message));
});
