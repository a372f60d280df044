// Which network plugins a snapshot shows, with version and whether they enforce policies as they are installed. By the table
// in profiles/network-plugins.ts; what "depends" on the installation is found out here.

import { valueAt } from '../model/source.ts';
import { isObject } from '../snapshot/reading.ts';
import type { State } from '../state.ts';
import {
  type Component,
  componentsOf,
  containersOf,
  objectOf,
  runsNowhere,
  titleOf,
  versionOfImage,
} from './components.ts';
import { countNodes } from './distribution.ts';
import { installedEnforcement } from './enforcement.ts';
import { assumed, type Known, shown, shownBy } from './fact.ts';
import type { NetworkPlugin, ServerSigns } from './platform-facts.ts';
import { NETWORK_PLUGINS, type PluginProfile } from './profiles/network-plugins.ts';

/** Every plugin that shows itself: running, on nodes, or (assumed) by its API group. In the order of the table. */
export function findPlugins(state: State, server: ServerSigns): readonly Known<NetworkPlugin>[] {
  const components = [...componentsOf(state).values()].filter(
    (one) => one.workload.kind === 'DaemonSet' && !runsNowhere(one),
  );
  const running = new Map(NETWORK_PLUGINS.map((profile) => [profile, runningPlugin(state, profile, components)]));
  const isAnyRunning = [...running.values()].some((plugin) => plugin !== undefined);
  const found = [...running].flatMap(([profile, plugin]) => {
    const one = plugin ?? onNodes(state, profile, isAnyRunning);
    return one === undefined ? [] : [one];
  });
  if (found.length > 0) return found;
  // Definitions of resources outlive what they were made for, so they count only where nothing else is seen.
  const { groups = [] } = server;
  return NETWORK_PLUGINS.filter(
    ({ group, enforces }) => group !== undefined && groups.includes(group) && enforces === 'yes',
  ).map((profile) => assumed(describe(profile, undefined, 'unknown'), `the server has the API group ${profile.group}`));
}

function runningPlugin(
  state: State,
  profile: PluginProfile,
  components: readonly Component[],
): Known<NetworkPlugin> | undefined {
  for (const component of components) {
    const [pod] = component.pods;
    const containers = containersOf(pod!);
    const container = containers.find(({ name }) => profile.containers.includes(name));
    const isNamed = profile.daemonSets.includes(component.workload.name);
    if (container === undefined && !isNamed) continue;
    if (profile.image !== undefined && !containers.some(({ image }) => image.includes(profile.image!))) continue;
    const own = container ?? containers[0];
    const version = own === undefined ? undefined : versionOfImage(own.image);
    const because = `${titleOf(component.workload)}${version === undefined ? '' : ', image tag'}`;
    const installed = installedEnforcement(state, profile, containers);
    return shownBy(describe(profile, version, installed.is, installed.because), because, objectOf(component));
  }
  return undefined;
}

/**
 * By what it left on nodes: that outlives the pods of a plugin that was read without them. `isOld`: another one runs, and this
 * one may be what was there before it.
 */
function onNodes(state: State, profile: PluginProfile, isOld: boolean): Known<NetworkPlugin> | undefined {
  const { nodes } = state.cluster;
  const marked = nodes.filter(({ object }) => {
    const annotations = valueAt(object, ['metadata', 'annotations']);
    const keys = isObject(annotations) ? Object.keys(annotations) : [];
    return keys.some((key) => profile.nodeAnnotations.some((start) => key.startsWith(start)));
  });
  const enforces = profile.enforces === 'no' ? 'no' : isOld || profile.enforces === 'depends' ? 'unknown' : 'yes';
  const why = isOld && enforces === 'unknown' ? 'nodes have its marks, and none of its pods is seen' : undefined;
  if (marked.length > 0) {
    const because = `annotations ${profile.nodeAnnotations[0]}… on ${countNodes(marked.length)}`;
    return shown(
      describe(profile, undefined, enforces, why),
      because,
      marked[0]!.object.locate(['metadata', 'annotations']),
    );
  }
  if (profile.nodeReason === undefined) return undefined;
  const reporting = nodes.filter(
    ({ object }) => networkReason(valueAt(object, ['status', 'conditions'])) === profile.nodeReason,
  );
  if (reporting.length === 0) return undefined;
  const because = `condition ${profile.nodeReason} of ${countNodes(reporting.length)}`;
  return shown(
    describe(profile, undefined, enforces, why),
    because,
    reporting[0]!.object.locate(['status', 'conditions']),
  );
}

function networkReason(conditions: unknown): unknown {
  if (!Array.isArray(conditions)) return undefined;
  return conditions.filter(isObject).find(({ type }) => type === 'NetworkUnavailable')?.['reason'];
}

function describe(
  { name, title, cni }: PluginProfile,
  version: string | undefined,
  enforces: NetworkPlugin['enforces'],
  because?: string,
): NetworkPlugin {
  return {
    name,
    title,
    ...(version === undefined ? {} : { version }),
    enforces,
    ...(because === undefined ? {} : { enforcesBecause: because }),
    ...(cni === undefined ? {} : { cni }),
  };
}
