// Whether two directions of policies say the same. Written out field by field: very many are compared, nearly all of them
// equal. Where things stand in their objects is not looked at.

import type { Match, NamespaceScope, Peer, PolicyDirection, PortMatch, Rule, Subject } from './policy.ts';
import { isSameValue } from './same-value.ts';
import type { Selector } from './selector.ts';

/** Reports whether both say the same, of the same subjects; absent: the policy does not touch the direction. */
export function isSameDirection(a: PolicyDirection | undefined, b: PolicyDirection | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return (
    a.isolates === b.isolates &&
    a.listed === b.listed &&
    isSameSubject(a.subject, b.subject) &&
    isSameList(a.rules, b.rules, isSameRule)
  );
}

function isSameRule(a: Rule, b: Rule): boolean {
  return (
    a.action === b.action &&
    a.index === b.index &&
    a.name === b.name &&
    a.perhaps === b.perhaps &&
    a.closed === b.closed &&
    isSameMatch(a.peers, b.peers, isSamePeer) &&
    isSameMatch(a.ports, b.ports, isSamePort) &&
    isSameSubject(a.subject, b.subject) &&
    isSameList(a.conditions, b.conditions, isSameValue)
  );
}

function isSameMatch<T>(a: Match<T>, b: Match<T>, isSame: (a: T, b: T) => boolean): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return isSameList<T>(a, b, isSame);
}

function isSameList<T>(a: readonly T[], b: readonly T[], isSame: (a: T, b: T) => boolean): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (!isSame(a[index]!, b[index]!)) return false;
  return true;
}

function isSamePeer(a: Peer, b: Peer): boolean {
  if (a === b) return true;
  switch (a.type) {
    case 'pods':
      return b.type === a.type && isSameScope(a.namespaces, b.namespaces) && isSameSelector(a.pods, b.pods);
    case 'addresses':
      return (
        b.type === a.type &&
        a.cidr === b.cidr &&
        isSameList(a.except, b.except, Object.is) &&
        isSameList(a.addresses.v4, b.addresses.v4, Object.is) &&
        isSameList(a.addresses.v6, b.addresses.v6, Object.is)
      );
    case 'nodes':
      return b.type === a.type && isSameSelector(a.nodes, b.nodes);
    case 'domains':
      return b.type === a.type && isSameList(a.names, b.names, Object.is);
  }
}

function isSamePort(a: PortMatch, b: PortMatch): boolean {
  if (a === b) return true;
  if (a.protocol !== b.protocol) return false;
  switch (a.type) {
    case 'all':
      return b.type === a.type;
    case 'range':
      return b.type === a.type && a.first === b.first && a.last === b.last;
    case 'named':
      return b.type === a.type && a.name === b.name;
  }
}

function isSameSubject(a: Subject | undefined, b: Subject | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return isSameScope(a.namespaces, b.namespaces) && isSameSelector(a.pods, b.pods);
}

function isSameScope(a: NamespaceScope, b: NamespaceScope): boolean {
  if ('name' in a) return 'name' in b && a.name === b.name;
  return 'selector' in b && isSameSelector(a.selector, b.selector);
}

function isSameSelector(a: Selector, b: Selector): boolean {
  if (a === b) return true;
  switch (a.op) {
    case 'and':
    case 'or':
      return b.op === a.op && isSameList(a.of, b.of, isSameSelector);
    case 'not':
      return b.op === a.op && isSameSelector(a.of, b.of);
    case 'in':
    case 'not-in':
      return b.op === a.op && a.key === b.key && isSameList(a.values, b.values, Object.is);
    case 'exists':
    case 'not-exists':
      return b.op === a.op && a.key === b.key;
    case 'contains':
    case 'starts-with':
    case 'ends-with':
      return b.op === a.op && a.key === b.key && a.text === b.text;
  }
}
