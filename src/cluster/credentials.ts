// What a request carries to say who asks: a token, a password or a client certificate, as the kubeconfig has it, and new
// ones where the server takes the old no longer. Knows no requests.

import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../engine/model/user-error.ts';
import { type PluginCredentials, type PluginSurroundings, runPlugin } from './exec-plugin.ts';
import type { Material, UserEntry } from './kubeconfig.ts';
import { textIn } from './plain-values.ts';
import type { Target } from './target.ts';

/** Who asks, for one request. */
export interface Credentials {
  /** The header `Authorization`; absent: none. */
  readonly authorization?: string;
  readonly certificate?: { readonly cert: Buffer | string; readonly key: Buffer | string };
}

/** Credentials that can become old. */
export interface CredentialSource {
  current(): Promise<Credentials>;
  /** After a 401: gets new ones from a plugin or file; false where there are no others, or the same again. */
  renew(): Promise<boolean>;
  /** What is wrong with those that the server refused, as far as they say themselves: `the token expired on …`. */
  fault(): string | undefined;
}

/** The credentials of a target. Throws UserError where files cannot be read and plugins fail. */
export function credentialsOf(
  { user, userName = '' }: Pick<Target, 'user' | 'userName'>,
  around: PluginSurroundings,
  now: () => Date,
): CredentialSource {
  let held: Credentials | undefined;
  let pending: Promise<Credentials> | undefined;
  const get = async (): Promise<Credentials> => {
    held = await fromUser(user, userName, around, now);
    return held;
  };
  return {
    current() {
      // Requests that begin together share one run of a plugin.
      pending ??= get();
      return pending;
    },
    async renew() {
      if (user.exec === undefined && user.tokenFile === undefined) return false;
      const before = JSON.stringify(held);
      pending = get();
      return JSON.stringify(await pending) !== before;
    },
    fault: () => (held === undefined ? undefined : faultOf(held, now())),
  };
}

async function fromUser(
  user: UserEntry,
  name: string,
  around: PluginSurroundings,
  now: () => Date,
): Promise<Credentials> {
  const written = certificateOf(user);
  const own = { ...(written === undefined ? {} : { certificate: written }) };
  // In this order a request is told who asks: a plugin is not run for a user who has a token.
  if (user.token !== undefined || user.tokenFile !== undefined) {
    return { ...own, authorization: bearer(tokenOf(user), name) };
  }
  if (user.username !== undefined) {
    const pair = Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64');
    return { ...own, authorization: `Basic ${pair}` };
  }
  if (user.exec !== undefined) return { ...own, ...ofPlugin(await runPlugin(user.exec, around), name) };
  if (user.authProvider !== undefined) {
    return { ...own, authorization: bearer(providerToken(user.authProvider, name, now), name) };
  }
  return own;
}

/** What is in the file wins over what is beside it, as with kubectl: it is renewed, and the other is not. */
function tokenOf({ token, tokenFile }: UserEntry): string {
  if (tokenFile === undefined || (token !== undefined && !existsSync(tokenFile))) return token ?? '';
  return readToken(tokenFile);
}

/** The header for a token. Throws UserError `unreadable` for one that no header can carry. */
function bearer(token: string, user: string): string {
  if (!/[^\x21-\x7e]/.test(token)) return `Bearer ${token}`;
  throw new UserError(
    'unreadable',
    `the token of user "${user}" holds a blank, an end of a line or a letter that no token has`,
    {
      hint: 'was it copied whole, and nothing else with it?',
    },
  );
}

function ofPlugin({ token, certificate }: PluginCredentials, user: string): Credentials {
  return {
    ...(token === undefined ? {} : { authorization: bearer(token, user) }),
    ...(certificate === undefined ? {} : { certificate }),
  };
}

function certificateOf({ clientCertificate, clientKey }: UserEntry): Credentials['certificate'] {
  if (clientCertificate === undefined || clientKey === undefined) return undefined;
  return {
    cert: readMaterial(clientCertificate, 'client certificate'),
    key: readMaterial(clientKey, 'client key'),
  };
}

/** The bytes of a certificate or key. Throws UserError `unreadable` for a file that cannot be read. */
export function readMaterial(material: Material, what: string): Buffer {
  if ('data' in material) return material.data;
  try {
    return readFileSync(material.path);
  } catch (cause) {
    throw new UserError('unreadable', `the ${what} "${material.path}" cannot be read`, { cause });
  }
}

function readToken(file: string): string {
  let token: string;
  try {
    token = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new UserError('unreadable', `the token file "${file}" cannot be read`, { cause });
  }
  if (token === '') throw new UserError('unreadable', `the token file "${file}" is empty`);
  return token;
}

/** The identity token of the provider `oidc`, which kubectl still has; it is renewed by kubectl alone. */
function providerToken(
  { name, config }: NonNullable<UserEntry['authProvider']>,
  user: string,
  now: () => Date,
): string {
  const token = textIn(config, 'id-token');
  if (name !== 'oidc') {
    throw new UserError('not-available', `user "${user}" has auth-provider "${name}", which kubectl has dropped too`, {
      hint: 'let the tool that wrote the kubeconfig write it again: newer ones name a plugin under exec',
    });
  }
  const hint = 'run any kubectl command: it renews the token in the kubeconfig';
  if (token === undefined) throw new UserError('unreadable', `user "${user}" has no id-token yet`, { hint });
  const end = tokenEnd(token);
  if (end !== undefined && end <= now()) {
    throw new UserError('unreadable', `the id-token of user "${user}" expired at ${end.toISOString()}`, { hint });
  }
  return token;
}

function faultOf({ authorization, certificate }: Credentials, now: Date): string | undefined {
  const end = authorization?.startsWith('Bearer ') ? tokenEnd(authorization.slice('Bearer '.length)) : undefined;
  if (end !== undefined && end <= now) return `the token expired at ${end.toISOString()}`;
  if (certificate === undefined || authorization !== undefined) return undefined;
  try {
    const until = new Date(new X509Certificate(certificate.cert).validTo);
    return until <= now ? `the client certificate expired at ${until.toISOString()}` : undefined;
  } catch {
    return undefined;
  }
}

/** When a JSON web token ends; undefined for every other token. */
function tokenEnd(token: string): Date | undefined {
  const [, body] = token.split('.');
  if (body === undefined) return undefined;
  try {
    const { exp } = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as { exp?: unknown };
    return typeof exp === 'number' ? new Date(exp * 1000) : undefined;
  } catch {
    return undefined;
  }
}
