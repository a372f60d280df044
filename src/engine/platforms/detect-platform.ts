// Everything that a snapshot, a server and flags say about the platform, each fact with its reason. Changes no answer.

import type { State } from '../state.ts';
import { findIngressControllers, findMonitoring } from './add-ons.ts';
import { findFamilies, findNodeCIDRs, findPodCIDRs, findServiceCIDRs } from './address-ranges.ts';
import { findApiServer } from './api-server.ts';
import { findCloud } from './distribution.ts';
import { findDnsCaches } from './dns-caches.ts';
import { findDnsServers } from './dns-servers.ts';
import { findUnenforcedNodes } from './enforcement.ts';
import { findMeshes } from './mesh-detection.ts';
import { findNodeResolvers } from './node-resolvers.ts';
import { NOTHING_STATED, type PlatformFacts, type ServerSigns, type StatedPlatform } from './platform-facts.ts';
import { findPluginInUse, findUnmatched } from './plugin-in-use.ts';
import { findTunnels } from './tunnels.ts';

/**
 * What is known of the platform. What flags state wins over what is shown, and that over what is usual. `server`
 * stands in for what the state itself holds of its server.
 */
export function detectPlatform(
  state: State,
  server: ServerSigns = {},
  platform: StatedPlatform = NOTHING_STATED,
): PlatformFacts {
  const inUse = findPluginInUse(state, server, platform);
  const { distribution } = inUse;
  const servers = findDnsServers(state, distribution, platform);
  const nodesUnmatchedBy = findUnmatched(state, inUse);
  const podCIDRs = findPodCIDRs(state);
  return {
    ...inUse,
    cloud: findCloud(state, distribution),
    dns: {
      servers,
      caches: findDnsCaches(state, distribution, servers, inUse, platform),
      nodeResolvers: findNodeResolvers(state, platform),
    },
    apiServer: findApiServer(state, distribution, inUse, platform),
    families: findFamilies(podCIDRs, state),
    podCIDRs,
    serviceCIDRs: findServiceCIDRs(state),
    nodeCIDRs: findNodeCIDRs(state),
    ...(nodesUnmatchedBy === undefined ? {} : { nodesUnmatchedBy }),
    tunnelCIDRs: state.cluster.nodes.flatMap(findTunnels),
    meshes: findMeshes(state),
    ingressControllers: findIngressControllers(state),
    monitoring: findMonitoring(state),
    ...(platform.metadata === undefined ? {} : { metadata: platform.metadata }),
    unenforcedNodes: findUnenforcedNodes(state),
  };
}
