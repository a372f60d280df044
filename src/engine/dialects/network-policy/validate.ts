// What the API server refuses in the spec of a NetworkPolicy (ValidateNetworkPolicy; semantics 1.13). Reports only.

import type { Path } from '../../model/source.ts';
import { validateIpBlock } from '../decoding/address-block.ts';
import { refuseInvalidSelector } from '../decoding/label-selector.ts';
import { portNameProblem } from '../decoding/name-syntax.ts';
import type { Problems } from '../decoding/problems.ts';
import type { DecodeOptions } from '../dialect.ts';
import type { PeerFields, PortFields, SpecFields } from './fields.ts';

/** What validation needs to know besides the spec. */
export interface Validation {
  readonly problems: Problems;
  readonly strictCIDR: DecodeOptions['strictCIDR'];
  /** Objects with refused fields: what is missing there is not reported again. */
  readonly damaged: WeakSet<object>;
}

/** Reports every problem of the spec at the path. */
export function validateSpec(spec: SpecFields, path: Path, validation: Validation): void {
  const { problems } = validation;
  refuseInvalidSelector(spec.podSelector, [...path, 'podSelector'], problems);
  for (const [direction, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    for (const [index, rule] of (spec[direction] ?? []).entries()) {
      const at = [...path, direction, index];
      for (const [i, port] of (rule.ports ?? []).entries()) validatePort(port, [...at, 'ports', i], validation);
      for (const [i, peer] of (rule[peers] ?? []).entries()) validatePeer(peer, [...at, peers, i], validation);
    }
  }
  validatePolicyTypes(spec.policyTypes ?? [], [...path, 'policyTypes'], problems);
}

function validatePolicyTypes(types: readonly string[], path: Path, problems: Problems): void {
  if (types.length > 2) {
    const message = `policyTypes has ${types.length} items; it is Ingress, Egress or both`;
    problems.refuse('invalid-policy-type', path, 'FieldValueInvalid', message);
    return;
  }
  for (const [index, type] of types.entries()) {
    if (type === 'Ingress' || type === 'Egress') continue;
    const message = `${JSON.stringify(type)} is no policy type; there are Ingress and Egress (letter case counts)`;
    problems.refuse('invalid-policy-type', [...path, index], 'FieldValueNotSupported', message);
  }
}

function validatePort(entry: PortFields, path: Path, { problems, damaged }: Validation): void {
  const { protocol = 'TCP', port, endPort } = entry;
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP') {
    const upper = protocol.toUpperCase();
    const known = ['TCP', 'UDP', 'SCTP'].includes(upper) ? { hint: `write ${upper}: letter case counts` } : {};
    const message = `${JSON.stringify(protocol)} is no protocol of NetworkPolicy; there are TCP, UDP and SCTP`;
    problems.refuse('invalid-protocol', [...path, 'protocol'], 'FieldValueNotSupported', message, known);
  }
  const end = [...path, 'endPort'];
  if (port === undefined) {
    if (endPort === undefined || damaged.has(entry)) return;
    const message = 'endPort needs a port: the first port of the range';
    problems.refuse('invalid-end-port', end, 'FieldValueInvalid', message);
    return;
  }
  if (typeof port === 'string') {
    const problem = portNameProblem(port);
    if (problem !== undefined) {
      const message = `port name ${JSON.stringify(port)} ${problem}`;
      problems.refuse('invalid-port-name', [...path, 'port'], 'FieldValueInvalid', message);
    }
    if (endPort === undefined) return;
    const message = `endPort needs a port number; ${JSON.stringify(port)} is a name, and names have no ranges`;
    problems.refuse('invalid-end-port', end, 'FieldValueInvalid', message);
    return;
  }
  if (!isPort(port)) {
    const message = `port ${port} is outside 1-65535${port === 0 ? '; leave port out for every port' : ''}`;
    problems.refuse('invalid-port', [...path, 'port'], 'FieldValueInvalid', message);
  }
  if (endPort === undefined) return;
  if (endPort < port) {
    const message = `endPort ${endPort} is below port ${port}`;
    problems.refuse('invalid-end-port', end, 'FieldValueInvalid', message);
  } else if (!isPort(endPort)) {
    problems.refuse('invalid-end-port', end, 'FieldValueInvalid', `endPort ${endPort} is outside 1-65535`);
  }
}

function validatePeer(peer: PeerFields, path: Path, { problems, strictCIDR, damaged }: Validation): void {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  const hasSelector = podSelector !== undefined || namespaceSelector !== undefined;
  if (!hasSelector && ipBlock === undefined && !damaged.has(peer)) {
    const message = 'a peer needs a podSelector, a namespaceSelector or an ipBlock';
    const hint =
      'for everybody leave the list of peers out; for every pod of all namespaces write namespaceSelector: {}';
    problems.refuse('empty-peer', path, 'FieldValueRequired', message, { hint });
  }
  if (hasSelector && ipBlock !== undefined) {
    const message = 'a peer is either an ipBlock or selectors, never both';
    problems.refuse('conflicting-peer', path, 'FieldValueForbidden', message, { hint: 'write two items of the list' });
  }
  refuseInvalidSelector(podSelector, [...path, 'podSelector'], problems);
  refuseInvalidSelector(namespaceSelector, [...path, 'namespaceSelector'], problems);
  if (ipBlock === undefined) return;
  const { cidr = '', except = [] } = ipBlock;
  if (cidr !== '' || !damaged.has(ipBlock)) {
    validateIpBlock(cidr, except, [...path, 'ipBlock'], strictCIDR, problems);
  }
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65535;
}
