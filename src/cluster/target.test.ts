import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inCluster } from './in-cluster.ts';
import { parseTimeout } from './parse-timeout.ts';
import { type ClusterFlags, chooseTarget } from './target.ts';

const CONFIG = `
current-context: prod
clusters:
- {name: c, cluster: {server: 'https://c:6443/base', certificate-authority: ca.crt, tls-server-name: k8s}}
- {name: d, cluster: {server: 'd:8080'}}
- {name: both, cluster: {server: 'https://b', certificate-authority: ca.crt, insecure-skip-tls-verify: true}}
- {name: loud, cluster: {server: 'HTTPS://Loud:6443'}}
contexts:
- {name: prod, context: {cluster: c, user: u, namespace: shop}}
- {name: staging, context: {cluster: d, user: v}}
- {name: broken, context: {cluster: gone, user: v}}
- {name: believing, context: {cluster: both, user: v}}
- {name: halved, context: {cluster: d, user: half}}
- {name: loud, context: {cluster: loud, user: v}}
users:
- {name: u, user: {tokenFile: t, as: boss, as-groups: [g]}}
- {name: half, user: {client-certificate: v.crt}}
- {name: v, user: {client-certificate: v.crt, client-key: v.key, exec: {command: p, apiVersion: client.authentication.k8s.io/v1}}}
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'netweir-target-'));
  writeFileSync(join(folder, 'config'), CONFIG);
  writeFileSync(join(folder, 'no-current'), CONFIG.replace('current-context: prod', ''));
});
afterAll(() => rmSync(folder, { recursive: true }));

const choose = (flags: Partial<ClusterFlags> = {}, env: Record<string, string> = { KUBECONFIG: 'config' }) =>
  chooseTarget({ asGroup: [], insecureSkipTlsVerify: false, ...flags }, { cwd: folder, env, parse });

describe('a target', () => {
  it('is the current context', () => {
    const target = choose();
    expect(target).toMatchObject({ title: 'context "prod"', namespace: 'shop', userName: 'u' });
    expect(target?.server.href).toBe('https://c:6443/base');
    expect(target?.impersonate).toMatchObject({ user: 'boss', groups: ['g'] });
    expect(target?.user.tokenFile).toBe(join(folder, 't'));
  });

  it('is what --context, --cluster and --user name', () => {
    const staging = choose({ context: 'staging' });
    // No scheme and nothing to check a certificate with: plain http, and no namespace is default.
    expect([staging?.server.href, staging?.namespace]).toEqual(['http://d:8080/', 'default']);
    const mixed = choose({ cluster: 'd', user: 'v' });
    expect([mixed?.server.host, mixed?.userName, mixed?.namespace]).toEqual(['d:8080', 'v', 'shop']);
  });

  it('is found by an address in capitals, and either flag chooses between an authority and none', () => {
    expect(choose({ context: 'loud' })?.server.href).toBe('https://loud:6443/');
    const believing = choose({ context: 'believing', insecureSkipTlsVerify: true })?.cluster;
    expect(believing).toMatchObject({ insecure: true });
    expect(believing).not.toHaveProperty('certificateAuthority');
    const checking = choose({ context: 'believing', certificateAuthority: 'own.crt' })?.cluster;
    expect(checking).toMatchObject({ insecure: false, certificateAuthority: { path: join(folder, 'own.crt') } });
  });

  it('of another server has neither the name nor another authority than is asked for', () => {
    const other = choose({ server: 'https://e' });
    expect(other?.cluster).not.toHaveProperty('tlsServerName');
    expect(other?.cluster.certificateAuthority).toEqual({ path: join(folder, 'ca.crt') });
    const blind = choose({ insecureSkipTlsVerify: true });
    expect(blind?.cluster).toMatchObject({ insecure: true });
    expect(blind?.cluster).not.toHaveProperty('certificateAuthority');
  });

  it('of flags is another user', () => {
    expect(choose({ token: 't' })?.user).toEqual({ token: 't', impersonate: expect.anything() });
    expect(choose({ context: 'staging', token: 't' })?.user).toMatchObject({
      clientKey: { path: join(folder, 'v.key') },
    });
    expect(choose({ context: 'staging', token: 't' })?.user).not.toHaveProperty('exec');
    expect(choose({ as: 'x', asUid: '7' })?.impersonate).toEqual({ user: 'x', uid: '7', groups: [], extra: new Map() });
    expect(choose({ asGroup: ['h'] })?.impersonate).toMatchObject({ user: 'boss', groups: ['h'] });
  });

  it('is told by flags alone, too', () => {
    const target = choose({ server: 'https://e', token: 't' }, {});
    expect(target).toMatchObject({ title: 'server "https://e"', namespace: 'default' });
    expect(target).not.toHaveProperty('context');
  });

  it('is nothing without a kubeconfig', () => {
    expect(choose({}, {})).toBeUndefined();
    expect(choose({ context: 'prod' }, {})).toBeUndefined();
  });

  it.each<[Partial<ClusterFlags>, Record<string, string>, string, string]>([
    [{ context: 'prdo' }, { KUBECONFIG: 'config' }, 'context "prdo" does not exist in ', 'did you mean prod?'],
    [
      { context: 'xyz' },
      { KUBECONFIG: 'config' },
      'context "xyz" does not exist in ',
      'contexts: believing, broken, halved, loud, prod, staging',
    ],
    [{ context: 'broken' }, { KUBECONFIG: 'config' }, 'cluster "gone" does not exist in the kubeconfig', ''],
    [{ user: 'w' }, { KUBECONFIG: 'config' }, 'user "w" does not exist in the kubeconfig', 'did you mean u or v?'],
    [
      {},
      { KUBECONFIG: 'no-current' },
      'the kubeconfig names no current context',
      'choose one with --context: believing, broken, halved, loud, prod, staging',
    ],
    [
      { context: 'believing' },
      { KUBECONFIG: 'config' },
      'context "believing" has an authority, and insecure-skip-tls-verify beside it',
      '',
    ],
    [
      { insecureSkipTlsVerify: true, certificateAuthority: 'x' },
      { KUBECONFIG: 'config' },
      '--certificate-authority checks what --insecure-skip-tls-verify believes',
      'leave one of them out',
    ],
    [
      { context: 'halved' },
      { KUBECONFIG: 'config' },
      'user "half" has a client certificate and no client key',
      'add client-key to the kubeconfig, or --client-key',
    ],
    [
      { clientKey: 'k' },
      { KUBECONFIG: 'config' },
      'user "u" has a client key and no client certificate',
      'add client-certificate to the kubeconfig, or --client-certificate',
    ],
    ...(['as', 'token', 'context', 'kubeconfig', 'certificateAuthority'] as const).map(
      (name): [Partial<ClusterFlags>, Record<string, string>, string, string] => [
        { [name]: '' },
        { KUBECONFIG: 'config' },
        name === 'certificateAuthority' ? '--certificate-authority is empty' : `--${name} is empty`,
        '',
      ],
    ),
    [
      { as: 'x', asGroup: ['g', ''] },
      { KUBECONFIG: 'config' },
      '--as-group is empty',
      'a variable without a value gives that; leave --as-group out',
    ],
    [{ context: 'staging', asGroup: ['g'] }, { KUBECONFIG: 'config' }, '--as-group needs --as', ''],
  ])('%j is refused', (flags, env, message, hint) => {
    const failure = (() => {
      try {
        return choose(flags, env);
      } catch (error) {
        return error as Error & { hint?: string };
      }
    })();
    expect(failure).toMatchObject({ message: expect.stringContaining(message) });
    if (hint !== '') expect(failure).toMatchObject({ hint });
  });
});

describe('in a pod', () => {
  it('the service account says where the cluster is', () => {
    const own = join(folder, 'serviceaccount');
    mkdirSync(own);
    for (const [name, text] of Object.entries({ token: 't', 'ca.crt': 'CA', namespace: 'shop\n' })) {
      writeFileSync(join(own, name), text);
    }
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
    expect(inCluster(env, own)).toEqual({
      cluster: {
        server: 'https://[fd00::1]:443',
        certificateAuthority: { path: join(own, 'ca.crt') },
        insecure: false,
      },
      user: { tokenFile: join(own, 'token'), impersonate: { groups: [], extra: new Map() } },
      namespace: 'shop',
    });
    expect(inCluster({}, own)).toBeUndefined();
    expect(inCluster(env, join(folder, 'none'))).toBeUndefined();
  });
});

it.each([
  ['30', 30_000],
  ['30s', 30_000],
  ['1m30s', 90_000],
  ['1.5s', 1500],
  ['250ms', 250],
  ['0', 0],
])('--request-timeout %s is %i ms', (text, milliseconds) => {
  expect(parseTimeout(text)).toBe(milliseconds);
});

it.each(['', 'soon', '1', '-1s', '1d'].filter((text) => text !== '1'))('--request-timeout "%s" is refused', (text) => {
  expect(() => parseTimeout(text)).toThrow('is no duration');
});
