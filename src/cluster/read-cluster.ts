// A whole cluster: which kinds it has, all of their objects as far as the user may list them, and what is missing. Knows
// what rights mean for a reading, not how a request is made.

import type { Gap } from '../engine/model/cluster.ts';
import type { Limit, Purpose, ServerFacts } from '../engine/model/server-facts.ts';
import type { ManifestObject } from '../engine/model/source.ts';
import { UserError } from '../engine/model/user-error.ts';
import type { ApiClient } from './api-client.ts';
import { metadataOf } from './api-client.ts';
import { discover, isGone, type ServedKind } from './discovery.ts';
import { inParallel } from './in-parallel.ts';
import { describeLimits, type Outcome } from './limits.ts';
import { getObject, type Listed, listObjects } from './list-objects.ts';
import { liveObject } from './live-object.ts';
import { type Plain, textIn } from './plain-values.ts';
import { readPlatformSettings } from './platform-settings.ts';
import { MAX_REQUESTS } from './transport.ts';
import { type Chosen, chooseKinds, WANTED_GROUPS } from './wanted-kinds.ts';

/** How to read. */
export interface ReadOptions {
  readonly purposes: readonly Purpose[];
  /** Namespaces to try where a kind may not be listed in all of them at once: that of -n, that of the context. */
  readonly namespaces: readonly string[];
  /** As in ListOptions; absent: no. */
  readonly keepsApplied?: boolean;
  /** Called often: objects so far, and how many there will be as far as the server has said. */
  readonly onProgress?: (read: number, total: number | undefined) => void;
}

/** A cluster as it was read. */
export interface ClusterReading {
  /** By kind, then in the server's order. */
  readonly objects: readonly ManifestObject[];
  /** What could not be listed and might change answers. */
  readonly gaps: readonly Gap[];
  /** What else could not be listed: it changes no verdict. */
  readonly limits: readonly Limit[];
  readonly server: ServerFacts;
}

/** The group in which OpenShift shows users their own namespaces. */
const PROJECTS = 'project.openshift.io';

/** Reads everything that the purposes want. Throws UserError where the server cannot be asked at all. */
export async function readCluster(client: ApiClient, options: ReadOptions): Promise<ClusterReading> {
  const version = await client.get('/version');
  const { groups, kinds, silent } = await discover(client, new Set([...WANTED_GROUPS, PROJECTS]));
  const chosen = chooseKinds({ kinds }, options.purposes);
  const list = counted(client, options);
  const home = await readNamespaces(client, list, chosen, kinds, options.namespaces);
  const others = chosen.filter(({ wanted }) => !isNamespaces(wanted));
  const answers = await inParallel(others, MAX_REQUESTS, async (one) => {
    const listed = await list(one.served);
    // Gone since the server was asked what it has.
    return listed.refusal?.status === 404 && (await isGone(client, one.served)) ? [] : [{ one, listed }];
  });
  const everywhere = answers.flat();
  const refused = everywhere.filter(({ one, listed }) => listed.refusal?.status === 403 && one.served.namespaced);
  const piecewise = await readPiecewise(
    list,
    refused.map(({ one }) => one),
    home.names,
  );
  const outcomes: readonly Outcome[] = [
    ...home.outcomes,
    ...everywhere.flatMap(({ one, listed }): Outcome[] => {
      if (listed.refusal === undefined) return [{ ...one, objects: listed.objects }];
      const found = piecewise.get(one);
      return [{ ...one, objects: found?.objects ?? [], refusal: listed.refusal, readIn: found?.readIn ?? [] }];
    }),
  ];
  refuseNothing(outcomes, silent.size > 0);
  const { purposes } = options;
  const reads = purposes.includes('evidence') && !purposes.includes('configmaps');
  const settings = reads ? await readPlatformSettings(client, kinds) : { objects: [], limits: [] };
  const values = [...outcomes.flatMap(({ objects }) => objects), ...settings.objects];
  const gitVersion = version.refusal === undefined ? textIn(version.value, 'gitVersion') : undefined;
  const { gaps, limits, unlisted } = describeLimits(outcomes, silent, namespacesIn(values));
  return {
    objects: values.map(liveObject),
    gaps,
    limits: [...limits, ...settings.limits],
    server: { ...(gitVersion === undefined ? {} : { gitVersion }), groups, unlisted, isLive: true },
  };
}

/** Throws UserError where the user may list nothing that answers are made from, or the server has nothing of the kind. */
function refuseNothing(outcomes: readonly Outcome[], isSilent: boolean): void {
  const needed = outcomes.filter(({ wanted }) => wanted.role !== 'beside');
  const [first] = needed;
  if (first === undefined && !isSilent) {
    throw new UserError(
      'not-available',
      'the server has none of the kinds that answers are made from: no pods, no policies',
      {
        hint: 'is it the API server of a cluster, and its address complete, path included?',
      },
    );
  }
  if (first?.refusal === undefined || needed.some(({ refusal, readIn = [] }) => !refusal || readIn.length > 0)) return;
  throw new UserError('not-available', `nothing that answers are made from may be listed: ${first.refusal.message}`, {
    hint: 'docs/clusters.md has a ClusterRole with the rights that are needed; -n names a namespace in which you have them',
  });
}

type List = (kind: ServedKind, namespace?: string) => Promise<Listed>;

/** Lists with a count of all that was read. */
function counted(client: ApiClient, { onProgress, keepsApplied = false }: ReadOptions): List {
  let read = 0;
  const left = new Map<string, number>();
  return (kind, namespace) => {
    const key = `${kind.group}/${kind.resource}/${namespace ?? ''}`;
    return listObjects(client, kind, {
      ...(namespace === undefined ? {} : { namespace }),
      keepsApplied,
      onPage: (count, rest) => {
        read += count;
        left.set(key, rest ?? 0);
        const waiting = [...left.values()].reduce((sum, one) => sum + one, 0);
        onProgress?.(read, waiting === 0 ? undefined : read + waiting);
      },
    });
  };
}

function isNamespaces({ group, kind }: { readonly group: string; readonly kind: string }): boolean {
  return group === '' && kind === 'Namespace';
}

/** The namespaces that are known, and their objects as far as they may be read. OpenShift lists one's own as projects. */
async function readNamespaces(
  client: ApiClient,
  list: List,
  chosen: readonly Chosen[],
  kinds: readonly ServedKind[],
  tried: readonly string[],
): Promise<{ readonly names: readonly string[]; readonly outcomes: readonly Outcome[] }> {
  const own = chosen.find(({ wanted }) => isNamespaces(wanted));
  if (own === undefined) return { names: tried, outcomes: [] };
  const listed = await list(own.served);
  if (listed.refusal === undefined) {
    return { names: sortedNames(listed.objects.map(nameOf)), outcomes: [{ ...own, objects: listed.objects }] };
  }
  const project = kinds.find(({ group, kind }) => group === PROJECTS && kind === 'Project');
  const projects = project === undefined ? undefined : await list(project);
  const visible = projects?.refusal === undefined ? (projects?.objects ?? []) : [];
  const names = sortedNames([...tried, ...visible.map(nameOf)]);
  const answers = await inParallel(names, MAX_REQUESTS, (name) => getObject(client, own.served, name));
  const found = answers.flatMap((answer) => (answer.refusal === undefined ? [answer.object] : []));
  return { names, outcomes: [{ ...own, objects: found, refusal: listed.refusal, readIn: found.map(nameOf) }] };
}

/** Kinds that may not be listed everywhere, namespace by namespace. */
async function readPiecewise(
  list: List,
  refused: readonly Chosen[],
  namespaces: readonly string[],
): Promise<ReadonlyMap<Chosen, { readonly objects: readonly Plain[]; readonly readIn: readonly string[] }>> {
  const isTelling = ({ wanted }: Chosen) => wanted.kind === 'Pod' || wanted.kind === 'NetworkPolicy';
  const ordered = [...refused.filter(isTelling), ...refused.filter((one) => !isTelling(one))];
  const telling = ordered.filter(isTelling).length;
  const perNamespace = await inParallel(namespaces, MAX_REQUESTS, async (namespace) => {
    const found: { one: Chosen; objects: readonly Plain[] }[] = [];
    for (const [index, one] of ordered.entries()) {
      // Who may see neither pods nor policies of a namespace need not be asked for all the rest.
      if (index === telling && telling === 2 && found.length === 0) break;
      const listed = await list(one.served, namespace);
      if (listed.refusal === undefined) found.push({ one, objects: listed.objects });
    }
    return { namespace, found };
  });
  return new Map(
    refused.map((one) => {
      const mine = perNamespace.flatMap(({ namespace, found }) =>
        found.flatMap((each) => (each.one === one ? [{ namespace, objects: each.objects }] : [])),
      );
      return [one, { objects: mine.flatMap(({ objects }) => objects), readIn: mine.map(({ namespace }) => namespace) }];
    }),
  );
}

/** Every namespace that an object is in, or is. */
function namespacesIn(values: readonly Plain[]): readonly string[] {
  return sortedNames(
    values.flatMap((value) => {
      const { namespace, name } = metadataOf(value);
      if (typeof namespace === 'string' && namespace !== '') return [namespace];
      return value['kind'] === 'Namespace' && typeof name === 'string' ? [name] : [];
    }),
  );
}

function nameOf(value: Plain): string {
  return textIn(metadataOf(value), 'name') ?? '';
}

function sortedNames(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
