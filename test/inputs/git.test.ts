// git:REF[:PATH] from the command line to the answer, on real repositories: the files that a folder would give, as the
// commit has them; what is not there is said; the repository and the folder stay as they were.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readManifests } from '../../src/manifests/index.ts';
import { fakeTool } from '../support/fake-tool.ts';
import { makeRepository, type Repository, withoutGit } from '../support/repository.ts';
import { type CliRun, runCli } from '../support/run-cli.ts';
import { describeUnless } from '../support/shared.ts';

const pod = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, labels: {app: ${name}}}\nspec: {containers: [{name: c, image: i}]${more}}\n`;
const DENY = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny}\nspec: {podSelector: {}}\n';

describeUnless(withoutGit, 'git:REF', () => {
  let repository: Repository;
  beforeEach(() => {
    repository = makeRepository();
  });
  afterEach(() => repository.remove());

  const run = (argv: string, folder = '.'): Promise<CliRun> =>
    runCli(argv.split(' '), { cwd: join(repository.folder, folder), env: repository.env });
  /** Names of the pods that an operand holds. */
  async function names(operand: string, folder = '.'): Promise<string[]> {
    const { objects } = await readManifests([operand], { cwd: join(repository.folder, folder), env: repository.env });
    return objects.map(({ value }) => (value['metadata'] as { name: string }).name);
  }
  /** What an operand holds besides objects: `gap FILE: MESSAGE`, `skipped FILE: REASON`. */
  async function rest(operand: string): Promise<string[]> {
    const { gaps, skipped } = await readManifests([operand], { cwd: repository.folder, env: repository.env });
    return [
      ...gaps.map(({ file, message }) => `gap ${file}: ${message}`),
      ...skipped.map(({ file, reason }) => `skipped ${file}: ${reason}`),
    ];
  }

  describe('what is compared', () => {
    it('the folder as the commit has it with the folder as it is', async () => {
      repository.commit({ 'k8s/pods.yaml': `${pod('a')}---\n${pod('b')}` });
      expect((await run('diff git:main .')).code).toBe(0);
      repository.write({ 'k8s/deny.yaml': DENY });
      const { stdout, stderr, code } = await run('diff git:HEAD .');
      expect(stdout).toMatch(/a.*b/s);
      expect({ stderr: stderr.includes('error'), code }).toEqual({ stderr: false, code: 1 });
    });

    it('from a subfolder, that folder', async () => {
      repository.commit({ 'shop/a.yaml': pod('a'), 'ops/b.yaml': pod('b') });
      expect((await run('diff git:main .', 'shop')).code).toBe(0);
      expect(await names('git:main', 'shop')).toEqual(['a']);
      expect(await names('git:main:', 'shop')).toEqual(['b', 'a']);
    });

    it('two commits', async () => {
      repository.commit({ 'a.yaml': `${pod('a')}---\n${pod('b')}` });
      repository.git('tag', 'v1');
      repository.commit({ 'deny.yaml': DENY });
      expect((await run('diff git:v1 git:main')).code).toBe(1);
      expect((await run('diff git:main~1 git:v1')).code).toBe(0);
    });

    it('-f takes a commit, too', async () => {
      repository.commit({ 'a.yaml': pod('a') });
      repository.write({ 'a.yaml': 'not: yaml: at all' });
      expect((await run('can a a -f git:HEAD')).code).toBe(0);
    });

    it('findings name the commit and the path from the root, as git show takes them', async () => {
      repository.commit({ 'k8s/deep/a.yaml': pod('a').replace('{app: a}', '{app: 1}') });
      const { stdout } = await run('lint -f git:main -o json', 'k8s');
      expect(JSON.parse(stdout).findings).toMatchObject([{ source: { file: 'git:main:k8s/deep/a.yaml', line: 3 } }]);
      expect(repository.git('show', 'main:k8s/deep/a.yaml')).toContain('app: 1');
    });
  });

  describe('PATH', () => {
    beforeEach(() =>
      repository.commit({
        'k8s/a.yaml': pod('a'),
        'k8s/more/b.txt': pod('b'),
        'c.yaml': pod('c'),
        ':odd/d.yaml': pod('d'),
      }),
    );

    it.each([
      ['git:main:k8s', '.', ['a']],
      ['git:main:k8s/', 'k8s', ['a']],
      ['git:main:k8s/a.yaml', '.', ['a']],
      ['git:main:k8s/more/b.txt', '.', ['b']],
      ['git:main:./more/b.txt', 'k8s', ['b']],
      ['git:main:../c.yaml', 'k8s', ['c']],
      ['git:main:..', 'k8s/more', ['a']],
      ['git:main:.', 'k8s', ['a']],
      ['git:main::odd', '.', ['d']],
      ['git:main:k8s/../c.yaml', '.', ['c']],
    ])('%s in %s', async (operand, folder, expected) => {
      expect(await names(operand, folder)).toEqual(expected);
    });

    it.each([
      ['git:main:k8x', '"main" has no file or folder "k8x"', 'did you mean git:main:k8s?'],
      ['git:main:k8s/aa.yaml', '"main" has no file or folder "k8s/aa.yaml"', 'did you mean git:main:k8s/a.yaml?'],
      ['git:main:k8x/more', '"main" has no file or folder "k8x/more"', 'did you mean git:main:k8s/more?'],
      ['git:main:zzzzzz', '"main" has no file or folder "zzzzzz"', 'git:main: is the whole repository'],
      [
        'git:main:../x',
        '"git:main:../x" is outside of the repository',
        'a path begins at the root of the repository, or with ./ at the current folder',
      ],
    ])('%s is an error', async (operand, message, hint) => {
      expect(await run(`map -f ${operand}`)).toEqual({
        stdout: '',
        stderr: `error: ${message}\nhint: ${hint}\n`,
        code: 2,
      });
    });

    it('a folder that the commit does not have yet is an error, not an empty state', async () => {
      mkdirSync(join(repository.folder, 'new'));
      expect((await run('diff git:main .', 'new')).stderr).toContain('error: "main" has no file or folder "new"\n');
    });
  });

  describe('REF', () => {
    beforeEach(() => repository.commit({ 'a.yaml': pod('a') }));

    it.each([
      ['git:mian', 'did you mean git:main?'],
      ['git:feature', 'did you mean git:origin/feature?'],
      ['git:zzzzzz', 'git fetch brings what a remote has; checkouts of pipelines often hold one commit only'],
      ['git:--all', 'git fetch brings what a remote has; checkouts of pipelines often hold one commit only'],
    ])('%s is an error', async (operand, hint) => {
      repository.git('update-ref', 'refs/remotes/origin/feature', 'HEAD');
      const { stderr, code } = await run(`map -f ${operand}`);
      expect(stderr).toBe(`error: this repository has no commit, branch or tag "${operand.slice(4)}"\nhint: ${hint}\n`);
      expect(code).toBe(2);
    });

    it('may be anything that git takes for a commit', async () => {
      repository.git('tag', '--annotate', '--message', 'x', 'v1');
      const hash = repository.git('rev-parse', '--short', 'HEAD').trim();
      for (const reference of ['HEAD', 'v1', hash, 'main^{commit}', 'refs/heads/main', '@']) {
        expect(await names(`git:${reference}`)).toEqual(['a']);
      }
    });
  });

  describe('files', () => {
    it('are those that would be read of the folder', async () => {
      repository.commit({
        'b.yml': pod('b'),
        'a.JSON': '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[]}}',
        'notes.md': pod('n'),
        '.github/x.yaml': pod('x'),
        'node_modules/y/y.yaml': pod('y'),
        'chart/Chart.yaml': 'name: chart\n',
        'chart/templates/t.yaml': pod('t'),
        'chart/values.yaml': 'a: 1\n',
        'chart/extra/e.yaml': pod('e'),
        'deep/c.yaml': pod('c'),
        'latin.yaml': '\u00e9: 1\n',
      });
      const seen = (set: Awaited<ReturnType<typeof readManifests>>, cut: (file: string) => string) => ({
        objects: set.objects.map(({ value, file }) => [cut(file!), value]),
        gaps: set.gaps.map(({ file, message }) => [cut(file!), message]),
        skipped: set.skipped.map(({ file, reason }) => [cut(file), reason]),
      });
      const around = { cwd: repository.folder, env: repository.env };
      const commit = seen(await readManifests(['git:HEAD'], around), (file) => file.replace('git:HEAD:', ''));
      expect(commit).toEqual(seen(await readManifests(['.'], around), (file) => file));
      expect(commit.objects).toHaveLength(4);
      expect(await rest('git:HEAD:chart/templates')).toEqual(
        await rest('git:HEAD:chart').then((all) => all.slice(0, 1)),
      );
      expect((await run('map -f git:HEAD --no-recursive -o json')).stdout).not.toContain('Pod/c');
    });

    it('come out byte for byte: Windows line ends, no line end, nothing at all', async () => {
      repository.commit({ 'a.yaml': pod('a').replaceAll('\n', '\r\n').trimEnd(), 'b.yaml': '', 'c.yaml': pod('c') });
      expect(await names('git:HEAD')).toEqual(['a', 'c']);
      expect(await rest('git:HEAD')).toEqual(['skipped git:HEAD:b.yaml: holds no document']);
    });

    it('many and large ones come through', async () => {
      const files = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`many/${i}.yaml`, pod(`p-${i}`)]));
      repository.commit({ ...files, 'many/large.yaml': `# ${'x'.repeat(3_000_000)}\n${pod('large')}` });
      expect(await names('git:HEAD')).toHaveLength(301);
    });

    it('links are followed within the repository, and are gaps where they lead out of it or nowhere', async () => {
      repository.commit({
        'base/a.yaml': pod('a'),
        'k8s/link.yaml': '-> ../base/a.yaml',
        'k8s/more': '-> ../other',
        'k8s/self': '-> ../k8s',
        'k8s/out.yaml': '-> ../../etc/passwd.yaml',
        'k8s/root.yaml': '-> /etc/passwd',
        'k8s/gone.yaml': '-> nothing.yaml',
        'k8s/loop.yaml': '-> loop.yaml',
        'k8s/via.yaml': '-> more/b.yaml',
        'other/b.yaml': pod('b'),
      });
      expect(await names('git:HEAD:k8s')).toEqual(['a', 'b', 'b']);
      expect(await names('git:HEAD:k8s/via.yaml')).toEqual(['b']);
      expect(await rest('git:HEAD:k8s')).toEqual([
        'gap git:HEAD:k8s/gone.yaml: cannot be read: a link to nothing',
        'gap git:HEAD:k8s/loop.yaml: cannot be read: a link that leads to itself',
        'gap git:HEAD:k8s/out.yaml: cannot be read: a link out of the repository',
        'gap git:HEAD:k8s/root.yaml: cannot be read: a link out of the repository',
      ]);
      expect((await run('map -f git:HEAD:k8s/root.yaml')).stderr).toContain(
        'error: "k8s/root.yaml" of "HEAD" is a link out of the repository\n',
      );
    });

    it('of submodules are a gap', async () => {
      repository.commit({ 'a.yaml': pod('a') });
      const hash = repository.git('rev-parse', 'HEAD').trim();
      for (const path of ['vendor/lib', 'node_modules/lib', '.hidden']) {
        repository.git('update-index', '--add', '--cacheinfo', `160000,${hash},${path}`);
      }
      repository.git('commit', '--quiet', '--message', 'submodules');
      const { stderr, code } = await run('map -f git:HEAD');
      expect(stderr).toContain(
        'git:HEAD:vendor/lib: high: cannot be read: a submodule, whose files are those of another repository',
      );
      expect(code).toBe(2);
      expect(await rest('git:HEAD')).toHaveLength(1);
      expect((await run('map -f git:HEAD:vendor/lib')).stderr).toContain(
        'error: "vendor/lib" of "HEAD" is a submodule\n',
      );
    });

    it('of which only a pointer of Git LFS is there are a gap, in a folder as well', async () => {
      const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`;
      repository.commit({ 'a.yaml': pod('a'), 'big.yaml': pointer });
      const message = 'a pointer of Git LFS; the file that it stands for is not here';
      expect(await rest('git:HEAD')).toEqual([`gap git:HEAD:big.yaml: ${message}`]);
      expect(await rest('.')).toEqual([`gap big.yaml: ${message}`]);
    });

    it('that the repository does not hold are a gap', async () => {
      repository.commit({ 'a.yaml': pod('a'), 'b.yaml': pod('b') });
      const hash = repository.git('rev-parse', 'HEAD:b.yaml').trim();
      repository.git('-c', 'core.bare=false', 'status');
      const { rmSync } = await import('node:fs');
      rmSync(join(repository.folder, '.git/objects', hash.slice(0, 2), hash.slice(2)));
      expect(await names('git:HEAD')).toEqual(['a']);
      expect(await rest('git:HEAD')).toEqual([
        'gap git:HEAD:b.yaml: cannot be read: the repository does not hold its contents',
      ]);
    });
  });

  it('writes nothing, neither into the folder nor into the repository', async () => {
    repository.commit({ 'k8s/a.yaml': pod('a'), 'k8s/link.yaml': '-> a.yaml' });
    repository.git('pack-refs', '--all');
    const state = () =>
      (readdirSync(repository.folder, { recursive: true }) as string[]).sort().map((name) => {
        const path = join(repository.folder, name);
        const text = statSync(path).isDirectory() ? '' : readFileSync(path);
        return `${name} ${createHash('sha256').update(text).digest('hex')}`;
      });
    const before = state();
    await run('diff git:main .');
    await run('map -f git:main:nowhere');
    expect(state()).toEqual(before);
  });

  it('a bare repository is one, too', async () => {
    repository.commit({ 'k8s/a.yaml': pod('a') });
    repository.git('clone', '--quiet', '--bare', '.', 'bare.git');
    expect(await names('git:main', 'bare.git')).toEqual(['a']);
  });
});

describe('without', () => {
  it('git, it is said', async () => {
    const { stderr, code } = await runCli(['diff', 'git:main', '.'], { env: { PATH: '/nowhere' } });
    expect(stderr).toBe(
      'error: "git:main" is a commit, and git is not on PATH\n' +
        'hint: install git, or give folders: git worktree add DIR REF makes one of a commit\n',
    );
    expect(code).toBe(2);
  });

  it('a repository, git’s own words are said', async () => {
    const { mkdtempSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    const folder = mkdtempSync(join(tmpdir(), 'netweir-no-git-'));
    const path = fakeTool(join(folder, 'bin'), 'git', "say('fatal: not a git repository\\n'); process.exitCode = 128;");
    const { stderr } = await runCli(['map', '-f', 'git:main'], { cwd: folder, env: { PATH: path } });
    expect(stderr).toBe(
      'error: "git:main" needs a repository, and git finds none here\nhint: git says: fatal: not a git repository\n',
    );
  });
});
