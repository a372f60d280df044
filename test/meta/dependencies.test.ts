// Few dependencies, pinned exactly, and the list of those that reach a user is part of the repository.

import { describe, expect, it } from 'vitest';
import { readText } from '../support/source-files.ts';

interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly devOptional?: boolean;
}

const manifest: {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  allowScripts: Record<string, boolean>;
  version: string;
} = JSON.parse(readText('package.json').text);
const lock: { version: string; packages: Record<string, LockedPackage> } = JSON.parse(
  readText('package-lock.json').text,
);

/** Everything that `npm install netweir` brings, transitive packages included: `name version licence`. */
const production = Object.entries(lock.packages)
  .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
  .map(([path, { version, license }]) => `${path.replace(/^.*node_modules\//, '')} ${version} ${license}`)
  .sort();

describe('dependencies', () => {
  it('docs/dependencies.txt lists what reaches a user', () => {
    const listed = readText('docs/dependencies.txt')
      .text.split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(listed).toEqual(production);
  });

  it('are pinned exactly', () => {
    const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    for (const [name, version] of all) expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version);
  });

  it('run nothing when they are installed: whoever wants to is refused by name, so that npm ci has nothing to warn of', () => {
    const wanting = Object.entries(lock.packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript === true)
      .map(([path]) => [path.replace(/^.*node_modules\//, ''), false]);
    expect(Object.entries(manifest.allowScripts)).toEqual(wanting);
  });

  it('may be redistributed under Apache-2.0', () => {
    const free = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD'];
    expect(production.filter((line) => !free.includes(line.split(' ')[2] ?? ''))).toEqual([]);
  });

  it('the lock file belongs to this version', () => {
    expect(lock.version).toBe(manifest.version);
    expect(readText('.npmrc').text).toContain('engine-strict=true');
  });

  it('the changelog tells of this version', () => {
    expect(readText('CHANGELOG.md').text).toMatch(new RegExp(`^## ${manifest.version.replaceAll('.', '\\.')}\\b`, 'm'));
  });
});
