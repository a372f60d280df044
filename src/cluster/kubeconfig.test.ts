import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { mergeKubeconfigs, readKubeconfig } from './kubeconfig.ts';
import { kubeconfigPaths, loadKubeconfig } from './kubeconfig-files.ts';

const read = (text: string, file = '/kube/.kube/config') => readKubeconfig(parse(text), file);

describe('a kubeconfig', () => {
  it('has clusters, users and contexts by name, and paths relative to itself', () => {
    const config = read(`
apiVersion: v1
kind: Config
current-context: prod
clusters:
- name: c
  cluster: {server: 'https://c:6443', certificate-authority: ca.crt, tls-server-name: k8s, proxy-url: 'socks5://p:1'}
contexts:
- {name: prod, context: {cluster: c, user: u, namespace: shop}}
users:
- name: u
  user:
    client-certificate: /etc/u.crt
    client-key-data: ${Buffer.from('KEY').toString('base64')}
    tokenFile: token
    as: boss
    as-groups: [a, b]
    as-user-extra: {reason: [x]}
`);
    expect(config).toEqual({
      currentContext: 'prod',
      clusters: new Map([
        [
          'c',
          {
            server: 'https://c:6443',
            certificateAuthority: { path: '/kube/.kube/ca.crt' },
            tlsServerName: 'k8s',
            proxyUrl: 'socks5://p:1',
            insecure: false,
          },
        ],
      ]),
      contexts: new Map([['prod', { cluster: 'c', user: 'u', namespace: 'shop' }]]),
      users: new Map([
        [
          'u',
          {
            clientCertificate: { path: '/etc/u.crt' },
            clientKey: { data: Buffer.from('KEY') },
            tokenFile: '/kube/.kube/token',
            impersonate: { user: 'boss', groups: ['a', 'b'], extra: new Map([['reason', ['x']]]) },
          },
        ],
      ]),
    });
  });

  it('prefers data to a path, and reads a token that looks like a number', () => {
    const { users } = read(
      `{users: [{name: u, user: {token: 12345, client-certificate: a.crt, client-certificate-data: ${Buffer.from('C').toString('base64')}}}]}`,
    );
    expect(users.get('u')).toMatchObject({ token: '12345', clientCertificate: { data: Buffer.from('C') } });
  });

  it.each([
    ['kind: Pod', '"/kube/.kube/config" is no kubeconfig: it holds a Pod'],
    ['- a', 'is no kubeconfig: it holds no map'],
    [
      '{clusters: [{name: c, cluster: {certificate-authority-data: "%%"}}]}',
      'certificate-authority-data of cluster "c" of',
    ],
    ['{users: [{name: u, user: {exec: {command: aws}}}]}', 'exec of user "u" of /kube/.kube/config has no apiVersion'],
    [
      '{users: [{name: u, user: {exec: {command: a, apiVersion: b, interactiveMode: Maybe}}}]}',
      '"Maybe" is no interactiveMode',
    ],
    ...['clusters', 'users', 'contexts'].map((list): [string, string] => [
      `{${list}: [{name: a}, {name: b}, {name: a}]}`,
      `kubeconfig "/kube/.kube/config" has two ${list} of the name "a"`,
    ]),
  ])('%s is refused', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('of two files the first one that has a name decides all of its entry', () => {
    const [one, two] = [
      read(
        '{current-context: a, users: [{name: red, user: {username: x}}], contexts: [{name: a, context: {user: red}}]}',
      ),
      read('{current-context: b, users: [{name: red, user: {token: t}}, {name: blue, user: {token: b}}]}'),
    ];
    const merged = mergeKubeconfigs([one, two]);
    expect(merged.currentContext).toBe('a');
    expect(merged.users.get('red')).toMatchObject({ username: 'x' });
    expect(merged.users.get('red')).not.toHaveProperty('token');
    expect(merged.users.get('blue')).toMatchObject({ token: 'b' });
    expect(merged.contexts.size).toBe(1);
  });
});

describe('kubeconfig files', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'netweir-kubeconfig-'));
    writeFileSync(join(folder, 'a'), 'current-context: a');
    writeFileSync(join(folder, 'b'), 'current-context: b');
    writeFileSync(join(folder, 'bad'), 'clusters: [');
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const around = (env: Record<string, string>) => ({ cwd: folder, env, parse });

  it('are the one that is named, else KUBECONFIG, else the one at home', () => {
    expect(kubeconfigPaths('x', around({ KUBECONFIG: 'a', HOME: '/h' }))).toEqual([join(folder, 'x')]);
    expect(kubeconfigPaths(undefined, around({ KUBECONFIG: ['a', '', 'b', 'a'].join(delimiter), HOME: '/h' }))).toEqual(
      [join(folder, 'a'), join(folder, 'b')],
    );
    expect(kubeconfigPaths(undefined, around({ KUBECONFIG: '', HOME: '/h' }))).toEqual([join('/h', '.kube', 'config')]);
    expect(kubeconfigPaths(undefined, around({}))).toEqual([]);
  });

  it('of a list need not all exist; one that is named has to', () => {
    const list = (...names: string[]) => around({ KUBECONFIG: names.join(delimiter) });
    expect(loadKubeconfig(undefined, list('none', 'b', 'a'))?.currentContext).toBe('b');
    expect(loadKubeconfig(undefined, list('none'))).toBeUndefined();
    expect(() => loadKubeconfig('none', around({}))).toThrow('there is no kubeconfig "none"');
  });

  it('that are malformed are named', () => {
    expect(() => loadKubeconfig('bad', around({}))).toThrow(/kubeconfig ".*bad" is malformed: /);
    writeFileSync(join(folder, 'two'), 'current-context: a\n---\ncurrent-context: b\n');
    expect(() => loadKubeconfig('two', around({}))).toThrow(
      /two" is malformed: a second document begins at line 2, column 1$/,
    );
  });

  it('are read in whatever kubectl reads: UTF-8 with a mark, UTF-16 of Windows, ends of lines of both', () => {
    const text = '\ufeffcurrent-context: größe\r\n';
    const wide = Buffer.from(text, 'utf16le');
    for (const bytes of [Buffer.from(text), wide, Buffer.from(wide).swap16()]) {
      writeFileSync(join(folder, 'windows'), bytes);
      expect(loadKubeconfig('windows', around({}))?.currentContext).toBe('größe');
    }
  });
});
