// From the objects that were read to the snapshot that every answer is computed from. Policies are only sorted out here:
// what they say is the dialects' business.

import type { Cluster, EndpointSlice, Gap, OperatorObject } from '../model/cluster.ts';
import type { Finding } from '../model/finding.ts';
import type { ManifestObject } from '../model/source.ts';
import { mergeDuplicates } from './duplicates.ts';
import { readGatewayRoute } from './gateway-routes.ts';
import { readGateway, readListenerSet, readReferenceGrant } from './gateways.ts';
import {
  compareIdentified,
  compareTexts,
  type Identified,
  type IdentifyOptions,
  identify,
  titleOf,
} from './identity.ts';
import type { Role } from './kinds.ts';
import { collectNamespaces, readNamespace, readNode } from './nodes.ts';
import { readOpenShiftRoute } from './openshift-routes.ts';
import { closeReading, type Ledger, reportMissing } from './reading.ts';
import { readEndpointSlice, readEndpoints, readIngress, readService } from './services.ts';
import { SNAPSHOT_CHECKS } from './snapshot-checks.ts';
import { readCustomWorkload } from './templates.ts';
import { readWorkloads } from './workloads.ts';

/** Settings of {@link buildCluster}. */
export interface BuildOptions extends IdentifyOptions {
  /** What the reader could not read; absent: nothing. */
  readonly gaps?: readonly Gap[];
}

/** A snapshot and what is left beside it. */
export interface BuiltCluster {
  readonly cluster: Cluster;
  /** Policies of known dialects, each once, by namespace, kind and name; not validated. */
  readonly policyObjects: readonly ManifestObject[];
  /** Objects of kinds that the snapshot does not use, in the same order; policies of unknown dialects are among them. */
  readonly other: readonly ManifestObject[];
  /** Problems of the objects, by place. */
  readonly findings: readonly Finding[];
}

/**
 * Builds the snapshot. The order of the objects shows only where the same object comes twice with different content:
 * then the last one counts. Malformed objects are read as far as they go, with a finding for each problem and a gap for
 * the namespaces concerned; nothing is thrown.
 */
export function buildCluster(objects: readonly ManifestObject[], options: BuildOptions): BuiltCluster {
  const ledger: Ledger = { findings: [], gaps: [...(options.gaps ?? [])] };
  const identified = objects.map((object) => identify(object, options));
  const merged = mergeDuplicates(identified, ledger.findings).sort(compareIdentified);
  const named: Identified[] = [];
  const ofRole = new Map<Role, Identified[]>();
  // Objects lie apart in memory: each is looked at as few times as can be.
  for (const object of merged) {
    if (needsName(object)) {
      reportMissing(object.reading, ['metadata', 'name']);
      continue;
    }
    named.push(object);
    reportVersion(object, ledger.findings);
    if (object.use !== 'built-in') continue;
    const role = object.builtIn!.role;
    const list = ofRole.get(role);
    if (list === undefined) ofRole.set(role, [object]);
    else list.push(object);
  }
  const all = (role: Role): readonly Identified[] => ofRole.get(role) ?? [];

  const nodes = all('node').map(readNode);
  const nodeAddresses = new Map(nodes.map((node) => [node.name, node.addresses]));
  const { workloads, pods, unused } = readWorkloads(named, nodeAddresses);
  const isUnused = new Set(unused);
  const operatorObjects = named.filter(({ use }) => use === 'operator').map(asOperatorObject);

  const namespaces = new Set<string>();
  for (const object of named) {
    // The namespace of an unused kind is one only if it is written: the kind may be cluster-scoped.
    const isOne = !isLeftOver(object, isUnused) || object.metadata.namespace === object.namespace;
    if (object.namespace !== '' && isOne) namespaces.add(object.namespace);
  }

  const cluster: Cluster = {
    namespaces: collectNamespaces(all('namespace').map(readNamespace), namespaces),
    workloads,
    pods,
    nodes,
    services: all('service').map(readService),
    endpointSlices: readAllEndpoints(all('endpoint-slice'), all('endpoints')),
    ingresses: all('ingress').map(readIngress),
    openShiftRoutes: all('openshift-route').map(readOpenShiftRoute),
    gatewayApi: {
      gateways: all('gateway').map(readGateway),
      listenerSets: all('listener-set').map(readListenerSet),
      routes: all('gateway-route').map(readGatewayRoute),
      grants: all('reference-grant').map(readReferenceGrant),
    },
    operatorObjects,
    gaps: [],
  };
  for (const object of merged) if (isRead(object, isUnused)) close(object, ledger);
  return {
    cluster: { ...cluster, gaps: ledger.gaps.sort(compareGaps) },
    policyObjects: named.filter(({ use }) => use === 'policy').map(({ object }) => object),
    other: named.filter((object) => isLeftOver(object, isUnused)).map(({ object }) => object),
    findings: ledger.findings.sort(compareFindings),
  };
}

/** Reports whether the object is useless without a name. A custom resource is, if it makes pods. */
function needsName(object: Identified): boolean {
  if (object.name !== '') return false;
  if (object.use === 'built-in' || object.use === 'operator') return true;
  return object.use === 'custom' && readCustomWorkload(object).templates.length > 0;
}

function isLeftOver(object: Identified, unused: ReadonlySet<Identified>): boolean {
  return object.use === 'other' || object.use === 'mistaken' || unused.has(object);
}

/** Reports whether problems of the object matter to the snapshot; those of policies are found by their dialects. */
function isRead(object: Identified, unused: ReadonlySet<Identified>): boolean {
  return object.use !== 'policy' && !isLeftOver(object, unused);
}

function close(object: Identified, ledger: Ledger): void {
  const { reading, builtIn, namespace, name } = object;
  const isLost = reading.problems.some(
    ({ path }) => path[0] === 'metadata' && (path.length === 1 || path[1] === 'namespace'),
  );
  const own = builtIn?.role === 'namespace' ? name : namespace;
  closeReading(reading, titleOf(object), isLost || own === '' ? 'all' : [own], ledger);
}

function reportVersion({ use, builtIn, apiVersion, kind, object }: Identified, findings: Finding[]): void {
  if (builtIn === undefined || apiVersion === builtIn.current || builtIn.served.includes(apiVersion)) return;
  const check = use === 'mistaken' ? 'wrong-api-version' : 'removed-api-version';
  const message =
    use === 'mistaken'
      ? `no API server has a ${kind} in ${apiVersion}, so the object counts as absent; it should be ${builtIn.current}`
      : `${kind} is no longer served in ${apiVersion}; it was read as ${builtIn.current}`;
  findings.push({
    check,
    severity: SNAPSHOT_CHECKS[check].severity,
    rejectedByApi: use === 'mistaken',
    message,
    hint: `write apiVersion: ${builtIn.current}`,
    object,
    source: object.locate(['apiVersion']),
  });
}

function asOperatorObject({ namespace, kind, name, object }: Identified): OperatorObject {
  return { namespace, kind, name, object };
}

/** EndpointSlices, and the older Endpoints objects of Services that have no slice (the control plane mirrors them). */
function readAllEndpoints(slices: readonly Identified[], endpoints: readonly Identified[]): readonly EndpointSlice[] {
  const result = slices.map(readEndpointSlice);
  const sliced = new Set(result.flatMap(({ namespace, service }) => (service ? [`${namespace}/${service}`] : [])));
  for (const object of endpoints) {
    if (sliced.has(`${object.namespace}/${object.name}`)) continue;
    for (const slice of readEndpoints(object)) result.push(slice);
  }
  // Stable: slices of one Service stay in the order of their own names.
  return result.sort(
    (a, b) => compareTexts(a.namespace, b.namespace) || compareTexts(a.service ?? '', b.service ?? ''),
  );
}

function compareGaps(a: Gap, b: Gap): number {
  return (
    compareTexts(a.file ?? '', b.file ?? '') || compareTexts(a.reason, b.reason) || compareTexts(a.message, b.message)
  );
}

function compareFindings(a: Finding, b: Finding): number {
  const [from, to] = [a.source, b.source];
  return (
    compareTexts(from.file ?? '', to.file ?? '') ||
    (from.line ?? 0) - (to.line ?? 0) ||
    (from.column ?? 0) - (to.column ?? 0) ||
    compareTexts(a.check, b.check) ||
    compareTexts(a.message, b.message) ||
    compareTexts(from.path, to.path)
  );
}
