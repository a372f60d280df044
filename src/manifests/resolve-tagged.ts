// YAML scalars with an explicit tag (`!!binary`, `!!str`, `!local`), as kubectl converts them. Knows no documents.

import { resolveScalar } from './resolve-scalar.ts';

const CORE = 'tag:yaml.org,2002:';
/** ISO 8601 as YAML writes it: a date, or a date and a time. */
const TIMESTAMP =
  /^\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]|[ \t]+)\d{1,2}:\d{2}:\d{2}(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d{1,2}(?::?\d{2})?))?)?$/;

/** The value, or why the text does not fit its tag. Tags outside YAML's own, and unknown ones, mean text. */
export function resolveTagged(tag: string, text: string): { readonly value: unknown } | { readonly error: string } {
  const name = tag.startsWith(CORE) ? tag.slice(CORE.length) : '';
  const misfit = { error: `"${clip(text)}" does not fit the tag !!${name}` };
  switch (name) {
    case 'null':
    case 'bool':
    case 'int':
    case 'float': {
      const resolved = resolveScalar(text);
      const type = { null: 'null', bool: 'boolean', int: 'integer', float: 'float' }[name];
      const isWidened = type === 'float' && resolved.type === 'integer';
      return (resolved.type === type || isWidened) && 'value' in resolved ? { value: resolved.value } : misfit;
    }
    case 'timestamp':
      return TIMESTAMP.test(text) ? { value: text } : misfit;
    case 'binary':
      return decodeBase64(text) ?? { error: 'the value of !!binary is no base64' };
    default:
      return { value: text };
  }
}

function decodeBase64(text: string): { readonly value: string } | undefined {
  const compact = text.replace(/[\r\n]/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  const bytes = Uint8Array.from(atob(compact), (character) => character.charCodeAt(0));
  // As in JSON from kubectl, bytes that are no UTF-8 become the replacement character.
  return { value: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) };
}

function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
