// Stands between the program and the API server, where a test needs a server that misbehaves: passes requests on with the
// rights of the control plane's user, unless the test answers them itself. Plain HTTP on this machine.

import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { parse } from 'yaml';
import type { ControlPlane } from './control-plane.ts';

/** Answers a request itself where it returns true. It may take its time before it lets one pass. */
export type Intercept = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

/** A relay that runs. */
export interface Relay {
  readonly url: string;
  /** Paths and queries in the order of arrival. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Starts a relay. */
export async function relay({ kubeconfig, server }: ControlPlane, intercept: Intercept = () => false): Promise<Relay> {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8'));
  const secure = {
    ca: Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64'),
    cert: Buffer.from(users[0].user['client-certificate-data'], 'base64'),
    key: Buffer.from(users[0].user['client-key-data'], 'base64'),
  };
  const requests: string[] = [];
  const front = createServer(async (incoming, response) => {
    requests.push(incoming.url ?? '');
    if (await intercept(incoming, response)) return;
    const { host: _, authorization: __, ...headers } = incoming.headers;
    const call = request(new URL(incoming.url ?? '', server), { ...secure, headers, method: incoming.method });
    call.on('error', () => response.destroy());
    call.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    call.end();
  });
  await new Promise<void>((done) => front.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((done) => {
        front.close(() => done());
        front.closeAllConnections();
      }),
  };
}

/** Runs something with a relay, and stops it. */
export async function withRelay<T>(
  plane: ControlPlane,
  intercept: Intercept,
  act: (relay: Relay) => Promise<T>,
): Promise<T> {
  const running = await relay(plane, intercept);
  try {
    return await act(running);
  } finally {
    await running.close();
  }
}
