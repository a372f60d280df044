// One GET at a time over HTTPS (or HTTP): connections that are kept, proxies, credentials, and an end to waiting. Knows
// statuses and bytes, not what they say.

import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { type AgentOptions, Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { pipeline, type Readable } from 'node:stream';
import * as tls from 'node:tls';
import { createGunzip } from 'node:zlib';
import type { CredentialSource, Credentials } from './credentials.ts';
import { openThrough, proxyFor } from './proxy.ts';
import type { Target } from './target.ts';
import { tlsOptions } from './trust.ts';

/** Requests that are under way at a time. */
export const MAX_REQUESTS = 6;

/** Milliseconds without a byte after which a request counts as lost, where the person has set no time. */
export interface Patience {
  readonly connect: number;
  readonly silence: number;
}

/** What is usual: a VPN that is down shows within seconds, a busy server may think for long. */
export const PATIENCE: Patience = { connect: 15_000, silence: 60_000 };

/** An answer, whatever its status. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Thrown where nothing came for too long: before the connection stood, before the answer began, or within it. */
export class SilenceError extends Error {
  readonly during: 'connection' | 'answer' | 'body';
  constructor(during: SilenceError['during']) {
    super(`nothing came: ${during}`);
    this.name = 'SilenceError';
    this.during = during;
  }
}

/** Connections to one server. */
export interface Transport {
  /** Asks for a path below the server's own. Rejects with what Node says, or {@link SilenceError}. */
  get(path: string, accept: string): Promise<Reply>;
  /** Gets new credentials; false where there are none. */
  renew(): Promise<boolean>;
  close(): void;
}

/** What connecting needs from outside. */
export interface TransportSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly userAgent: string;
  readonly patience?: Patience;
}

/** Opens nothing yet: the first request does. */
export function openTransport(target: Target, source: CredentialSource, around: TransportSurroundings): Transport {
  let agent: { readonly of: Credentials; readonly agent: HttpAgent } | undefined;
  const headers = { 'user-agent': around.userAgent, 'accept-encoding': 'gzip', ...impersonationHeaders(target) };
  return {
    async get(path, accept) {
      const who = await source.current();
      // A certificate belongs to a connection: new ones for new credentials.
      if (agent?.of !== who) {
        agent?.agent.destroy();
        agent = { of: who, agent: agentFor(target, who, around.env) };
      }
      const { authorization } = who;
      const own = { ...headers, accept, ...(authorization === undefined ? {} : { authorization }) };
      return send(target, agent.agent, path, own, around.patience ?? PATIENCE);
    },
    renew: () => source.renew(),
    close() {
      agent?.agent.destroy();
    },
  };
}

function impersonationHeaders({ impersonate }: Target): Readonly<Record<string, string | string[]>> {
  const { user, uid, groups, extra } = impersonate;
  if (user === undefined) return {};
  return {
    'impersonate-user': inUtf8(user),
    ...(uid === undefined ? {} : { 'impersonate-uid': inUtf8(uid) }),
    ...(groups.length === 0 ? {} : { 'impersonate-group': groups.map(inUtf8) }),
    ...Object.fromEntries(
      [...extra].map(([key, values]) => [`impersonate-extra-${encodeURIComponent(key)}`, values.map(inUtf8)]),
    ),
  };
}

/** Node sends each character of a header as one byte, and the API server reads UTF-8: "ü" would be somebody else. */
function inUtf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function agentFor(target: Target, who: Credentials, env: TransportSurroundings['env']): HttpAgent {
  const { server, cluster } = target;
  const isSecure = server.protocol === 'https:';
  const options = { keepAlive: true, maxSockets: MAX_REQUESTS };
  const checks = isSecure ? tlsOptions(target, who, env) : {};
  // Certificates are parsed once, and not for every connection.
  const secure = isSecure ? { ...checks, secureContext: tls.createSecureContext(checks) } : {};
  const agent = isSecure ? new HttpsAgent({ ...options, ...(secure as AgentOptions) }) : new HttpAgent(options);
  const proxy = proxyFor(server, cluster.proxyUrl, env);
  if (proxy === undefined) return agent;
  type Connected = (error: Error | null, socket?: Socket) => void;
  const throughProxy = (_: unknown, connected: Connected): void => {
    openThrough(proxy, hostOf(server), portOf(server)).then(
      (socket) => connected(null, isSecure ? tls.connect({ ...secure, socket }) : socket),
      connected,
    );
  };
  return Object.assign(agent, { createConnection: throughProxy });
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

function send(
  { server, timeout }: Target,
  agent: HttpAgent,
  path: string,
  headers: Readonly<Record<string, string | string[]>>,
  patience: Patience,
): Promise<Reply> {
  const request = server.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((done, fail) => {
    const call = request({
      host: hostOf(server),
      port: portOf(server),
      path: `${server.pathname.replace(/\/+$/, '')}${path}`,
      headers: { ...headers },
      agent,
    });
    let silence: SilenceError | undefined;
    let timer: NodeJS.Timeout | undefined;
    let during: SilenceError['during'] = 'connection';
    // A time that the person sets is for the whole request; otherwise each sign of life begins it anew.
    const wait = (next: SilenceError['during']): void => {
      during = next;
      if (timeout !== undefined && timer !== undefined) return;
      const limit = timeout ?? (next === 'connection' ? patience.connect : patience.silence);
      clearTimeout(timer);
      if (limit === 0) return;
      timer = setTimeout(() => {
        silence = new SilenceError(during);
        call.destroy(silence);
      }, limit);
    };
    const failed = (error: unknown): void => {
      clearTimeout(timer);
      fail(silence ?? error);
    };
    wait('connection');
    call.on('socket', (socket: Socket & { secureConnecting?: boolean }) => {
      if (!socket.connecting && socket.secureConnecting !== true) return wait('answer');
      socket.once(socket instanceof tls.TLSSocket ? 'secureConnect' : 'connect', () => wait('answer'));
    });
    call.on('error', failed);
    call.on('response', (response) => {
      wait('body');
      readBody(response, () => wait('body')).then((body) => {
        clearTimeout(timer);
        done({ status: response.statusCode ?? 0, headers: response.headers, body });
      }, failed);
    });
    call.end();
  });
}

async function readBody(response: IncomingMessage, onChunk: () => void): Promise<string> {
  const isPacked = response.headers['content-encoding'] === 'gzip';
  // Errors are those of the loop below.
  const stream: Readable = isPacked ? pipeline(response, createGunzip(), () => {}) : response;
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) {
    onChunk();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
