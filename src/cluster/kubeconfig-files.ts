// Which kubeconfig files there are, and what they say together. Reads files; knows no server.

import { readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { UserError } from '../engine/model/user-error.ts';
import { type Kubeconfig, mergeKubeconfigs, readKubeconfig } from './kubeconfig.ts';

/** What decides where kubeconfigs are. */
export interface Surroundings {
  /** Where relative paths begin. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A text of YAML or JSON to its value; throws with a message that names the line. */
  readonly parse: (text: string) => unknown;
}

/**
 * What the file of `--kubeconfig`, else the list KUBECONFIG, else ~/.kube/config says; undefined where none of them exists.
 * Throws UserError: `not-found` for a file that `--kubeconfig` names, `unreadable` for one that cannot be understood.
 */
export function loadKubeconfig(named: string | undefined, around: Surroundings): Kubeconfig | undefined {
  const configs = kubeconfigPaths(named, around).flatMap((file) => {
    const text = textOf(file, named);
    return text === undefined ? [] : [readKubeconfig(parsed(text, file, around), file)];
  });
  return configs.length === 0 ? undefined : mergeKubeconfigs(configs);
}

/** Absolute paths of the files that count, each once; they need not exist. */
export function kubeconfigPaths(named: string | undefined, { cwd, env }: Surroundings): readonly string[] {
  if (named !== undefined) return [resolve(cwd, named)];
  const list = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  if (list.length > 0) return [...new Set(list.map((path) => resolve(cwd, path)))];
  const home = env['HOME'] ?? env['USERPROFILE'];
  return home === undefined || home === '' ? [] : [join(home, '.kube', 'config')];
}

function textOf(file: string, named: string | undefined): string | undefined {
  try {
    const bytes = readFileSync(file);
    // kubectl reads UTF-16 as well, which > of Windows PowerShell writes.
    const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe ? 'utf-16be' : 'utf-8';
    return new TextDecoder(encoding).decode(bytes);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      if (named === undefined) return undefined;
      throw new UserError('not-found', `there is no kubeconfig "${named}"`, { cause: error });
    }
    const why = code === 'EACCES' ? 'permission denied' : code === 'EISDIR' ? 'it is a directory' : code;
    throw new UserError('unreadable', `kubeconfig "${file}" cannot be read: ${why}`, { cause: error });
  }
}

function parsed(text: string, file: string, { parse }: Surroundings): unknown {
  try {
    return parse(text);
  } catch (error) {
    const first = error instanceof Error ? (error.message.split('\n')[0] ?? '').replace(/[:.]$/, '') : String(error);
    const why = first.replace(/^Source contains multiple documents.*?(?= at line|$)/, 'a second document begins');
    throw new UserError('unreadable', `kubeconfig "${file}" is malformed: ${why}`, { cause: error });
  }
}
