// What a fix must prove before anybody writes it: each way in which it could be wrong is found.

import { describe, expect, it } from 'vitest';
import { objectsOf } from '../../../test/support/lint.ts';
import { behaviourOf } from '../behaviours/index.ts';
import type { Announced, Edit } from '../model/edit.ts';
import type { Path } from '../model/source.ts';
import type { ConnectivityDiff, Ports } from '../questions/documents.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import { contradiction, countChanges } from './announced-change.ts';
import { type Linted, lintInput, proveFixes } from './prove-fixes.ts';

const PODS = ['web', 'api']
  .map(
    (name) =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}\nspec: {containers: [{name: c, image: c, ports: [{containerPort: 80}]}]}\n---\n`,
  )
  .join('');
const POLICY = (spec: string, name = 'web') =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}\n---\n`;
const EMPTY = POLICY(
  '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {}}}], ports: [{port: 80}]}]}',
);

function linted(text: string): Linted {
  const behaviour = behaviourOf('default', []);
  return lintInput({ objects: objectsOf(text), behaviour, defaultNamespace: 'default' });
}

/** `ok`, or why these edits of the last object are no fix of the check's first finding. */
function prove(text: string, check: string, announced: Announced, ...edits: { op: Edit['op']; path: Path }[]): string {
  const before = linted(text);
  const object = before.input.objects.at(-1)!;
  const finding = before.findings.find((one) => one.check === check)!;
  const fix = {
    title: 'a title',
    announced,
    safe: true,
    edits: edits.map((edit) => ({ ...edit, object }) as unknown as Edit),
  };
  const proof = proveFixes(before, [{ finding, fix }], { defaultNamespace: 'default', protocols: PORT_PROTOCOLS });
  return proof.ok ? 'ok' : proof.why;
}

const set = (value: unknown, ...path: Path) => ({ op: 'set' as const, path, value });
const PEER: Path = ['spec', 'ingress', 0, 'from', 0, 'podSelector'];

describe('proveFixes', () => {
  it('takes what says the same', () => {
    expect(prove(PODS + EMPTY, 'empty-match-labels', 'same', set({}, ...PEER))).toBe('ok');
  });

  it('finds that the finding stays, one of two of the same words too', () => {
    const labelled = set({ a: 'b' }, 'metadata', 'labels');
    const stays = 'empty-match-labels would still be there';
    expect(prove(PODS + EMPTY, 'empty-match-labels', 'same', labelled)).toBe(stays);
    const two = PODS + EMPTY.replace('ingress: [', 'ingress: [{from: [{podSelector: {matchLabels: {}}}]}, ');
    expect(prove(two, 'empty-match-labels', 'same', labelled)).toBe(stays);
  });

  it('finds what comes in its place', () => {
    const edits = [set({}, ...PEER), set('80', 'spec', 'ingress', 0, 'ports', 0, 'port')];
    expect(prove(PODS + EMPTY, 'empty-match-labels', 'changes', ...edits)).toMatch(/^it would bring [a-z-]+: /);
  });

  it('lets come what nobody could see while the policy counted as absent', () => {
    const refused = EMPTY.replace('port: 80', 'port: 80, protocol: tcp');
    const edit = set('TCP', 'spec', 'ingress', 0, 'ports', 0, 'protocol');
    expect(prove(PODS + refused, 'invalid-protocol', 'changes', edit)).toBe('ok');
  });

  it.each<[Announced, string]>([
    ['same', 'it would close shop/Pod/api -> shop/Pod/web, which was not announced'],
    ['opens', 'it would close shop/Pod/api -> shop/Pod/web, which was not announced'],
    ['closes', 'ok'],
    ['changes', 'ok'],
  ])('finds what is closed, unless announced: %s', (announced, expected) => {
    const edit = set({ matchLabels: { app: 'web' } }, ...PEER);
    expect(prove(PODS + EMPTY, 'empty-match-labels', announced, edit)).toBe(expected);
  });

  it.each<[Announced, string]>([
    ['same', 'it would open shop/Pod/api -> shop/Pod/web, which was not announced'],
    ['closes', 'it would open shop/Pod/api -> shop/Pod/web, which was not announced'],
    ['opens', 'ok'],
    ['changes', 'ok'],
  ])('finds what is opened, unless announced: %s', (announced, expected) => {
    const edits = [
      set({}, ...PEER),
      set(79, 'spec', 'ingress', 0, 'ports', 0, 'port'),
      set(80, 'spec', 'ingress', 0, 'ports', 0, 'endPort'),
    ];
    expect(prove(PODS + EMPTY, 'empty-match-labels', announced, ...edits)).toBe(expected);
  });
});

describe('changes', () => {
  const http: Ports = { TCP: [[80, 80]] };
  const diffOf = (one: Partial<ConnectivityDiff['changed'][number]>): ConnectivityDiff =>
    ({
      endpoints: [],
      added: [],
      removed: [],
      changed: [{ from: [0], to: [1], before: {}, after: {}, ...one }],
    }) as unknown as ConnectivityDiff;
  const unknown = [{ ports: http, reason: 'pod-address' as const, policies: [] }];
  const counts = (one: Partial<ConnectivityDiff['changed'][number]>) => {
    const { opened, closed } = countChanges(diffOf(one));
    return [opened, closed];
  };

  it('of ports count on the side that has more, on both where each has some of its own', () => {
    expect(counts({ before: http, after: 'all' })).toEqual([1, 0]);
    expect(counts({ before: 'all', after: http })).toEqual([0, 1]);
    expect(counts({ before: http, after: { TCP: [[81, 81]] } })).toEqual([1, 1]);
    expect(counts({ before: http, after: http })).toEqual([0, 0]);
  });

  it('from denied to unknown opens, from allowed to unknown closes, and back', () => {
    expect(counts({ unknownAfter: unknown })).toEqual([1, 0]);
    expect(counts({ unknownBefore: unknown })).toEqual([0, 1]);
    expect(counts({ before: http, unknownAfter: unknown })).toEqual([0, 1]);
    expect(counts({ unknownBefore: unknown, after: http })).toEqual([1, 0]);
    const conditional = [{ ports: http, conditions: [] }];
    expect(counts({ conditionalAfter: conditional })).toEqual([1, 0]);
    expect(counts({ before: http, conditionalAfter: conditional })).toEqual([0, 1]);
  });

  it('contradict what was not announced', () => {
    expect(contradiction(diffOf({ before: http, after: 'all' }), 'opens')).toBeUndefined();
    expect(contradiction(diffOf({ before: http, after: 'all' }), 'closes')).toBe('it would open ? -> ?');
    expect(contradiction(diffOf({ before: 'all', after: http }), 'opens')).toBe('it would close ? -> ?');
  });
});
