// Which API server to ask, and as whom: a context of the kubeconfig with what flags put in its place, as kubectl has it.
// Opens nothing.

import { resolve } from 'node:path';
import { nearestNames } from '../engine/model/nearest-names.ts';
import { UserError } from '../engine/model/user-error.ts';
import { inCluster } from './in-cluster.ts';
import {
  AS_ONESELF,
  type ClusterEntry,
  type ContextEntry,
  type Impersonation,
  type Kubeconfig,
  type UserEntry,
} from './kubeconfig.ts';
import { kubeconfigPaths, loadKubeconfig, type Surroundings } from './kubeconfig-files.ts';
import { parseTimeout } from './parse-timeout.ts';

/** kubectl's flags about the cluster, by their names. Absent: not given. */
export interface ClusterFlags {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly cluster?: string;
  readonly user?: string;
  readonly server?: string;
  readonly token?: string;
  readonly as?: string;
  readonly asGroup: readonly string[];
  readonly asUid?: string;
  readonly insecureSkipTlsVerify: boolean;
  readonly certificateAuthority?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly tlsServerName?: string;
  readonly requestTimeout?: string;
}

/** A server and a user of it. */
export interface Target {
  /** `context "prod"`, or what stands for it where none is named; for messages. */
  readonly title: string;
  /** Name of the context; absent in a pod and where flags say everything. */
  readonly context?: string;
  readonly server: URL;
  readonly cluster: ClusterEntry;
  /** Absent: nobody in particular, which few servers let in. */
  readonly userName?: string;
  readonly user: UserEntry;
  /** The context's; `default` where it has none. */
  readonly namespace: string;
  readonly impersonate: Impersonation;
  /** Milliseconds for one request; 0 for as long as it takes, absent: as long as something comes. */
  readonly timeout?: number;
}

const NOBODY: UserEntry = { impersonate: AS_ONESELF };

/**
 * The server and user that flags and kubeconfig choose. Undefined where there is neither a kubeconfig nor a flag nor a pod
 * that says where a cluster is. Throws UserError for names that do not exist, and whatever {@link loadKubeconfig} throws.
 */
export function chooseTarget(flags: ClusterFlags, around: Surroundings): Target | undefined {
  refuseEmpty(flags);
  const timeout = flags.requestTimeout === undefined ? undefined : parseTimeout(flags.requestTimeout);
  const config = loadKubeconfig(flags.kubeconfig, around);
  const isEmpty = config === undefined || (config.contexts.size === 0 && config.clusters.size === 0);
  if (isEmpty && flags.server === undefined) {
    const pod = inCluster(around.env);
    if (pod === undefined || flags.context !== undefined) return undefined;
    const { namespace = 'default' } = pod;
    return finish({ title: "this pod's cluster", ...pod, namespace, timeout }, flags, around);
  }
  const known: Kubeconfig = config ?? { clusters: new Map(), users: new Map(), contexts: new Map() };
  const context = flags.context ?? known.currentContext;
  const chosen = contextOf(context, known, flags, around);
  const clusterName = flags.cluster ?? chosen.cluster;
  const userName = flags.user ?? chosen.user;
  const cluster = entryOf('cluster', clusterName, known.clusters) ?? { insecure: false };
  const user = entryOf('user', userName, known.users) ?? NOBODY;
  return finish(
    {
      title: context !== undefined ? `context "${context}"` : `server "${flags.server ?? ''}"`,
      ...(context === undefined ? {} : { context }),
      cluster,
      user,
      ...(userName === undefined ? {} : { userName }),
      namespace: chosen.namespace ?? 'default',
      timeout,
    },
    flags,
    around,
  );
}

const NAMES = [
  'context',
  'kubeconfig',
  'cluster',
  'user',
  'server',
  'token',
  'as',
  'asGroup',
  'asUid',
  'certificateAuthority',
  'clientCertificate',
  'clientKey',
  'tlsServerName',
  'requestTimeout',
] as const satisfies readonly (keyof ClusterFlags)[];

/** An empty user would be oneself, and an empty token none: neither is what a variable without a value was meant to say. */
function refuseEmpty(flags: ClusterFlags): void {
  const name = NAMES.find((one) => flags[one] === '' || (one === 'asGroup' && flags.asGroup.includes('')));
  if (name === undefined) return;
  const flag = `--${name.replace(/[A-Z]/g, (big) => `-${big.toLowerCase()}`)}`;
  throw new UserError('usage', `${flag} is empty`, {
    hint: `a variable without a value gives that; leave ${flag} out`,
  });
}

function contextOf(
  name: string | undefined,
  { contexts }: Kubeconfig,
  flags: ClusterFlags,
  around: Surroundings,
): ContextEntry {
  if (name === undefined) {
    if (flags.server !== undefined || flags.cluster !== undefined) return {};
    const hint = `choose one with --context: ${[...contexts.keys()].sort().join(', ')}`;
    throw new UserError('usage', 'the kubeconfig names no current context', { hint });
  }
  const found = contexts.get(name);
  if (found !== undefined) return found;
  if (flags.context === undefined && (flags.server !== undefined || flags.cluster !== undefined)) return {};
  const files = kubeconfigPaths(flags.kubeconfig, around).map((file) => `"${file}"`);
  const near = nearestNames(name, contexts.keys());
  const all = [...contexts.keys()].sort();
  const hint =
    near.length > 0
      ? `did you mean ${near.join(' or ')}?`
      : all.length > 0
        ? `contexts: ${all.slice(0, 20).join(', ')}${all.length > 20 ? ` and ${all.length - 20} more` : ''}`
        : 'it has no contexts at all';
  const current = flags.context === undefined ? 'the current context' : 'context';
  throw new UserError('unknown-name', `${current} "${name}" does not exist in ${files.join(', ')}`, { hint });
}

function entryOf<T>(kind: string, name: string | undefined, entries: ReadonlyMap<string, T>): T | undefined {
  if (name === undefined) return undefined;
  const found = entries.get(name);
  if (found !== undefined) return found;
  const near = nearestNames(name, entries.keys());
  const more = near.length === 0 ? {} : { hint: `did you mean ${near.join(' or ')}?` };
  throw new UserError('unknown-name', `${kind} "${name}" does not exist in the kubeconfig`, more);
}

interface Chosen extends Pick<Target, 'title' | 'context' | 'cluster' | 'userName' | 'user' | 'namespace'> {
  readonly timeout: number | undefined;
}

/** Puts flags in the place of what the kubeconfig says. */
function finish({ timeout, ...chosen }: Chosen, flags: ClusterFlags, { cwd }: Surroundings): Target {
  const { tlsServerName, insecureSkipTlsVerify: insecure, certificateAuthority, server } = flags;
  if (insecure && certificateAuthority !== undefined) {
    const hint = 'leave one of them out';
    throw new UserError('usage', '--certificate-authority checks what --insecure-skip-tls-verify believes', { hint });
  }
  // Another server has another name, and whoever asks for no checks wants no authority either.
  const { tlsServerName: ownName, certificateAuthority: ownAuthority, ...rest } = chosen.cluster;
  const name = tlsServerName ?? (server === undefined ? ownName : undefined);
  const authority =
    certificateAuthority !== undefined
      ? { path: resolve(cwd, certificateAuthority) }
      : insecure
        ? undefined
        : ownAuthority;
  // kubectl refuses it too: what names an authority was never meant to be unchecked.
  if (rest.insecure && authority !== undefined && certificateAuthority === undefined) {
    throw new UserError('unreadable', `${chosen.title} has an authority, and insecure-skip-tls-verify beside it`, {
      hint: 'take insecure-skip-tls-verify out of the kubeconfig: with it anybody in between is believed',
    });
  }
  const cluster: ClusterEntry = {
    ...rest,
    ...(server === undefined ? {} : { server }),
    ...(name === undefined ? {} : { tlsServerName: name }),
    ...(authority === undefined ? {} : { certificateAuthority: authority }),
    insecure: (insecure || rest.insecure) && certificateAuthority === undefined,
  };
  return {
    ...chosen,
    cluster,
    server: serverOf(cluster, chosen.title),
    user: withWholePair(userOf(chosen.user, flags, cwd), chosen),
    impersonate: impersonationOf(chosen.user.impersonate, flags),
    ...(timeout === undefined ? {} : { timeout }),
  };
}

/** Credentials of flags stand in the place of those of the same sort; a token wins over a plugin. */
function userOf(user: UserEntry, flags: ClusterFlags, cwd: string): UserEntry {
  const { token, clientCertificate, clientKey } = flags;
  const { tokenFile, exec, authProvider, username, password, ...certificates } = user;
  const others = {
    ...(tokenFile === undefined ? {} : { tokenFile }),
    ...(exec === undefined ? {} : { exec }),
    ...(authProvider === undefined ? {} : { authProvider }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
  return {
    ...certificates,
    ...(token === undefined ? others : { token }),
    ...(clientCertificate === undefined ? {} : { clientCertificate: { path: resolve(cwd, clientCertificate) } }),
    ...(clientKey === undefined ? {} : { clientKey: { path: resolve(cwd, clientKey) } }),
  };
}

/** A certificate without its key would be left out, and the server asked as nobody. */
function withWholePair(user: UserEntry, { userName, title }: Pick<Chosen, 'userName' | 'title'>): UserEntry {
  const { clientCertificate, clientKey } = user;
  if ((clientCertificate === undefined) === (clientKey === undefined)) return user;
  const who = userName === undefined ? title : `user "${userName}"`;
  const [has, lacks] = clientKey === undefined ? ['certificate', 'key'] : ['key', 'certificate'];
  throw new UserError('unreadable', `${who} has a client ${has} and no client ${lacks}`, {
    hint: `add client-${lacks} to the kubeconfig, or --client-${lacks}`,
  });
}

function impersonationOf(own: Impersonation, { as, asGroup, asUid }: ClusterFlags): Impersonation {
  if (as === undefined && asGroup.length === 0 && asUid === undefined) return own;
  if (as === undefined) {
    const flag = asGroup.length > 0 ? '--as-group' : '--as-uid';
    if (own.user === undefined) {
      throw new UserError('usage', `${flag} needs --as`, { hint: 'the API server impersonates no group alone' });
    }
    const groups = asGroup.length > 0 ? asGroup : own.groups;
    return { ...own, groups, ...(asUid === undefined ? {} : { uid: asUid }) };
  }
  return { user: as, groups: asGroup, ...(asUid === undefined ? {} : { uid: asUid }), extra: new Map() };
}

function serverOf({ server: text, certificateAuthority, insecure }: ClusterEntry, title: string): URL {
  if (text === undefined) throw new UserError('unreadable', `${title} names no server`);
  // As kubectl has it, an address without a scheme is plain http where nothing says how to check a certificate.
  const scheme = certificateAuthority !== undefined || insecure ? 'https' : 'http';
  const url = /^https?:\/\//i.test(text) ? text : `${scheme}://${text}`;
  if (!URL.canParse(url)) throw new UserError('unreadable', `server "${text}" of ${title} is no address`);
  return new URL(url);
}
