// Which kinds a server has, and in which versions: one request for all of them where the server offers that (1.26 and
// newer), else one for each group that is asked for. Knows no kind by name.

import { UserError } from '../engine/model/user-error.ts';
import type { ApiClient, Refusal } from './api-client.ts';
import { inParallel } from './in-parallel.ts';
import { listIn, mapIn, type Plain, textIn } from './plain-values.ts';
import { MAX_REQUESTS } from './transport.ts';

/** One kind as one version of a group serves it. */
export interface ServedKind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** As addresses name it: `networkpolicies`. */
  readonly resource: string;
  readonly namespaced: boolean;
}

/** What a server has. */
export interface Discovery {
  /** Every group, whatever is in it, sorted; empty text is the core group. */
  readonly groups: readonly string[];
  /** Kinds that can be listed; those of one group in the server's order of preference. */
  readonly kinds: readonly ServedKind[];
  /** Groups whose kinds the server cannot tell at the moment, mostly since the program behind them is down. */
  readonly silent: ReadonlyMap<string, Refusal>;
}

const AGGREGATED = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

/** Asks for the kinds of these groups. Throws UserError `not-available` where the server says nothing at all. */
export async function discover(client: ApiClient, wanted: ReadonlySet<string>): Promise<Discovery> {
  const [core, named] = await Promise.all([client.get('/api', AGGREGATED), client.get('/apis', AGGREGATED)]);
  if (core.refusal !== undefined) throw refused(core.refusal);
  if (named.refusal !== undefined) throw refused(named.refusal);
  const both = [core, named];
  if (
    both.every(({ type, value }) => type.includes('APIGroupDiscoveryList') || value['kind'] === 'APIGroupDiscoveryList')
  ) {
    const items = both.flatMap(({ value }) => listIn(value, 'items'));
    const groups = items.map((item) => textIn(mapIn(item, 'metadata') ?? {}, 'name') ?? '');
    const kinds = items.flatMap((item, index) =>
      wanted.has(groups[index]!) ? aggregatedKinds(item, groups[index]!) : [],
    );
    const silent = new Map(
      items.flatMap((item, index) =>
        wanted.has(groups[index]!) && isStale(item) ? [[groups[index]!, DOWN] as const] : [],
      ),
    );
    return { groups: groups.sort(), kinds, silent };
  }
  if (Array.isArray(core.value['versions']) && Array.isArray(named.value['groups'])) {
    return groupByGroup(client, wanted, core.value, named.value);
  }
  throw new UserError('not-available', 'the server has no Kubernetes API: its answer names no versions and no groups', {
    hint: 'is the address of the server complete, path included?',
  });
}

/** Asks whether a kind that is not found is gone since the server said that it has it. */
export async function isGone(client: ApiClient, { group, version, resource }: ServedKind): Promise<boolean> {
  const answer = await client.get(group === '' ? `/api/${version}` : `/apis/${group}/${version}`);
  if (answer.refusal !== undefined) return answer.refusal.status === 404;
  return !listIn(answer.value, 'resources').some((one) => textIn(one, 'name') === resource);
}

const DOWN: Refusal = { status: 503, reason: 'Stale', message: 'the program behind it does not answer the API server' };

/** Reports whether the server knows that a group is there and has never heard what is in it. */
function isStale(item: Plain): boolean {
  return listIn(item, 'versions').some(
    (version) => version['freshness'] === 'Stale' && listIn(version, 'resources').length === 0,
  );
}

function aggregatedKinds(item: Plain, group: string): readonly ServedKind[] {
  return listIn(item, 'versions').flatMap((version) =>
    listIn(version, 'resources').flatMap((resource) => {
      const kind = textIn(mapIn(resource, 'responseKind') ?? {}, 'kind');
      const name = textIn(resource, 'resource');
      if (kind === undefined || name === undefined || !canList(resource)) return [];
      const namespaced = resource['scope'] === 'Namespaced';
      return [{ group, version: textIn(version, 'version') ?? '', kind, resource: name, namespaced }];
    }),
  );
}

/** The older way: a document for each version of each group. */
async function groupByGroup(
  client: ApiClient,
  wanted: ReadonlySet<string>,
  core: Plain,
  named: Plain,
): Promise<Discovery> {
  const versions = new Map<string, readonly string[]>([['', texts(core['versions'])]]);
  for (const group of listIn(named, 'groups')) {
    versions.set(
      textIn(group, 'name') ?? '',
      listIn(group, 'versions').map((version) => textIn(version, 'version') ?? ''),
    );
  }
  const kinds: ServedKind[] = [];
  const silent = new Map<string, Refusal>();
  const asked = [...versions].filter(([group]) => wanted.has(group));
  const documents = asked.flatMap(([group, all]) => all.map((version) => ({ group, version })));
  const answers = await inParallel(documents, MAX_REQUESTS, async ({ group, version }) => ({
    group,
    version,
    answer: await client.get(group === '' ? `/api/${version}` : `/apis/${group}/${version}`),
  }));
  for (const { group, version, answer } of answers) {
    if (answer.refusal !== undefined) {
      silent.set(group, answer.refusal);
      continue;
    }
    for (const resource of listIn(answer.value, 'resources')) {
      const [name, kind] = [textIn(resource, 'name'), textIn(resource, 'kind')];
      if (name === undefined || kind === undefined || name.includes('/') || !canList(resource)) continue;
      kinds.push({ group, version, kind, resource: name, namespaced: resource['namespaced'] === true });
    }
  }
  return { groups: [...versions.keys()].sort(), kinds, silent };
}

function canList(resource: Plain): boolean {
  return texts(resource['verbs']).includes('list');
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function refused({ status, message }: Refusal): UserError {
  if (status === 404) {
    return new UserError('not-available', `the server has no Kubernetes API: ${message}`, {
      hint: 'is the address of the server complete, path included?',
    });
  }
  if (message.includes('cannot impersonate')) {
    return new UserError('not-available', `the API server lets nobody else be impersonated: ${message}`, {
      hint: 'leave --as out, or ask for the verb impersonate',
    });
  }
  if (message.includes('"system:anonymous"')) {
    return new UserError('not-available', `the API server was asked as nobody, and refuses: ${message}`, {
      hint: 'does the context name a user, and has that user credentials? kubectl config view shows it',
    });
  }
  return new UserError('not-available', `the API server does not say which kinds it has: ${message}`, {
    hint: 'ClusterRole system:discovery allows it to every user who is logged in',
  });
}
