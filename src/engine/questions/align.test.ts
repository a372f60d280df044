// What becomes of workloads between two states: kept, relabelled, renamed, split into variants, gone.

import { describe, expect, it } from 'vitest';
import { deployment, namespace, object, pod, policy, scenario, XWZ } from '../../../test/support/scenario.ts';
import { validateDocument } from '../../../test/support/schemas.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import { diff } from './diff.ts';
import type { ConnectivityDiff } from './documents.ts';

const CONTEXT = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS };

function compare(
  before: readonly string[],
  after: readonly string[],
  assume: readonly string[] = [],
): ConnectivityDiff {
  const document = diff(scenario(before, { assume }).state, scenario(after, { assume }).state, CONTEXT);
  expect(validateDocument(JSON.parse(JSON.stringify(document)))).toEqual([]);
  return document;
}

/** Pairs among pods as `+from > to`, `-…`, `~…`, sorted; what has to do with addresses is left out. */
function pairs({ endpoints, added, removed, changed }: ConnectivityDiff): string[] {
  const nameOf = new Map(
    endpoints.map((one) => [one.id, one.type === 'workload' ? one.key.replace(/^(\w+)\/[^/]*\//, '$1/') : '']),
  );
  const list = (sign: string, some: readonly { readonly from: readonly number[]; readonly to: readonly number[] }[]) =>
    some.flatMap(({ from, to }) => from.flatMap((a) => to.map((b) => [sign, nameOf.get(a)!, nameOf.get(b)!] as const)));
  return [...list('+', added), ...list('-', removed), ...list('~', changed)]
    .filter(([, a, b]) => a !== '' && b !== '')
    .map(([sign, a, b]) => `${sign}${a} > ${b}`)
    .sort();
}

const owned = (name: string, labels: string): string => {
  const value = JSON.parse(pod(`x/${name}`, { labels }));
  value.metadata.ownerReferences = [
    { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: 'u', controller: true },
  ];
  return JSON.stringify(value);
};
const X = namespace('x');
const A = pod('x/a');
const CANARY = policy(
  'x/canary',
  '{podSelector: {matchLabels: {track: canary}}, ingress: [{from: [{podSelector: {matchLabels: {pod: none}}}]}]}',
);

describe('pods of one workload', () => {
  const stable = [owned('web-0', 'app=web,track=stable'), owned('web-1', 'app=web,track=stable')];

  it('a variant that appears is new, and the others stay what they were', () => {
    const document = compare(
      [X, A, CANARY, ...stable],
      [X, A, CANARY, ...stable, owned('web-2', 'app=web,track=canary')],
    );
    const names = document.endpoints
      .filter(({ type }) => type === 'workload')
      .map((one) => [one.in, 'variant' in one ? one.variant : undefined]);
    expect(names).toContainEqual(['after', { track: 'canary' }]);
    expect(document.endpoints.filter((one) => one.in === 'before')).toEqual([]);
    expect(document.removed).toEqual([]);
    expect(pairs(document).filter((line) => !line.includes('#1'))).toEqual([]);
  });

  it('a variant that goes is gone, and nothing else', () => {
    const document = compare(
      [X, A, CANARY, ...stable, owned('web-2', 'app=web,track=canary')],
      [X, A, CANARY, ...stable],
    );
    expect(document.added).toEqual([]);
    expect(document.endpoints.filter((one) => one.in === 'after')).toEqual([]);
  });

  it('a policy that tells them apart splits both states', () => {
    const both = [X, A, ...stable, owned('web-2', 'app=web,track=canary')];
    const document = compare(both, [...both, CANARY]);
    expect(document.endpoints.every((one) => one.in === 'both')).toBe(true);
    expect(pairs(document)).toEqual(['-x/a > x/web#1', '-x/web#1 > x/web#1', '-x/web#2 > x/web#1']);
    expect(document.removed.every(({ policies }) => policies?.map(({ name }) => name).join() === 'canary')).toBe(true);
  });
});

describe('workloads', () => {
  const FROM_B = policy(
    'x/p',
    '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{podSelector: {matchLabels: {app: b}}}]}]}',
  );

  it('one whose labels changed is the same one, with other connections', () => {
    const document = compare([X, A, FROM_B, deployment('x/d', 'app=b')], [X, A, FROM_B, deployment('x/d', 'app=c')]);
    expect(pairs(document)).toEqual(['-x/d > x/a']);
    expect(document.endpoints.every((one) => one.in === 'both' && one.was === undefined)).toBe(true);
    expect(document.removed[0]!.policies?.map(({ name }) => name)).toEqual(['p']);
  });

  it('one that was renamed is the same one, and its former key is told', () => {
    const document = compare(
      [X, A, deployment('x/old', 'app=b')],
      [X, A, FROM_B, deployment('x/new', 'app=b'), deployment('x/more', 'app=c')],
    );
    expect(document.endpoints.find((one) => one.key.endsWith('/new'))).toMatchObject({ in: 'both' });
    expect(pairs(document)).not.toContain('+x/new > x/a');
    const closed = compare(
      [X, A, FROM_B, deployment('x/old', 'app=b')],
      [X, A, deployment('x/new', 'app=b'), policy('x/p', '{podSelector: {matchLabels: {pod: a}}}')],
    );
    expect(pairs(closed)).toEqual(['-x/new > x/a']);
    expect(closed.endpoints.find((one) => one.key.endsWith('/new'))).toMatchObject({
      in: 'both',
      was: 'x/Deployment.apps/old',
    });
  });

  it('one that is on one side only has its connections come or go', () => {
    const came = compare([X, A], [X, A, pod('x/b')]);
    expect(pairs(came)).toEqual(['+x/a > x/b', '+x/b > x/a', '+x/b > x/b']);
    expect(came.endpoints.find(({ key }) => key === 'x/Pod/b')).toMatchObject({ in: 'after' });
    const went = compare([X, A, pod('x/b')], [X, A]);
    expect(pairs(went)).toEqual(['-x/a > x/b', '-x/b > x/a', '-x/b > x/b']);
  });
});

describe('states', () => {
  it('a namespace with other labels changes what its selectors select', () => {
    const from = policy('x/p', '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: w}}}]}]}');
    const relabelled = XWZ.map((text) => text.replace('"ns":"z"', '"ns":"w"'));
    const document = compare([...XWZ, from], [...relabelled, from]);
    expect(pairs(document)).toEqual(['+z/a > x/a', '+z/a > x/b', '+z/b > x/a', '+z/b > x/b']);
    expect(document.added[0]!.policies?.map(({ name }) => name)).toEqual(['p']);
  });

  it('blocks of either state cut the ranges of both', () => {
    const block = (cidr: string) => policy('x/p', `{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: ${cidr}}}]}]}`);
    const { endpoints, added, removed } = compare(
      [...XWZ, block('198.51.100.0/24')],
      [...XWZ, block('198.51.100.0/25')],
    );
    expect(added).toEqual([]);
    expect(removed).toHaveLength(1);
    const [from] = removed[0]!.from;
    expect(endpoints.find(({ id }) => id === from)).toMatchObject({
      ranges: [['198.51.100.128', '198.51.100.255']],
      in: 'both',
    });
  });

  it('a changed pair says both, with the ports of each', () => {
    const port = (list: string) =>
      policy(
        'x/p',
        `{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{podSelector: {matchLabels: {pod: b}}}], ports: ${list}}]}`,
      );
    const { added, removed, changed } = compare(
      [...XWZ, port('[{port: 80}]')],
      [...XWZ, port('[{port: 80}, {port: 443}]')],
    );
    expect([added, removed]).toEqual([[], []]);
    expect(changed.map(({ before, after, policies }) => [before, after, policies?.map(({ name }) => name)])).toEqual([
      [
        { TCP: [[80, 80]] },
        {
          TCP: [
            [80, 80],
            [443, 443],
          ],
        },
        ['p'],
      ],
    ]);
  });

  it('findings and gaps of both are told, what both share once', () => {
    const foreign = object('projectcalico.org/v3', 'NetworkPolicy', 'x/p', '{}');
    const same = compare([...XWZ, foreign], [...XWZ, foreign]);
    expect(same.incomplete).toHaveLength(1);
    expect(same.findings).toHaveLength(1);
    expect(compare([...XWZ, foreign], XWZ).incomplete).toHaveLength(1);
    expect(compare(XWZ, [...XWZ, foreign]).findings).toHaveLength(1);
  });

  it('what was assumed of either is told', () => {
    const bare = compare(
      [
        X,
        deployment('x/d', 'app=d'),
        policy('x/p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}'),
      ],
      XWZ,
    );
    expect(bare.assumptions.join('\n')).toContain('10.0.0.0/8');
  });
});
