// When two maps are compared by an exchange of ends, and what that tells; that it tells the same as whole maps, properties of
// diff show.

import { describe, expect, it } from 'vitest';
import { type Manifest, podManifest, stateOf } from '../../../test/support/replay.ts';
import { mergeRelevance } from '../endpoints/relevance.ts';
import { makeWorld, worldOf } from '../endpoints/world.ts';
import { changesOfEnds } from './end-changes.ts';
import type { UnitPairs } from './pair-units.ts';

const POLICY: Manifest = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { namespace: 'x', name: 'db' },
  spec: {
    podSelector: { matchLabels: { app: 'db' } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 'sql' }] }],
  },
};

/** `kind` is its app, and the port that it calls sql where that is not 80: `db`, `db 81`. */
function pod(name: string, kind: string): Manifest {
  const [app, number = '80'] = kind.split(' ');
  const ports = [{ name: 'sql', containerPort: Number(number) }];
  return podManifest({ namespace: 'x', name, labels: { app: app! }, addresses: ['10.0.0.1'], ports });
}

/** What changes between pods with these apps, by name; the same names are the same pods. */
function changes(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>, assume = '') {
  const [was, is] = [before, after].map((apps, index) => {
    const assumed = index === 1 && assume !== '' ? [assume] : [];
    return stateOf([...Object.entries(apps).map(([name, app]) => pod(name, app)), POLICY], { assume: assumed });
  });
  const relevance = mergeRelevance(worldOf(was!).context.relevance, worldOf(is!).context.relevance);
  const [left, right] = [was!, is!].map((state) => ({ state, units: makeWorld(state, relevance).pods }));
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const position = ({ units }: typeof left & object, name: string): number | undefined => {
    const found = units.findIndex(({ endpoint }) => endpoint.name === `x/${name}`);
    return found < 0 ? undefined : found;
  };
  const pairs: UnitPairs = names.map((name) => [position(left!, name), position(right!, name)]);
  const parts = changesOfEnds(left!, right!, pairs, ['TCP']);
  if (parts === undefined) return undefined;
  const print = (side: typeof left & object, list: typeof parts.before) =>
    list
      .flatMap(({ from, to }) => from.flatMap((s) => to.map((d) => `${name(side, s)} > ${name(side, d)}`)))
      .sort()
      .map((text) => text.replaceAll('x/', ''));
  const name = ({ units }: typeof left & object, id: number) => units[id]!.endpoint.name;
  return { before: print(left!, parts.before), after: print(right!, parts.after) };
}

describe('changesOfEnds', () => {
  it('tells what changes with ends that are others, gone or new, by their positions on either side', () => {
    const apps = { a: 'api', db: 'db', web: 'web' };
    expect(changes(apps, apps)).toEqual({ before: [], after: [] });
    expect(changes(apps, { ...apps, db: 'db 81' })).toEqual({ before: ['web > db'], after: ['web > db'] });
    expect(changes(apps, { ...apps, a: 'web' })).toEqual({ before: [], after: ['a > db'] });
    expect(changes(apps, { db: 'db', web: 'web' })?.before).toEqual(['a > a', 'a > web', 'db > a', 'web > a']);
    expect(changes({ db: 'db', web: 'web' }, { aa: 'web', ...apps })?.after).toContain('aa > db');
  });

  it('leaves it to whole maps where much differs, or the plugin reads policies in another way', () => {
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`pod-${index}`, 'api']));
    const others = Object.fromEntries(Object.keys(many).map((name) => [name, 'web']));
    expect(changes(many, others)).toBe(undefined);
    expect(changes(many, many, 'sctp=unknown')).toBe(undefined);
  });
});
