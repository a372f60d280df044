// Reads the page of a check: its facts, its sections, its examples. Knows Markdown, not what checks mean.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fencedBlocks } from './console-block.ts';
import { ROOT } from './shared.ts';

/** One example of a page: YAML that has the finding (`bad`) or has not (`good`). */
export interface PageExample {
  readonly kind: 'bad' | 'good';
  readonly line: number;
  readonly text: string;
  /** From the info string: ```yaml bad cni=cilium assume=hostNetwork=asPod */
  readonly cni?: string;
  readonly assume: readonly string[];
}

/** One page of docs/checks. */
export interface CheckPage {
  readonly id: string;
  readonly path: string;
  readonly text: string;
  readonly sections: readonly string[];
  readonly examples: readonly PageExample[];
}

/** All pages, by id. */
export function checkPages(): CheckPage[] {
  const folder = join(ROOT, 'docs/checks');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => {
      const path = `docs/checks/${name}`;
      const text = readFileSync(join(folder, name), 'utf8');
      const sections = [...text.matchAll(/^## (.*)$/gm)].map(([, title = '']) => title);
      return { id: name.slice(0, -'.md'.length), path, text, sections, examples: examplesOf(text) };
    });
}

/** `text`: what is no YAML or JSON on purpose. */
const LANGUAGES: readonly string[] = ['yaml', 'json', 'text'];

function examplesOf(text: string): PageExample[] {
  return fencedBlocks(text).flatMap(({ info, line, text: yaml }): PageExample[] => {
    const [language, kind, ...more] = info.split(/\s+/);
    if (!LANGUAGES.includes(language ?? '') || (kind !== 'bad' && kind !== 'good')) return [];
    const value = (name: string) =>
      more.flatMap((word) => (word.startsWith(`${name}=`) ? [word.slice(name.length + 1)] : []));
    const [cni] = value('cni');
    return [{ kind, line, text: yaml, ...(cni === undefined ? {} : { cni }), assume: value('assume') }];
  });
}
