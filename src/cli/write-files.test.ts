import { spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../../test/support/shared.ts';
import { replaceFiles, writeResult } from './replace-files.ts';
import { type FileChange, writeFiles } from './write-files.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-write-'));
  for (const name of ['a.yaml', 'b.yaml', 'c.yaml']) writeFileSync(join(folder, name), `old ${name}`);
});
afterEach(() => rmSync(folder, { recursive: true }));

const change = (file: string, after: string | undefined = `new ${file}`, before = `old ${file}`): FileChange => ({
  path: join(folder, file),
  file,
  before: Buffer.from(before),
  ...(after === undefined ? {} : { after: Buffer.from(after) }),
});
const contents = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => statSync(join(folder, name)).isFile())
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
const OLD = { 'a.yaml': 'old a.yaml', 'b.yaml': 'old b.yaml', 'c.yaml': 'old c.yaml' };

describe('writeFiles', () => {
  it('writes all, and leaves nothing else behind', async () => {
    await writeFiles([change('a.yaml'), change('b.yaml')]);
    expect(contents()).toEqual({ ...OLD, 'a.yaml': 'new a.yaml', 'b.yaml': 'new b.yaml' });
  });

  it('removes a file without contents', async () => {
    const { after: _, ...gone } = change('b.yaml');
    await writeFiles([change('a.yaml'), gone]);
    expect(contents()).toEqual({ 'a.yaml': 'new a.yaml', 'c.yaml': 'old c.yaml' });
  });

  it('touches nothing where one is not as it was read', async () => {
    writeFileSync(join(folder, 'b.yaml'), 'of somebody else');
    const message = '"b.yaml" was changed since it was read; nothing was written';
    await expect(writeFiles([change('a.yaml'), change('b.yaml')])).rejects.toMatchObject({ code: 'changed', message });
    expect(contents()).toEqual({ ...OLD, 'b.yaml': 'of somebody else' });
    rmSync(join(folder, 'b.yaml'));
    await expect(writeFiles([change('a.yaml'), change('b.yaml')])).rejects.toMatchObject({
      message: '"b.yaml" was removed since it was read; nothing was written',
    });
    expect(contents()['a.yaml']).toBe('old a.yaml');
  });

  it('looks once more when the new contents are complete', async () => {
    const late = change('b.yaml');
    let looks = 0;
    const watched = {
      ...change('a.yaml'),
      get before() {
        if (++looks === 2) writeFileSync(late.path, 'at the last moment');
        return Buffer.from('old a.yaml');
      },
    };
    await expect(writeFiles([watched, late])).rejects.toMatchObject({ code: 'changed' });
    expect(contents()).toEqual({ ...OLD, 'b.yaml': 'at the last moment' });
  });

  it('keeps permissions', async () => {
    chmodSync(join(folder, 'a.yaml'), 0o640);
    chmodSync(join(folder, 'b.yaml'), 0o755);
    await writeFiles([change('a.yaml'), change('b.yaml')]);
    expect(statSync(join(folder, 'a.yaml')).mode & 0o777).toBe(0o640);
    expect(statSync(join(folder, 'b.yaml')).mode & 0o777).toBe(0o755);
  });

  it('writes through a link, which stays one', async () => {
    mkdirSync(join(folder, 'links'));
    symlinkSync(join('..', 'a.yaml'), join(folder, 'links', 'x.yaml'));
    await writeFiles([{ ...change('links/x.yaml', 'new'), before: Buffer.from(OLD['a.yaml']) }]);
    expect(lstatSync(join(folder, 'links', 'x.yaml')).isSymbolicLink()).toBe(true);
    expect(contents()).toEqual({ ...OLD, 'a.yaml': 'new' });
    expect(readdirSync(join(folder, 'links'))).toEqual(['x.yaml']);
  });

  it('refuses two changes of one file', async () => {
    symlinkSync('a.yaml', join(folder, 'z.yaml'));
    const twice = [change('a.yaml'), { ...change('z.yaml'), before: Buffer.from(OLD['a.yaml']) }];
    await expect(writeFiles(twice)).rejects.toMatchObject({ message: '"a.yaml" and "z.yaml" are the same file' });
    expect(contents()).toMatchObject(OLD);
  });

  it('refuses standard input and what is no file', async () => {
    await expect(writeFiles([change('a.yaml'), change('<stdin>')])).rejects.toMatchObject({
      message: 'standard input cannot be changed',
      hint: 'name a file with -f',
    });
    mkdirSync(join(folder, 'd'));
    await expect(writeFiles([change('a.yaml'), change('d')])).rejects.toMatchObject({
      message: '"d" is no file and cannot be changed',
    });
    expect(contents()).toEqual(OLD);
  });
});

describe('writeResult', () => {
  const write = (file: FileHandle): Promise<void> => file.writeFile('new');

  it('replaces a file, and writes straight to what the system shows as one of its own', async () => {
    const target = join(folder, 'a.yaml');
    const before = statSync(target).ino;
    await writeResult({ target, shown: 'a.yaml', write }, '');
    expect([readFileSync(target, 'utf8'), statSync(target).ino === before]).toEqual(['new', false]);
    if (!existsSync('/proc/self/fd')) return;
    const held = openSync(join(folder, 'b.yaml'), 'r');
    const inode = statSync(join(folder, 'b.yaml')).ino;
    await writeResult({ target: `/proc/self/fd/${held}`, shown: 'fd', write }, '');
    closeSync(held);
    expect([readFileSync(join(folder, 'b.yaml'), 'utf8'), statSync(join(folder, 'b.yaml')).ino]).toEqual([
      'new',
      inode,
    ]);
  });

  it('refuses a directory', async () => {
    await expect(writeResult({ target: folder, shown: 'x', write }, 'name a file')).rejects.toMatchObject({
      message: '"x" is a directory',
      hint: 'name a file',
    });
  });
});

describe('replaceFiles', () => {
  const replacement = (name: string, write: (file: { writeFile(text: string): Promise<void> }) => Promise<void>) => ({
    target: join(folder, name),
    shown: name,
    write,
  });

  it('changes nothing where one cannot be written', async () => {
    const good = replacement('a.yaml', (file) => file.writeFile('new'));
    await expect(
      replaceFiles([
        good,
        replacement('b.yaml', async () => {
          throw new Error('no more');
        }),
      ]),
    ).rejects.toThrow('no more');
    await expect(replaceFiles([good, replacement('none/x', (file) => file.writeFile(''))])).rejects.toMatchObject({
      message: '"none/x" cannot be written: its directory does not exist',
    });
    expect(contents()).toEqual(OLD);
  });

  it('says what is written already where a rename fails', async () => {
    mkdirSync(join(folder, 'd', 'full'), { recursive: true });
    const both = ['a.yaml', 'd'].map((name) => replacement(name, (file) => file.writeFile('new')));
    await expect(replaceFiles(both)).rejects.toMatchObject({
      message: '"d" cannot be written: it is a directory',
      hint: 'already written: "a.yaml"',
    });
    expect(readdirSync(folder).sort()).toEqual(['a.yaml', 'b.yaml', 'c.yaml', 'd']);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s before the renames leaves nothing behind', async (signal) => {
    const { outputFiles } = await build({
      entryPoints: [join(ROOT, 'src/cli/replace-files.ts')],
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
    });
    // The folder comes first among the arguments, since the program itself has no name.
    const program = `
      ${outputFiles[0]!.text}
      const [a, b] = ['a.yaml', 'b.yaml'].map((name) => ({ target: process.argv[1] + '/' + name, shown: name }));
      const write = (file) => file.writeFile('new');
      const wait = async (file) => {
        await file.writeFile('half');
        process.stdout.write('ready');
        await new Promise((done) => setTimeout(done, 60_000));
      };
      await replaceFiles([{ ...a, write }, { ...b, write: wait }]);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, folder]);
    const errors: string[] = [];
    child.stderr.on('data', (data) => errors.push(String(data)));
    child.stdout.once('data', () => {
      expect(readdirSync(folder)).toHaveLength(5);
      child.kill(signal);
    });
    const killedBy = await new Promise((done) => child.on('exit', (_code, name) => done(name)));
    expect(killedBy, errors.join('')).toBe(signal);
    expect(contents()).toEqual(OLD);
  });
});
