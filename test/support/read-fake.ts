// Reads a fake API server as the program does, with waiting that takes no time and is written down.

import { readTarget } from '../../src/cluster/index.ts';
import { AS_ONESELF, type UserEntry } from '../../src/cluster/kubeconfig.ts';
import type { ClusterReading, ReadOptions } from '../../src/cluster/read-cluster.ts';
import type { Target } from '../../src/cluster/target.ts';
import { type FakeApi, fakeApi } from './fake-api-server.ts';

/** What a test says beside the API. */
export interface FakeReading extends Partial<ReadOptions> {
  readonly user?: Partial<UserEntry>;
  readonly target?: Partial<Target>;
  readonly env?: Readonly<Record<string, string>>;
  readonly patience?: { readonly connect: number; readonly silence: number };
  readonly now?: Date;
}

/** A reading, or the error, with what was asked and how long was waited between tries. */
export interface FakeRead {
  readonly reading: ClusterReading | undefined;
  readonly error: (Error & { readonly hint?: string; readonly code?: string }) | undefined;
  readonly requests: readonly string[];
  readonly waits: readonly number[];
  /** What plugins wrote to standard error. */
  readonly said: string;
}

/** Starts the API, reads it, and stops it. */
export async function readFake(api: FakeApi, options: FakeReading = {}): Promise<FakeRead> {
  const server = await fakeApi(api);
  const waits: number[] = [];
  let said = '';
  const { user, target, env = {}, patience, now = new Date('2026-06-01T00:00:00Z'), ...reading } = options;
  const whole: Target = {
    title: 'context "fake"',
    context: 'fake',
    server: new URL(server.url),
    cluster: { server: server.url, insecure: false },
    userName: 'dev',
    user: { impersonate: AS_ONESELF, ...user },
    namespace: 'default',
    impersonate: AS_ONESELF,
    ...target,
  };
  try {
    const result = await readTarget(
      whole,
      { purposes: ['answers'], namespaces: ['default'], ...reading },
      {
        env,
        cwd: process.cwd(),
        userAgent: 'netweir/test',
        isInteractive: false,
        say: (text) => {
          said += text;
        },
        now: () => now,
        wait: async (milliseconds) => {
          waits.push(milliseconds);
        },
        ...(patience === undefined ? {} : { patience }),
      },
    );
    return { reading: result, error: undefined, requests: server.requests, waits, said };
  } catch (error) {
    return { reading: undefined, error: error as Error, requests: server.requests, waits, said };
  } finally {
    await server.close();
  }
}
