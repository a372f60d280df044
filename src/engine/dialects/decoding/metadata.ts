// metadata of any policy: ObjectMeta decoding and validation (apimachinery ValidateObjectMeta), and the name in answers.

import type { DialectName, PolicyRef } from '../../model/policy.ts';
import type { ManifestObject } from '../../model/source.ts';
import { decodeFields } from './decode-fields.ts';
import type { FieldType, ObjectType } from './field-table.ts';
import {
  dnsLabelProblem,
  dnsSubdomainProblem,
  isGoodLabel,
  labelKeyProblem,
  labelValueProblem,
} from './name-syntax.ts';
import type { Problems } from './problems.ts';

const TEXT: FieldType = { type: 'string' };
const ANYTHING: FieldType = { type: 'anything' };

const OBJECT_META: ObjectType = {
  type: 'object',
  what: 'metadata',
  fields: {
    name: { type: TEXT },
    generateName: { type: TEXT },
    namespace: { type: TEXT, without: 'the policy would go to the default namespace' },
    labels: { type: { type: 'map' } },
    annotations: { type: { type: 'map' } },
    selfLink: { type: TEXT },
    uid: { type: TEXT },
    resourceVersion: { type: TEXT },
    generation: { type: ANYTHING },
    creationTimestamp: { type: ANYTHING },
    deletionTimestamp: { type: ANYTHING },
    deletionGracePeriodSeconds: { type: ANYTHING },
    ownerReferences: { type: { type: 'list', of: ANYTHING } },
    finalizers: { type: { type: 'list', of: TEXT } },
    managedFields: { type: { type: 'list', of: ANYTHING } },
  },
};

/** All keys and values of the annotations together, in bytes. */
const MAX_ANNOTATIONS = 256 * 1024;

/**
 * How the policy is named in answers, whatever state its metadata is in: an object without a usable name is named by
 * generateName, or else by the empty string. `defaultNamespace` undefined: the kind is cluster-scoped.
 */
export function refOf(
  object: ManifestObject,
  dialect: DialectName,
  kind: string,
  defaultNamespace: string | undefined,
): PolicyRef {
  const metadata = object.value.metadata;
  const text = (key: string): string => {
    if (typeof metadata !== 'object' || metadata === null) return '';
    const value: unknown = Object.hasOwn(metadata, key) ? (metadata as Record<string, unknown>)[key] : undefined;
    return typeof value === 'string' ? value : '';
  };
  const name = text('name') || text('generateName');
  if (defaultNamespace === undefined) return { dialect, kind, name };
  return { dialect, kind, namespace: text('namespace') || defaultNamespace, name };
}

/** Reports everything for which the API server refuses the metadata of the object. */
export function validateMetadata(object: ManifestObject, isNamespaced: boolean, problems: Problems): void {
  const written = object.value.metadata ?? {};
  const decoding = { api: 'built-in', channel: 'standard', problems, damaged: new WeakSet<object>() } as const;
  const metadata = decodeFields(written, OBJECT_META, ['metadata'], decoding);
  if (metadata === undefined) return;
  const { name = '', generateName = '', namespace = '' } = metadata as Record<string, string | undefined>;
  validateName(name, generateName, decoding.damaged.has(metadata), problems);
  if (isNamespaced && namespace !== '') {
    const problem = dnsLabelProblem(namespace);
    if (problem !== undefined) {
      const message = `namespace ${JSON.stringify(namespace)} ${problem}`;
      problems.refuse(
        'invalid-namespace',
        ['metadata', 'namespace'],
        'FieldValueInvalid',
        message,
        variableHint(namespace),
      );
    }
  } else if (namespace !== '') {
    const message = `the kind is cluster-scoped: the API server removes the namespace ${JSON.stringify(namespace)}`;
    const path = ['metadata', 'namespace'];
    problems.note('cluster-scoped-namespace', path, message, {
      key: true,
      hint: 'remove it',
      fix: { title: 'take the namespace away', changes: [{ op: 'remove', path }], safe: true },
    });
  }
  const { labels, annotations } = metadata as Record<string, Record<string, string> | undefined>;
  if (labels !== undefined) validateLabels(labels, problems);
  if (annotations !== undefined) validateAnnotations(annotations, problems);
}

function validateName(name: string, generateName: string, isDamaged: boolean, problems: Problems): void {
  if (generateName !== '') {
    // What the server appends is letters and digits, so a hyphen at the end is legal here.
    const problem = dnsSubdomainProblem(generateName.endsWith('-') ? `${generateName.slice(0, -1)}a` : generateName);
    if (problem !== undefined) {
      const message = `generateName ${JSON.stringify(generateName)} ${problem}`;
      problems.refuse('invalid-name', ['metadata', 'generateName'], 'FieldValueInvalid', message);
    }
  }
  if (name === '') {
    if (generateName !== '' || isDamaged) return;
    const message = 'the policy has neither a name nor a generateName';
    problems.refuse('invalid-name', ['metadata', 'name'], 'FieldValueRequired', message);
    return;
  }
  const problem = dnsSubdomainProblem(name);
  if (problem === undefined) return;
  const message = `name ${JSON.stringify(name)} ${problem}`;
  problems.refuse('invalid-name', ['metadata', 'name'], 'FieldValueInvalid', message, variableHint(name));
}

/** What envsubst, Flux and CI systems replace before anything is applied. */
function variableHint(text: string): { readonly hint?: string } {
  return /\$[{(\w]/.test(text) ? { hint: 'a variable was not replaced: read the files as they are applied' } : {};
}

function validateLabels(labels: Readonly<Record<string, string>>, problems: Problems): void {
  for (const key in labels) {
    const value = labels[key]!;
    if (isGoodLabel(key, value)) continue;
    const keyProblem = labelKeyProblem(key);
    const valueProblem = labelValueProblem(value);
    const at = { field: 'metadata.labels' };
    const path = ['metadata', 'labels', key];
    if (keyProblem !== undefined) {
      const message = `label key ${JSON.stringify(key)} ${keyProblem}`;
      problems.refuse('invalid-label', path, 'FieldValueInvalid', message, { ...at, key: true });
    }
    if (valueProblem !== undefined) {
      const message = `label value ${JSON.stringify(value)} ${valueProblem}`;
      problems.refuse('invalid-label', path, 'FieldValueInvalid', message, at);
    }
  }
}

function validateAnnotations(annotations: Readonly<Record<string, string>>, problems: Problems): void {
  let characters = 0;
  for (const key in annotations) {
    characters += key.length + annotations[key]!.length;
    const lower = key.toLowerCase();
    const problem = isGoodLabel(lower, '') ? undefined : labelKeyProblem(lower);
    if (problem === undefined) continue;
    const message = `annotation key ${JSON.stringify(key)} ${problem}`;
    problems.refuse('invalid-annotation', ['metadata', 'annotations', key], 'FieldValueInvalid', message, {
      field: 'metadata.annotations',
      key: true,
    });
  }
  // No character has more bytes.
  if (3 * characters <= MAX_ANNOTATIONS) return;
  const size = Object.entries(annotations).reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0);
  if (size <= MAX_ANNOTATIONS) return;
  const message = `the annotations have ${size} bytes together; at most ${MAX_ANNOTATIONS} are allowed`;
  problems.refuse('invalid-annotation', ['metadata', 'annotations'], 'FieldValueTooLong', message);
}

/** Length in UTF-8. */
function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
