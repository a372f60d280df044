// What is committed belongs to everybody: no machine's paths, no registry's address, nothing about who works on it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeUnless, ROOT } from '../support/shared.ts';
import { committedFiles } from '../support/source-files.ts';

/** Brackets keep each expression from finding itself. */
const LEAKS: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a path of one machine', pattern: /(?<![\w.\-/])\/(?:wor[k]|roo[t]|hom[e]\/[a-z]\w*|User[s]\/[a-z]\w*)\//i },
  { what: 'a path of one machine', pattern: /\b[A-Z]:\\User[s]\\/ },
  {
    what: "a registry's address",
    pattern: /registry\.(?:npm[j]s|yarn[p]kg|npm[m]irror)\.|proxy\.gola[n]g\.org|"resolve[d]": *"http/,
  },
  { what: 'a token', pattern: /\b(?:gh[p]_|npm[_])[A-Za-z0-9]{30,}|-----BEGIN [A-Z ]*PRIVAT[E] KEY/ },
  {
    what: 'how the work is organised',
    pattern:
      /\bissue [0-9]{1,2}\b|\b(?:sub-?agen[t]s?|clau[d]e|anthropi[c]|chatgp[t]|copilo[t]|openai [c]odex)\b|\b(?:coding|ai) agen[t]s?\b/i,
  },
  {
    what: 'how the work is organised',
    pattern:
      /\b(?:h[e]lper sessions?|this [s]ession|previous [s]ession|next [s]ession|the [b]rief says|house[ ]rules for)\b/i,
  },
];

/** What is wrong with a text, as `line: what: text`. */
function leaksIn(text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      LEAKS.filter(({ pattern }) => pattern.test(line)).map(
        ({ what }) => `${index + 1}: ${what}: ${line.trim().slice(0, 120)}`,
      ),
    );
}

describe('leaks', () => {
  it.each([
    'see /wo' + 'rk/x',
    'cd /ro' + 'ot/y',
    '/ho' + 'me/jane/z',
    'registry.npm' + 'js.org',
    'for issue' + ' 3',
    'a Cla' + 'ude thing',
  ])('recognises %s', (text) => expect(leaksIn(text)).toHaveLength(1));

  it.each(['image: registry.k8s.io/pause:3', 'the cilium agent', 'docs/work/x', 'kubernetes/kubernetes issue #110880'])(
    'lets %s be',
    (text) => expect(leaksIn(text)).toEqual([]),
  );
});

const files = committedFiles();

describeUnless(files.length > 0 ? undefined : 'not a git checkout', 'committed files', () => {
  it('hold nothing that leaks', () => {
    const found = files.flatMap((path) => {
      const text = readFileSync(join(ROOT, path), 'latin1');
      return text.includes('\0') ? [] : leaksIn(text).map((leak) => `${path}:${leak}`);
    });
    expect(found).toEqual([]);
  });

  it('are not build results', () => {
    expect(files.filter((path) => /^(dist|node_modules|coverage)\/|\.tsbuildinfo$|\.tgz$|\.log$/.test(path))).toEqual(
      [],
    );
  });

  it('name no registry in .npmrc', () => {
    expect(readFileSync(join(ROOT, '.npmrc'), 'utf8')).not.toMatch(/registry=/);
  });
});
