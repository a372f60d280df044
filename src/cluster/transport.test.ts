// Requests that go wrong: busy servers, broken connections, silence, credentials that are no longer taken, proxies.

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FakeApi, sendStatus } from '../../test/support/fake-api-server.ts';
import { readFake } from '../../test/support/read-fake.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-transport-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const POD = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' } };

/** Answers the first requests for pods otherwise. */
function atFirst(times: number, act: NonNullable<FakeApi['intercept']>): Pick<FakeApi, 'intercept'> {
  let left = times;
  return {
    intercept: (request, response) => {
      if (!request.url?.startsWith('/api/v1/pods') || left === 0) return false;
      left--;
      return act(request, response);
    },
  };
}

describe('a request is made again', () => {
  it('when the server says that it is busy, after the time that it names', async () => {
    const busy = atFirst(2, (_, response) => {
      response.setHeader('retry-after', '3');
      sendStatus(response, 429, 'TooManyRequests', 'slow down');
      return true;
    });
    const { reading, waits } = await readFake({ objects: [POD], ...busy });
    expect([reading?.objects.length, waits]).toEqual([1, [3000, 3000]]);
  });

  it('when a part of it is on its way up, a little later each time', async () => {
    const starting = atFirst(3, (_, response) => {
      sendStatus(response, 503, 'ServiceUnavailable', 'starting');
      return true;
    });
    const { reading, waits } = await readFake({ objects: [POD], ...starting });
    expect([reading?.objects.length, waits]).toEqual([1, [250, 500, 1000]]);
  });

  it('when the connection breaks, before the answer or in it', async () => {
    const broken = atFirst(1, (request) => {
      request.socket.destroy();
      return true;
    });
    expect((await readFake({ objects: [POD], ...broken })).reading?.objects).toHaveLength(1);
    const halved = atFirst(1, (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
      response.write('{"kind":', () => request.socket.destroy());
      return true;
    });
    const { reading, waits } = await readFake({ objects: [POD], ...halved });
    expect([reading?.objects.length, waits]).toEqual([1, [250]]);
  });

  it('but not for ever', async () => {
    const broken = atFirst(9, (request) => {
      request.socket.destroy();
      return true;
    });
    const { error, waits } = await readFake({ objects: [POD], ...broken });
    expect(error?.message).toMatch(
      /^the API server at http:\/\/127.0.0.1:\d+ closes the connection before its answer is complete$/,
    );
    expect(waits).toHaveLength(4);
    const down = atFirst(9, (_, response) => {
      sendStatus(response, 503, 'ServiceUnavailable', 'etcd is down');
      return true;
    });
    const { reading } = await readFake({ objects: [POD], ...down });
    expect(reading?.gaps).toMatchObject([{ message: 'pods cannot be listed: etcd is down' }]);
  });
});

describe('silence', () => {
  const patience = { connect: 1000, silence: 1000 };
  // Time passes when a test says so, however busy the machine is.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Lets what was sent arrive, then so much time pass. */
  async function pass(milliseconds: number): Promise<void> {
    for (let turn = 0; turn < 50; turn++) await new Promise((done) => setImmediate(done));
    vi.advanceTimersByTime(milliseconds);
  }

  /** Answers the very first request, while no other is under way. */
  const atVersion = (act: (response: ServerResponse) => void): Pick<FakeApi, 'intercept'> => ({
    intercept: ({ url }, response) => {
      if (url !== '/version') return false;
      act(response);
      return true;
    },
  });
  const begin = (response: ServerResponse): boolean =>
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"kind":');

  it('before an answer ends the reading', async () => {
    const { error } = await readFake({ objects: [], ...atVersion(() => void pass(1000)) }, { patience });
    expect(error?.message).toMatch(/^the API server at \S+ does not answer$/);
  });

  it('in the middle of one does, too', async () => {
    const stalls = atVersion((response) => {
      begin(response);
      void pass(1000);
    });
    const { error } = await readFake({ objects: [], ...stalls }, { patience });
    expect(error?.message).toMatch(/^the API server at \S+ stopped in the middle of an answer$/);
    expect(error?.hint).toContain('--request-timeout');
  });

  it('is none while something comes', async () => {
    const slow = atVersion((response) => {
      begin(response);
      void pass(900)
        .then(() => response.write(' "x"'))
        .then(() => pass(900))
        .then(() => response.end('}'));
    });
    expect((await readFake({ objects: [POD], ...slow }, { patience })).reading?.objects).toHaveLength(1);
  });

  it('is as long as --request-timeout says, whatever comes', async () => {
    const trickles = atVersion((response) => {
      begin(response);
      void pass(60)
        .then(() => response.write(' '))
        .then(() => pass(60));
    });
    const { error } = await readFake({ objects: [], ...trickles }, { target: { timeout: 100 } });
    expect(error?.message).toMatch(/stopped in the middle of an answer within 0.1 s$/);
  });

  it('is for ever with --request-timeout 0', async () => {
    const late = atVersion((response) => {
      void pass(1_000_000).then(() => response.writeHead(200).end('{}'));
    });
    const { reading } = await readFake({ objects: [POD], ...late }, { patience, target: { timeout: 0 } });
    expect(reading?.objects).toHaveLength(1);
  });
});

describe('credentials', () => {
  const onlyFor = (token: string): Pick<FakeApi, 'intercept'> => ({
    intercept: (request, response) => {
      if (request.headers.authorization === `Bearer ${token}`) return false;
      sendStatus(response, 401, 'Unauthorized', 'Unauthorized');
      return true;
    },
  });
  const jwt = (exp: number) => ['e30', Buffer.from(JSON.stringify({ exp })).toString('base64url'), 'x'].join('.');

  it('that have expired are named', async () => {
    const user = { token: jwt(Date.UTC(2026, 4, 31) / 1000) };
    const { error } = await readFake({ objects: [], ...onlyFor('new') }, { user });
    expect(error?.message).toMatch(
      /^the API server at \S+ does not accept the credentials of user "dev" of context "fake": the token expired at 2026-05-31T00:00:00.000Z$/,
    );
    expect(error?.message).not.toContain(user.token);
    const wrong = await readFake({ objects: [], ...onlyFor('new') }, { user: { token: 'opaque' } });
    expect(wrong.error?.message).toMatch(/of user "dev" of context "fake"$/);
  });

  it('of a plugin are asked for once more, and once only', async () => {
    const plugin = pluginOf(`
      const { existsSync, writeFileSync } = require('node:fs');
      const again = existsSync('${join(folder, 'asked')}');
      writeFileSync('${join(folder, 'asked')}', '');
      console.error(again ? 'second' : 'first');
      console.log(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token: again ? 'new' : 'old' } }));
    `);
    const { reading, said } = await readFake({ objects: [POD], ...onlyFor('new') }, { user: { exec: plugin } });
    expect([reading?.objects.length, said]).toEqual([1, 'first\nsecond\n']);
    const never = await readFake({ objects: [POD], ...onlyFor('other') }, { user: { exec: plugin } });
    // The plugin gives the same token twice: nothing is won by asking again.
    expect([never.said, never.requests.length]).toEqual(['second\nsecond\n', 1]);
  });

  it('that expire while many requests are under way are renewed once for all of them', async () => {
    const log = join(folder, 'runs');
    const plugin = pluginOf(`
      const { appendFileSync, readFileSync } = require('node:fs');
      appendFileSync('${log}', 'x');
      const token = readFileSync('${log}', 'utf8') === 'x' ? 'old' : 'new';
      console.log(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } }));
    `);
    const { reading } = await readFake(
      {
        objects: [POD],
        intercept: (request, response) => {
          const isEarly = request.url?.includes('/namespaces?') === true || request.url?.includes('limit=') !== true;
          if (request.headers.authorization === 'Bearer new' || isEarly) return false;
          sendStatus(response, 401, 'Unauthorized', 'Unauthorized');
          return true;
        },
      },
      { user: { exec: plugin } },
    );
    expect([reading?.objects.length, readFileSync(log, 'utf8')]).toEqual([1, 'xx']);
  });

  it('of a file are read again', async () => {
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'old\n');
    const { reading } = await readFake(
      {
        objects: [POD],
        intercept: (request, response) => {
          if (request.headers.authorization === 'Bearer new') return false;
          writeFileSync(tokenFile, 'new\n');
          sendStatus(response, 401, 'Unauthorized', 'Unauthorized');
          return true;
        },
      },
      { user: { tokenFile } },
    );
    expect(reading?.objects).toHaveLength(1);
  });

  it('of a file win over a token beside it, as long as there is a file', async () => {
    const tokenFile = join(folder, 'beside');
    const user = { token: 'old', tokenFile };
    writeFileSync(tokenFile, 'new\n');
    expect((await readFake({ objects: [POD], ...onlyFor('new') }, { user })).error).toBeUndefined();
    rmSync(tokenFile);
    expect((await readFake({ objects: [POD], ...onlyFor('old') }, { user })).error).toBeUndefined();
  });

  it.each(['word word', 'a\n', 'tökén'])('that no header can carry are told: %j', async (token) => {
    const { error } = await readFake({ objects: [] }, { user: { token } });
    expect(error?.message).toMatch(/^the token of user "dev" holds a blank, an end of a line or /);
    expect(error?.message).not.toContain(token);
  });

  it('that are none are told', async () => {
    const nobody = (response: ServerResponse): boolean => {
      sendStatus(response, 403, 'Forbidden', 'forbidden: User "system:anonymous" cannot get path "/api"');
      return true;
    };
    const { error } = await readFake({ objects: [], intercept: (_, response) => nobody(response) });
    expect(error?.message).toMatch(/^the API server was asked as nobody, and refuses: /);
  });

  it('are a name and password, too, and whom to act as goes with each request', async () => {
    const seen: unknown[] = [];
    await readFake(
      {
        objects: [],
        intercept: (request) => {
          const { authorization, ...headers } = request.headers;
          seen.push([
            authorization,
            headers['impersonate-user'],
            headers['impersonate-group'],
            headers['impersonate-extra-a%2fb'],
          ]);
          return false;
        },
      },
      {
        user: { username: 'me', password: 'secret' },
        target: { impersonate: { user: 'jörg 日', groups: ['x', 'ÿ'], extra: new Map([['a/b', ['ć']]]) } },
      },
    );
    const sent = (text: string) => Buffer.from(text).toString('latin1');
    expect(new Set(seen.map((one) => JSON.stringify(one)))).toEqual(
      new Set([
        JSON.stringify([
          `Basic ${Buffer.from('me:secret').toString('base64')}`,
          sent('jörg 日'),
          sent('x, ÿ'),
          sent('ć'),
        ]),
      ]),
    );
  });

  /** A plugin that is a script for Node. */
  function pluginOf(script: string) {
    const path = join(folder, 'plugin.cjs');
    writeFileSync(path, script);
    chmodSync(path, 0o755);
    return {
      command: process.execPath,
      args: [path],
      env: [],
      apiVersion: 'client.authentication.k8s.io/v1',
      interactiveMode: 'Never' as const,
      provideClusterInfo: false,
      folder,
    };
  }
});

describe('a proxy', () => {
  it('carries every connection', async () => {
    const asked: string[] = [];
    const proxy = createServer((_, response) => response.writeHead(405).end());
    proxy.on('connect', ({ url, headers }, client) => {
      asked.push(`${headers['proxy-authorization']}`);
      const port = Number(url?.split(':').at(-1));
      const server = connect(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        server.pipe(client).pipe(server);
      });
      for (const socket of [client, server]) socket.on('error', () => {});
    });
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    const { port } = proxy.address() as AddressInfo;
    const cluster = { proxyUrl: `http://me:pw@127.0.0.1:${port}`, insecure: false };
    const { reading } = await readFake({ objects: [POD] }, { target: { cluster } });
    proxy.close();
    proxy.closeAllConnections();
    expect(reading?.objects).toHaveLength(1);
    expect(asked[0]).toBe(`Basic ${Buffer.from('me:pw').toString('base64')}`);
  });

  it('that refuses says so', async () => {
    const proxy = createServer();
    proxy.on('connect', (_, client) => client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    const { port } = proxy.address() as AddressInfo;
    const cluster = { proxyUrl: `http://127.0.0.1:${port}`, insecure: false };
    const { error } = await readFake({ objects: [] }, { target: { cluster } });
    proxy.close();
    proxy.closeAllConnections();
    expect(error?.message).toContain(`the proxy 127.0.0.1:${port} answers 407`);
  });
});
