// Whether policies see the same in two endpoints. Written out field by field: very many are compared, nearly all of them equal.

import type { ContainerPort } from '../model/cluster.ts';
import type { Endpoint, PodIdentity } from '../model/endpoint.ts';
import type { Labels } from '../model/selector.ts';
import { equals } from '../sets/ip-set.ts';

/** Reports whether the endpoints are alike in all but what they are called. */
export function isSameEndpoint(a: Endpoint, b: Endpoint): boolean {
  if (a === b) return true;
  return (
    a.type === b.type &&
    a.addressReason === b.addressReason &&
    a.matchesBlocks === b.matchesBlocks &&
    a.nodeName === b.nodeName &&
    a.ownNode === b.ownNode &&
    a.unidentified === b.unidentified &&
    a.perhapsSelected === b.perhapsSelected &&
    isSameList(a.families, b.families) &&
    isSamePod(a.pod, b.pod) &&
    isSameNode(a.node, b.node) &&
    arePortsSame(a.ports, b.ports) &&
    equals(a.addresses, b.addresses)
  );
}

function isSamePod(a: PodIdentity | undefined, b: PodIdentity | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return (
    a.namespace === b.namespace &&
    a.namespaceDeclared === b.namespaceDeclared &&
    a.hostNetwork === b.hostNetwork &&
    a.perhapsSubject === b.perhapsSubject &&
    areLabelsSame(a.labels, b.labels) &&
    areLabelsSame(a.namespaceLabels, b.namespaceLabels) &&
    isSameList(a.openLabels, b.openLabels)
  );
}

function isSameNode(a: Endpoint['node'], b: Endpoint['node']): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a.certain !== b.certain) return false;
  if (a.labels === undefined || b.labels === undefined) return a.labels === b.labels;
  return areLabelsSame(a.labels, b.labels);
}

function areLabelsSame(a: Labels, b: Labels): boolean {
  if (a === b) return true;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) if (!Object.hasOwn(b, key) || a[key] !== b[key]) return false;
  return true;
}

function arePortsSame(a: Endpoint['ports'], b: Endpoint['ports']): boolean {
  if (a === b) return true;
  if (a === 'unknown' || b === 'unknown' || a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (!isSamePort(a[index]!, b[index]!)) return false;
  return true;
}

function isSamePort(a: ContainerPort, b: ContainerPort): boolean {
  return a.name === b.name && a.protocol === b.protocol && a.number === b.number && a.from === b.from;
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}
