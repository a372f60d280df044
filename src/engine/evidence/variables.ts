// The environment of one container as the kubelet would make it: envFrom, env, $(NAME), and the variables of Services.
// Values that only Secrets hold are named, never read.

import type { Source } from '../model/source.ts';
import { FIELD_MARKERS, UNKNOWN_PART } from './addresses/markers.ts';
import type { EvidenceContext } from './context.ts';
import { type Fields, fieldsOf, listOf, textMapOf, textOf } from './json-fields.ts';
import type { Container, PodSpec } from './pod-specs.ts';

/** One variable with its value, expanded. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  /** `ConfigMap shop/settings`; absent: the value stands in the pod spec. */
  readonly from?: string;
  source(): Source;
}

/** What is not known of an environment. */
export interface Unread {
  readonly what: 'secret' | 'config-map';
  /** `shop/settings`. */
  readonly object: string;
  /** The variable; absent: all keys of the object. */
  readonly name?: string;
  readonly isOptional: boolean;
  source(): Source;
}

/** The environment of a container. */
export interface Environment {
  /** In the order of their definition; a later one of the same name is the only one. */
  readonly variables: readonly Variable[];
  readonly unread: readonly Unread[];
  /** The value of a variable, those that Kubernetes sets for Services included; undefined where there is none. */
  lookup(name: string): string | undefined;
}

/** Reads the environment of a container. */
export function environmentOf(context: EvidenceContext, pod: PodSpec, container: Container): Environment {
  const { metadata } = pod.object.value as { readonly metadata?: Fields };
  const of = `${pod.workload.key} ${String(metadata?.['name'])} ${container.path.join('.')}`;
  return context.remember('environment', of, () => readEnvironment(context, pod, container));
}

function readEnvironment(context: EvidenceContext, pod: PodSpec, container: Container): Environment {
  const { namespace } = pod.workload;
  const { fields, path } = container;
  const variables = new Map<string, Variable>();
  const unread: Unread[] = [];
  const injected = serviceVariables(context, namespace, pod.spec['enableServiceLinks'] !== false);
  const lookup = (name: string) => variables.get(name)?.value ?? injected(name);
  const set = (variable: Variable): void => {
    variables.delete(variable.name);
    variables.set(variable.name, variable);
  };

  listOf(fields['envFrom']).forEach((item, index) => {
    const entry = fieldsOf(item);
    const source = () => pod.object.locate([...path, 'envFrom', index]);
    const secret = fieldsOf(entry['secretRef']);
    const secretName = textOf(secret['name']);
    if (secretName !== undefined) {
      unread.push({
        what: 'secret',
        object: `${namespace}/${secretName}`,
        isOptional: secret['optional'] === true,
        source,
      });
    }
    const reference = fieldsOf(entry['configMapRef']);
    const name = textOf(reference['name']);
    if (name === undefined) return;
    const map = context.configMap(namespace, name);
    if (map === undefined) {
      unread.push({
        what: 'config-map',
        object: `${namespace}/${name}`,
        isOptional: reference['optional'] === true,
        source,
      });
      return;
    }
    const prefix = textOf(entry['prefix']) ?? '';
    for (const [key, value] of textMapOf(map.object.value['data'])) {
      const from = `ConfigMap ${namespace}/${name}`;
      set({ name: `${prefix}${key}`, value, from, source: () => map.object.locate(['data', key]) });
    }
  });

  listOf(fields['env']).forEach((item, index) => {
    const entry = fieldsOf(item);
    const name = textOf(entry['name']);
    if (name === undefined) return;
    const at = [...path, 'env', index];
    const value = textOf(entry['value']);
    if (value !== undefined) {
      set({ name, value: expand(value, lookup), source: () => pod.object.locate([...at, 'value']) });
      return;
    }
    const read = fromElsewhere(context, namespace, name, fieldsOf(entry['valueFrom']), () =>
      pod.object.locate([...at, 'valueFrom']),
    );
    if (read === undefined) variables.delete(name);
    else if ('what' in read) unread.push(read);
    else set(read);
  });
  return { variables: [...variables.values()], unread, lookup };
}

function fromElsewhere(
  context: EvidenceContext,
  namespace: string,
  name: string,
  valueFrom: Fields,
  source: () => Source,
): Variable | Unread | undefined {
  const field = textOf(fieldsOf(valueFrom['fieldRef'])['fieldPath']);
  if (field === 'metadata.namespace') return { name, value: namespace, source };
  if (field !== undefined) {
    const value = Object.hasOwn(FIELD_MARKERS, field) ? FIELD_MARKERS[field]! : UNKNOWN_PART;
    return { name, value, source };
  }
  const secret = fieldsOf(valueFrom['secretKeyRef']);
  const secretName = textOf(secret['name']);
  const isOptional = (reference: Fields) => reference['optional'] === true;
  if (secretName !== undefined) {
    return { what: 'secret', object: `${namespace}/${secretName}`, name, isOptional: isOptional(secret), source };
  }
  const reference = fieldsOf(valueFrom['configMapKeyRef']);
  const mapName = textOf(reference['name']);
  const key = textOf(reference['key']);
  if (mapName === undefined || key === undefined) return undefined;
  const map = context.configMap(namespace, mapName);
  const value = textMapOf(map?.object.value['data']).get(key);
  if (map === undefined || value === undefined) {
    return { what: 'config-map', object: `${namespace}/${mapName}`, name, isOptional: isOptional(reference), source };
  }
  return {
    name,
    value,
    from: `ConfigMap ${namespace}/${mapName}`,
    source: () => map.object.locate(['data', key]),
  };
}

/**
 * `$(NAME)` as Kubernetes expands it in values, commands and arguments: what is not known stays as it is, `$$` is `$`
 * (kubernetes third_party/forked/golang/expansion).
 */
export function expand(text: string, lookup: (name: string) => string | undefined): string {
  if (!text.includes('$')) return text;
  return text.replace(/\$\$|\$\(([^()]*)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (lookup(name) ?? whole),
  );
}

/** Variables that the kubelet sets for Services of the namespace: names stand for addresses, which come to the same. */
function serviceVariables(
  context: EvidenceContext,
  namespace: string,
  hasLinks: boolean,
): (name: string) => string | undefined {
  let known: Map<string, string> | undefined;
  return (name) => {
    if (name === 'KUBERNETES_SERVICE_HOST') return 'kubernetes.default.svc';
    if (name === 'KUBERNETES_SERVICE_PORT' || name === 'KUBERNETES_SERVICE_PORT_HTTPS') return '443';
    if (!hasLinks || !/_(?:SERVICE_(?:HOST|PORT)|PORT)/.test(name)) return undefined;
    known ??= readServiceVariables(context, namespace);
    return known.get(name);
  };
}

function readServiceVariables(context: EvidenceContext, namespace: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const service of context.cluster.services) {
    if (service.namespace !== namespace || service.headless || service.type === 'ExternalName') continue;
    const base = capital(service.name);
    const host = `${service.name}.${namespace}.svc`;
    found.set(`${base}_SERVICE_HOST`, host);
    service.ports.forEach(({ name, port, protocol }, index) => {
      const number = String(port);
      const url = `${protocol.toLowerCase()}://${host}:${number}`;
      if (index === 0) {
        found.set(`${base}_SERVICE_PORT`, number);
        found.set(`${base}_PORT`, url);
      }
      if (name !== undefined) found.set(`${base}_SERVICE_PORT_${capital(name)}`, number);
      const own = `${base}_PORT_${number}_${protocol}`;
      found.set(own, url);
      found.set(`${own}_ADDR`, host);
      found.set(`${own}_PORT`, number);
    });
  }
  return found;
}

function capital(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}
