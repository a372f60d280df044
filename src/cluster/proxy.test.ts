import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { openThrough, proxyFor } from './proxy.ts';

const proxy = (server: string, env: Record<string, string>, own?: string) => proxyFor(new URL(server), own, env)?.href;

describe('which proxy', () => {
  const env = { HTTPS_PROXY: 'http://p:3128' };
  it.each<[string, Record<string, string>, string | undefined]>([
    ['https://api:6443', {}, undefined],
    ['https://api:6443', env, 'http://p:3128/'],
    ['https://api:6443', { https_proxy: 'p:3128' }, 'http://p:3128/'],
    ['http://api:8080', env, undefined],
    ['http://api:8080', { HTTP_PROXY: 'http://q' }, 'http://q/'],
    ['https://127.0.0.1:6443', env, undefined],
    ['https://localhost:6443', env, undefined],
    ['https://[::1]:6443', env, undefined],
    ['https://api:6443', { ...env, NO_PROXY: '*' }, undefined],
    ['https://api.example.com', { ...env, NO_PROXY: 'example.com' }, undefined],
    ['https://example.com', { ...env, NO_PROXY: 'example.com' }, undefined],
    ['https://badexample.com', { ...env, NO_PROXY: 'example.com' }, 'http://p:3128/'],
    ['https://example.com', { ...env, NO_PROXY: '.example.com' }, 'http://p:3128/'],
    ['https://api.example.com', { ...env, no_proxy: 'a, .example.com' }, undefined],
    ['https://api.example.com', { ...env, NO_PROXY: '*.example.com' }, undefined],
    ['https://api:6443', { ...env, NO_PROXY: 'api:6443' }, undefined],
    ['https://api:6443', { ...env, NO_PROXY: 'api:443' }, 'http://p:3128/'],
    ['https://10.1.2.3', { ...env, NO_PROXY: '10.0.0.0/8' }, undefined],
    ['https://11.1.2.3', { ...env, NO_PROXY: '10.0.0.0/8,fd00::/8' }, 'http://p:3128/'],
    ['https://[fd00::1]', { ...env, NO_PROXY: 'fd00::/8' }, undefined],
    ['https://[fd00::1]', { ...env, NO_PROXY: 'fd00::1' }, undefined],
    ['https://10.1.2.3', { ...env, NO_PROXY: '10.1.2.3' }, undefined],
  ])('%s with %j goes through %s', (server, given, expected) => {
    expect(proxy(server, given)).toBe(expected);
  });

  it('is that of the kubeconfig, whatever the environment says', () => {
    expect(proxy('https://api', { NO_PROXY: '*' }, 'socks5://s:1080')).toBe('socks5://s:1080');
  });
});

it.each([
  [{}, 'http//p', 'proxy-url of the kubeconfig is no address of a proxy: "http//p"'],
  [{}, 'p:3128', 'proxy-url of the kubeconfig is no address of a proxy: "p:3128"'],
  [{}, 'ftp://me:pw@p', 'proxy-url of the kubeconfig is no address of a proxy: "ftp://p"'],
  [{ https_proxy: 'a b' }, undefined, 'https_proxy is no address of a proxy: "http://a b"'],
  [{ HTTPS_PROXY: 'socks4://p', https_proxy: 'q' }, undefined, 'HTTPS_PROXY is no address of a proxy: "socks4://p"'],
])('with %j and %s nothing is asked beside the proxy', (env, own, message) => {
  expect(() => proxy('https://api:6443', env, own)).toThrow(message);
});

it('a proxy that is not there is not taken for a server that is not there', async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  for (const kind of ['http', 'socks5']) {
    await expect(openThrough(new URL(`${kind}://127.0.0.1:${port}`), 'api', 1)).rejects.toThrow(
      `the proxy 127.0.0.1:${port} cannot be reached (ECONNREFUSED)`,
    );
  }
});

describe('SOCKS 5', () => {
  /** A proxy that answers each message of the client with the next of these, and keeps what it got. */
  async function withProxy(answers: readonly number[][], act: (url: URL) => Promise<Socket>) {
    const got: number[][] = [];
    const server = createServer((socket) => {
      let next = 0;
      socket.on('error', () => {});
      socket.on('data', (data) => {
        got.push([...data]);
        const answer = answers[next++];
        if (answer !== undefined) socket.write(Buffer.from(answer));
        else socket.end();
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    try {
      const socket = await act(new URL(`socks5://u:pw@127.0.0.1:${port}`));
      socket.destroy();
      return { got };
    } catch (error) {
      return { got, error: String(error) };
    } finally {
      server.close();
    }
  }
  const ANSWER = [5, 0, 0, 1, 127, 0, 0, 1, 0, 80];

  it('names the server and logs in', async () => {
    const { got } = await withProxy([[5, 2], [1, 0], ANSWER], (url) => openThrough(url, 'api', 6443));
    const name = [...Buffer.from('api')];
    expect(got).toEqual([
      [5, 2, 0, 2],
      [1, 1, ...Buffer.from('u'), 2, ...Buffer.from('pw')],
      [5, 1, 0, 3, 3, ...name, 6443 >> 8, 6443 & 255],
    ]);
  });

  it.each<[number[][], string]>([
    [
      [
        [5, 2],
        [1, 1],
      ],
      'refuses user and password',
    ],
    [[[5, 255]], 'wants a user and a password'],
    [
      [
        [5, 0],
        [5, 5, 0, 1, 0, 0, 0, 0, 0, 0],
      ],
      'cannot connect (SOCKS reply 5)',
    ],
    [[], 'the proxy closes the connection'],
  ])('that answers %j is told', async (answers, message) => {
    expect((await withProxy(answers, (url) => openThrough(url, 'api', 1))).error).toContain(message);
  });
});
