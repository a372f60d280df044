// What an operand of -f or diff means: a path, standard input, a commit, or something that another program renders. Reads
// nothing.

import { UserError } from '../engine/model/user-error.ts';

/** One place that manifests come from. */
export type Operand =
  | { readonly type: 'path'; readonly path: string }
  | { readonly type: 'stdin' }
  /** `path` as git takes it: from the root of the repository, or from the current folder where it begins with a dot. */
  | { readonly type: 'git'; readonly revision: string; readonly path: string }
  | { readonly type: 'kustomize'; readonly directory: string }
  | { readonly type: 'helm'; readonly chart: string };

/**
 * Reads an operand: `git:REF[:PATH]`, `kustomize:DIR`, `helm:CHART`, `-`, or a path; one that begins like another form is
 * written `./git:…`. Throws UserError `usage` for a form without its name, and for no text at all.
 */
export function parseOperand(text: string): Operand {
  if (text === '-') return { type: 'stdin' };
  if (text === '') {
    // An empty path would mean the current folder, which nobody wrote.
    throw new UserError('usage', 'a path is empty', {
      hint: 'a variable without a value gives none; the current folder is written .',
    });
  }
  const match = /^(git|kustomize|helm):(.*)$/s.exec(text);
  if (match === null) return { type: 'path', path: text };
  const [, form, rest = ''] = match;
  if (form === 'kustomize' && rest !== '') return { type: 'kustomize', directory: rest };
  if (form === 'helm' && rest !== '') return { type: 'helm', chart: rest };
  const colon = rest.indexOf(':');
  const revision = colon < 0 ? rest : rest.slice(0, colon);
  if (form === 'git' && revision !== '') {
    return { type: 'git', revision, path: colon < 0 ? '.' : rest.slice(colon + 1) };
  }
  const forms = { git: 'git:REF, git:REF:PATH', kustomize: 'kustomize:DIR', helm: 'helm:CHART' };
  throw new UserError('usage', `"${text}" names nothing`, {
    hint: `write ${forms[form as keyof typeof forms]}; a path of that name is written ./${text}`,
  });
}

/** What sources name for standard input. */
export const STDIN_FILE = '<stdin>';

/** What a source's file is where nobody can write it; undefined for files of the disk. */
export function unwritable(file: string): string | undefined {
  if (file === STDIN_FILE) return 'standard input';
  const form = /^(git|kustomize|helm):/.exec(file)?.[1];
  if (form === undefined) return undefined;
  return form === 'git' ? 'a commit' : `what ${form === 'helm' ? 'a chart' : 'a kustomization'} was rendered to`;
}
