// Which workloads need an identity of their cloud, by what their service accounts and containers say, and where it is handed
// out. A workload that says nothing needs none: that a node has credentials is no reason to reach them.

import type { Evidence, OpenQuestion, Party } from '../model/evidence.ts';
import { labelOf } from '../model/selector.ts';
import type { ManifestObject, Path } from '../model/source.ts';
import type { State } from '../state.ts';
import { type Component, containersOf, titleOf } from './components.ts';
import { metadataText, nameOf, objectsOfKind } from './other-objects.ts';
import { addressesOf } from './parties.ts';
import type { MetadataPoint, PlatformFacts } from './platform-facts.ts';
import { IDENTITIES, type IdentityProfile } from './profiles/identities.ts';

/** Evidence for the identities that a workload asks for. */
export function identityOf(
  state: State,
  component: Component,
  facts: PlatformFacts,
): { readonly evidence: readonly Evidence[]; readonly questions: readonly OpenQuestion[] } {
  const evidence: Evidence[] = [];
  for (const profile of IDENTITIES) {
    const asked = askedBy(state, component, profile);
    if (asked === undefined) continue;
    const { key } = component.workload;
    const from: Party = { type: 'workload', key };
    const says = `${asked.says}: ${titleOf(component.workload)} gets its identity from ${profile.title}`;
    const source = asked.object.locate(asked.path);
    const add = (to: Party, port: number): void => {
      evidence.push({
        from,
        to,
        protocol: 'TCP',
        ports: [port, port],
        kind: 'metadata',
        confidence: 'likely',
        says,
        source,
      });
    };
    for (const { cidrs, ports, title } of pointsOf(profile, facts)) {
      for (const port of ports) add({ type: 'addresses', cidrs, what: title }, port);
    }
    // Stated metadata endpoints take the place of addresses, not of services that have a name.
    for (const { name, port } of profile.domains) add({ type: 'domain', name }, port);
  }
  return { evidence, questions: [] };
}

function pointsOf(profile: IdentityProfile, { metadata, plugins }: PlatformFacts): readonly MetadataPoint[] {
  if (metadata !== undefined) return profile.points.length === 0 ? [] : metadata;
  const names = new Set<string>(plugins.map(({ value }) => value.name));
  const decided = profile.points.filter(({ only }) => only === undefined || names.has(only.plugin) === only.present);
  // Without any plugin in sight nobody knows which of them it is: all of them are the cloud's own.
  const points = names.size === 0 ? profile.points : decided;
  return points.flatMap(({ title, addresses, ports }) => {
    const party = addressesOf(addresses, title);
    return party?.type === 'addresses' ? [{ title, cidrs: party.cidrs, ports }] : [];
  });
}

interface Asked {
  readonly object: ManifestObject;
  readonly path: Path;
  readonly says: string;
}

function askedBy(state: State, { pods }: Component, profile: IdentityProfile): Asked | undefined {
  const [pod] = pods;
  const account = accountOf(state, pod!.namespace, pod!.serviceAccount);
  for (const key of profile.annotations) {
    if (account === undefined || metadataText(account, 'annotations', key) === undefined) continue;
    const says = `ServiceAccount ${pod!.namespace}/${pod!.serviceAccount} has ${key}`;
    return { object: account, path: ['metadata', 'annotations', key], says };
  }
  for (const [key, value] of profile.podLabels) {
    if (labelOf(pod!.labels, key) === value)
      return { object: pod!.object, path: ['metadata', 'labels'], says: `its pods have label ${key}=${value}` };
  }
  for (const { env } of containersOf(pod!)) {
    for (const { name, holds } of profile.env) {
      if (env.get(name)?.includes(holds) !== true) continue;
      return { object: pod!.object, path: [], says: `${name} is ${env.get(name)}` };
    }
  }
  return undefined;
}

const indexes = new WeakMap<State['others'], ReadonlyMap<string, ManifestObject>>();

function accountOf(state: State, namespace: string, name: string): ManifestObject | undefined {
  let index = indexes.get(state.others);
  if (index === undefined) {
    index = new Map(
      objectsOfKind(state, 'ServiceAccount').map((object) => {
        const own = nameOf(object);
        return [`${own.namespace === '' ? state.defaultNamespace : own.namespace}/${own.name}`, object];
      }),
    );
    indexes.set(state.others, index);
  }
  return index.get(`${namespace}/${name}`);
}
