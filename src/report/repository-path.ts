// File names as code hosts know them: from the root of the repository, with forward slashes. Opens no file.

import type { RunFacts } from './reporter.ts';

/** A file of the repository by its path from the root; any other by its absolute path, or as it was named. */
export interface RepositoryPath {
  /** Forward slashes only, without `.` and without `..` where it is inside. */
  readonly path: string;
  readonly inside: boolean;
}

const ABSOLUTE = /^(?:[A-Za-z]:)?\//;

/** Reports whether the name is that of a stream, such as `<stdin>`, of a commit or of something rendered: not of a file. */
export function isStream(file: string): boolean {
  return /^(?:<.*>$|(?:git|kustomize|helm):)/.test(file);
}

/** The path of a file name that is absolute or starts at `place.cwd`. Backslashes separate only on Windows. */
export function repositoryPath(file: string, place: RunFacts['place']): RepositoryPath {
  const isWindows = /^[A-Za-z]:\\|^\\\\/.test(place?.cwd ?? '');
  const slashes = (text: string): string => (isWindows ? text.replaceAll('\\', '/') : text);
  const name = slashes(file);
  if (place === undefined) {
    const path = normalise(name);
    return { path, inside: !ABSOLUTE.test(path) && path !== '..' && !path.startsWith('../') };
  }
  const path = normalise(ABSOLUTE.test(name) ? name : `${slashes(place.cwd)}/${name}`);
  const root = normalise(slashes(place.root));
  const base = root.endsWith('/') ? root : `${root}/`;
  return path.startsWith(base) ? { path: path.slice(base.length), inside: true } : { path, inside: false };
}

/** Without empty parts, `.` and, where something stands before it, `..`. */
function normalise(path: string): string {
  const [, prefix = '', rest = ''] = /^((?:[A-Za-z]:)?\/)?(.*)$/s.exec(path) ?? [];
  const parts: string[] = [];
  for (const part of rest.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (prefix === '') parts.push(part);
  }
  return prefix + parts.join('/');
}

/** A path as a URI: relative where it is inside, `file:///…` where it is absolute. Every odd character is escaped. */
export function pathUri({ path, inside }: RepositoryPath): string {
  const escaped = path
    .split('/')
    .map((part) => encodeURIComponent(part.replace(/[\ud800-\udfff]/gu, '\ufffd')).replace(/[!'()*]/g, escapeByte))
    .join('/');
  if (inside || !ABSOLUTE.test(path)) return escaped;
  return path.startsWith('/') ? `file://${escaped}` : `file:///${escaped.replace('%3A', ':')}`;
}

function escapeByte(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
