import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeTool } from '../../../test/support/fake-tool.ts';
import { runTool } from './run-tool.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-tool-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a program of these lines. */
function run(script: string, more: Partial<Parameters<typeof runTool>[0]> = {}, take = textOf) {
  const env = { PATH: fakeTool(folder, 'tool', script) };
  return runTool({ program: 'tool', words: [], env, ...more }, take);
}

async function textOf(stdout: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdout) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('runTool', () => {
  it('gives the output, the exit code and what was said', async () => {
    const end = await run("process.stdout.write('out'); say('err'); process.exitCode = 3;");
    expect(end).toEqual({ taken: 'out', isWhole: true, code: 3, said: 'err' });
  });

  it('is undefined where there is no such program, and takes nothing', async () => {
    let taken = 0;
    const take = async () => taken++;
    expect(await runTool({ program: 'absent', words: [], env: { PATH: folder } }, take)).toBeUndefined();
    expect(taken).toBe(0);
  });

  it('uses no shell: words arrive as they are', async () => {
    const words = ['$HOME', '`id`', 'a b', ';', '*', ''];
    const end = await run('process.stdout.write(JSON.stringify(words))', { words });
    expect(JSON.parse(end!.taken)).toEqual(words);
  });

  it('runs where it is told, and has no standard input to wait for', async () => {
    const script = "process.stdin.on('data', () => {}).on('end', () => process.stdout.write(process.cwd()))";
    const end = await run(script, { cwd: folder });
    expect(end?.taken.endsWith(folder.split('/').at(-1)!)).toBe(true);
  });

  it('feeds standard input no faster than it is read, and minds nobody who stops reading', async () => {
    const line = `${'x'.repeat(1023)}\n`;
    const lines = function* () {
      for (let i = 0; i < 2000; i++) yield line;
    };
    const all = await run('process.stdin.pipe(process.stdout)', { input: lines() });
    expect(all?.taken.length).toBe(2000 * 1024);
    expect(await run('process.exit(0)', { input: lines() })).toEqual({ taken: '', isWhole: true, code: 0, said: '' });
  });

  it('ends a program whose reader has enough', async () => {
    const first = async (stdout: AsyncIterable<Uint8Array>) => {
      for await (const chunk of stdout) return String(chunk[0]);
      return '';
    };
    const forever = "const go = () => process.stdout.write('y'.repeat(65536), (error) => error || go()); go();";
    const end = await run(`process.stdout.on('error', () => process.exit(9)); ${forever}`, {}, first);
    expect(end).toMatchObject({ taken: '121', isWhole: false });
  });

  it('ends a program whose reader fails, and throws the failure', async () => {
    const fails = () => Promise.reject(new Error('no'));
    await expect(run('setInterval(() => {}, 1000)', {}, fails)).rejects.toThrow('no');
  });

  it('ends it on an abort', async () => {
    const stop = new AbortController();
    const aborts = async (stdout: AsyncIterable<Uint8Array>) => {
      for await (const _ of stdout) stop.abort();
      return '';
    };
    const script = "process.stdout.write('ready'); setInterval(() => {}, 1000)";
    await expect(run(script, { signal: stop.signal }, aborts)).rejects.toThrow(/abort/i);
  });

  it('leaves no listeners behind', async () => {
    const count = () => ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit'].map((name) => process.listenerCount(name));
    const before = count();
    await run('');
    await runTool({ program: 'absent', words: [], env: { PATH: folder } }, textOf);
    expect(count()).toEqual(before);
  });

  it('keeps the beginning of what is said', async () => {
    const end = await run("say('z'.repeat(1e6))");
    expect(end?.said.length).toBe(64 * 1024);
  });
});
