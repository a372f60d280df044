// The service account of the pod that the program runs in: where its server, token and namespace are. Reads files.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AS_ONESELF, type ClusterEntry, type UserEntry } from './kubeconfig.ts';

/** Where the kubelet puts a pod's credentials. */
export const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** What a pod knows about its cluster. The token stays in its file, since it is replaced from time to time. */
export interface InCluster {
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
  readonly namespace?: string;
}

/** The pod's own cluster; undefined outside of one. */
export function inCluster(
  env: Readonly<Record<string, string | undefined>>,
  folder: string = SERVICE_ACCOUNT_FOLDER,
): InCluster | undefined {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'];
  const tokenFile = join(folder, 'token');
  if (!host || !port || !existsSync(tokenFile)) return undefined;
  const authority = join(folder, 'ca.crt');
  const namespace = env['POD_NAMESPACE'] || textOf(join(folder, 'namespace'));
  return {
    cluster: {
      server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
      ...(existsSync(authority) ? { certificateAuthority: { path: authority } } : {}),
      insecure: false,
    },
    user: { tokenFile, impersonate: AS_ONESELF },
    ...(namespace === undefined ? {} : { namespace }),
  };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
