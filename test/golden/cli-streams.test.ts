// What needs a real process or files that no repository should hold: streams that break, signals, absurd input.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  watch,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/run-cli.ts';
import { describeUnless, ROOT } from '../support/shared.ts';

const POD =
  '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"name":"c","image":"i"}]}}\n';
const PROGRAM = join(ROOT, 'dist/bin/netweir.js');
const shop = join(ROOT, 'test/golden/cli/inputs/shop');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A folder of that name with a pod in it. */
function withPod(name: string): string {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'pod.json'), POD);
  return join(folder, name);
}

const run = (...argv: string[]) => runCli(argv, { cwd: folder });

describe('absurd input', () => {
  it('an empty directory is an error', async () => {
    mkdirSync(join(folder, 'empty'));
    const { stdout, stderr, code } = await run('map', '-f', 'empty');
    expect(stderr).toBe('error: no manifest (.yaml, .yml, .json) in "empty"\n');
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  });

  it('a link to nothing does not stop the rest, and makes the answer incomplete', async () => {
    symlinkSync('nothing', join(withPod('dangling'), 'policy.yaml'));
    const { stdout, stderr, code } = await run('map', '-f', 'dangling', '-o', 'json');
    expect(JSON.parse(stdout).endpoints.length).toBeGreaterThan(0);
    expect(stderr).toContain('dangling/policy.yaml: high: cannot be read: a link to nothing, or removed meanwhile');
    expect(code).toBe(2);
    expect((await run('map', '-f', 'dangling', '--allow-incomplete')).code).toBe(0);
  });

  it('a directory with the name of a file is a directory', async () => {
    mkdirSync(join(withPod('odd'), 'more.yaml'));
    expect((await run('map', '-f', 'odd')).code).toBe(0);
  });

  it('a binary file is skipped, and said so', async () => {
    writeFileSync(join(withPod('binary'), 'image.yaml'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0, 0, 0xff]));
    const { stderr, code } = await run('map', '-f', 'binary');
    expect(stderr).toMatch(/^skipped binary\/image\.yaml: a binary file$/m);
    expect(code).toBe(0);
  });

  it('a line of 100 MB ends in a sentence', async () => {
    const file = openSync(join(withPod('long'), 'long.yaml'), 'w');
    writeSync(file, 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: long}\ndata: {a: "');
    const piece = Buffer.alloc(1024 * 1024, 'x');
    for (let i = 0; i < 100; i++) writeSync(file, piece);
    writeSync(file, '"}\n');
    closeSync(file);
    const { stdout, stderr, code } = await run('map', '-f', 'long');
    expect(stderr).toContain('long/long.yaml');
    expect(stdout.length + stderr.length).toBeLessThan(10_000);
    expect(stdout).toContain('internet');
    expect(code).toBe(2);
    rmSync(join(folder, 'long'), { recursive: true });
  });

  it('a name cannot steer the terminal', async () => {
    const name = 'web\\u001b[2J';
    writeFileSync(join(folder, 'escape.json'), POD.replace('"web"', `"${name}"`));
    const { stdout, stderr } = await run('map', '-f', 'escape.json');
    expect(stdout + stderr).not.toContain('\u001b');
  });
});

const unbuilt = existsSync(PROGRAM) ? undefined : 'dist/bin/netweir.js is absent: run npm run build';

describeUnless(unbuilt, 'the built program', () => {
  const env = { ...process.env, NO_COLOR: '1' };

  it('prints what the sources print', async () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [PROGRAM, 'map', '-f', '.'], {
      cwd: shop,
      env,
      encoding: 'utf8',
    });
    expect({ stdout, stderr, code: status }).toEqual(await runCli(['map', '-f', '.'], { cwd: shop }));
  });

  it('knows how kubectl calls it', () => {
    const link = join(folder, 'kubectl-netweir');
    symlinkSync(PROGRAM, link);
    const { stdout } = spawnSync(process.execPath, [link, 'map', '--help'], { env, encoding: 'utf8' });
    expect(stdout).toContain('Usage: kubectl netweir map [flags]');
  });

  it('completes for kubectl', () => {
    const program = join(ROOT, 'dist/bin/kubectl-complete.js');
    const { stdout, status } = spawnSync(process.execPath, [program, 'who-can', ''], { env, encoding: 'utf8' });
    expect(stdout).toBe('reach\nbe-reached-by\n:4\n');
    expect(status).toBe(0);
  });

  it('is silent where its reader goes away', () => {
    const pods = Array.from({ length: 300 }, (_, i) => POD.replace('"web"', `"web-${i}","labels":{"n":"${i}"}`));
    writeFileSync(join(folder, 'many.json'), pods.join(''));
    const command = `"$1" "$2" map -f many.json -o json --expand 2>errors | head -1; echo "\${PIPESTATUS[0]}"`;
    const { stdout } = spawnSync('bash', ['-c', command, 'bash', process.execPath, PROGRAM], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    expect(stdout).toBe('{\n141\n');
    expect(spawnSync('cat', [join(folder, 'errors')], { encoding: 'utf8' }).stdout).not.toMatch(/EPIPE|error/);
  });

  it('stops at once with Ctrl-C and leaves nothing behind', async () => {
    const before = readdirSync(folder);
    const child = spawn(process.execPath, [PROGRAM, 'map', '-f', '-', '-o', 'json=interrupted.json'], {
      cwd: folder,
      env,
    });
    const ended = new Promise<[number | null, string | null]>((done) => child.on('exit', (...how) => done(how)));
    child.stdin.write(POD);
    // The program has started reading once the pipe has taken more than fits into it.
    await new Promise((done) => child.stdin.write('#'.repeat(1_000_000), done));
    child.kill('SIGINT');
    const [code, signal] = await ended;
    // A shell shows the signal as 130.
    expect(code ?? signal).toBe('SIGINT');
    expect(readdirSync(folder)).toEqual(before);
  });

  it('removes a file that Ctrl-C leaves unfinished', async () => {
    const place = join(folder, 'writing');
    mkdirSync(place);
    const pods = Array.from({ length: 1200 }, (_, i) => POD.replace('"web"', `"web-${i}","labels":{"n":"${i}"}`));
    writeFileSync(join(folder, 'very-many.json'), pods.join(''));
    const argv = ['map', '-f', 'very-many.json', '-o', 'json=writing/map.json', '--expand'];
    const watcher = watch(place);
    const begun = once(watcher, 'change');
    const child = spawn(process.execPath, [PROGRAM, ...argv], { cwd: folder, env, stdio: 'ignore' });
    const ended = once(child, 'exit');
    await begun;
    expect(readdirSync(place)).toEqual([expect.stringMatching(/^\.map\.json\.[0-9a-f]{12}$/)]);
    child.kill('SIGINT');
    expect((await ended)[1]).toBe('SIGINT');
    watcher.close();
    expect(readdirSync(place)).toEqual([]);
  });

  it('writes the same to a file as to standard output', () => {
    const argv = ['map', '-f', 'many.json', '--expand', '-o', 'json', '-o', 'json=same.json'];
    const options = { cwd: folder, env, encoding: 'utf8', maxBuffer: 2 ** 30 } as const;
    const { stdout } = spawnSync(process.execPath, [PROGRAM, ...argv], options);
    expect(stdout.length).toBeGreaterThan(1_000_000);
    expect(readFileSync(join(folder, 'same.json'), 'utf8') === stdout).toBe(true);
  });
});
