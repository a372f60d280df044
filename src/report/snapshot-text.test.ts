import { expect, it } from 'vitest';
import { stateOfObjects } from '../../test/support/platform-objects.ts';
import { snapshotSummary } from '../../test/support/sample-snapshot.ts';
import { validateDocument } from '../../test/support/schemas.ts';
import { summarise } from '../engine/questions/snapshot-document.ts';
import { snapshotText } from './snapshot-text.ts';
import { PLAIN_STYLE } from './style.ts';

it('fits into a terminal, with what goes on a little to the right', () => {
  const document = summarise([], { context: 'c'.repeat(40), incomplete: [], notes: [] }, stateOfObjects([]));
  const lines = [...snapshotText(document, { style: PLAIN_STYLE, width: 64 })].join('').split('\n');
  expect(Math.max(...lines.map((one) => one.length))).toBeLessThanOrEqual(64);
  expect(lines.slice(0, 3)).toEqual(['snapshot of 0 objects, context', `  "${'c'.repeat(40)}"`, '']);
  expect(lines.join(' ').replace(/ {3}/g, ' ')).toContain('API server: not known: ');
});

it('says what is known of the platform after the table, and nothing where a summary has none', () => {
  const print = (document: Parameters<typeof snapshotText>[0]) =>
    [...snapshotText(document, { style: PLAIN_STYLE })].join('');
  const document = summarise([], { incomplete: [], notes: [] }, stateOfObjects([]));
  expect(validateDocument(JSON.parse(JSON.stringify(document)))).toEqual([]);
  expect(print(document)).toContain('\nAPI server: not known: ');
  expect(print(snapshotSummary)).not.toContain('API server');
});
