import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PluginSurroundings, runPlugin } from './exec-plugin.ts';
import type { ExecPlugin } from './kubeconfig.ts';

const V1 = 'client.authentication.k8s.io/v1';
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-plugin-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly hint?: string };
  readonly said: string;
}

/** Runs a script as a plugin; it prints what `status` is given. */
async function run(
  script: string,
  plugin: Partial<ExecPlugin> = {},
  around: Partial<PluginSurroundings> = {},
): Promise<Ran> {
  const path = join(folder, 'plugin.cjs');
  const print = `const print = (value) => console.log(JSON.stringify({ apiVersion: '${V1}', kind: 'ExecCredential', ...value }));`;
  writeFileSync(path, `${print}\nconst info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);\n${script}`);
  let said = '';
  const whole: ExecPlugin = {
    command: process.execPath,
    args: [path],
    env: [],
    apiVersion: V1,
    interactiveMode: 'Never',
    provideClusterInfo: false,
    folder,
    ...plugin,
  };
  try {
    const result = await runPlugin(whole, {
      env: { PATH: process.env.PATH },
      cwd: folder,
      isInteractive: false,
      say: (text) => {
        said += text;
      },
      clusterInfo: () => ({ server: 'https://c' }),
      ...around,
    });
    return { result, said };
  } catch (error) {
    return { error: error as Error, said };
  }
}

describe('a plugin', () => {
  it('is told what client-go tells it, and gives a token', async () => {
    const { result, said } = await run(
      `console.error('open a page'); print({ status: { token: JSON.stringify([info, process.env.ROLE]), expirationTimestamp: '2026-06-01T00:00:00Z' } });`,
      { provideClusterInfo: true, env: [{ name: 'ROLE', value: 'admin' }] },
    );
    const { token, expires } = result as { token: string; expires: string };
    expect(JSON.parse(token)).toEqual([
      { kind: 'ExecCredential', apiVersion: V1, spec: { interactive: false, cluster: { server: 'https://c' } } },
      'admin',
    ]);
    expect([expires, said]).toEqual(['2026-06-01T00:00:00Z', 'open a page\n']);
  });

  it('gives a certificate with its key', async () => {
    const { result } = await run(`print({ status: { clientCertificateData: 'C', clientKeyData: 'K' } });`);
    expect(result).toEqual({ certificate: { cert: 'C', key: 'K' } });
  });

  it('of a relative path belongs to the kubeconfig', async () => {
    mkdirSync(join(folder, 'bin'), { recursive: true });
    const path = join(folder, 'bin', 'own');
    writeFileSync(
      path,
      `#!${process.execPath}\nconsole.log('{"apiVersion": "${V1}", "kind": "ExecCredential", "status": {"token": "t"}}');`,
    );
    chmodSync(path, 0o755);
    const { result } = await run('', { command: './bin/own', args: [] }, { cwd: tmpdir() });
    expect(result).toEqual({ token: 't' });
  });

  it('that asks is not run without a terminal', async () => {
    const { error, said } = await run(`console.error('run');`, { interactiveMode: 'Always' });
    expect(error?.message).toContain('needs a terminal');
    expect(said).toBe('');
    const quiet = await run(`print({ status: { token: String(info.spec.interactive) } });`, {
      interactiveMode: 'IfAvailable',
    });
    expect(quiet.result).toEqual({ token: 'false' });
  });

  it.each<[string, Partial<ExecPlugin>, string, string]>([
    [
      '',
      { command: 'no-such-plugin', installHint: 'brew install it' },
      'plugin "no-such-plugin" is not installed',
      'brew install it',
    ],
    [
      '',
      { command: 'no-such-plugin' },
      'plugin "no-such-plugin" is not installed',
      'install it, or put its folder on PATH',
    ],
    [`process.exit(3)`, {}, 'failed with exit code 3', 'what it said stands above'],
    [`process.kill(process.pid, 'SIGKILL')`, {}, 'was ended by SIGKILL', ''],
    [`console.log('not logged in')`, {}, 'prints no JSON', 'it should print an ExecCredential'],
    [`console.log('{"kind": "Pod"}')`, {}, 'prints no ExecCredential', ''],
    [
      `print({ apiVersion: '${V1}beta1', status: {} })`,
      {},
      `answers in ${V1}beta1, and the kubeconfig asks for ${V1}`,
      '',
    ],
    [`print({})`, {}, 'gives no status', ''],
    [`print({ status: {} })`, {}, 'gives neither a token nor a certificate', ''],
    [`print({ status: { clientCertificateData: 'C' } })`, {}, 'gives a certificate without its key', ''],
    [
      '',
      { apiVersion: 'client.authentication.k8s.io/v1alpha1' },
      'speaks client.authentication.k8s.io/v1alpha1',
      'known are',
    ],
  ])('%j with %j is refused', async (script, plugin, message, hint) => {
    const { error } = await run(script, plugin);
    expect(error?.message).toContain(message);
    expect(error?.hint ?? '').toContain(hint);
  });
});
