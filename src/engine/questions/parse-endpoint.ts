// The one grammar of endpoints for the command line, test files and the UI's ask box: text to EndpointExpression and back.
// Looks at no snapshot: whether a name exists is decided where the question is answered.

import { dnsLabelProblem, dnsSubdomainProblem } from '../dialects/decoding/name-syntax.ts';
import { EVERYTHING, printSelector, type Selector } from '../model/selector.ts';
import { UserError } from '../model/user-error.ts';
import { parseAddress, parseCidr, printAddress, printCidrs } from '../sets/ip-address.ts';
import type { IpSet } from '../sets/ip-set.ts';
import { NAMED_RANGES } from '../sets/named-ranges.ts';
import type { EndpointExpression } from './ask.ts';
import { kindOf, meansNode } from './kind-names.ts';
import { parseSelector } from './parse-selector.ts';

const FORMS =
  'write NAMESPACE/NAME, NAMESPACE/KIND/NAME, NAMESPACE/, NAMESPACE/LABEL=VALUE, all, any-pod, anything, node/NAME, ' +
  'an address, a CIDR or internet';

/** What only a label selector contains; a name never does. Without any of it, `shop/web` is a name. */
const SELECTOR_SIGN = /[=!,(<>]/;

/**
 * Reads one endpoint, without a port. A name without a namespace has none in the result: it is looked up in the
 * context's. Throws UserError `invalid-endpoint` that says which part of the text is wrong and what would be right.
 */
export function parseEndpoint(typed: string): EndpointExpression {
  const text = typed.trim();
  if (text === '') throw new UserError('invalid-endpoint', 'an endpoint is missing', { hint: FORMS });
  return parseWord(text) ?? parseAddresses(text) ?? parsePath(text);
}

/** Words that are endpoints by themselves. A workload of that name is written with its namespace. */
function parseWord(text: string): EndpointExpression | undefined {
  if (text === 'all' || text === '*') return { text, type: 'all' };
  if (text === 'anything') return { text, type: 'anything' };
  if (text === 'any-pod') return { text, type: 'any-pod' };
  if (text === 'cluster') return { text, type: 'cluster' };
  if (!Object.hasOwn(NAMED_RANGES, text)) return undefined;
  return { text, type: 'addresses', set: NAMED_RANGES[text as keyof typeof NAMED_RANGES], name: text };
}

/** An address or CIDR, in brackets or not; undefined where the text looks like neither. */
function parseAddresses(text: string): EndpointExpression | undefined {
  const inner = /^\[(.*)\]$/.exec(text)?.[1];
  const plain = inner ?? text;
  // Digits and dots alone are no sensible name, and two colons stand in nothing but IPv6.
  const looksNumeric = /^\d+(\.\d*)+(\/[^/]*)?$/.test(plain) || /^[^/{]*:[^/{]*:/.test(plain);
  if (inner === undefined && !looksNumeric) return undefined;
  return { text, type: 'addresses', set: addressesOf(plain, text) };
}

function addressesOf(plain: string, text: string): IpSet {
  if (!plain.includes('/')) {
    const address = parseAddress(plain);
    if (!address.ok) throw invalid(text, `"${plain}" is no address: ${address.problem}`);
    const canonical = printAddress(address.family, address.value);
    if (address.family === 'IPv4' && !plain.includes(':') && canonical !== plain) {
      throw invalid(text, `"${plain}" has leading zeros, which programs read differently`, `write ${canonical}`);
    }
    return address.family === 'IPv4'
      ? { v4: [address.value, address.value + 1], v6: [] }
      : { v4: [], v6: [address.value, address.value + 1n] };
  }
  const cidr = parseCidr(plain);
  if (!cidr.ok) throw invalid(text, `"${plain}" is no CIDR: ${cidr.problem}`);
  if (cidr.sloppy.includes('host-bits')) {
    const address = plain.slice(0, plain.indexOf('/'));
    throw invalid(
      text,
      `"${plain}" has bits set after its prefix`,
      `write ${cidr.canonical}, or ${address} for one address`,
    );
  }
  if (cidr.sloppy.length > 0) throw invalid(text, `"${plain}" can be read in two ways`, `write ${cidr.canonical}`);
  return cidr.set;
}

/** Everything with slashes, and a name alone. */
function parsePath(text: string): EndpointExpression {
  if (text.startsWith('{')) return parseSelectors(text);
  const slash = text.indexOf('/');
  if (slash < 0) return parseName(text);
  const namespace = text.slice(0, slash);
  const rest = text.slice(slash + 1);
  const isSelector = rest.startsWith('{') || SELECTOR_SIGN.test(rest);
  if (meansNode(namespace) && !isSelector && /^[^/*]+$/.test(rest)) {
    checkName(text, rest, 'node name');
    return { text, type: 'node', name: rest };
  }
  checkNamespace(text, namespace, isSelector);
  if (rest === '' || rest === '*') return { text, type: 'namespace', namespace };
  if (isSelector) return { text, type: 'pods', namespaces: { name: namespace }, pods: podSelector(text, slash + 1) };
  const parts = rest.split('/');
  if (parts.length === 1) {
    checkName(text, rest, 'name');
    return { text, type: 'workload', namespace, name: rest };
  }
  const [word, name] = parts as [string, string];
  if (parts.length > 2) throw invalid(text, 'it has too many slashes');
  const kind = kindOf(word);
  if (kind === 'Node') throw invalid(text, 'nodes have no namespace', `write node/${name}`);
  if (!/^[A-Za-z][A-Za-z0-9.]*$/.test(word)) throw invalid(text, `"${word}" is no kind`);
  checkName(text, name, 'name');
  if (kind === 'Service') return { text, type: 'service', namespace, name };
  return { text, type: 'workload', namespace, kind, name };
}

/** `{team=a}/{app=web}`, and `{team=a}/` for all pods of these namespaces. */
function parseSelectors(text: string): EndpointExpression {
  const close = text.indexOf('}');
  if (close < 0) throw invalid(text, 'the brace is not closed');
  const namespaces = { selector: parseSelector({ text, from: 1, to: close }) };
  if (text[close + 1] !== '/') {
    throw invalid(
      text,
      'it has no pod selector',
      `write ${text.slice(0, close + 1)}/{LABEL=VALUE}, with {} for all pods`,
    );
  }
  const rest = text.slice(close + 2);
  if (rest === '' || rest === '*') return { text, type: 'pods', namespaces, pods: EVERYTHING };
  if (!rest.startsWith('{') && !SELECTOR_SIGN.test(rest)) {
    throw invalid(text, `"${rest}" is no pod selector`, `write ${text.slice(0, close + 1)}/{LABEL=VALUE}`);
  }
  return { text, type: 'pods', namespaces, pods: podSelector(text, close + 2) };
}

/** The selector from `from` to the end, with or without braces. */
function podSelector(text: string, from: number): Selector {
  if (text[from] !== '{') return parseSelector({ text, from, to: text.length });
  const close = text.indexOf('}', from);
  if (close < 0) throw invalid(text, 'the brace is not closed');
  if (close < text.length - 1)
    throw invalid(text, `"${text.slice(close + 1)}" after the pod selector is not understood`);
  return parseSelector({ text, from: from + 1, to: close });
}

function parseName(text: string): EndpointExpression {
  if (SELECTOR_SIGN.test(text)) {
    throw invalid(
      text,
      'labels need a namespace before them',
      `write NAMESPACE/${text}, or {}/{${text}} for every namespace`,
    );
  }
  checkName(text, text, 'name');
  return { text, type: 'workload', name: text };
}

function checkNamespace(text: string, namespace: string, isSelector: boolean): void {
  if (namespace === '') throw invalid(text, 'it has no namespace before the slash');
  if (namespace === '*' || namespace === 'all') {
    const hint = isSelector ? 'write {}/{LABEL=VALUE} for pods of every namespace' : 'write all for every pod';
    throw invalid(text, `"${namespace}" is no namespace`, hint);
  }
  const wrong = dnsLabelProblem(namespace);
  if (wrong === undefined) return;
  const hint = isSelector && namespace.includes('.') ? `labels come after a namespace: write NAMESPACE/${text}` : FORMS;
  throw invalid(text, `"${namespace}" is no namespace, which ${wrong}`, hint);
}

function checkName(text: string, name: string, what: string): void {
  if (name === '') throw invalid(text, `it has no ${what} after the slash`);
  const wrong = dnsSubdomainProblem(name);
  if (wrong === undefined) return;
  const hint = name.includes('*')
    ? 'several pods are chosen by label: NAMESPACE/LABEL=VALUE, or NAMESPACE/ for all'
    : FORMS;
  throw invalid(text, `"${name}" is no ${what}, which ${wrong}`, hint);
}

function invalid(text: string, what: string, hint: string = FORMS): UserError {
  return new UserError('invalid-endpoint', `endpoint "${text}": ${what}`, {
    hint,
    span: { text, start: 0, end: text.length },
  });
}

/** The canonical text of an expression: {@link parseEndpoint} reads it back as the same expression. */
export function printEndpoint(endpoint: EndpointExpression): string {
  switch (endpoint.type) {
    case 'all':
    case 'anything':
    case 'any-pod':
    case 'cluster':
      return endpoint.type;
    case 'workload': {
      if (endpoint.namespace === undefined) return endpoint.name;
      if (endpoint.kind === undefined) return `${endpoint.namespace}/${endpoint.name}`;
      const lower = endpoint.kind.toLowerCase();
      return `${endpoint.namespace}/${kindOf(lower) === endpoint.kind ? lower : endpoint.kind}/${endpoint.name}`;
    }
    case 'service':
      return endpoint.namespace === undefined ? endpoint.name : `${endpoint.namespace}/service/${endpoint.name}`;
    case 'namespace':
      return `${endpoint.namespace}/`;
    case 'node':
      return `node/${endpoint.name}`;
    case 'addresses':
      return endpoint.name ?? printCidrs(endpoint.set).map(withoutFullPrefix).join(',');
    case 'pods':
      return printPods(endpoint.namespaces, endpoint.pods);
  }
}

function printPods(namespaces: { name: string } | { selector: Selector }, pods: Selector): string {
  const bare = printSelector(pods);
  const braced = bare === '{}' ? bare : `{${bare}}`;
  if ('name' in namespaces) return `${namespaces.name}/${SELECTOR_SIGN.test(bare) ? bare : braced}`;
  const scope = printSelector(namespaces.selector);
  return `${scope === '{}' ? scope : `{${scope}}`}/${braced}`;
}

function withoutFullPrefix(cidr: string): string {
  return cidr.replace(cidr.includes(':') ? /\/128$/ : /\/32$/, '');
}
