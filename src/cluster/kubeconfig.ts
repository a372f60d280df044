// What kubeconfig files say, in one shape: clusters, users, contexts by name. Merges several files as kubectl does. Knows
// neither YAML (values come parsed) nor any server.

import { dirname, resolve } from 'node:path';
import { UserError } from '../engine/model/user-error.ts';
import { listIn, mapIn, type Plain, switchIn, textIn } from './plain-values.ts';

/** Bytes that stand in a file, or in the kubeconfig itself. */
export type Material = { readonly path: string } | { readonly data: Buffer };

/** One entry of `clusters`. Absent fields were not written. */
export interface ClusterEntry {
  readonly server?: string;
  readonly certificateAuthority?: Material;
  readonly tlsServerName?: string;
  readonly insecure: boolean;
  readonly proxyUrl?: string;
  /** What `provideClusterInfo` hands to plugins as `config`: extension client.authentication.k8s.io/exec. */
  readonly execConfig?: unknown;
}

/** How a plugin that gives credentials is run. */
export interface ExecPlugin {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly apiVersion: string;
  readonly installHint?: string;
  readonly interactiveMode: 'Never' | 'IfAvailable' | 'Always';
  readonly provideClusterInfo: boolean;
  /** What a command with a slash in it is relative to. */
  readonly folder: string;
}

/** Whom to act as. */
export interface Impersonation {
  readonly user?: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  /** Values by key; only a kubeconfig has them. */
  readonly extra: ReadonlyMap<string, readonly string[]>;
}

/** One entry of `users`. Absent fields were not written. */
export interface UserEntry {
  readonly clientCertificate?: Material;
  readonly clientKey?: Material;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly exec?: ExecPlugin;
  /** The older plugins that were built into kubectl: their name and settings. */
  readonly authProvider?: { readonly name: string; readonly config: Plain };
  readonly impersonate: Impersonation;
}

/** One entry of `contexts`. */
export interface ContextEntry {
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
}

/** All of it, by name. */
export interface Kubeconfig {
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  readonly currentContext?: string;
}

/** Nobody else. */
export const AS_ONESELF: Impersonation = { groups: [], extra: new Map() };

/** Reads one file's value. `file` is absolute: paths in it are relative to its folder. Throws UserError `unreadable`. */
export function readKubeconfig(value: unknown, file: string): Kubeconfig {
  // An empty file is one without entries.
  if (value === null || value === undefined) return { clusters: new Map(), users: new Map(), contexts: new Map() };
  const root = mapIn({ value }, 'value');
  if (root === undefined || Array.isArray(value)) throw notOne(file);
  const kind = textIn(root, 'kind');
  if (kind !== undefined && kind !== 'Config') throw notOne(file, kind);
  const folder = dirname(file);
  const entries = <T>(list: string, field: string, read: (entry: Plain, name: string) => T): Map<string, T> => {
    const found = new Map<string, T>();
    for (const item of listIn(root, list)) {
      const name = textIn(item, 'name');
      if (name === undefined) continue;
      // kubectl refuses it too: whichever was taken, the other may be meant. Between files the first one counts.
      if (found.has(name)) {
        const hint = 'kubectl reads no such file either: rename one of them, or take it out';
        throw new UserError('unreadable', `kubeconfig "${file}" has two ${list} of the name "${name}"`, { hint });
      }
      found.set(name, read(mapIn(item, field) ?? {}, name));
    }
    return found;
  };
  const currentContext = textIn(root, 'current-context');
  return {
    clusters: entries('clusters', 'cluster', (entry, name) => readCluster(entry, name, folder, file)),
    users: entries('users', 'user', (entry, name) => readUser(entry, name, folder, file)),
    contexts: entries('contexts', 'context', readContext),
    ...(currentContext === undefined ? {} : { currentContext }),
  };
}

/** The first file that has a name decides all of its entry; the first current context counts. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const merge = <T>(maps: readonly ReadonlyMap<string, T>[]): Map<string, T> =>
    new Map([...maps].reverse().flatMap((map) => [...map]));
  const currentContext = configs.find((config) => config.currentContext !== undefined)?.currentContext;
  return {
    clusters: merge(configs.map(({ clusters }) => clusters)),
    users: merge(configs.map(({ users }) => users)),
    contexts: merge(configs.map(({ contexts }) => contexts)),
    ...(currentContext === undefined ? {} : { currentContext }),
  };
}

function readContext(entry: Plain): ContextEntry {
  return pick(entry, { cluster: 'cluster', user: 'user', namespace: 'namespace' });
}

function readCluster(entry: Plain, name: string, folder: string, file: string): ClusterEntry {
  const extension = listIn(entry, 'extensions').find(
    (one) => textIn(one, 'name') === 'client.authentication.k8s.io/exec',
  );
  const place = `cluster "${name}" of ${file}`;
  return {
    ...pick(entry, { server: 'server', tlsServerName: 'tls-server-name', proxyUrl: 'proxy-url' }),
    insecure: switchIn(entry, 'insecure-skip-tls-verify'),
    ...material(entry, 'certificateAuthority', 'certificate-authority', folder, place),
    ...(extension === undefined ? {} : { execConfig: extension['extension'] }),
  };
}

function readUser(entry: Plain, name: string, folder: string, file: string): UserEntry {
  const exec = mapIn(entry, 'exec');
  const provider = mapIn(entry, 'auth-provider');
  const tokenFile = textIn(entry, 'tokenFile');
  const place = `user "${name}" of ${file}`;
  return {
    ...pick(entry, { token: 'token', username: 'username', password: 'password' }),
    ...(tokenFile === undefined ? {} : { tokenFile: resolve(folder, tokenFile) }),
    ...material(entry, 'clientCertificate', 'client-certificate', folder, place),
    ...material(entry, 'clientKey', 'client-key', folder, place),
    ...(exec === undefined ? {} : { exec: readExec(exec, folder, place) }),
    ...(provider === undefined
      ? {}
      : { authProvider: { name: textIn(provider, 'name') ?? '', config: mapIn(provider, 'config') ?? {} } }),
    impersonate: {
      ...pick(entry, { user: 'as', uid: 'as-uid' }),
      groups: texts(entry['as-groups']),
      extra: new Map(Object.entries(mapIn(entry, 'as-user-extra') ?? {}).map(([key, value]) => [key, texts(value)])),
    },
  };
}

function readExec(entry: Plain, folder: string, place: string): ExecPlugin {
  const command = textIn(entry, 'command');
  const apiVersion = textIn(entry, 'apiVersion');
  if (command === undefined || apiVersion === undefined) {
    throw new UserError('unreadable', `exec of ${place} has no ${command === undefined ? 'command' : 'apiVersion'}`);
  }
  const mode = textIn(entry, 'interactiveMode') ?? 'IfAvailable';
  if (mode !== 'Never' && mode !== 'IfAvailable' && mode !== 'Always') {
    const hint = 'write Never, IfAvailable or Always';
    throw new UserError('unreadable', `exec of ${place}: "${mode}" is no interactiveMode`, { hint });
  }
  const env = listIn(entry, 'env').flatMap((one) => {
    const [name, value] = [textIn(one, 'name'), one['value']];
    return name === undefined ? [] : [{ name, value: typeof value === 'string' ? value : '' }];
  });
  return {
    command,
    args: texts(entry['args']),
    env,
    apiVersion,
    ...pick(entry, { installHint: 'installHint' }),
    interactiveMode: mode,
    provideClusterInfo: switchIn(entry, 'provideClusterInfo'),
    folder,
  };
}

/** Data in the file win over a path, as with kubectl. */
function material<K extends string>(
  entry: Plain,
  field: K,
  key: string,
  folder: string,
  place: string,
): { readonly [P in K]?: Material } {
  const data = textIn(entry, `${key}-data`);
  const path = textIn(entry, key);
  if (data !== undefined) {
    const text = data.replace(/\s+/g, '');
    const bytes = Buffer.from(text, 'base64');
    if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) {
      throw new UserError('unreadable', `${key}-data of ${place} is no base64`);
    }
    return { [field]: { data: bytes } } as { readonly [P in K]?: Material };
  }
  if (path === undefined) return {};
  return { [field]: { path: resolve(folder, path) } } as { readonly [P in K]?: Material };
}

/** The text fields of an entry under other names; those that are absent or empty are left out. */
function pick<K extends string>(entry: Plain, names: Readonly<Record<K, string>>): { readonly [P in K]?: string } {
  const found: Partial<Record<K, string>> = {};
  for (const field of Object.keys(names) as K[]) {
    const text = textIn(entry, names[field]);
    if (text !== undefined) found[field] = text;
  }
  return found;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function notOne(file: string, kind?: string): UserError {
  const what = kind === undefined ? 'no map' : `a ${kind}`;
  return new UserError('unreadable', `"${file}" is no kubeconfig: it holds ${what}`);
}
