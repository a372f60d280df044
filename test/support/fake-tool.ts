// Programs made of a few lines of JavaScript, for tests of what starts other programs: a folder to be the whole PATH.

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes an executable of that name. `script` is a module's body; in it `words` are the arguments, and `say` writes to
 * standard error. Returns the folder, to be used as PATH.
 */
export function fakeTool(folder: string, name: string, script: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  const head = 'const words = process.argv.slice(2); const say = (text) => process.stderr.write(text);';
  writeFileSync(path, `#!${process.execPath}\n${head}\n${script}\n`);
  chmodSync(path, 0o755);
  return folder;
}

/** JavaScript that prints a ConfigMap of that name whose data are the words and whatever `more` adds. */
export function printsWords(name: string, more = '{}'): string {
  const object = `{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: '${name}'}, data: {words: JSON.stringify(words), ...${more}}}`;
  return `process.stdout.write(JSON.stringify(${object}) + '\\n');`;
}
