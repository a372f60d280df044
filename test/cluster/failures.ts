// Servers that misbehave: busy, broken, silent, out of date. And Ctrl-C.

import { deepEqual, equal, match } from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Case } from './case.ts';
import { withRelay } from './relay.ts';

const isPods = (url: string | undefined): boolean => url?.startsWith('/api/v1/pods') === true;
const QUESTION = ['can', 'shop/web', 'shop/cart:8080'];

/** Reports only the first times. */
function firstOf(times: number, is: (url: string | undefined) => boolean): (url: string | undefined) => boolean {
  let left = times;
  return (url) => is(url) && left-- > 0;
}

/** Failures. */
export const CASES_OF_FAILURES: readonly Case[] = [
  {
    name: 'a busy server is asked again',
    async run(bench) {
      const isBusy = firstOf(1, isPods);
      await withRelay(
        bench,
        ({ url }, response) => {
          if (!isBusy(url)) return false;
          response
            .writeHead(429, { 'retry-after': '1' })
            .end('{"kind": "Status", "code": 429, "message": "slow down"}');
          return true;
        },
        async ({ url }) => equal((await bench.netweir([...QUESTION, '-s', url])).code, 0),
      );
    },
  },
  {
    name: 'a connection that breaks is opened again',
    async run(bench) {
      const isBroken = firstOf(2, isPods);
      await withRelay(
        bench,
        (request) => {
          if (!isBroken(request.url)) return false;
          request.socket.destroy();
          return true;
        },
        async ({ url }) => equal((await bench.netweir([...QUESTION, '-s', url])).code, 0),
      );
    },
  },
  {
    name: 'a server that stops answering ends the command',
    async run(bench) {
      await withRelay(
        bench,
        ({ url }) => isPods(url),
        async ({ url }) => {
          const { stdout, stderr, code } = await bench.netweir([...QUESTION, '-s', url, '--request-timeout', '3s']);
          match(stderr, /^error: the API server at \S+ does not answer within 3 s\n/);
          deepEqual([stdout, code], ['', 2]);
        },
      );
    },
  },
  {
    name: 'so does one that stops in the middle of an answer',
    async run(bench) {
      await withRelay(
        bench,
        ({ url }, response) => {
          if (!isPods(url)) return false;
          response.writeHead(200, { 'content-type': 'application/json' }).write('{"kind": "PodList", "items": [');
          return true;
        },
        async ({ url }) => {
          const { stderr, code } = await bench.netweir([...QUESTION, '-s', url, '--request-timeout', '3s']);
          match(stderr, /^error: the API server at \S+ stopped in the middle of an answer within 3 s\n/);
          equal(code, 2);
        },
      );
    },
  },
  {
    name: 'credentials that expire during the reading end the command',
    async run(bench) {
      await withRelay(
        bench,
        ({ url }, response) => {
          if (!isPods(url)) return false;
          response
            .writeHead(401)
            .end('{"kind": "Status", "code": 401, "reason": "Unauthorized", "message": "Unauthorized"}');
          return true;
        },
        async ({ url }) => {
          const { stdout, stderr, code } = await bench.netweir(['map', '-s', url]);
          match(stderr, /does not accept the credentials of/);
          deepEqual([stdout, code], ['', 2]);
        },
      );
    },
  },
  {
    name: 'nobody listens',
    async run(bench) {
      const { stderr, code } = await bench.netweir([...QUESTION, '-s', 'https://127.0.0.1:1']);
      match(
        stderr,
        /^error: nothing listens at https:\/\/127\.0\.0\.1:1, .*\(connection refused\)\nhint: start the cluster/,
      );
      equal(code, 2);
    },
  },
  ...(['SIGINT', 'SIGTERM'] as const).map(
    (signal): Case => ({
      name: `${signal} in the middle of a reading ends it, and leaves no file`,
      async run(bench) {
        const target = bench.file(`interrupted-${signal}`, '');
        const folder = dirname(target);
        const before = readdirSync(folder);
        let begun = (): void => {};
        const reached = new Promise<void>((done) => {
          begun = done;
        });
        await withRelay(
          bench,
          ({ url }) => {
            if (!isPods(url)) return false;
            begun();
            return true;
          },
          async ({ url }) => {
            const running = bench.spawn(['snapshot', 'save', `never-${signal}.json`, '-s', url]);
            await reached;
            running.kill(signal);
            // What a shell shows as 130 and 143.
            deepEqual(await running.ended, { code: null, signal });
          },
        );
        deepEqual(readdirSync(folder), before);
      },
    }),
  ),
];
