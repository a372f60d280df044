// Validates documents against schemas/, so that what is printed and what is documented stay the same thing.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { ROOT } from './shared.ts';

const FOLDER = join(ROOT, 'schemas');

/** What is wrong with a part of documents, by its name in definitions.json, as {@link validateDocument} says it. */
export function validatePart(name: string, part: unknown): string[] {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictTuples: false });
  const definitions = JSON.parse(readFileSync(join(FOLDER, 'definitions.json'), 'utf8'));
  ajv.addSchema(definitions);
  const validator = ajv.compile({ $ref: `${definitions.$id}#/$defs/${name}` });
  validator(part);
  return (validator.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

let validators: ReadonlyMap<string, ValidateFunction> | undefined;

/** A validator per kind, compiled once: the title of a schema with a `kind` property is the kind. */
function load(): ReadonlyMap<string, ValidateFunction> {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictTuples: false });
  const schemas = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')));
  for (const schema of schemas) ajv.addSchema(schema);
  const found = new Map<string, ValidateFunction>();
  for (const { $id, title, properties } of schemas) {
    if (properties?.kind === undefined) continue;
    const validator = ajv.getSchema($id);
    if (validator !== undefined) found.set(title, validator);
  }
  return found;
}

/** The kinds that have a schema, sorted. */
export function schemaKinds(): string[] {
  validators ??= load();
  return [...validators.keys()].sort();
}

/**
 * What is wrong with a document (a parsed JSON value), as `path: message`; empty where it is as its schema says. A value
 * without a `kind` that has a schema is one error, never an exception.
 */
export function validateDocument(document: unknown): string[] {
  validators ??= load();
  const kind = typeof document === 'object' && document !== null ? (document as { kind?: unknown }).kind : undefined;
  const validator = typeof kind === 'string' ? validators.get(kind) : undefined;
  if (validator === undefined) return [`/kind: no schema for ${JSON.stringify(kind)}`];
  validator(document);
  return (validator.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`,
  );
}
