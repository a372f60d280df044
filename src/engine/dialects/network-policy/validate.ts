// What the API server refuses in the spec of a NetworkPolicy (ValidateNetworkPolicy; semantics 1.13). Reports only.

import type { Path } from '../../model/source.ts';
import { validateIpBlock } from '../decoding/address-block.ts';
import { refuseInvalidSelector } from '../decoding/label-selector.ts';
import { portNameProblem } from '../decoding/name-syntax.ts';
import type { Extras, Problems } from '../decoding/problems.ts';
import type { DecodeOptions } from '../dialect.ts';
import type { PeerFields, PortFields, RuleFields, SpecFields } from './fields.ts';
import { pathsOf } from './rule-paths.ts';

/** What validation needs to know besides the spec. */
export interface Validation {
  readonly problems: Problems;
  readonly strictCIDR: DecodeOptions['strictCIDR'];
  /** Objects with refused fields: what is missing there is not reported again. */
  readonly damaged: WeakSet<object>;
}

/** Reports every problem of the spec. */
export function validateSpec(spec: SpecFields, validation: Validation): void {
  const { problems } = validation;
  refuseInvalidSelector(spec.podSelector, SPEC, 'podSelector', problems);
  validateRules(spec.ingress, 'ingress', 'from', validation);
  validateRules(spec.egress, 'egress', 'to', validation);
  validatePolicyTypes(spec.policyTypes ?? [], problems);
}

const SPEC: Path = ['spec'];

/** Paths are those that rules share, and loops have no iterators: there are a hundred thousand rules, and nearly all are right. */
function validateRules(
  rules: readonly RuleFields[] = [],
  direction: 'ingress' | 'egress',
  list: 'from' | 'to',
  validation: Validation,
): void {
  for (let index = 0; index < rules.length; index++) {
    const { ports = [], [list]: peers = [] } = rules[index]!;
    const { itemOf } = pathsOf(direction, index);
    for (let i = 0; i < ports.length; i++) {
      if (!isPlainPort(ports[i]!)) validatePort(ports[i]!, itemOf('ports', i), validation);
    }
    for (let i = 0; i < peers.length; i++) validatePeer(peers[i]!, itemOf(list, i), validation);
  }
}

function validatePolicyTypes(types: readonly string[], problems: Problems): void {
  const path = [...SPEC, 'policyTypes'];
  if (types.length > 2) {
    const message = `policyTypes has ${types.length} items; it is Ingress, Egress or both`;
    problems.refuse('invalid-policy-type', path, 'FieldValueInvalid', message);
    return;
  }
  for (const [index, type] of types.entries()) {
    if (type === 'Ingress' || type === 'Egress') continue;
    const message = `${JSON.stringify(type)} is no policy type; there are Ingress and Egress (letter case counts)`;
    const meant = ['Ingress', 'Egress'].find((one) => one.toLowerCase() === type.toLowerCase());
    const at = [...path, index];
    problems.refuse('invalid-policy-type', at, 'FieldValueNotSupported', message, write(at, meant));
  }
}

function validatePort(entry: PortFields, path: Path, { problems, damaged }: Validation): void {
  const { protocol = 'TCP', port, endPort } = entry;
  if (protocol !== 'TCP' && protocol !== 'UDP' && protocol !== 'SCTP') {
    const upper = protocol.toUpperCase();
    const meant = ['TCP', 'UDP', 'SCTP'].find((one) => one === upper);
    const hint = meant === undefined ? {} : { hint: `write ${meant}: letter case counts` };
    const at = [...path, 'protocol'];
    const message = `${JSON.stringify(protocol)} is no protocol of NetworkPolicy; there are TCP, UDP and SCTP`;
    problems.refuse('invalid-protocol', at, 'FieldValueNotSupported', message, { ...hint, ...write(at, meant) });
  }
  const end = [...path, 'endPort'];
  if (port === undefined) {
    if (endPort === undefined || damaged.has(entry)) return;
    const message = 'endPort needs a port: the first port of the range';
    problems.refuse('invalid-end-port', end, 'FieldValueInvalid', message);
    return;
  }
  if (typeof port === 'string') {
    validatePortName(port, path, problems);
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

/** Whether it is one number of a known protocol, as nearly all entries are: nothing can be wrong with it. */
function isPlainPort({ protocol = 'TCP', port, endPort }: PortFields): boolean {
  return PROTOCOLS.includes(protocol) && typeof port === 'number' && isPort(port) && endPort === undefined;
}

const PROTOCOLS: readonly string[] = ['TCP', 'UDP', 'SCTP'];

/** A text is a name. Numbers in quotes, and ranges, are what people write there by mistake. */
function validatePortName(port: string, path: Path, problems: Problems): void {
  const problem = portNameProblem(port);
  if (problem === undefined) return;
  const at = [...path, 'port'];
  const number = Number(port);
  if (/^[0-9]+$/.test(port) && isPort(number)) {
    const message = `${JSON.stringify(port)} in quotes is the name of a port, not its number, and no container port can have that name`;
    problems.refuse('invalid-port-name', at, 'FieldValueInvalid', message, {
      hint: `write it without quotes: ${number}`,
      fix: { title: `write ${number} without quotes`, changes: [{ op: 'set', path: at, value: number }], safe: true },
    });
    return;
  }
  const [, first = '', last = ''] = /^([0-9]+)\s*[-:]\s*([0-9]+)$/.exec(port) ?? [];
  const isRange = isPort(Number(first)) && isPort(Number(last)) && Number(first) <= Number(last);
  const range = {
    hint: `a range is port: ${first} with endPort: ${last}`,
    fix: {
      title: `write port: ${first} and endPort: ${last}`,
      changes: [
        { op: 'set' as const, path: at, value: Number(first) },
        { op: 'set' as const, path: [...path, 'endPort'], value: Number(last) },
      ],
      safe: false,
    },
  };
  const message = `port name ${JSON.stringify(port)} ${problem}`;
  problems.refuse('invalid-port-name', at, 'FieldValueInvalid', message, isRange ? range : {});
}

/** The fix that writes what was surely meant; empty where that is not known. */
function write(path: Path, meant: string | undefined): Pick<Extras, 'fix'> {
  if (meant === undefined) return {};
  return { fix: { title: `write ${meant}`, changes: [{ op: 'set', path, value: meant }], safe: true } };
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
    const [list, index] = [path.slice(0, -1), Number(path.at(-1))];
    problems.refuse('conflicting-peer', path, 'FieldValueForbidden', message, {
      hint: 'write two items of the list',
      fix: {
        title: 'make the ipBlock an item of its own',
        changes: [
          { op: 'remove', path: [...path, 'ipBlock'] },
          { op: 'insert', path: [...list, index + 1], value: { ipBlock } },
        ],
        safe: false,
      },
    });
  }
  refuseInvalidSelector(podSelector, path, 'podSelector', problems);
  refuseInvalidSelector(namespaceSelector, path, 'namespaceSelector', problems);
  if (ipBlock === undefined) return;
  const { cidr = '', except = [] } = ipBlock;
  if (cidr !== '' || !damaged.has(ipBlock)) {
    validateIpBlock(cidr, except, [...path, 'ipBlock'], strictCIDR, problems);
  }
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65535;
}
