import { describe, expect, it } from 'vitest';
import type { ManifestObject } from '../model/source.ts';
import { printPath } from '../model/source.ts';
import type { TestCase } from './ask.ts';
import { printEndpoint } from './parse-endpoint.ts';
import { printPort } from './parse-ports.ts';
import { parseTests } from './parse-tests.ts';

const OURS = { apiVersion: 'netweir.dev/v1alpha1', kind: 'ConnectivityTest' };

function object(value: Record<string, unknown>): ManifestObject {
  return {
    value,
    file: 'tests.yaml',
    locate: (path, options) => ({
      file: 'tests.yaml',
      path: `${printPath(path)}${options?.key === true ? ' (key)' : ''}`,
    }),
  };
}

/** Findings of one entry as `path: message [hint]`. */
function problemsOf(test: unknown): string[] {
  return problems({ ...OURS, tests: [test] });
}

function problems(value: Record<string, unknown>): string[] {
  const { findings } = parseTests([object(value)]);
  expect(findings.every(({ check, severity }) => check === 'invalid-test' && severity === 'high')).toBe(true);
  return findings.map(
    ({ source, message, hint }) => `${source.path}: ${message}${hint === undefined ? '' : ` [${hint}]`}`,
  );
}

describe('a test file', () => {
  it('holds tests with all fields', () => {
    const tests = [
      {
        name: 'only',
        to: 'shop/statefulset/db',
        only: { 'shop/deployment/api': ['5432/tcp'], 'shop/job/backup': 'all' },
      },
      { name: 'none', from: '*', to: 'metadata', deny: 'all' },
      { name: 'some', from: 'shop/web', to: 'shop/svc/api', allow: ['http', 53], deny: ['8000-8999/tcp'] },
      { name: 'nobody', to: 'shop/db', only: {} },
      {
        name: 'but',
        from: 'all',
        to: 'all',
        deny: 'all',
        except: ['kube-system/', { to: 'shop/dns', ports: [53] }, { from: 'ops/' }],
      },
    ];
    const { tests: read, findings } = parseTests([object({ ...OURS, metadata: { name: 'x' }, tests })]);
    expect(findings).toEqual([]);
    const ports = (list: 'all' | readonly Parameters<typeof printPort>[0][] | undefined): unknown =>
      list === 'all' || list === undefined ? list : list.map(printPort);
    const plain = (read as TestCase[]).map(({ name, from, to, allow, deny, only, except, source }) => ({
      name,
      ends: [from && printEndpoint(from), to && printEndpoint(to)],
      allow: ports(allow),
      deny: ports(deny),
      only: only?.map((one) => [printEndpoint(one.endpoint), ports(one.ports)]),
      except: except?.map((one) => [one.side, printEndpoint(one.endpoint), ports(one.ports)]),
      path: source.path,
    }));
    expect(plain).toEqual([
      {
        name: 'only',
        ends: [undefined, 'shop/statefulset/db'],
        only: [
          ['shop/deployment/api', ['5432/tcp']],
          ['shop/job/backup', 'all'],
        ],
        path: 'tests[0]',
      },
      { name: 'none', ends: ['all', 'metadata'], deny: 'all', path: 'tests[1]' },
      {
        name: 'some',
        ends: ['shop/web', 'shop/service/api'],
        allow: ['http', '53'],
        deny: ['8000-8999/tcp'],
        path: 'tests[2]',
      },
      { name: 'nobody', ends: [undefined, 'shop/db'], only: [], path: 'tests[3]' },
      {
        name: 'but',
        ends: ['all', 'all'],
        deny: 'all',
        except: [
          [undefined, 'kube-system/', 'all'],
          ['to', 'shop/dns', ['53']],
          ['from', 'ops/', 'all'],
        ],
        path: 'tests[4]',
      },
    ]);
  });

  it('may hold other objects, which are handed back', () => {
    const service = object({ apiVersion: 'v1', kind: 'Service' });
    expect(parseTests([service])).toEqual({ tests: [], findings: [], others: [service] });
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['no tests', OURS, ['tests: tests must be a list of at least one test']],
    ['empty tests', { ...OURS, tests: [] }, ['tests: tests must be a list of at least one test']],
    ['null tests', { ...OURS, tests: null }, ['tests: tests must be a list of at least one test']],
    [
      'a later version',
      { ...OURS, apiVersion: 'netweir.dev/v1', tests: [] },
      ['apiVersion: apiVersion "netweir.dev/v1" is not known [write netweir.dev/v1alpha1]'],
    ],
    [
      'the kind without our group',
      { kind: 'ConnectivityTest', tests: [] },
      ['apiVersion: apiVersion nothing is not known [write netweir.dev/v1alpha1]'],
    ],
    [
      'Isolation without groups',
      { ...OURS, kind: 'Isolation' },
      ['groups: groups must be a mapping [write {by: namespace-label, key: tenant}]'],
    ],
    [
      'Isolation by something else',
      { ...OURS, kind: 'Isolation', groups: { by: 'pod-label', key: 'a b' }, namespaces: 'some' },
      [
        'groups.by: groups can be by namespace-label, not by "pod-label" [write {by: namespace-label, key: tenant}]',
        'groups.key: "a b" is no key of a label [write {by: namespace-label, key: tenant}]',
        'namespaces: "some" is neither existing nor any [write existing for the namespaces of the manifests, any for new ones too (the default)]',
      ],
    ],
    [
      'no guarantees',
      { ...OURS, kind: 'Guarantees', guarantees: [] },
      [
        'guarantees: guarantees must be a list of at least one [write [database-clients, metadata-closed, tenants-apart]]',
      ],
    ],
    [
      'guarantees that do not exist',
      { ...OURS, kind: 'Guarantees', guarantees: ['metadata-close', 'tenants-apart', 'metadata-closed=mars'] },
      [
        'guarantees[0]: there is no guarantee "metadata-close" [did you mean metadata-closed?]',
        'guarantees[1]: "tenants-apart" names no label [write tenants-apart=tenant]',
        'guarantees[2]: "mars" is no cloud that is known [clouds: aks, alibaba, alicloud, aws, azure, digitalocean, eks, gce, gcp, gke, hcloud, hetzner, oci, openstack, oracle, qcloud, scaleway, tencent]',
      ],
    ],
    [
      'namespaces where nothing means any',
      { ...OURS, tests: [{ name: 'a', from: 'a', to: 'b', deny: 'all', namespaces: 'existing' }] },
      [
        'tests[0].namespaces: namespaces is about pods that could exist, and no end means any [write any-pod or anything for one of them, or leave namespaces out]',
      ],
    ],
    [
      'a misspelt kind',
      { ...OURS, kind: 'ConectivityTest' },
      ['kind: kind "ConectivityTest" is not known [did you mean ConnectivityTest?]'],
    ],
    [
      'a misspelt field',
      { ...OURS, test: [], tests: [{ name: 'a', from: 'a', to: 'b', deny: 'all' }] },
      ['test (key): a ConnectivityTest has no field "test" [did you mean "tests"?]'],
    ],
  ])('with %s is refused', (_, value, expected) => {
    expect(problems(value)).toEqual(expected);
  });

  const PAIR = { name: 'a', from: 'shop/web', to: 'shop/db' };
  it.each<[string, unknown, string]>([
    ['nothing', null, 'tests[0]: a test must be a mapping with a name'],
    ['no name', { ...PAIR, name: undefined, deny: 'all' }, 'tests[0].name: a test needs a name'],
    ['no name after the key', { ...PAIR, name: null, deny: 'all' }, 'tests[0].name: a test needs a name'],
    ['a list for a name', { ...PAIR, name: ['a'], deny: 'all' }, 'tests[0].name: the name of a test must be text'],
    [
      'a name that YAML takes for a number',
      { ...PAIR, name: 8, deny: 'all' },
      'tests[0].name: the name of a test must be text, and 8 is a number [write name: "8"]',
    ],
    ['a blank name', { ...PAIR, name: ' ', deny: 'all' }, 'tests[0].name: a test needs a name'],
    [
      'a port behind an endpoint',
      { name: 'a', from: 'x/a', to: 'x/b:80', deny: [80] },
      'tests[0].to: "x/b:80" has a port, which an endpoint has not [write x/b, and the port in a list: [80]]',
    ],
    ['no end', { name: 'a', deny: 'all' }, 'tests[0]: a test needs from, to or both'],
    [
      'one end',
      { name: 'a', to: 'b', deny: 'all' },
      'tests[0]: allow and deny need from and to; from is missing [write from: "*" for every pod]',
    ],
    ['no assertion', PAIR, 'tests[0]: a test needs allow, deny or only [without one it would assert nothing]'],
    [
      'a null assertion',
      { ...PAIR, allow: null },
      'tests[0].allow: null is no list of ports [write all, or a list of ports: [80, 53/udp, http]]',
    ],
    [
      'no port',
      { ...PAIR, allow: [] },
      'tests[0].allow: the list of ports is empty, so nothing would be asserted [write all, or a list of ports: [80, 53/udp, http]]',
    ],
    [
      'only beside both ends',
      { ...PAIR, only: {} },
      'tests[0].only: only needs either from or to: it names the other end itself',
    ],
    [
      'only as a list',
      { name: 'a', to: 'b', only: ['c'] },
      'tests[0].only: only must be a mapping from endpoints to ports [write {shop/api: [5432/tcp]}, with {} for nobody]',
    ],
    [
      'only beside deny',
      { name: 'a', to: 'b', only: {}, deny: 'all' },
      'tests[0].deny: only already says everything, so deny cannot stand beside it',
    ],
    [
      'only beside except',
      { name: 'a', to: 'b', only: {}, except: ['c'] },
      'tests[0].except: only already says everything, so except cannot stand beside it',
    ],
    [
      'a misspelt field',
      { ...PAIR, deny: 'all', form: 'x' },
      'tests[0].form (key): a test has no field "form" [did you mean "from"?]',
    ],
    [
      'a field like constructor',
      { ...PAIR, deny: 'all', constructor: 'x' },
      'tests[0].constructor (key): a test has no field "constructor" [its fields are name, from, to, allow, deny, only, except, namespaces]',
    ],
    [
      'an endpoint that is none',
      { ...PAIR, from: 'Shop/web', deny: 'all' },
      'tests[0].from: endpoint "Shop/web": "Shop" is no namespace',
    ],
    ['an endpoint that is a mapping', { ...PAIR, from: {}, deny: 'all' }, 'tests[0].from: {} is no endpoint'],
    ['an endpoint that is null', { ...PAIR, from: null, deny: 'all' }, 'tests[0].from: null is no endpoint'],
    ['a port that is none', { ...PAIR, deny: ['80', 'tcp:80'] }, 'tests[0].deny[1]: port "tcp:80" is neither'],
    ['a port that is null', { ...PAIR, deny: [null] }, 'tests[0].deny[0]: null is no port'],
    [
      'an exception on both sides',
      { ...PAIR, deny: 'all', except: [{ from: 'a', to: 'b' }] },
      'tests[0].except[0]: an exception needs either from or to',
    ],
    [
      'an exception with unknown fields',
      { ...PAIR, deny: 'all', except: [{ to: 'b', port: [80] }] },
      'tests[0].except[0].port (key): an exception has no field "port" [did you mean "ports"?]',
    ],
    ['exceptions that are no list', { ...PAIR, deny: 'all', except: 'b' }, 'tests[0].except: except must be a list'],
    [
      'an endpoint of only that is none',
      { name: 'a', to: 'b', only: { 'A/b': 'all' } },
      'tests[0].only[A/b] (key): endpoint "A/b": "A" is no namespace',
    ],
  ])('with %s has a problem', (_, test, expected) => {
    const found = problemsOf(test);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
    expect(parseTests([object({ ...OURS, tests: [test] })]).tests).toEqual([]);
  });

  it('keeps the good tests beside a bad one', () => {
    const { tests, findings } = parseTests([object({ ...OURS, tests: [{ name: 'bad' }, { ...PAIR, deny: 'all' }] })]);
    expect((tests as TestCase[]).map(({ name }) => name)).toEqual(['a']);
    expect(findings.length).toBeGreaterThan(0);
  });
});
