// Whom the DNS of a cluster asks for names outside of it, and whom the nodes ask: what a Corefile forwards to, and flags.

import type { State } from '../state.ts';
import { type Fact, shown, stated, unknown } from './fact.ts';
import { dataOf, objectNamed } from './other-objects.ts';
import { cidrsOf } from './parties.ts';
import type { StatedPlatform } from './platform-facts.ts';
import { parseResolver } from './resolver-address.ts';
import { aksNodeResolver } from './vendor-dns.ts';

const HINT = 'say them with --node-dns ADDRESS; /etc/resolv.conf of a node names them';

/** Whom the nodes ask, or pods that ask as they do. But for LocalDNS of AKS no object shows it. */
export function findNodeResolvers(
  state: State,
  { nodeResolvers }: StatedPlatform,
): Fact<readonly [string, ...string[]]> {
  const given = cidrsOf(nodeResolvers);
  if (given !== undefined) return stated(given, '--node-dns');
  const local = cidrsOf([aksNodeResolver(state) ?? '']);
  return local === undefined
    ? unknown('the resolvers of the nodes stand in files on them', HINT)
    : shown(local, 'AKS LocalDNS on every node');
}

/** ConfigMaps that hold the Corefile of a cluster's DNS. */
const COREFILES = [
  ['kube-system', 'coredns'],
  ['kube-system', 'rke2-coredns-rke2-coredns'],
] as const;

/** Where a Corefile forwards to. `addresses`: literally. `asksNodes`: whatever the node asks as well. */
export interface Forwards {
  readonly addresses: readonly { readonly address: string; readonly port: number }[];
  readonly asksNodes: boolean;
}

/** What the cluster's DNS forwards to; unknown where its Corefile is not in the snapshot. */
export function findForwards(state: State): Fact<Forwards> {
  for (const [namespace, name] of COREFILES) {
    const config = objectNamed(state, 'ConfigMap', namespace, name);
    const corefile = config === undefined ? undefined : dataOf(config, 'Corefile');
    if (config === undefined || corefile === undefined) continue;
    const targets = [...corefile.matchAll(/^\s*(?:forward|proxy)\s+\S+\s+([^{#\n]*)/gm)].flatMap(([, rest]) =>
      rest!
        .trim()
        .split(/\s+/)
        .filter((word) => word !== ''),
    );
    const addresses = targets.flatMap((target) => parseResolver(target) ?? []);
    const asksNodes = targets.some((target) => target.startsWith('/'));
    return shown(
      { addresses, asksNodes },
      `Corefile in ConfigMap ${namespace}/${name}`,
      config.locate(['data', 'Corefile']),
    );
  }
  return unknown('the Corefile of the cluster’s DNS is not in the snapshot', HINT);
}
