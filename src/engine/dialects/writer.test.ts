// What every dialect's writer promises: decoding what was written gives what was meant, and a narrowed peer means the
// same as before less the cut.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf, policies } from '../../../test/support/arbitrary-policy-manifests.ts';
import { decodeObject } from '../../../test/support/decode-policy.ts';
import { manifestObject } from '../../../test/support/manifest-object.ts';
import { applyEdits } from '../edits/apply-edits.ts';
import type { Edit } from '../model/edit.ts';
import { DIRECTIONS, type Peer, type Policy, type PolicyDirection, type PortMatch } from '../model/policy.ts';
import { type Requirement, type Selector, selectorKey, selects } from '../model/selector.ts';
import { valueAt } from '../repair/origin.ts';
import { parseCidr } from '../sets/ip-address.ts';
import { ipSetKey, subtract } from '../sets/ip-set.ts';
import { allTraffic, trafficKey, traffic as trafficOf } from '../sets/traffic-set.ts';
import { dialectOf } from './registry.ts';
import type { Cut, Fields } from './writer.ts';

const decode = (value: Fields): Policy | undefined => decodeObject(value).policy;
const writerOf = (value: Fields) => dialectOf(String(value['apiVersion']), String(value['kind']))!.writer;

/** What a policy says, without its places and whatever way of writing says the same. */
function meaning(policy: Policy): unknown {
  const { ref, tier, order } = policy;
  return { ref, tier, order, ingress: meaningOfPart(policy.ingress), egress: meaningOfPart(policy.egress) };
}

function meaningOfPart(part: PolicyDirection | undefined): unknown {
  if (part === undefined) return undefined;
  const rules = part.rules.map(({ action, peers, ports, name }) => ({
    action,
    name,
    peers: typeof peers === 'string' ? peers : peers.map(meaningOfPeer),
    ports: typeof ports === 'string' ? ports : ports.map(meaningOfPort),
  }));
  return { subject: scope(part.subject), isolates: part.isolates, listed: part.listed, rules };
}

const scope = ({ namespaces, pods }: PolicyDirection['subject']): unknown => [
  'name' in namespaces ? namespaces : key(namespaces.selector),
  key(pods),
];

/** A single requirement is the same with or without `and` around it. */
const key = (selector: Selector): string =>
  selectorKey(selector.op === 'and' ? selector : { op: 'and', of: [selector] });

function meaningOfPeer(peer: Peer): unknown {
  if (peer.type === 'pods') return scope(peer);
  if (peer.type === 'addresses') return ipSetKey(peer.addresses);
  return peer.type === 'nodes' ? key(peer.nodes) : peer.names;
}

function meaningOfPort(port: PortMatch): unknown {
  if (port.type === 'named' || port.protocol === 'any') return [port.protocol, 'name' in port ? port.name : ''];
  return trafficKey(
    port.type === 'all' ? allTraffic([port.protocol]) : trafficOf(port.protocol, port.first, port.last),
  );
}

/** Subjects that nobody can tell, rules that the decoder closed or split, and ranges that match nothing, are not written back. */
function isPlain(policy: Policy): boolean {
  return DIRECTIONS.every((direction) => {
    const rules = policy[direction]?.rules ?? [];
    const isWhole = rules.every(({ index }, i) => index === i);
    const isDecided = policy[direction]?.subject.pods.op !== 'or';
    return (
      isWhole &&
      isDecided &&
      rules.every(({ closed, ports }) => closed === undefined && (ports === 'any' || isOrdered(ports)))
    );
  });
}

function isOrdered(ports: 'none' | readonly PortMatch[]): boolean {
  return typeof ports !== 'string' && ports.every((port) => port.type !== 'range' || port.first <= port.last);
}

const hasRules = (policy: Policy): boolean => policy.ingress !== undefined || policy.egress !== undefined;

describe('writers', () => {
  it('decoding what was written gives what was meant', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(policies, (list) => {
        for (const value of list) {
          const policy = decode(value);
          if (policy === undefined || !isPlain(policy) || !hasRules(policy)) continue;
          const { ref, tier, order, ingress, egress } = policy;
          const content = { ref, tier, order, ...(ingress && { ingress }), ...(egress && { egress }) };
          const written = writerOf(value).policy(content);
          expect(written).toBeDefined();
          const again = decodeObject(written!);
          expect(again.findings.filter(({ rejectedByApi }) => rejectedByApi)).toEqual([]);
          expect(meaning(again.policy!)).toEqual(meaning(policy));
          seen.add(ref.kind);
        }
      }),
      { numRuns: 400 },
    );
    expect([...seen].sort()).toEqual([
      'AdminNetworkPolicy',
      'BaselineAdminNetworkPolicy',
      'ClusterNetworkPolicy',
      'NetworkPolicy',
    ]);
  });

  it('what an API has no words for is not written', () => {
    const np = writerOf({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' });
    const place = { kind: 'NetworkPolicy', namespace: 'shop', direction: 'ingress' } as const;
    const pods = (namespaces: Extract<Peer, { type: 'pods' }>['namespaces']): Peer => {
      return { type: 'pods', namespaces, pods: { op: 'and', of: [] }, path: [] };
    };
    const nodes: Peer = { type: 'nodes', nodes: { op: 'and', of: [] }, path: [] };
    expect(np.rule({ action: 'Deny', peers: 'any', ports: 'any' }, place)).toBeUndefined();
    expect(np.rule({ action: 'Accept', peers: 'none', ports: 'any' }, place)).toBeUndefined();
    expect(np.rule({ action: 'Accept', peers: [nodes], ports: 'any' }, place)).toBeUndefined();
    expect(np.peer(pods({ name: 'other' }), place)).toBeUndefined();
    expect(np.peer(pods({ name: 'shop' }), place)).toEqual({ podSelector: {} });
    expect(np.port({ type: 'named', protocol: 'any', name: 'http', path: [] })).toBeUndefined();
    const cluster = writerOf({ apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy' });
    expect(cluster.rule({ action: 'Accept', peers: 'any', ports: 'any' }, place)).toBeUndefined();
    expect(cluster.peer(nodes, { kind: 'ClusterNetworkPolicy', direction: 'ingress' })).toBeUndefined();
    const admin = writerOf({ apiVersion: 'policy.networking.k8s.io/v1alpha1', kind: 'AdminNetworkPolicy' });
    const baseline = { kind: 'BaselineAdminNetworkPolicy', direction: 'ingress' } as const;
    const everywhere = pods({ selector: { op: 'and', of: [] } });
    expect(admin.rule({ action: 'Pass', peers: [everywhere], ports: 'any' }, baseline)).toBeUndefined();
    expect(admin.rule({ action: 'Deny', peers: [everywhere], ports: 'any' }, baseline)).toEqual({
      action: 'Deny',
      from: [{ namespaces: {} }],
    });
  });
});

/** One of each kind. */
const CUTS: fc.Arbitrary<readonly Cut[]> = fc.tuple(
  fc
    .tuple(fc.constantFrom('app', 'tier'), fc.subarray(['a', 'b'], { minLength: 1 }))
    .map(([label, values]): Cut => ({ of: 'pods', keep: { op: 'not-in', key: label, values } })),
  fc
    .constantFrom('x', 'y')
    .map(
      (name): Cut => ({ of: 'namespaces', keep: { op: 'not-in', key: 'kubernetes.io/metadata.name', values: [name] } }),
    ),
  fc.nat(15).map((number): Cut => {
    const cidr = parseCidr(`${addressOf(4, number)}/32`);
    return { of: 'addresses', drop: cidr.ok ? cidr.set : { v4: [], v6: [] } };
  }),
);

/** Labels over which two selectors are compared. */
const UNIVERSE: readonly Readonly<Record<string, string>>[] = ['', 'a', 'b'].flatMap((app) =>
  ['', 'a', 'b'].flatMap((tier) => [
    {},
    { app },
    { tier },
    { app, tier },
    { app, 'kubernetes.io/metadata.name': tier },
  ]),
);

describe('narrow', () => {
  it('leaves a peer with what it meant, less the cut', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(policies, CUTS, (list, cuts) => {
        for (const value of list) {
          const policy = decode(value);
          if (policy === undefined || !isPlain(policy)) continue;
          for (const direction of DIRECTIONS) {
            for (const { peers } of policy[direction]?.rules ?? []) {
              if (typeof peers === 'string') continue;
              for (const peer of peers) {
                for (const cut of cuts) if (checkNarrowed(value, peer, cut)) seen.add(`${policy.ref.kind} ${cut.of}`);
              }
            }
          }
        }
      }),
      { numRuns: 400 },
    );
    expect(seen.size).toBe(4 * 3);
  });
});

describe('networks', () => {
  it('are left once where what is left of one stands in the list already', () => {
    const value: Fields = {
      apiVersion: 'policy.networking.k8s.io/v1alpha1',
      kind: 'BaselineAdminNetworkPolicy',
      metadata: { name: 'default' },
      spec: {
        subject: { namespaces: {} },
        egress: [{ action: 'Allow', to: [{ networks: ['10.0.0.10/32', '10.0.0.10/31'] }] }],
      },
    };
    const peers = decode(value)!.egress!.rules[0]!.peers as readonly Peer[];
    const item = { networks: ['10.0.0.10/32', '10.0.0.10/31'] };
    const drop = { v4: [0x0a00000b, 0x0a00000c], v6: [] };
    expect(writerOf(value).narrow(item, peers[1]!, { of: 'addresses', drop })).toEqual([
      { op: 'set', path: ['networks'], value: ['10.0.0.10/32'] },
    ]);
  });
});

describe('narrowSubject', () => {
  it('leaves a policy with the pods that it was about and that meet the requirement', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(policies, fc.constantFrom('app', 'tier'), fc.constantFrom('a', 'b'), (list, label, value) => {
        const keep: Requirement = { op: 'not-in', key: label, values: [value] };
        for (const written of list) {
          const policy = decode(written);
          const part = policy?.ingress ?? policy?.egress;
          if (policy === undefined || part === undefined || !isPlain(policy)) continue;
          const writer = writerOf(written);
          const path = ['spec', writer.subjectField];
          const changes = writer.narrowSubject(valueAt(written, path), keep);
          const object = manifestObject(written);
          const edits = changes!.map((change): Edit => ({ ...change, object, path: [...path, ...change.path] }));
          const after = decode(applyEdits([object], edits)[0]!.value);
          const subject = (after?.ingress ?? after?.egress)!.subject;
          const isLeft = (labels: Readonly<Record<string, string>>) =>
            selects(part.subject.pods, labels) && selects(keep, labels);
          expect(UNIVERSE.map((labels) => selects(subject.pods, labels))).toEqual(UNIVERSE.map(isLeft));
          expect(scope({ ...subject, pods: part.subject.pods })).toEqual(scope(part.subject));
          seen.add(policy.ref.kind);
        }
      }),
      { numRuns: 200 },
    );
    expect(seen.size).toBe(4);
  });
});

/** Narrows one peer in its object and compares; false where the API has no words for it. */
function checkNarrowed(value: Fields, peer: Peer, cut: Cut): boolean {
  // One of several networks stands a level below its item.
  const path = peer.path.includes('networks') ? peer.path.slice(0, peer.path.indexOf('networks')) : peer.path;
  const item = path.reduce<unknown>((node, part) => (node as Fields)[part], value) as Fields;
  const changes = writerOf(value).narrow(item, peer, cut);
  if (changes === undefined) return false;
  const object = manifestObject(value);
  const edits = changes.map((change): Edit => ({ ...change, object, path: [...path, ...change.path] }));
  const [edited] = applyEdits([object], edits);
  const decoded = decodeObject(edited!.value);
  expect(decoded.findings.filter(({ rejectedByApi }) => rejectedByApi)).toEqual([]);
  const [, direction, rule] = path as [string, 'ingress' | 'egress', number];
  const after = (decoded.policy?.[direction]?.rules ?? []).find(({ index }) => index === rule)?.peers;
  const list = typeof after === 'object' ? after : [];
  const own = list.filter((one) => path.every((part, i) => one.path[i] === part));
  if (cut.of === 'addresses') {
    const before = peer.type === 'addresses' ? peer.addresses : undefined;
    const left = own.flatMap((one) => (one.type === 'addresses' ? [one.addresses] : []));
    const whole = left.find((set) => before !== undefined && ipSetKey(set) === ipSetKey(subtract(before, cut.drop)));
    // An item with several networks keeps the others; one that is split has several in its place.
    expect(whole !== undefined || left.length > 1).toBe(true);
    return true;
  }
  const [narrowed] = own;
  if (peer.type !== 'pods' || narrowed?.type !== 'pods') throw new Error('a peer of pods became something else');
  expect(agree(narrowed, peer, cut.of, cut.keep)).toBe(true);
  return true;
}

function agree(
  narrowed: Extract<Peer, { type: 'pods' }>,
  peer: Extract<Peer, { type: 'pods' }>,
  of: 'pods' | 'namespaces',
  keep: Requirement,
): boolean {
  const inScope = ({ namespaces }: typeof peer, labels: Fields): boolean =>
    'name' in namespaces || selects(namespaces.selector, labels as Record<string, string>);
  return UNIVERSE.every((labels) => {
    const pods = selects(peer.pods, labels) && (of === 'namespaces' || selects(keep, labels));
    const spaces = inScope(peer, labels) && (of === 'pods' || selects(keep, labels));
    return selects(narrowed.pods, labels) === pods && inScope(narrowed, labels) === spaces;
  });
}
