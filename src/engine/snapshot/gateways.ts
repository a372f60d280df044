// Gateways, ListenerSets and ReferenceGrants: what may be attached where, and which references are granted. The rules and
// their sources stand in docs/semantics/gateway-api.md.

import type { Gateway, GroupKind, Listener, ListenerSet, NamespaceChoice, ReferenceGrant } from '../model/gateway.ts';
import { NOTHING } from '../model/selector.ts';
import type { Path } from '../model/source.ts';
import type { Identified } from './identity.ts';
import { selectorAt } from './label-selector.ts';
import {
  type JsonObject,
  objectAt,
  objectsAt,
  portAt,
  type Reading,
  reportInvalid,
  reportMissing,
  stringAt,
} from './reading.ts';

/** The group of the Gateway API's own kinds, which references infer where they name none. */
export const GATEWAY_GROUP = 'gateway.networking.k8s.io';

/** Reads a Gateway. */
export function readGateway({ object, namespace, name, reading }: Identified): Gateway {
  const spec = objectAt(reading, object.value, 'spec', []) ?? {};
  const allowed = objectAt(reading, spec, 'allowedListeners', ['spec']) ?? {};
  return {
    namespace,
    name,
    listeners: readListeners(reading, spec),
    listenerSets: readNamespaces(reading, allowed, ['spec', 'allowedListeners'], 'none'),
    isDefault: stringAt(reading, spec, 'defaultScope', ['spec']) === 'All',
    object,
  };
}

/** Reads a ListenerSet. */
export function readListenerSet({ object, namespace, name, reading }: Identified): ListenerSet {
  const spec = objectAt(reading, object.value, 'spec', []) ?? {};
  const at = ['spec', 'parentRef'];
  const parent = objectAt(reading, spec, 'parentRef', ['spec']);
  const gateway = parent === undefined ? undefined : stringAt(reading, parent, 'name', at);
  if (gateway === undefined) reportMissing(reading, parent === undefined ? at : [...at, 'name']);
  const { group, kind } = parent === undefined ? { group: '', kind: '' } : parentKindAt(reading, parent, at);
  const isGateway = group === GATEWAY_GROUP && kind === 'Gateway';
  const own = parent === undefined ? undefined : stringAt(reading, parent, 'namespace', at);
  return {
    namespace,
    name,
    ...(isGateway && gateway !== undefined ? { parent: { namespace: own ?? namespace, name: gateway } } : {}),
    listeners: readListeners(reading, spec),
    object,
  };
}

/** What a reference to a parent names. An empty group is core's, an absent one the Gateway API's; the kind is Gateway. */
export function parentKindAt(reading: Reading, parent: JsonObject, path: Path): GroupKind {
  const group = parent.group === '' ? '' : (stringAt(reading, parent, 'group', path) ?? GATEWAY_GROUP);
  return { group, kind: stringAt(reading, parent, 'kind', path) ?? 'Gateway' };
}

function readListeners(reading: Reading, spec: JsonObject): readonly Listener[] {
  return objectsAt(reading, spec, 'listeners', ['spec']).map(([index, listener]) => {
    const at = ['spec', 'listeners', index];
    const name = stringAt(reading, listener, 'name', at);
    const port = portAt(reading, listener, 'port', at);
    const protocol = stringAt(reading, listener, 'protocol', at);
    const hostname = stringAt(reading, listener, 'hostname', at);
    const allowed = objectAt(reading, listener, 'allowedRoutes', at) ?? {};
    const inAllowed = [...at, 'allowedRoutes'];
    return {
      ...(name === undefined ? {} : { name }),
      ...(port === undefined ? {} : { port }),
      ...(protocol === undefined ? {} : { protocol }),
      ...(hostname === undefined ? {} : { hostname }),
      namespaces: readNamespaces(reading, allowed, inAllowed, 'same'),
      kinds: readKinds(reading, allowed, inAllowed),
    };
  });
}

function readKinds(reading: Reading, allowed: JsonObject, path: Path): readonly GroupKind[] {
  return objectsAt(reading, allowed, 'kinds', path).flatMap(([index, item]) => {
    const at = [...path, 'kinds', index];
    const group = item.group === '' ? '' : (stringAt(reading, item, 'group', at) ?? GATEWAY_GROUP);
    const kind = stringAt(reading, item, 'kind', at);
    if (kind === undefined) reportMissing(reading, [...at, 'kind']);
    return kind === undefined ? [] : [{ group, kind }];
  });
}

/** The field `namespaces` with `from` and, for Selector, `selector`. A selector that is missing selects nothing. */
function readNamespaces(reading: Reading, parent: JsonObject, path: Path, otherwise: 'same' | 'none'): NamespaceChoice {
  const namespaces = objectAt(reading, parent, 'namespaces', path) ?? {};
  const at = [...path, 'namespaces'];
  const from = stringAt(reading, namespaces, 'from', at);
  switch (from) {
    case undefined:
      return otherwise;
    case 'All':
      return 'all';
    case 'Same':
      return 'same';
    case 'None':
      if (otherwise === 'none') return 'none';
      break;
    case 'Selector': {
      const selector = selectorAt(reading, namespaces, 'selector', at);
      if (selector === undefined) reportMissing(reading, [...at, 'selector']);
      return { selector: selector ?? NOTHING };
    }
  }
  const words = otherwise === 'none' ? 'All, Selector, Same or None' : 'All, Selector or Same';
  reportInvalid(reading, 'invalid-value', [...at, 'from'], `is "${from}", but must be ${words}`);
  return 'none';
}

/** Reads a ReferenceGrant. An item without its kind (or, in `from`, namespace) is a problem and grants nothing. */
export function readReferenceGrant({ object, namespace, reading }: Identified): ReferenceGrant {
  const spec = objectAt(reading, object.value, 'spec', []) ?? {};
  const items = (key: 'from' | 'to', required: readonly string[]) =>
    objectsAt(reading, spec, key, ['spec']).flatMap(([index, item]) => {
      const at = ['spec', key, index];
      const group = stringAt(reading, item, 'group', at) ?? '';
      const [kind, own, name] = ['kind', 'namespace', 'name'].map((field) => stringAt(reading, item, field, at));
      const missing = required.filter(
        (field) => item[field] === undefined || item[field] === null || item[field] === '',
      );
      for (const field of missing) reportMissing(reading, [...at, field]);
      return kind === undefined || missing.length > 0 ? [] : [{ group, kind, namespace: own ?? '', name }];
    });
  return {
    namespace,
    from: items('from', ['kind', 'namespace']).map(({ group, kind, namespace: own }) => ({
      group,
      kind,
      namespace: own,
    })),
    to: items('to', ['kind']).map(({ group, kind, name }) => ({
      group,
      kind,
      ...(name === undefined ? {} : { name }),
    })),
  };
}
