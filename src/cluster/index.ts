// Reading a cluster: a context of a kubeconfig to objects, and what could not be listed. The public face of src/cluster.

import { apiClient } from './api-client.ts';
import { credentialsOf, readMaterial } from './credentials.ts';
import type { PluginSurroundings } from './exec-plugin.ts';
import type { Plain } from './plain-values.ts';
import { type ClusterReading, type ReadOptions, readCluster } from './read-cluster.ts';
import type { Target } from './target.ts';
import { openTransport, type TransportSurroundings } from './transport.ts';

export { loadKubeconfig, type Surroundings } from './kubeconfig-files.ts';
export type { ClusterReading } from './read-cluster.ts';
export { type ClusterFlags, chooseTarget, type Target } from './target.ts';

/** Everything outside that a reading touches. */
export interface ReaderSurroundings extends TransportSurroundings, Omit<PluginSurroundings, 'clusterInfo'> {
  readonly now: () => Date;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** Reads the cluster of a target. Throws UserError where it cannot be asked. */
export async function readTarget(
  target: Target,
  options: ReadOptions,
  around: ReaderSurroundings,
): Promise<ClusterReading> {
  const source = credentialsOf(target, { ...around, clusterInfo: () => clusterInfo(target) }, around.now);
  const transport = openTransport(target, source, around);
  try {
    return await readCluster(apiClient(target, transport, source, around), options);
  } finally {
    transport.close();
  }
}

/** What a plugin with `provideClusterInfo` is told. */
function clusterInfo({ cluster, server }: Target): Plain {
  const { certificateAuthority, tlsServerName, insecure, proxyUrl, execConfig } = cluster;
  return {
    server: server.href.replace(/\/$/, ''),
    ...(tlsServerName === undefined ? {} : { 'tls-server-name': tlsServerName }),
    ...(insecure ? { 'insecure-skip-tls-verify': true } : {}),
    ...(certificateAuthority === undefined
      ? {}
      : {
          'certificate-authority-data': readMaterial(certificateAuthority, 'certificate authority').toString('base64'),
        }),
    ...(proxyUrl === undefined ? {} : { 'proxy-url': proxyUrl }),
    ...(execConfig === undefined ? {} : { config: execConfig }),
  };
}
