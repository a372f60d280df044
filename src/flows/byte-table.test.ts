// Texts as bytes: each once, and in order.

import { expect, test } from 'vitest';
import { type ByteTable, createByteTable } from './byte-table.ts';

function add(table: ByteTable, text: string): number {
  const bytes = Buffer.from(`>${text}<`);
  return table.add(bytes, 1, bytes.length - 1);
}

/** Texts in the order of the table. */
function inOrder(table: ByteTable): string[] {
  return [...table.order()].map((index) => table.textOf(index + 1));
}

test('a text has one number, however often it comes', () => {
  const table = createByteTable();
  expect(['a', 'b', 'a', '', 'b', ''].map((text) => add(table, text))).toEqual([1, 2, 1, 3, 2, 3]);
  expect(table.find(Buffer.from('xb'), 1, 2)).toBe(2);
  expect(table.find(Buffer.from('ab'), 0, 2)).toBe(0);
});

test('addresses are in the order of their texts, what is shorter first', () => {
  const texts = ['10.0.0.10', '10.0.0.1', 'fe80::1', '9.9.9.9', '::', '10.0.0.100', '2001:db8::', '::1', ''];
  const table = createByteTable();
  for (const text of texts) add(table, text);
  expect(inOrder(table)).toEqual([...texts].sort());
});

test('many texts are in order, and those that come after all were forgotten', () => {
  const table = createByteTable();
  const texts = Array.from({ length: 5000 }, (_, index) => `10.${(index * 37) % 256}.${index % 7}.${index % 256}`);
  for (const text of texts) add(table, text);
  expect(inOrder(table)).toEqual([...new Set(texts)].sort());
  table.clear();
  expect(inOrder(table)).toEqual([]);
  for (const text of ['b', 'a']) add(table, text);
  expect(inOrder(table)).toEqual(['a', 'b']);
});
