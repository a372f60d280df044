import { describe, expect, it } from 'vitest';
import type { Peer, PolicyDirection, PortMatch, Rule } from './policy.ts';
import { isSameDirection } from './same-policy.ts';
import type { Selector } from './selector.ts';

const PATH = ['spec'];
const APP: Selector = { op: 'in', key: 'app', values: ['a'] };

/** Every field that a rule may have: a field that is added has to be added here. */
const RULE: Required<Rule> = {
  action: 'Accept',
  peers: [{ type: 'pods', path: PATH, namespaces: { name: 'x' }, pods: APP }],
  ports: [{ type: 'range', path: PATH, protocol: 'TCP', first: 1, last: 2 }],
  conditions: [{ http: { method: 'GET' } }],
  subject: { namespaces: { name: 'x' }, pods: APP },
  index: 0,
  name: 'one',
  path: PATH,
  perhaps: 'sctp',
  closed: 'why',
};
const OTHER: Required<Rule> = {
  action: 'Deny',
  peers: 'any',
  ports: 'none',
  conditions: [{ http: { method: 'PUT' } }],
  subject: { namespaces: { name: 'y' }, pods: APP },
  index: 1,
  name: 'other',
  path: ['elsewhere'],
  perhaps: 'icmp',
  closed: 'why not',
};
const PART: Required<PolicyDirection> = { subject: RULE.subject, isolates: true, rules: [RULE], listed: true };
const OTHER_PART: Required<PolicyDirection> = { subject: OTHER.subject, isolates: false, rules: [], listed: false };

const copy = <T>(value: T): T => structuredClone(value);
const withRule = (rule: Rule): PolicyDirection => ({ ...PART, rules: [rule] });
const withPeer = (peer: Peer) => withRule({ ...RULE, peers: [peer] });
const withPort = (port: PortMatch) => withRule({ ...RULE, ports: [port] });
const withPods = (pods: Selector) => withPeer({ type: 'pods', path: PATH, namespaces: { name: 'x' }, pods });

/** Each of the list says what itself says, and nothing that another one says. */
function expectDistinct(list: readonly (PolicyDirection | undefined)[]): void {
  for (const [i, one] of list.entries()) {
    for (const [j, other] of list.entries()) {
      expect([i, j, isSameDirection(one, copy(other))]).toEqual([i, j, i === j]);
    }
  }
}

describe('isSameDirection', () => {
  it('looks at every field of directions and rules, but where they stand', () => {
    expectDistinct([undefined, PART]);
    for (const key of Object.keys(PART) as (keyof PolicyDirection)[]) {
      expect([key, isSameDirection(PART, { ...copy(PART), [key]: OTHER_PART[key] })]).toEqual([key, false]);
    }
    for (const key of Object.keys(RULE) as (keyof Rule)[]) {
      const changed = isSameDirection(PART, withRule({ ...copy(RULE), [key]: OTHER[key] }));
      expect([key, changed]).toEqual([key, key === 'path']);
    }
    for (const key of ['subject', 'name', 'perhaps', 'closed'] as const) {
      const { [key]: _, ...rest } = RULE;
      expect([key, isSameDirection(PART, withRule(rest))]).toEqual([key, false]);
      expect([key, isSameDirection(withRule(rest), PART)]).toEqual([key, false]);
    }
  });

  it('tells peers apart', () => {
    const pods = APP;
    const addresses = { v4: [0, 256], v6: [0n, 1n] };
    const block = { type: 'addresses', path: PATH, addresses, cidr: '0.0.0.0/24', except: ['0.0.0.1/32'] } as const;
    expectDistinct([
      withPeer({ type: 'pods', path: PATH, namespaces: { name: 'x' }, pods }),
      withPeer({ type: 'pods', path: PATH, namespaces: { name: 'y' }, pods }),
      withPeer({ type: 'pods', path: PATH, namespaces: { selector: APP }, pods }),
      withPeer(block),
      withPeer({ ...block, cidr: '0.0.0.0/25' }),
      withPeer({ ...block, except: [] }),
      withPeer({ ...block, addresses: { v4: [0, 255], v6: [0n, 1n] } }),
      withPeer({ ...block, addresses: { v4: [0, 256], v6: [0n, 2n] } }),
      withPeer({ type: 'nodes', path: PATH, nodes: APP }),
      withPeer({ type: 'nodes', path: PATH, nodes: { op: 'and', of: [] } }),
      withPeer({ type: 'domains', path: PATH, names: ['a.example.com'] }),
      withPeer({ type: 'domains', path: PATH, names: ['b.example.com'] }),
    ]);
  });

  it('tells ports apart', () => {
    expectDistinct([
      withPort({ type: 'all', path: PATH, protocol: 'TCP' }),
      withPort({ type: 'all', path: PATH, protocol: 'any' }),
      withPort({ type: 'range', path: PATH, protocol: 'TCP', first: 1, last: 2 }),
      withPort({ type: 'range', path: PATH, protocol: 'TCP', first: 0, last: 2 }),
      withPort({ type: 'range', path: PATH, protocol: 'TCP', first: 1, last: 1 }),
      withPort({ type: 'named', path: PATH, protocol: 'TCP', name: 'http' }),
      withPort({ type: 'named', path: PATH, protocol: 'TCP', name: 'https' }),
    ]);
  });

  it('tells selectors apart', () => {
    const [other, text]: Selector[] = [
      { op: 'in', key: 'app', values: ['b'] },
      { op: 'contains', key: 'app', text: 'a' },
    ];
    expectDistinct([
      withPods(APP),
      withPods(other!),
      withPods({ ...APP, key: 'tier' }),
      withPods({ ...APP, op: 'not-in' }),
      withPods({ op: 'exists', key: 'app' }),
      withPods({ op: 'exists', key: 'tier' }),
      withPods({ op: 'not-exists', key: 'app' }),
      withPods(text!),
      withPods({ op: 'contains', key: 'tier', text: 'a' }),
      withPods({ op: 'contains', key: 'app', text: 'b' }),
      withPods({ op: 'starts-with', key: 'app', text: 'a' }),
      withPods({ op: 'ends-with', key: 'app', text: 'a' }),
      withPods({ op: 'not', of: APP }),
      withPods({ op: 'not', of: other! }),
      withPods({ op: 'and', of: [APP] }),
      withPods({ op: 'or', of: [APP] }),
      withPods({ op: 'and', of: [APP, APP] }),
      withPods({ op: 'and', of: [other!] }),
    ]);
  });
});
