// A control plane of ../shared/cluster for one run of the tests: its own folder and ports, started empty, taken down at the
// end. Says why there is none where it cannot be had. Knows nothing of what is tested.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { run } from '../node/kubectl.ts';

const KIT = resolve('../shared/cluster');
const HOME = process.env.NETWEIR_CLUSTER_HOME ?? join(homedir(), '.cache', 'netweir-cluster');

/** A control plane that is up. */
export interface ControlPlane {
  /** Folder of everything that belongs to it. */
  readonly folder: string;
  /** Of a user who may do everything. */
  readonly kubeconfig: string;
  readonly server: URL;
  /** Asks the API server as that user; throws for a status from 400 on. */
  call(method: string, path: string, body?: object): Promise<Record<string, unknown>>;
  kubectl(args: readonly string[], input?: string): Promise<string>;
}

/** Why there is no control plane to test with; undefined where one can be started. */
export function absence(): string | undefined {
  const known = process.env.NETWEIR_CLUSTER_ABSENT;
  if (known !== undefined && known !== '') return known;
  if (!existsSync(join(KIT, 'up'))) return '../shared/cluster is absent';
  if (process.platform !== 'linux') return 'it needs Linux';
  const programs = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'];
  if (programs.some((name) => !existsSync(join(HOME, 'bin', name)))) {
    return 'it is not built; ../shared/cluster/build builds it, with Go';
  }
  return undefined;
}

/**
 * Starts one. `onBegin` gets what takes it down, before there is anything to take down. Throws an Error with what the script
 * said where it does not come up.
 */
export async function start(onBegin: (down: () => Promise<void>) => void): Promise<ControlPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'netweir-control-plane-'));
  const [api, etcd] = [await freePorts(), await freePorts()];
  const env = {
    NETWEIR_CLUSTER_RUN: join(folder, 'run'),
    NETWEIR_API_PORT: String(api),
    NETWEIR_ETCD_PORT: String(etcd),
  };
  const down = async (): Promise<void> => {
    await run(join(KIT, 'down'), ['--quiet'], '', env);
    rmSync(folder, { recursive: true, force: true });
  };
  onBegin(down);
  const { code, err } = await run(join(KIT, 'up'), [], '', env);
  if (code !== 0) {
    throw new Error(`the control plane does not start: ${err.trim().split('\n').at(-1)}`);
  }
  const kubeconfig = join(folder, 'run', 'kubeconfig');
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8'));
  const decode = (text: string): Buffer => Buffer.from(text, 'base64');
  const server = new URL(clusters[0].cluster.server);
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 32,
    ca: decode(clusters[0].cluster['certificate-authority-data']),
    cert: decode(users[0].user['client-certificate-data']),
    key: decode(users[0].user['client-key-data']),
  });
  return {
    folder,
    kubeconfig,
    server,
    call: (method, path, body) => callServer(server, agent, method, path, body),
    async kubectl(args, input = '') {
      const done = await run(join(HOME, 'bin', 'kubectl'), ['--kubeconfig', kubeconfig, ...args], input);
      if (done.code === 0) return done.out;
      throw new Error(`kubectl ${args.join(' ')}: ${done.err.trim()}`);
    },
  };
}

function callServer(
  server: URL,
  agent: Agent,
  method: string,
  path: string,
  body: object | undefined,
): Promise<Record<string, unknown>> {
  return new Promise((done, fail) => {
    const call = request(new URL(path, server), { method, agent, headers: { 'content-type': 'application/json' } });
    call.on('error', fail);
    call.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', fail);
      response.on('end', () => {
        const value = JSON.parse(Buffer.concat(chunks).toString());
        if ((response.statusCode ?? 500) < 400) done(value);
        else fail(new Error(`${method} ${path}: ${value.message}`));
      });
    });
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** The first of two neighbouring ports that nobody uses: each part of a control plane takes two. */
async function freePorts(): Promise<number> {
  for (;;) {
    const port = await portOf(0);
    if (port !== undefined && (await portOf(port + 1)) !== undefined) return port;
  }
}

function portOf(wanted: number): Promise<number | undefined> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(undefined));
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}
