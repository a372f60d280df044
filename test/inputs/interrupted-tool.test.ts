// Ctrl-C while another program renders: both end, and nothing is left behind.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fakeTool } from '../support/fake-tool.ts';
import { describeUnless, ROOT } from '../support/shared.ts';

const PROGRAM = join(ROOT, 'dist/bin/netweir.js');
const unbuilt = existsSync(PROGRAM) ? undefined : 'dist/bin/netweir.js is absent: run npm run build';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-interrupt-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describeUnless(unbuilt, 'a program that renders', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('ends with us on %s', async (signal) => {
    // The fake holds a connection open as long as it lives, and would live for ever.
    const socketPath = join(folder, `alive-${signal}`);
    const script = `require('node:net').connect(${JSON.stringify(socketPath)}); setInterval(() => {}, 1000);`;
    const path = fakeTool(join(folder, 'bin'), 'kustomize', script);
    const server = createServer();
    await new Promise<void>((done) => server.listen(socketPath, done));
    const alive = new Promise<Socket>((done) => server.once('connection', done));
    const child = spawn(process.execPath, [PROGRAM, 'map', '-k', '.', '-o', 'json=map.json'], {
      cwd: folder,
      env: { PATH: path },
      stdio: 'ignore',
    });
    const ended = new Promise<string | null>((done) => child.on('exit', (_code, how) => done(how)));
    const connection = await alive;
    const gone = new Promise<void>((done) =>
      connection
        .on('close', () => done())
        .on('error', () => {})
        .resume(),
    );
    child.kill(signal);
    expect(await ended).toBe(signal);
    await gone;
    server.close();
    expect(readdirSync(folder).filter((name) => name.includes('map.json'))).toEqual([]);
  });
});
