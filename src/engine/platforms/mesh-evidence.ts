// What being in a service mesh asks of a workload's policies: its proxy calls the control plane, what it needs may come through
// the mesh's tunnel, and probes may come from an address of the mesh.

import type { Evidence, EvidenceFound, Party } from '../model/evidence.ts';
import { EVERYTHING } from '../model/selector.ts';
import { NAME_LABEL } from '../snapshot/nodes.ts';
import type { State } from '../state.ts';
import { type Component, componentsOf, placeOf, titleOf } from './components.ts';
import { asksIn, isInMesh } from './mesh-detection.ts';
import { addressesOf, selectsPodsOf } from './parties.ts';
import type { PlatformFacts } from './platform-facts.ts';
import { type MeshProfile, meshNamed } from './profiles/meshes.ts';

/** The control plane that the proxy of a workload calls; empty for one that is in no mesh or has no proxy of its own. */
export function meshNeeds(state: State, component: Component, facts: PlatformFacts): readonly Evidence[] {
  const { key } = component.workload;
  return facts.meshes.flatMap(({ value: { name, title, controlPlane } }): readonly Evidence[] => {
    const profile = meshNamed(name);
    if (controlPlane === undefined || !isMember(state, profile, key)) return [];
    return profile.controlPorts.map((port) => ({
      from: { type: 'workload', key },
      to: controlPlane,
      protocol: 'TCP',
      ports: [port, port],
      kind: 'mesh',
      confidence: 'certain',
      says: `the proxy of ${titleOf(component.workload)} calls the control plane of ${title}`,
      source: placeOf(component),
    }));
  });
}

/**
 * Who calls a workload that is the control plane of a mesh; empty for every other. Namespaces that ask for a proxy are named as
 * wholes, so that their next workload finds the control plane open; members elsewhere one by one.
 */
export function meshServerNeeds(state: State, component: Component, facts: PlatformFacts): readonly Evidence[] {
  const { namespaces } = state.cluster;
  const to: Party = { type: 'workload', key: component.workload.key };
  const source = placeOf(component);
  return facts.meshes.flatMap(({ value: { name, title, controlPlane } }): readonly Evidence[] => {
    if (controlPlane?.type !== 'pods' || !selectsPodsOf(controlPlane, component, state)) return [];
    const profile = meshNamed(name);
    const asking = [...namespaces.values()].filter((one) => asksIn(profile, one)).map((one) => one.name);
    const members = [...componentsOf(state).values()].filter(
      ({ workload, pods }) =>
        !asking.includes(workload.namespace) && isInMesh(profile, pods[0]!, namespaces.get(workload.namespace)),
    );
    const callers: readonly (readonly [Party, string])[] = [
      ...(asking.length === 0 ? [] : [[podsOfNamespaces(asking.sort(), title), `pods in ${title} call it`] as const]),
      ...members.map(({ workload }) => {
        const from: Party = { type: 'workload', key: workload.key };
        return [from, `the proxy of ${titleOf(workload)} calls it`] as const;
      }),
    ];
    return callers.flatMap(([from, says]) =>
      profile.controlPorts.map((port): Evidence => {
        const sentence = `${titleOf(component.workload)} is the control plane of ${title}: ${says}`;
        const ports = [port, port] as const;
        return { from, to, protocol: 'TCP', ports, kind: 'mesh', confidence: 'certain', says: sentence, source };
      }),
    );
  });
}

/** Names in one sentence; the selector has all. */
const MOST_NAMED = 3;

function podsOfNamespaces(names: readonly string[], title: string): Party {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return {
    type: 'pods',
    namespaces: { selector: { op: 'in', key: NAME_LABEL, values: names } },
    pods: EVERYTHING,
    what: `namespaces of ${title} (${names.slice(0, MOST_NAMED).join(', ')}${more})`,
  };
}

/**
 * The evidence, and what a mesh makes of it: between two workloads of the mesh connections may come through its tunnel, to
 * which a policy sees one port, and probes of the node come from an address of the mesh. Nothing is taken away: what goes past
 * the mesh still goes to the port itself.
 */
export function throughMesh(state: State, found: EvidenceFound, facts: PlatformFacts): EvidenceFound {
  const meshes = facts.meshes.map(({ value }) => {
    const profile = meshNamed(value.name);
    const known = new Map<string, boolean>();
    const contains = (key: string): boolean => {
      const is = known.get(key) ?? isMember(state, profile, key);
      known.set(key, is);
      return is;
    };
    return { profile, contains };
  });
  if (meshes.length === 0) return found;
  const evidence = found.evidence.flatMap((one) => [
    one,
    ...meshes.flatMap(({ profile, contains }) => tunnelled(profile, contains, one)),
  ]);
  return { ...found, evidence };
}

function tunnelled(mesh: MeshProfile, contains: (key: string) => boolean, one: Evidence): readonly Evidence[] {
  const { from, to, protocol } = one;
  if (to.type !== 'workload' || protocol !== 'TCP' || !contains(to.key)) return [];
  if (from.type === 'node' && one.kind === 'probe') {
    const party = addressesOf(mesh.probeSources, `probes through ${mesh.title}`);
    return party === undefined
      ? []
      : [{ ...one, from: party, kind: 'mesh', says: `${one.says}, through ${mesh.title}` }];
  }
  if (mesh.tunnelPort === 0 || from.type !== 'workload' || !contains(from.key)) return [];
  const port = mesh.tunnelPort;
  return [
    {
      ...one,
      ports: [port, port],
      kind: 'mesh',
      confidence: 'likely',
      says: `${one.says}, in the tunnel of ${mesh.title}`,
    },
  ];
}

function isMember(state: State, mesh: MeshProfile, key: string): boolean {
  const component = componentsOf(state).get(key);
  return (
    component !== undefined &&
    isInMesh(mesh, component.pods[0]!, state.cluster.namespaces.get(component.workload.namespace))
  );
}
