// Lists that the reader of bytes leaves to the reader of texts; what it accepts is drawn in test/properties.

import { describe, expect, it } from 'vitest';
import { memorySource } from './byte-source.ts';
import { type ListedResult, readListed } from './read-listed.ts';

function listed(names: readonly string[], abridges: boolean): ListedResult | undefined {
  const items = names.map((name) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' } }));
  const bytes = new TextEncoder().encode(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  const steps = readListed(memorySource([bytes]), 'a.json', { abridges, piece: 100, isAlone: false });
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

describe('readListed', () => {
  it.each([true, false])('leaves pods that are named by a template to another reader (abridged: %s)', (abridges) => {
    expect(listed(['web-1', 'web-2'], abridges)?.own.objects).toHaveLength(2);
    expect(listed(['web-1', 'web-{{ .Values.number }}'], abridges)).toBe(undefined);
  });
});
