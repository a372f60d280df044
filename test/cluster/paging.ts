// Long lists: 20,000 objects of one kind, and pages that the server has forgotten on the way.

import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Bench, Case } from './case.ts';
import { withRelay } from './relay.ts';

const OBJECTS = 20_000;
const AT_ONCE = 48;
const PATH = '/apis/networking.k8s.io/v1/networkpolicies';

/** Policies that select nobody, in namespaces of their own. */
async function fill(bench: Bench): Promise<void> {
  const namespaces = Array.from({ length: 20 }, (_, index) => `crowd-${index}`);
  for (const name of namespaces) await bench.call('POST', '/api/v1/namespaces', { metadata: { name } });
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < OBJECTS; index = next++) {
      const namespace = namespaces[index % namespaces.length]!;
      await bench.call('POST', `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`, {
        metadata: { name: `policy-${index}` },
        spec: { podSelector: { matchLabels: { app: `app-${index}` } }, policyTypes: ['Ingress'] },
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** The names in a snapshot, each once. */
function crowdIn(text: string): { readonly objects: number; readonly names: number } {
  const names: string[] = JSON.parse(text).items.flatMap(
    ({ kind, metadata }: { kind: string; metadata: { name: string; namespace?: string } }) =>
      kind === 'NetworkPolicy' && metadata.namespace?.startsWith('crowd-')
        ? [`${metadata.namespace}/${metadata.name}`]
        : [],
  );
  return { objects: names.length, names: new Set(names).size };
}

/** Long lists; the first case fills the cluster. */
export const CASES_OF_PAGING: readonly Case[] = [
  {
    name: `${OBJECTS} objects are read page by page, each once`,
    async run(bench) {
      await fill(bench);
      await withRelay(
        bench,
        () => false,
        async ({ url, requests }) => {
          const { stdout, stderr, code } = await bench.netweir(['snapshot', 'save', '-', '-s', url]);
          equal(code, 0, stderr);
          deepEqual(crowdIn(stdout), { objects: OBJECTS, names: OBJECTS });
          const pages = requests.filter((path) => path.startsWith(PATH));
          ok(
            pages.length > OBJECTS / 500 && pages.every((path) => path.includes('limit=500')),
            `${pages.length} pages`,
          );
        },
      );
    },
  },
  {
    name: 'the map of all of them is that of the snapshot',
    async run(bench) {
      const [live, saved] = [
        await bench.netweir(['map', '-n', 'shop']),
        await bench.netweir(['snapshot', 'save', '-']),
      ];
      const file = bench.file('crowd.json', saved.stdout);
      const later = await bench.netweir(['map', '-n', 'shop', '-f', file]);
      deepEqual([later.stdout, later.code], [live.stdout, live.code]);
    },
  },
  {
    name: 'pages that the server has forgotten are read again, all in one',
    async run(bench) {
      let page = 0;
      await withRelay(
        bench,
        ({ url }, response) => {
          if (url?.startsWith(PATH) !== true || !url.includes('continue=') || ++page !== 3) return false;
          const message = 'The provided continue parameter is too old to display a consistent list result.';
          response.writeHead(410, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ kind: 'Status', status: 'Failure', reason: 'Expired', code: 410, message }));
          return true;
        },
        async ({ url, requests }) => {
          const { stdout, stderr, code } = await bench.netweir(['snapshot', 'save', '-', '-s', url]);
          equal(code, 0, stderr);
          deepEqual(crowdIn(stdout), { objects: OBJECTS, names: OBJECTS });
          equal(requests.filter((path) => path === PATH).length, 1);
        },
      );
    },
  },
  {
    name: 'Ctrl-C between two pages ends the reading',
    async run(bench) {
      let reached = (): void => {};
      const second = new Promise<void>((done) => {
        reached = done;
      });
      await withRelay(
        bench,
        ({ url }) => {
          if (url?.startsWith(PATH) !== true || !url.includes('continue=')) return false;
          reached();
          return true;
        },
        async ({ url }) => {
          const running = bench.spawn(['map', '-s', url]);
          await second;
          running.kill('SIGINT');
          deepEqual(await running.ended, { code: null, signal: 'SIGINT' });
        },
      );
    },
  },
];
