// A compiled snapshot answers as the manifests do that it was compiled from, to the last byte, read in part or as a whole.

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { NEEDS_ALL, openNear } from '../../src/compiled-snapshot/index.ts';
import { worldOf } from '../../src/engine/endpoints/world.ts';
import {
  behaviourOf,
  can,
  explain,
  exposure,
  type LoadInput,
  loadState,
  mapConnectivity,
  parsePair,
  type State,
  UserError,
} from '../../src/engine/index.ts';
import { PORT_PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { printObjects, readText } from '../../src/manifests/index.ts';
import { behaviour } from '../support/arbitrary-behaviour.ts';
import { clusterManifests, manifests } from '../support/arbitrary-manifests.ts';
import { compiledFolder, stateOfFile } from '../support/compiled.ts';
import { manifestObject } from '../support/manifest-object.ts';
import { runs } from '../support/runs.ts';

const CONTEXT = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS };
const folder = compiledFolder();
afterAll(() => folder.remove());

/** What is asked for beside the pods of a drawn cluster. */
const OTHERS = [
  '203.0.113.7',
  '10.0.0.3',
  '10.0.0.15',
  '192.168.0.1',
  '2001:db8::3',
  'internet',
  'node/n1',
  'x/',
  'x/app=a',
  'all',
];
const ENDS = ['', ':80', ':web', ':53/udp'];

/** The document or the error of a question. */
function said(ask: () => unknown): string {
  try {
    return JSON.stringify(ask());
  } catch (error) {
    if (error instanceof UserError) return `${error.message} / ${error.hint}`;
    throw error;
  }
}

/** Puts another value somewhere into one. */
function breakAt(root: unknown, path: readonly number[], value: unknown): void {
  let here = root;
  for (const [depth, nth] of path.entries()) {
    if (typeof here !== 'object' || here === null) return;
    const keys = Object.keys(here);
    const key = keys[nth % keys.length];
    if (key === undefined) return;
    const next: unknown = Reflect.get(here, key);
    if (depth === path.length - 1 || typeof next !== 'object' || next === null)
      Reflect.set(here, key, structuredClone(value));
    here = next;
  }
}

/** Everything that can be written for an end of the state. */
function wordsOf(state: State): string[] {
  const units = worldOf(state).pods.flatMap((unit) => (unit.type === 'workload' ? [unit] : []));
  return [
    ...units.map(({ workload }) => `${workload.namespace}/${workload.kind.toLowerCase()}/${workload.name}`),
    ...units.flatMap(({ pods }) =>
      pods.flatMap(({ namespace, name, addresses }) => [`${namespace}/${name}`, ...addresses]),
    ),
    ...state.cluster.services.flatMap(({ namespace, name, clusterIPs }) => [
      `${namespace}/service/${name}`,
      ...clusterIPs,
    ]),
    ...OTHERS,
  ];
}

describe('a compiled snapshot', () => {
  const input = fc.tuple(manifests, behaviour, fc.boolean()).map(([drawn, chosen, isYaml]): LoadInput => {
    const list = { apiVersion: 'v1', kind: 'List', items: drawn };
    const { objects, findings, gaps } = isYaml
      ? readText(printObjects(drawn), 'k8s/all.yaml')
      : readText(JSON.stringify(list, null, 1), 'all.json');
    return { objects, findings, gaps, behaviour: chosen, defaultNamespace: 'default' };
  });

  it('comes to the state of its manifests, under any behaviour', async () => {
    await fc.assert(
      fc.asyncProperty(input, behaviour, async (compiled, asked) => {
        const path = folder.put(await folder.compile(compiled));
        const before = loadState({ ...compiled, behaviour: asked });
        const after = stateOfFile(path, asked);
        expect(after.findings.map(({ object: _, ...finding }) => JSON.stringify(finding))).toEqual(
          before.findings.map(({ object: _, ...finding }) => JSON.stringify(finding)),
        );
        const [map, open] = [before, after].map((state) =>
          said(() => mapConnectivity(state, { protocols: PORT_PROTOCOLS }, CONTEXT)),
        );
        expect(open).toBe(map);
        const [exposed, exposedAfter] = [before, after].map((state) => said(() => exposure(state, {}, CONTEXT)));
        expect(exposedAfter).toBe(exposed);
        const words = wordsOf(before);
        const pair = () => parsePair([words[0]!, words.at(-1) === words[0] ? words[0]! : words[1]!]);
        const [why, whyAfter] = [before, after].map((state) => said(() => explain(state, pair(), CONTEXT)));
        expect(whyAfter).toBe(why);
      }),
      runs(20),
    );
  });

  it('is made of malformed manifests, too, and says the same of them', async () => {
    const odd = fc.constantFrom<unknown>(null, 'x', 7, true, [], {}, [null], { name: 7 }, [{ name: 'c', env: 3 }]);
    const broken = fc
      .tuple(
        clusterManifests,
        fc.array(fc.tuple(fc.nat(), fc.array(fc.nat(), { maxLength: 7 }), odd), { maxLength: 6 }),
      )
      .map(([drawn, changes]) => {
        const items: unknown[] = JSON.parse(JSON.stringify(drawn));
        for (const [nth, path, value] of changes) if (items.length > 0) breakAt(items[nth % items.length], path, value);
        return readText(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), 'all.json');
      });
    await fc.assert(
      fc.asyncProperty(broken, behaviour, async ({ objects, findings, gaps }, chosen) => {
        const load = { objects, findings, gaps, behaviour: chosen, defaultNamespace: 'default' };
        const path = folder.put(await folder.compile(load));
        const [before, after] = [loadState(load), stateOfFile(path, chosen)];
        for (const state of [before, after]) expect(state.gaps).toEqual(before.gaps);
        const [map, again] = [before, after].map((state) =>
          said(() => mapConnectivity(state, { protocols: PORT_PROTOCOLS }, CONTEXT)),
        );
        expect(again).toBe(map);
      }),
      runs(50),
    );
  });

  it('is asked in part as it is as a whole, and says when that does not do', async () => {
    let [inPart, asked] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        input,
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom(...ENDS)), { minLength: 6, maxLength: 6 }),
        async (compiled, questions) => {
          const path = folder.put(await folder.compile(compiled));
          const state = loadState(compiled);
          const words = wordsOf(state);
          for (const [from, to, end] of questions) {
            const target = words[to % words.length]!;
            const port = target.includes(':') && end !== '' ? `[${target}]${end}` : `${target}${end}`;
            const pair = parsePair([words[from % words.length]!, port]);
            const near = openNear(path, 'file.netweir', compiled)!;
            asked++;
            try {
              const answer = JSON.stringify(can(near.state, pair, CONTEXT));
              inPart++;
              expect(answer).toBe(JSON.stringify(can(state, pair, CONTEXT)));
            } catch (error) {
              if (error !== NEEDS_ALL && !(error instanceof UserError)) throw error;
            } finally {
              near.close();
            }
          }
        },
      ),
      runs(50),
    );
    expect(inPart).toBeGreaterThan(asked / 6);
  });

  it('keeps policies as the plugin reads them', async () => {
    const pod = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'shop', labels: { app: name } },
      spec: { containers: [{ name: 'c', ports: [{ name: 'web', containerPort: 80 }] }] },
    });
    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { podSelector: {}, ingress: [{ ports: [{ port: 80, endPort: 90 }] }] },
    };
    const input = {
      behaviour: behaviourOf('default', ['endPort=portOnly']),
      defaultNamespace: 'default',
      objects: [pod('web'), pod('db'), policy].map(manifestObject),
    };
    const near = openNear(folder.put(await folder.compile(input)), 'file.netweir', input)!;
    const verdict = (port: number) => can(near.state, parsePair(['shop/web', `shop/db:${port}`]), CONTEXT).verdict;
    expect([80, 85].map(verdict)).toEqual(['allowed', 'denied']);
    near.close();
  });

  it('knows the places of what a less strict server goes on to read', async () => {
    const text = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {}
  ingress:
  - from:
    - ipBlock: {cidr: 10.0.0.1/8}
    unknown: 1
    port: []
`;
    const load = (strict: string): LoadInput => ({
      objects: readText(text, 'k8s/web.yaml').objects,
      behaviour: behaviourOf('default', [`strictCIDR=${strict}`]),
      defaultNamespace: 'default',
    });
    for (const [compiled, asked] of [
      ['reject', 'accept'],
      ['accept', 'reject'],
    ] as const) {
      const path = folder.put(await folder.compile(load(compiled)));
      const before = loadState(load(asked));
      expect(before.findings.length).toBeGreaterThan(0);
      expect(stateOfFile(path, before.behaviour).findings.map(({ source }) => source)).toEqual(
        before.findings.map(({ source }) => source),
      );
    }
  });

  it('is not asked in part under another behaviour, or where objects would be elsewhere', async () => {
    const pod = (namespace: string | undefined) =>
      manifestObject({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'a', ...(namespace && { namespace }) },
        spec: {},
      });
    const open = async (namespace: string | undefined, chosen: { behaviour: string; home: string }) => {
      const input = { behaviour: behaviourOf('default'), defaultNamespace: 'default', objects: [pod(namespace)] };
      const path = folder.put(await folder.compile(input));
      const asked = { behaviour: behaviourOf(chosen.behaviour), defaultNamespace: chosen.home };
      const near = openNear(path, 'file.netweir', asked);
      near?.close();
      return near !== undefined;
    };
    expect(await open('shop', { behaviour: 'default', home: 'default' })).toBe(true);
    expect(await open('shop', { behaviour: 'default', home: 'other' })).toBe(true);
    expect(await open('shop', { behaviour: 'cilium', home: 'default' })).toBe(false);
    expect(await open(undefined, { behaviour: 'default', home: 'default' })).toBe(true);
    expect(await open(undefined, { behaviour: 'default', home: 'other' })).toBe(false);
  });
});
