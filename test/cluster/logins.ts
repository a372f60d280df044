// Every way to log in that a kubeconfig knows, on a server that checks it.

import { equal, match, ok } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { delimiter, join } from 'node:path';
import type { Bench, Case } from './case.ts';
import { configOf } from './rights.ts';

const QUESTION = ['can', 'web', 'cart:8080'];
const V1 = 'client.authentication.k8s.io/v1';

/** A token of a service account that may see everything. */
async function tokenOf(bench: Bench): Promise<string> {
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'reader' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'shop' }],
  };
  await bench.kubectl(['apply', '-f', '-'], JSON.stringify(binding));
  return (await bench.kubectl(['create', 'token', 'default', '-n', 'shop'])).trim();
}

/** A plugin that prints what a script computes; it counts its runs in a file. */
function plugin(bench: Bench, name: string, status: string): { readonly exec: object; readonly runs: () => number } {
  const log = bench.file(`${name}.log`, '');
  const path = bench.file(
    name,
    `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs');
appendFileSync(${JSON.stringify(log)}, 'x');
const run = readFileSync(${JSON.stringify(log)}, 'utf8').length;
console.log(JSON.stringify({ apiVersion: '${V1}', kind: 'ExecCredential', status: ${status} }));
`,
  );
  chmodSync(path, 0o755);
  return {
    exec: { apiVersion: V1, command: path, interactiveMode: 'Never' },
    runs: () => readFileSync(log, 'utf8').length,
  };
}

async function asks(bench: Bench, users: readonly object[], user: string): Promise<void> {
  const { stdout, stderr, code } = await bench.netweir(QUESTION, { KUBECONFIG: await configOf(bench, users, user) });
  ok(stdout.startsWith('✓ allowed   web → cart:8080') && code === 0, stderr);
}

/** Key and certificate of a user in group system:masters, signed by the control plane; `days` may be over already. */
function certificate(bench: Bench, name: string, days: number): { readonly cert: string; readonly key: string } {
  const [key, cert, request] = ['key', 'crt', 'csr'].map((end) => bench.file(`${name}.${end}`, ''));
  const pki = join(bench.folder, 'run', 'pki');
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
  openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key!);
  openssl('req', '-new', '-key', key!, '-subj', `/O=system:masters/CN=${name}`, '-out', request!);
  const authority = ['-CA', join(pki, 'ca.crt'), '-CAkey', join(pki, 'ca.key')];
  openssl('x509', '-req', '-in', request!, '-days', String(days), ...authority, '-out', cert!);
  return { cert: cert!, key: key! };
}

/** Logins. */
export const CASES_OF_LOGINS: readonly Case[] = [
  {
    name: 'a token, in the kubeconfig, in a file, as a flag',
    async run(bench) {
      const token = await tokenOf(bench);
      await asks(bench, [{ name: 't', user: { token } }], 't');
      await asks(bench, [{ name: 'f', user: { tokenFile: bench.file('token', `${token}\n`) } }], 'f');
      const nobody = await configOf(bench, [{ name: 'n', user: {} }], 'n');
      equal((await bench.netweir([...QUESTION, '--token', token], { KUBECONFIG: nobody })).code, 0);
      // Without any, the server knows nobody.
      match((await bench.netweir(QUESTION, { KUBECONFIG: nobody })).stderr, /system:anonymous|does not accept/);
    },
  },
  {
    name: 'a client certificate in files, and with flags alone',
    async run(bench) {
      const { cert, key } = certificate(bench, 'me', 1);
      await asks(bench, [{ name: 'c', user: { 'client-certificate': cert, 'client-key': key } }], 'c');
      const authority = ['--certificate-authority', join(bench.folder, 'run', 'pki', 'ca.crt')];
      const flags = ['-s', bench.server.origin, ...authority, '--client-certificate', cert, '--client-key', key];
      const { code, stderr } = await bench.netweir(['can', 'shop/web', 'shop/cart:8080', ...flags], {
        KUBECONFIG: '/dev/null',
      });
      equal(code, 0, stderr);
    },
  },
  {
    name: 'a client certificate that has expired is named',
    async run(bench) {
      const { cert, key } = certificate(bench, 'late', -1);
      const config = await configOf(
        bench,
        [{ name: 'late', user: { 'client-certificate': cert, 'client-key': key } }],
        'late',
      );
      const { stderr, code } = await bench.netweir(QUESTION, { KUBECONFIG: config });
      match(
        stderr,
        /does not accept the credentials of user "late" of context "own": the client certificate expired at /,
      );
      equal(code, 2);
    },
  },
  {
    name: 'a plugin gives a token, or a certificate',
    async run(bench) {
      const token = plugin(bench, 'gives-token', `{ token: ${JSON.stringify(await tokenOf(bench))} }`);
      await asks(bench, [{ name: 'p', user: { exec: token.exec } }], 'p');
      equal(token.runs(), 1);
      const { cert, key } = certificate(bench, 'by-plugin', 1);
      const texts = [cert, key].map((file) => JSON.stringify(readFileSync(file, 'utf8')));
      const pair = plugin(bench, 'gives-pair', `{ clientCertificateData: ${texts[0]}, clientKeyData: ${texts[1]} }`);
      await asks(bench, [{ name: 'q', user: { exec: pair.exec } }], 'q');
    },
  },
  {
    name: 'a plugin whose token has expired is asked once more',
    async run(bench) {
      const good = JSON.stringify(await tokenOf(bench));
      const late = plugin(bench, 'late', `{ token: run === 1 ? 'expired' : ${good} }`);
      await asks(bench, [{ name: 'l', user: { exec: late.exec } }], 'l');
      equal(late.runs(), 2);
      const never = plugin(bench, 'never', `{ token: 'expired-' + run }`);
      const config = await configOf(bench, [{ name: 'never', user: { exec: never.exec } }], 'never');
      match(
        (await bench.netweir(QUESTION, { KUBECONFIG: config })).stderr,
        /does not accept the credentials of user "never"/,
      );
      equal(never.runs(), 2);
    },
  },
  {
    name: 'several kubeconfigs make one',
    async run(bench) {
      const own = JSON.parse(await bench.kubectl(['config', 'view', '--raw', '-o', 'json']));
      const one = bench.file('one', { clusters: own.clusters });
      const two = bench.file('two', {
        users: own.users,
        contexts: [{ name: 'x', context: { cluster: 'netweir', user: own.users[0].name, namespace: 'shop' } }],
        'current-context': 'x',
      });
      const env = { KUBECONFIG: [one, '/no/such/file', two].join(delimiter) };
      equal((await bench.netweir(QUESTION, env)).code, 0);
      match((await bench.netweir([...QUESTION, '--context', 'y'], env)).stderr, /context "y" does not exist in /);
    },
  },
  {
    name: 'the certificate of the server is checked',
    async run(bench) {
      const own = JSON.parse(await bench.kubectl(['config', 'view', '--raw', '-o', 'json']));
      const { server } = own.clusters[0].cluster;
      const config = (cluster: object) =>
        bench.file('checked', {
          clusters: [{ name: 'c', cluster: { server, ...cluster } }],
          users: own.users,
          contexts: [{ name: 'x', context: { cluster: 'c', user: own.users[0].name, namespace: 'shop' } }],
          'current-context': 'x',
        });
      const ask = (cluster: object, ...flags: string[]) =>
        bench.netweir([...QUESTION, ...flags], { KUBECONFIG: config(cluster) });
      match((await ask({})).stderr, /is signed by an authority that is not known/);
      equal((await ask({ 'insecure-skip-tls-verify': true })).code, 0);
      equal((await ask({}, '--insecure-skip-tls-verify')).code, 0);
      const trusted = { 'certificate-authority-data': own.clusters[0].cluster['certificate-authority-data'] };
      match(
        (await ask({ ...trusted, 'tls-server-name': 'elsewhere' })).stderr,
        /is for other names: localhost, kubernetes/,
      );
      equal((await ask({ ...trusted, 'tls-server-name': 'kubernetes' })).code, 0);
    },
  },
  {
    name: 'a proxy carries TLS to the server',
    async run(bench) {
      let tunnels = 0;
      const proxy = createServer();
      proxy.on('connect', ({ url }, client) => {
        tunnels++;
        const server = connect(Number(url?.split(':').at(-1)), '127.0.0.1', () => {
          client.write('HTTP/1.1 200 Connection established\r\n\r\n');
          server.pipe(client).pipe(server);
        });
        for (const socket of [client, server]) socket.on('error', () => {});
      });
      await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
      try {
        const own = JSON.parse(await bench.kubectl(['config', 'view', '--raw', '-o', 'json']));
        const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
        own.clusters[0].cluster['proxy-url'] = url;
        const { code, stderr } = await bench.netweir(['map'], { KUBECONFIG: bench.file('proxied', own) });
        equal(code, 0, stderr);
        ok(tunnels > 0 && tunnels <= 12, `${tunnels} tunnels`);
        // The certificate is for localhost as well: what counts is the address that was asked for.
        own.clusters[0].cluster.server = `https://10.9.9.9:${bench.server.port}`;
        const elsewhere = await bench.netweir(['map'], { KUBECONFIG: bench.file('elsewhere', own) });
        match(elsewhere.stderr, /the certificate of the API server at https:\/\/10\.9\.9\.9:\d+ is for other names/);
        equal(elsewhere.code, 2);
      } finally {
        proxy.close();
        proxy.closeAllConnections();
      }
    },
  },
];
