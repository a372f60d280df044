// Runs the program that a kubeconfig names for credentials, as client-go does: what it is told, what it must answer.
// Never outlives this process. Knows no server but what the plugin is told of it.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { UserError } from '../engine/model/user-error.ts';
import type { ExecPlugin } from './kubeconfig.ts';
import { isPlain, mapIn, type Plain, textIn } from './plain-values.ts';

/** What a plugin gave. At least a token or a certificate with its key. */
export interface PluginCredentials {
  readonly token?: string;
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** When it is to be asked again, as it wrote it; absent: not by time. */
  readonly expires?: string;
}

/** What running a plugin needs from outside. */
export interface PluginSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Whether a person can type at standard input, and nothing else reads it. */
  readonly isInteractive: boolean;
  /** Takes what the plugin writes to standard error, at once: a login page to open, say. */
  readonly say: (text: string) => void;
  /** The server, for plugins with `provideClusterInfo`. */
  readonly clusterInfo: () => Plain;
}

const VERSIONS = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs the plugin. Throws UserError `unreadable` for one that fails or answers what is no ExecCredential, `not-available` for one that is not installed. */
export async function runPlugin(plugin: ExecPlugin, around: PluginSurroundings): Promise<PluginCredentials> {
  const { apiVersion, command, interactiveMode } = plugin;
  const title = `plugin "${command}"`;
  if (!VERSIONS.includes(apiVersion)) {
    throw new UserError('unreadable', `${title} speaks ${apiVersion}, which is not known`, {
      hint: `known are ${VERSIONS.join(' and ')}; a newer version of the plugin may have them`,
    });
  }
  if (interactiveMode === 'Always' && !around.isInteractive) {
    throw new UserError(
      'not-available',
      `${title} needs a terminal to ask for credentials, and standard input is none`,
    );
  }
  const interactive = interactiveMode !== 'Never' && around.isInteractive;
  const spec = { interactive, ...(plugin.provideClusterInfo ? { cluster: around.clusterInfo() } : {}) };
  const info = JSON.stringify({ kind: 'ExecCredential', apiVersion, spec });
  const { code, signal, output } = await start(plugin, around, interactive, info);
  if (code !== 0) {
    const how = code === null ? `was ended by ${signal}` : `failed with exit code ${code}`;
    throw new UserError('unreadable', `${title} ${how}`, {
      hint: 'what it said stands above; it gives the credentials of this user',
    });
  }
  return understand(output, plugin, title);
}

async function start(
  { command, args, env, folder, installHint }: ExecPlugin,
  around: PluginSurroundings,
  interactive: boolean,
  info: string,
): Promise<{ code: number | null; signal: NodeJS.Signals | null; output: string }> {
  // A name is looked up on PATH; a relative path belongs to the kubeconfig that has it.
  const isPath = /[/\\]/.test(command);
  const program = isPath && !/^([/\\]|[A-Za-z]:)/.test(command) ? join(folder, command) : command;
  const own = Object.fromEntries(env.map(({ name, value }) => [name, value]));
  const child = spawn(program, [...args], {
    cwd: around.cwd,
    env: { ...around.env, ...own, KUBERNETES_EXEC_INFO: info },
    stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const stop = (): void => {
    child.kill();
  };
  const listeners = SIGNALS.map((name) => {
    const listener = (): void => {
      stop();
      release();
      // Without a listener left, the signal does what it would have done.
      if (process.listenerCount(name) === 0) process.kill(process.pid, name);
    };
    return [name, listener] as const;
  });
  const release = (): void => {
    for (const [name, listener] of listeners) process.removeListener(name, listener);
    process.removeListener('exit', stop);
  };
  for (const [name, listener] of listeners) process.on(name, listener);
  process.on('exit', stop);
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr?.setEncoding('utf8').on('data', around.say);
  try {
    return await new Promise((done, fail) => {
      child.once('error', fail);
      child.once('close', (code, signal) => done({ code, signal, output }));
    });
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isAbsent) {
      throw new UserError('unreadable', `plugin "${command}" cannot be started: ${String(error)}`, { cause: error });
    }
    throw new UserError(
      'not-available',
      `plugin "${command}" is not installed; it gives the credentials of this user`,
      {
        hint: installHint ?? (isPath ? `there is no file ${program}` : 'install it, or put its folder on PATH'),
      },
    );
  } finally {
    release();
  }
}

function understand(output: string, { apiVersion }: ExecPlugin, title: string): PluginCredentials {
  const wrong = (what: string): UserError => new UserError('unreadable', `${title} ${what}`);
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch (cause) {
    throw new UserError('unreadable', `${title} prints no JSON`, { cause, hint: 'it should print an ExecCredential' });
  }
  if (!isPlain(value) || value['kind'] !== 'ExecCredential') throw wrong('prints no ExecCredential');
  if (value['apiVersion'] !== apiVersion) {
    throw wrong(`answers in ${String(value['apiVersion'])}, and the kubeconfig asks for ${apiVersion}`);
  }
  const status = mapIn(value, 'status');
  if (status === undefined) throw wrong('gives no status');
  const token = textIn(status, 'token');
  const cert = textIn(status, 'clientCertificateData');
  const key = textIn(status, 'clientKeyData');
  if ((cert === undefined) !== (key === undefined))
    throw wrong('gives a certificate without its key, or the key alone');
  if (token === undefined && cert === undefined) throw wrong('gives neither a token nor a certificate');
  const expires = textIn(status, 'expirationTimestamp');
  return {
    ...(token === undefined ? {} : { token }),
    ...(cert === undefined || key === undefined ? {} : { certificate: { cert, key } }),
    ...(expires === undefined ? {} : { expires }),
  };
}
