// Text and attributes of XML 1.0. Knows no vocabulary.

import { printable } from './printable.ts';

/** What XML 1.0 cannot hold even escaped and {@link printable} lets be: U+FFFE and U+FFFF. https://www.w3.org/TR/xml/#charsets */
const ILLEGAL = /[\ufffe\uffff]/g;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** One line of text, for elements and attributes alike: characters that steer are written out, as on a terminal. */
export function xmlText(text: string): string {
  return printable(text)
    .replace(ILLEGAL, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** ` name="value"` for each value that is there. */
export function xmlAttributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${xmlText(String(value))}"`)
    .join('');
}
