// A Kubernetes API on 127.0.0.1 that holds the objects of a test: discovery, lists in pages, refusals. Plain HTTP.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Readonly<Record<string, unknown>>;

/** What a test decides. */
export interface FakeApi {
  readonly objects: readonly Json[];
  /** Whether a list is refused with 403; `namespace` is absent for all namespaces at once. */
  readonly forbids?: (resource: string, namespace: string | undefined) => boolean;
  /** Answers a request itself where it returns true. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Objects of a page at most, where pages are asked for. */
  readonly page?: number;
  /** Whether kinds are told in one document (1.26 and newer); yes if absent. */
  readonly aggregated?: boolean;
  /** Groups that are there, and whose kinds the server has never heard of. */
  readonly stale?: readonly string[];
  /** Kinds beside those that the objects have: `group/version Kind resource`, cluster-scoped ones with a star. */
  readonly kinds?: readonly string[];
}

/** A server that runs. */
export interface RunningApi {
  readonly url: string;
  /** Paths and queries in the order of arrival. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

interface Served {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: string;
  readonly namespaced: boolean;
}

/** Kinds that every fake has. */
const KINDS = [
  'v1 Namespace namespaces *',
  'v1 Node nodes *',
  'v1 Pod pods',
  'v1 Service services',
  'v1 Secret secrets',
  'v1 ConfigMap configmaps',
  'apps/v1 Deployment deployments',
  'apps/v1 ReplicaSet replicasets',
  'discovery.k8s.io/v1 EndpointSlice endpointslices',
  'networking.k8s.io/v1 NetworkPolicy networkpolicies',
  'networking.k8s.io/v1 Ingress ingresses',
];

/** Starts a server for a test. */
export async function fakeApi(api: FakeApi): Promise<RunningApi> {
  const kinds = [...KINDS, ...(api.kinds ?? [])].map(readKind);
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    if (api.intercept?.(request, response) === true) return;
    answer(api, kinds, new URL(request.url ?? '', 'http://fake'), request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function readKind(text: string): Served {
  const [apiVersion = '', kind = '', resource = '', scope] = text.split(' ');
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return { group: group!, version: version!, kind, resource, namespaced: scope !== '*' };
}

/** Sends a JSON document. */
export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  type = 'application/json',
): ServerResponse {
  return response.writeHead(status, { 'content-type': type }).end(JSON.stringify(value));
}

/** Sends what the API sends for a refusal. */
export function sendStatus(response: ServerResponse, code: number, reason: string, message: string): ServerResponse {
  return sendJson(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, code });
}

function answer(
  api: FakeApi,
  kinds: readonly Served[],
  { pathname, searchParams }: URL,
  request: IncomingMessage,
  response: ServerResponse,
): ServerResponse {
  if (pathname === '/version') return sendJson(response, 200, { gitVersion: 'v1.36.3' });
  const isAggregated = api.aggregated !== false && String(request.headers.accept).includes('as=APIGroupDiscoveryList');
  if (pathname === '/api' || pathname === '/apis') {
    const own = kinds.filter(({ group }) => (group === '') === (pathname === '/api'));
    const stale = pathname === '/apis' ? (api.stale ?? []) : [];
    return isAggregated ? sendAggregated(response, own, stale) : sendGroups(response, own, pathname);
  }
  const [, group, version, namespace, resource, name] =
    /^\/(?:api|apis\/([^/]+))\/([^/]+)(?:\/namespaces\/([^/]+)(?=\/))?(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(pathname) ??
    [];
  if (resource === undefined) {
    const own = kinds.filter((kind) => kind.group === (group ?? '') && kind.version === version);
    const resources = own.map((kind) => ({
      name: kind.resource,
      kind: kind.kind,
      namespaced: kind.namespaced,
      verbs: ['list'],
    }));
    return sendJson(response, 200, { kind: 'APIResourceList', resources });
  }
  const kind = kinds.find((one) => one.resource === resource && one.group === (group ?? ''));
  if (kind === undefined)
    return sendStatus(response, 404, 'NotFound', 'the server could not find the requested resource');
  if (api.forbids?.(resource, namespace ?? name) === true) {
    const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
    const message = `${resource} is forbidden: User "dev" cannot list resource "${resource}" in API group "${kind.group}" ${where}`;
    return sendStatus(response, 403, 'Forbidden', message);
  }
  const all = api.objects.filter((object) => isOf(object, kind, namespace));
  if (name !== undefined) {
    const found = all.find(({ metadata }) => (metadata as Json)['name'] === name);
    return found === undefined ? sendStatus(response, 404, 'NotFound', 'not found') : sendJson(response, 200, found);
  }
  const start = Number(searchParams.get('continue') ?? 0);
  // As with a real server, who asks for no pages gets none.
  const limit = searchParams.has('limit') ? Math.min(Number(searchParams.get('limit')), api.page ?? 500) : all.length;
  const end = Math.min(start + limit, all.length);
  const items = all.slice(start, end).map(({ apiVersion: _, kind: __, ...item }) => item);
  const more = end < all.length ? { continue: String(end), remainingItemCount: all.length - end } : {};
  return sendJson(response, 200, { kind: `${kind.kind}List`, metadata: more, items });
}

function isOf(object: Json, kind: Served, namespace: string | undefined): boolean {
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  if (object['kind'] !== kind.kind || object['apiVersion'] !== apiVersion) return false;
  return namespace === undefined || (object['metadata'] as Json)['namespace'] === namespace;
}

function sendAggregated(response: ServerResponse, kinds: readonly Served[], stale: readonly string[]): ServerResponse {
  const groups = [...new Set(kinds.map(({ group }) => group))];
  const items = groups.map((group) => ({
    metadata: group === '' ? {} : { name: group },
    versions: [...new Set(kinds.filter((kind) => kind.group === group).map(({ version }) => version))].map(
      (version) => ({
        version,
        resources: kinds
          .filter((kind) => kind.group === group && kind.version === version)
          .map((kind) => ({
            resource: kind.resource,
            responseKind: { kind: kind.kind },
            scope: kind.namespaced ? 'Namespaced' : 'Cluster',
            verbs: ['get', 'list'],
          })),
      }),
    ),
  }));
  const silent = stale.map((name) => ({ metadata: { name }, versions: [{ version: 'v1', freshness: 'Stale' }] }));
  const type = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  return sendJson(response, 200, { kind: 'APIGroupDiscoveryList', items: [...items, ...silent] }, type);
}

function sendGroups(response: ServerResponse, kinds: readonly Served[], path: string): ServerResponse {
  if (path === '/api') return sendJson(response, 200, { kind: 'APIVersions', versions: ['v1'] });
  const groups = [...new Set(kinds.map(({ group }) => group))].map((name) => ({
    name,
    versions: [...new Set(kinds.filter(({ group }) => group === name).map(({ version }) => version))].map(
      (version) => ({ version }),
    ),
  }));
  return sendJson(response, 200, { kind: 'APIGroupList', groups });
}
