// From the flags that choose a cluster to what is in it. The only place of the CLI that talks to a server.

import type { ClusterFlags, ClusterReading, Target } from '../cluster/index.ts';
import type { Purpose } from '../engine/model/server-facts.ts';
import { UserError } from '../engine/model/user-error.ts';
import { printable } from '../report/index.ts';
import type { Invocation } from './invocation.ts';
import { VERSION } from './version.ts';

/** A cluster that was read. */
export interface ReadCluster {
  readonly reading: ClusterReading;
  readonly target: Target;
  /** The namespace of names and objects that have none: that of -n, else the context's. */
  readonly namespace: string;
}

/** How to read, beside what the flags say. */
export interface ClusterQuestion {
  readonly purposes: readonly Purpose[];
  /** The context of an operand `context/NAME`; absent: that of the flags. */
  readonly context?: string;
  /** Whether to keep what `kubectl apply` wrote beside each object. */
  readonly keepsApplied?: boolean;
}

/** Reads the cluster that flags and kubeconfig choose; undefined where nothing says which. Throws UserError. */
export async function readChosen(
  invocation: Invocation,
  { purposes, context, keepsApplied = false }: ClusterQuestion,
): Promise<ReadCluster | undefined> {
  const { options, io, progress, operands } = invocation;
  const [{ chooseTarget, readTarget }, { parse }] = await Promise.all([import('../cluster/index.ts'), import('yaml')]);
  const flags: ClusterFlags = context === undefined ? options : { ...options, context };
  const target = chooseTarget(flags, { cwd: io.cwd, env: io.env, parse });
  if (target === undefined) return undefined;
  if (options.fix) {
    throw new UserError('usage', `--fix changes files, and ${target.title} is a cluster, which is never written to`, {
      hint: 'name the files with -f PATH',
    });
  }
  const step = `reading ${target.title}`;
  progress.step(step);
  const { namespace = target.namespace } = options;
  const readsStdin = operands.includes('-') || options.filename.includes('-');
  const reading = await readTarget(
    target,
    {
      purposes,
      namespaces: [...new Set([namespace, target.namespace])],
      keepsApplied,
      onProgress: (read, total) => progress.step(`${step}, objects`, read, total),
    },
    {
      env: io.env,
      cwd: io.cwd,
      userAgent: `netweir/${VERSION}`,
      isInteractive: io.isTTY.stdin && !readsStdin,
      say: (text) => {
        progress.end();
        // Whoever has to log in has to see it, whether or not standard error takes it in time.
        io.stderr.write(text.split('\n').map(printable).join('\n')).catch(() => {});
      },
      now: () => new Date(),
      wait: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
    },
  );
  return { reading, target, namespace };
}

/** The flags that choose a cluster, as words for another command; secrets are left out. */
export function clusterWords(options: ClusterFlags): readonly string[] {
  const named: readonly (readonly [flag: string, value: string | undefined])[] = [
    ['--context', options.context],
    ['--kubeconfig', options.kubeconfig],
    ['--cluster', options.cluster],
    ['--user', options.user],
    ['--server', options.server],
    ['--as', options.as],
    ...options.asGroup.map((group) => ['--as-group', group] as const),
    ['--as-uid', options.asUid],
    ['--certificate-authority', options.certificateAuthority],
    ['--client-certificate', options.clientCertificate],
    ['--client-key', options.clientKey],
    ['--tls-server-name', options.tlsServerName],
    ['--request-timeout', options.requestTimeout],
  ];
  const words = named.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
  return options.insecureSkipTlsVerify ? [...words, '--insecure-skip-tls-verify'] : words;
}

/** The first flag that chooses a cluster, or undefined. */
export function clusterFlagOf(options: ClusterFlags): string | undefined {
  return options.token !== undefined ? '--token' : clusterWords(options)[0];
}
