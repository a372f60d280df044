// What repairs of a small shop come to, a line for each change, for tests.

import { expect } from 'vitest';
import type { EditDocument } from '../../src/engine/questions/documents.ts';
import { explain } from '../../src/engine/questions/explain.ts';
import { parsePair } from '../../src/engine/questions/parse-pair.ts';
import { PORT_PROTOCOLS } from '../../src/engine/sets/traffic-set.ts';
import { namespace, pod, type ScenarioOptions, scenario } from './scenario.ts';
import { validateDocument } from './schemas.ts';

/** What is asked in the tests. */
export const CONTEXT = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS };

/** A shop: web, api and db with one label each, and a pod of another namespace. */
export const SHOP = [
  namespace('shop', 'team=shop'),
  namespace('ops', 'team=ops'),
  pod('shop/web', { labels: 'app=web', ip: '10.0.1.1', ports: 'http=80' }),
  pod('shop/api', { labels: 'app=api', ip: '10.0.1.2', ports: 'http=8080' }),
  pod('shop/db', { labels: 'app=db', ip: '10.0.1.3', ports: 'sql=5432' }),
  pod('ops/probe', { labels: 'app=probe', ip: '10.0.2.1' }),
];

/** One line for each change: how it comes out, then its edits. */
export function changes(
  texts: readonly string[],
  pair: string,
  turn: 'open' | 'close',
  options: ScenarioOptions = {},
): string[] {
  const { state } = scenario(texts, options);
  const document = explain(state, parsePair([pair]), CONTEXT, { changes: turn });
  expect(validateDocument(JSON.parse(JSON.stringify(document)))).toEqual([]);
  return document.changes.map(({ edits, beside, exact, smallest }) => {
    const effect = `${exact ? 'exactly' : `${beside} more`}${smallest ? '' : ' (perhaps not smallest)'}`;
    return `${effect}: ${edits.map(editText).join(', ')}`;
  });
}

function editText(edit: EditDocument): string {
  const { path } = edit.source;
  const text = (value: unknown): string => JSON.stringify(value).replaceAll('"', '');
  if (edit.add !== undefined) return `+ ${String(edit.add['kind'])} ${(edit.add['metadata'] as { name: string }).name}`;
  if (edit.remove === true) return `- ${path}`;
  return `+ ${path} ${edit.insert === undefined ? '= ' : ''}${text(edit.insert ?? edit.set)}`;
}
