// Repositories of a few commits in a temporary folder, made by the installed git without anybody's settings.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Why tests that need git cannot run; undefined: they can. */
export const withoutGit: string | undefined = whyNoGit();

function whyNoGit(): string | undefined {
  try {
    execFileSync('git', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'git is not installed';
  }
}

/** A repository and what can be done to it. */
export interface Repository {
  readonly folder: string;
  /** The environment that git runs in, for calls of our own. */
  readonly env: Readonly<Record<string, string>>;
  git(...words: string[]): string;
  /** Writes files by path; a text `-> TARGET` is a link. */
  write(files: Readonly<Record<string, string>>): void;
  /** Writes files and commits everything. */
  commit(files: Readonly<Record<string, string>>): void;
  remove(): void;
}

/** An empty repository whose branch is main. */
export function makeRepository(): Repository {
  const folder = mkdtempSync(join(tmpdir(), 'netweir-git-'));
  const who = { NAME: 'test', EMAIL: 'test@example.com', DATE: '2026-01-01T00:00:00Z' };
  const env: Record<string, string> = { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  for (const [key, value] of Object.entries(who)) {
    env[`GIT_AUTHOR_${key}`] = value;
    env[`GIT_COMMITTER_${key}`] = value;
  }
  const git = (...words: string[]) => execFileSync('git', words, { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' });
  const write: Repository['write'] = (files) => {
    for (const [path, text] of Object.entries(files)) {
      const at = join(folder, path);
      mkdirSync(dirname(at), { recursive: true });
      if (text.startsWith('-> ')) symlinkSync(text.slice(3), at);
      else writeFileSync(at, text);
    }
  };
  git('init', '--quiet', '--initial-branch=main');
  return {
    folder,
    env,
    git,
    write,
    commit(files) {
      write(files);
      git('add', '--all', '--force');
      git('commit', '--quiet', '--allow-empty', '--message', 'change');
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
