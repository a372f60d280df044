// The few ConfigMaps in which platforms and plugins describe themselves: read by name where ConfigMaps are not read at all,
// since those of applications may hold anything. Knows their names, not what they say.

import type { Limit } from '../engine/model/server-facts.ts';
import { type ApiClient, refusedUser } from './api-client.ts';
import type { ServedKind } from './discovery.ts';
import { inParallel } from './in-parallel.ts';
import { getObject } from './list-objects.ts';
import type { Plain } from './plain-values.ts';
import { MAX_REQUESTS } from './transport.ts';

/** Namespace and name of each; src/engine/platforms says what they are for. */
export const PLATFORM_SETTINGS: readonly (readonly [namespace: string, name: string])[] = [
  ['kube-flannel', 'kube-flannel-cfg'],
  ['kube-system', 'amazon-vpc-cni'],
  ['kube-system', 'cilium-config'],
  ['kube-system', 'coredns'],
  ['kube-system', 'kube-flannel-cfg'],
  ['kube-system', 'kubeadm-config'],
  ['kube-system', 'node-local-dns'],
  ['kube-system', 'rke2-coredns-rke2-coredns'],
];

/** Those that exist, in order; a limit where the user may not read one. Nothing where the server has no ConfigMaps. */
export async function readPlatformSettings(
  client: ApiClient,
  kinds: readonly ServedKind[],
): Promise<{ readonly objects: readonly Plain[]; readonly limits: readonly Limit[] }> {
  const kind = kinds.find((one) => one.group === '' && one.kind === 'ConfigMap');
  if (kind === undefined) return { objects: [], limits: [] };
  const answers = await inParallel(PLATFORM_SETTINGS, MAX_REQUESTS, ([namespace, name]) =>
    getObject(client, kind, name, namespace),
  );
  const objects = answers.flatMap((answer) => (answer.refusal === undefined ? [answer.object] : []));
  const refused = answers.find((answer) => answer.refusal !== undefined && answer.refusal.status !== 404)?.refusal;
  if (refused === undefined) return { objects, limits: [] };
  const user = refusedUser(refused);
  const who = user === undefined ? 'this user' : `"${user}"`;
  const why =
    refused.status === 403
      ? `${who} may not read ConfigMaps of kube-system`
      : `ConfigMaps of kube-system cannot be read (${refused.message})`;
  const message = `${why}: what platform and plugin say there of themselves is not known`;
  return { objects, limits: [{ purpose: 'evidence', message }] };
}
