// Which proxy a connection goes through, as Go programs decide it, and how it is opened there: CONNECT or SOCKS 5.
// Knows no Kubernetes.

import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, connect as connectSocket, isIP, type Socket } from 'node:net';
import { UserError } from '../engine/model/user-error.ts';

const ABSENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'];

type Env = Readonly<Record<string, string | undefined>>;

/** The proxy for a server: the kubeconfig's, else that of the environment; undefined for a direct connection. */
export function proxyFor(server: URL, proxyUrl: string | undefined, env: Env): URL | undefined {
  if (proxyUrl !== undefined) return addressOf(proxyUrl, 'proxy-url of the kubeconfig');
  const named = server.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const name = env[named.toUpperCase()] ? named.toUpperCase() : named;
  const text = env[name];
  if (!text || isExempt(server, env['NO_PROXY'] || env['no_proxy'] || '')) return undefined;
  return addressOf(/^\w+:\/\//.test(text) ? text : `http://${text}`, name);
}

/** Who names a proxy wants no connection beside it. */
function addressOf(text: string, source: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^(https?|socks5h?):$/.test(url.protocol)) return url;
  const shown = text.replace(/\/\/[^/]*@/, '//');
  throw new UserError('unreadable', `${source} is no address of a proxy: "${shown}"`, {
    hint: 'write http://NAME:PORT, https://NAME:PORT or socks5://NAME:PORT',
  });
}

/** NO_PROXY: names, `.suffix`, addresses, ranges, each perhaps with a port, or `*`. This machine is always exempt. */
function isExempt(server: URL, list: string): boolean {
  const host = server.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = server.port || (server.protocol === 'https:' ? '443' : '80');
  if (host === 'localhost' || host === '::1' || /^127\./.test(host)) return true;
  return list
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry === '*' || (entry !== '' && matches(entry, host, port)));
}

function matches(entry: string, host: string, port: string): boolean {
  const [, range, bits] = /^([\d.]+|[\da-f:]+)\/(\d+)$/.exec(entry) ?? [];
  if (range !== undefined && isIP(range) > 0) {
    const family = isIP(range) === 6 ? 'ipv6' : 'ipv4';
    const own = isIP(host) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(host) === 0 || own !== family || Number(bits) > (family === 'ipv6' ? 128 : 32)) return false;
    const block = new BlockList();
    block.addSubnet(range, Number(bits), family);
    return block.check(host, family);
  }
  const [, name = entry, wanted] = /^(.*?)(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
  if (wanted !== undefined && wanted !== port) return false;
  const plain = name.replace(/^\[|\]$/g, '').replace(/^\*(?=\.)/, '');
  if (plain.startsWith('.')) return host.endsWith(plain);
  return host === plain || (isIP(plain) === 0 && host.endsWith(`.${plain}`));
}

/** Opens a connection to the server through the proxy. Rejects with what the proxy says where it does not let us. */
export async function openThrough(proxy: URL, host: string, port: number): Promise<Socket> {
  try {
    return await (/^socks5h?:$/.test(proxy.protocol) ? openSocks : openTunnel)(proxy, host, port);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!ABSENT.includes(code)) throw error;
    // The server's own errors have the same codes.
    throw new UserError('not-available', `the proxy ${proxy.host} cannot be reached (${code})`, {
      hint: 'proxy-url in the kubeconfig names it, or HTTPS_PROXY, from which NO_PROXY exempts',
      cause: error,
    });
  }
}

function openTunnel(proxy: URL, host: string, port: number): Promise<Socket> {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const request = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
  const secret = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return new Promise((done, fail) => {
    const call = request({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: authority,
      headers: {
        host: authority,
        ...(proxy.username === '' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(secret).toString('base64')}` }),
      },
      agent: false,
    });
    call.on('connect', ({ statusCode, statusMessage }, socket) => {
      if (statusCode === 200) return done(socket);
      socket.destroy();
      fail(new Error(`the proxy ${proxy.host} answers ${statusCode} ${statusMessage ?? ''}`.trimEnd()));
    });
    call.on('response', ({ statusCode }) => fail(new Error(`the proxy ${proxy.host} answers ${statusCode}`)));
    call.on('error', fail);
    call.end();
  });
}

/** SOCKS 5 with names resolved by the proxy, as Go has it, and a password where the address has one (RFC 1928, 1929). */
async function openSocks(proxy: URL, host: string, port: number): Promise<Socket> {
  const socket = connectSocket({ host: proxy.hostname.replace(/^\[|\]$/g, ''), port: Number(proxy.port || 1080) });
  try {
    const answers = readerOf(socket);
    const hasPassword = proxy.username !== '';
    socket.write(Buffer.from(hasPassword ? [5, 2, 0, 2] : [5, 1, 0]));
    const [, method] = await answers(2);
    if (method === 2 && hasPassword) {
      const user = Buffer.from(decodeURIComponent(proxy.username));
      const password = Buffer.from(decodeURIComponent(proxy.password));
      socket.write(Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]));
      const [, status] = await answers(2);
      if (status !== 0) throw new Error(`the proxy ${proxy.host} refuses user and password`);
    } else if (method !== 0) throw new Error(`the proxy ${proxy.host} wants a user and a password`);
    const name = Buffer.from(host);
    socket.write(Buffer.concat([Buffer.from([5, 1, 0, 3, name.length]), name, Buffer.from([port >> 8, port & 255])]));
    const [, reply, , kind] = await answers(4);
    if (reply !== 0) throw new Error(`the proxy ${proxy.host} cannot connect (SOCKS reply ${reply})`);
    const length = kind === 1 ? 4 : kind === 4 ? 16 : (await answers(1))[0]!;
    await answers(length + 2);
    socket.removeAllListeners('data').removeAllListeners('error').removeAllListeners('close');
    socket.pause();
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Reads exactly so many bytes at a time. */
function readerOf(socket: Socket): (count: number) => Promise<Buffer> {
  let held = Buffer.alloc(0);
  let failure: Error | undefined;
  let wake = (): void => {};
  socket.on('data', (chunk) => {
    held = Buffer.concat([held, chunk]);
    wake();
  });
  socket.on('error', (error) => {
    failure = error;
    wake();
  });
  socket.on('close', () => {
    failure ??= new Error('the proxy closes the connection');
    wake();
  });
  return async (count) => {
    while (held.length < count) {
      if (failure !== undefined) throw failure;
      await new Promise<void>((done) => {
        wake = done;
      });
    }
    const taken = held.subarray(0, count);
    held = held.subarray(count);
    return taken;
  };
}
