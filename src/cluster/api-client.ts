// Asks an API server for JSON: tries again where that may help, and says in one way what it refused. Knows statuses, not
// kinds.

import { UserError } from '../engine/model/user-error.ts';
import type { CredentialSource } from './credentials.ts';
import { connectionFailure } from './failure-text.ts';
import { isPlain, mapIn, type Plain, textIn } from './plain-values.ts';
import type { Target } from './target.ts';
import { type Reply, SilenceError, type Transport } from './transport.ts';

/** What the server does not hand out. */
export interface Refusal {
  readonly status: number;
  /** The API's word for it: `Forbidden`, `Expired`; empty where there is none. */
  readonly reason: string;
  /** In the server's words. */
  readonly message: string;
}

/** A JSON object, or why there is none. */
export type ApiAnswer =
  | { readonly value: Plain; readonly type: string; readonly refusal?: undefined }
  | { readonly refusal: Refusal };

/** Asks one server. */
export interface ApiClient {
  /**
   * GET. Refusals are answers: 403, 404, 410, and 5xx that do not pass. Throws UserError `not-available` where the server
   * cannot be reached, falls silent or knows the user no longer.
   */
  get(path: string, accept?: string): Promise<ApiAnswer>;
}

/** What waiting needs from outside. */
export interface ApiSurroundings {
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** How often a request is made in all, where the server is busy or the connection breaks. */
const ATTEMPTS = 5;
const MAX_WAIT = 30_000;
const BROKEN = ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE'];

/** A client over a transport. */
export function apiClient(
  target: Target,
  transport: Transport,
  source: Pick<CredentialSource, 'fault'>,
  { wait }: ApiSurroundings,
): ApiClient {
  let hasAnswered = false;
  let renewing: Promise<boolean> | undefined;

  const ask = async (path: string, accept: string): Promise<Reply> => {
    for (let attempt = 1; ; attempt++) {
      let pause: number;
      try {
        const reply = await transport.get(path, accept);
        hasAnswered = true;
        const after = retryAfter(reply);
        if (after === undefined || attempt === ATTEMPTS) return reply;
        pause = after === 0 ? backOff(attempt) : after;
      } catch (error) {
        if (attempt === ATTEMPTS || !mayPass(error, hasAnswered)) throw connectionFailure(error, target);
        pause = backOff(attempt);
      }
      await wait(Math.min(pause, MAX_WAIT));
    }
  };

  return {
    async get(path, accept = 'application/json') {
      const refusedWith = renewing;
      let reply = await ask(path, accept);
      if (reply.status === 401) {
        // One renewal for all requests that are under way; whoever began after it has the new credentials already.
        if (refusedWith === undefined) renewing ??= transport.renew();
        if (await (renewing ?? false)) reply = await ask(path, accept);
        if (reply.status === 401) throw unknownUser(target, source.fault());
      }
      return understand(reply, path, target);
    },
  };
}

/** Milliseconds after which a busy server is to be asked again, 0 for "soon"; undefined for a final answer. */
function retryAfter({ status, headers }: Reply): number | undefined {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  const isBusy = status === 429 || status === 503 || status === 502 || status === 504;
  if (!isBusy && !(status >= 500 && seconds > 0)) return undefined;
  return Number.isFinite(seconds) ? seconds * 1000 : 0;
}

function backOff(attempt: number): number {
  return 250 * 2 ** (attempt - 1);
}

/** A broken connection may work the next time. A server that has answered may be on its way up again; silence was waited for. */
function mayPass(error: unknown, hasAnswered: boolean): boolean {
  if (error instanceof SilenceError || error instanceof UserError) return false;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return BROKEN.includes(code) || (hasAnswered && code === 'ECONNREFUSED');
}

function unknownUser({ title, userName, server }: Target, fault: string | undefined): UserError {
  const who = userName === undefined ? title : `user "${userName}" of ${title}`;
  const why = fault === undefined ? '' : `: ${fault}`;
  return new UserError(
    'not-available',
    `the API server at ${server.origin} does not accept the credentials of ${who}${why}`,
    {
      hint: 'log in again as you do for kubectl; kubectl auth whoami tries it',
    },
  );
}

function understand({ status, headers, body }: Reply, path: string, { server, title }: Target): ApiAnswer {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // Not JSON: told below.
  }
  const isStatus = isPlain(value) && value['kind'] === 'Status';
  if (status === 200 && isPlain(value) && !isStatus) return { value, type: String(headers['content-type'] ?? '') };
  if (isPlain(value) && isStatus) {
    const code = typeof value['code'] === 'number' ? value['code'] : status === 200 ? 500 : status;
    const message = textIn(value, 'message') ?? `status ${status}`;
    return { refusal: { status: code, reason: textIn(value, 'reason') ?? '', message } };
  }
  if (status >= 500 || status === 404 || status === 429) {
    const said = body.trim().split('\n')[0]?.slice(0, 200) ?? '';
    const isText = !/^\s*</.test(said) && said !== '';
    return { refusal: { status, reason: '', message: isText ? said : `status ${status}` } };
  }
  const kind = String(headers['content-type'] ?? 'no type').split(';')[0];
  if (status === 200 && kind === 'application/json') {
    const what = value === undefined ? 'whole JSON' : 'JSON object';
    throw new UserError('not-available', `the answer of ${server.origin} to ${path.split('?')[0]} is no ${what}`, {
      hint: 'try again; a proxy in between may have cut it off or changed it',
    });
  }
  throw new UserError(
    'not-available',
    `what answers at ${server.origin} is no Kubernetes API: status ${status}, ${kind}`,
    {
      hint: `a login page or a proxy answers like this; ${title} may need a VPN or another address`,
    },
  );
}

/** Who was refused, as the server names the user; undefined where it does not. */
export function refusedUser({ message }: Refusal): string | undefined {
  return /User "([^"]+)"/.exec(message)?.[1];
}

/** The `metadata` of an object; empty where it has none. */
export function metadataOf(value: Plain): Plain {
  return mapIn(value, 'metadata') ?? {};
}
