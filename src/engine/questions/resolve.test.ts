// Endpoint expressions to endpoints: every form of the grammar, every sort of name that does not exist.

import { describe, expect, it } from 'vitest';
import {
  deployment,
  namespace,
  node,
  object,
  pod,
  policy,
  type Scenario,
  scenario,
  service,
  XWZ,
} from '../../../test/support/scenario.ts';
import { worldOf } from '../endpoints/world.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import { printTraffic } from './claims.ts';
import { parsePair } from './parse-pair.ts';
import { resolve } from './resolve.ts';

/** Keys of the endpoints that are meant, with `ports` as asked there if a port was. */
function meant(s: Scenario, text: string, context: { readonly defaultNamespace?: string } = {}): string[] {
  const { to, port } = parsePair(['all', text]);
  const asking = { defaultNamespace: 'default', ...context, protocols: PORT_PROTOCOLS };
  return resolve(worldOf(s.state), to, asking, port).map(
    ({ unit, asked }) => unit.endpoint.key + (port === undefined ? '' : ` ${printTraffic(asked)}`),
  );
}

/** What is said to a person about a name that cannot be meant. */
function refused(s: Scenario, text: string): string {
  try {
    return `no error: ${meant(s, text).join(' ')}`;
  } catch (error) {
    const { message, hint } = error as { message: string; hint?: string };
    return hint === undefined ? message : `${message}; ${hint}`;
  }
}

const owned = (kind: string, name: string, one: string): string => {
  const value = JSON.parse(one);
  value.metadata.ownerReferences = [{ apiVersion: 'apps/v1', kind, name, uid: 'u', controller: true }];
  return JSON.stringify(value);
};

const SHOP = [
  namespace('shop', 'team=a'),
  namespace('lab', 'team=a'),
  namespace('empty'),
  deployment('shop/web', 'app=web,tier=front', 'http=8080,metrics=9090'),
  object(
    'apps/v1',
    'StatefulSet',
    'shop/both',
    '{selector: {matchLabels: {app: b}}, template: {metadata: {labels: {app: b}}, spec: {containers: [{name: b, image: b}]}}}',
  ),
  deployment('shop/both', 'app=both'),
  owned(
    'StatefulSet',
    'db',
    pod('shop/db-0', { labels: 'app=db,role=primary', ip: '10.0.1.1', ports: 'sql=5432', node: 'n1' }),
  ),
  owned(
    'StatefulSet',
    'db',
    pod('shop/db-1', { labels: 'app=db,role=replica', ip: '10.0.1.2', ports: 'sql=5432', node: 'n2' }),
  ),
  owned(
    'StatefulSet',
    'db',
    pod('shop/db-2', { labels: 'app=db,role=replica', ip: '10.0.1.3', ports: 'sql=5433', node: 'n2' }),
  ),
  pod('shop/debug', { labels: 'app=debug', ip: '10.0.1.9', node: 'n2' }),
  pod('lab/web', { labels: 'app=web', ip: '10.0.2.1' }),
];
const ROLE = policy('shop/role', '{podSelector: {matchLabels: {role: primary}}}');

describe('workloads and pods', () => {
  const s = scenario(SHOP);

  it.each([
    ['shop/web', ['shop/Deployment.apps/web']],
    ['shop/deployment/web', ['shop/Deployment.apps/web']],
    ['shop/deploy/web', ['shop/Deployment.apps/web']],
    ['shop/Deployment.apps/web', ['shop/Deployment.apps/web']],
    ['shop/sts/both', ['shop/StatefulSet.apps/both']],
    ['shop/debug', ['shop/Pod/debug']],
    ['shop/pod/debug', ['shop/Pod/debug']],
    ['shop/db', ['shop/StatefulSet.apps/db']],
    ['shop/db-1', ['shop/Pod/db-1']],
    ['shop/pod/db-1', ['shop/Pod/db-1']],
  ])('%s', (text, keys) => {
    expect(meant(s, text)).toEqual(keys);
  });

  it('a name without a namespace is one of the namespace asked about', () => {
    expect(meant(s, 'web', { defaultNamespace: 'lab' })).toEqual(['lab/Pod/web']);
  });

  it('an ambiguous name asks for the kind', () => {
    expect(refused(s, 'shop/both')).toBe(
      '"shop/both" is ambiguous; write shop/deployment/both or shop/statefulset/both',
    );
  });

  it('a workload whose pods differ is all of its variants, a pod by its own name is that pod alone', () => {
    const split = scenario([...SHOP, ROLE]);
    expect(meant(split, 'shop/db')).toEqual(['shop/StatefulSet.apps/db#1', 'shop/StatefulSet.apps/db#2']);
    expect(meant(split, 'shop/db-0')).toEqual(['shop/Pod/db-0']);
    expect(split.can('shop/web', 'shop/db-0')).toBe('denied');
    expect(split.can('shop/web', 'shop/db-2')).toBe('allowed');
    expect(split.can('shop/web', 'shop/db')).toBe('partly');
  });

  it('a pod by its own name is on its own node, has its own ports, and always reaches itself', () => {
    const closed = scenario([...SHOP, policy('shop/none', '{podSelector: {}}')]);
    expect(closed.can('node/n1', 'shop/db-0')).toBe('allowed');
    expect(closed.can('node/n2', 'shop/db-0')).toBe('denied');
    expect(meant(closed, 'shop/db-2:sql')).toEqual(['shop/Pod/db-2 5433/TCP']);
    expect(closed.can('shop/db-0', 'shop/db-0')).toBe('allowed');
    expect(closed.can('shop/db-1', 'shop/db-2')).toBe('denied');
    expect(closed.can('shop/db', 'shop/db')).toBe('denied');
  });

  it.each([
    ['shop/wev', 'namespace "shop" has no workload "wev"; did you mean web?'],
    ['shop/statefulset/web', 'namespace "shop" has no StatefulSet "web"; write shop/deployment/web'],
    ['shp/web', 'there is no namespace "shp"; did you mean shop?'],
    ['empty/web', 'namespace "empty" has no workload "web"'],
  ])('%s does not exist', (text, message) => {
    expect(refused(s, text)).toBe(message);
  });
});

describe('sets of pods', () => {
  const s = scenario(SHOP);

  it.each([
    ['shop/', 5],
    ['shop/*', 5],
    ['all', 6],
    ['*', 6],
    ['shop/app=db', 1],
    ['shop/app=web,tier!=front', 0],
    ['{team=a}/{app=web}', 2],
    ['{team=a}/', 6],
    ['{}/{app=web}', 2],
  ])('%s is %i workloads', (text, count) => {
    const keys = meant(s, text);
    expect(keys.filter((key) => !key.startsWith('pods/'))).toHaveLength(count);
    expect(keys.length).toBeGreaterThan(0);
  });

  it('a namespace without pods is said to have none', () => {
    expect(refused(s, 'empty/')).toBe(
      'namespace "empty" has no pods; write empty/LABEL=VALUE for a pod that could exist',
    );
    expect(refused(s, 'nowhere/')).toContain('there is no namespace "nowhere"');
  });

  it('labels that no pod has mean a pod that would have them, with the policies of its namespace', () => {
    const policies = [
      policy('lab/closed', '{podSelector: {matchLabels: {app: new}}}'),
      policy(
        'shop/new',
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: new}}}]}]}',
      ),
    ];
    const closed = scenario([...SHOP, ...policies]);
    expect(meant(closed, 'lab/app=new')).toEqual(['pods/lab/app=new']);
    expect(closed.can('shop/web', 'lab/app=new')).toBe('denied');
    expect(closed.can('shop/web', 'lab/app=newer')).toBe('allowed');
    expect(closed.can('empty/app=new', 'shop/db')).toBe('denied');
    expect(closed.can('lab/app=new', 'shop/db')).toBe('allowed');
  });

  it('selectors of namespaces that exist mean pods in these, of others one in a new namespace', () => {
    const closed = scenario([...SHOP, policy('lab/closed', '{podSelector: {matchLabels: {app: new}}}')]);
    expect(meant(closed, '{team=a}/{app=new}')).toEqual(['pods/lab/{app=new}', 'pods/shop/{app=new}']);
    expect(closed.can('shop/web', '{team=a}/{app=new}')).toBe('partly');
    expect(closed.can('shop/web', '{kubernetes.io/metadata.name=lab}/{app=new}')).toBe('denied');
    expect(meant(closed, '{team=b}/{app=new}')).toEqual(['pods/{team=b}/{app=new}']);
    expect(closed.can('shop/web', '{team=b}/{app=new}')).toBe('allowed');
  });

  it('labels of namespaces that nobody knows are no reason to mean or not to mean their pods', () => {
    const open = scenario([pod('lost/one', { labels: 'app=one' }), namespace('shop', 'env=prod')]);
    expect(() => meant(open, '{env=prod}/')).toThrow(
      'nobody knows whether "{env=prod}/" means pods of namespace "lost"',
    );
    expect(() => meant(open, '{env!=prod}/')).toThrow('which no object declares');
    expect(meant(open, '{env=prod}/{app=two}')).toEqual(['pods/{env=prod}/{app=two}']);
    expect(meant(open, '{kubernetes.io/metadata.name=lost}/')).toEqual(['lost/Pod/one']);
  });

  it('labels that exclude one another are refused, and so are unknown namespaces', () => {
    expect(refused(s, 'shop/app=a,app=b')).toContain('no pod can have the labels');
    expect(refused(s, 'shp/app=web')).toContain('did you mean shop?');
  });

  it('without pods nothing is meant by all, and how to get an answer is said', () => {
    const bare = scenario([namespace('shop'), policy('shop/p', '{podSelector: {}}')]);
    expect(refused(bare, 'all')).toContain('the input holds no pods; add the manifests of the workloads');
  });

  it('anything is every pod, node, address outside, and pods that could exist', () => {
    const p = policy(
      'shop/p',
      '{podSelector: {matchLabels: {app: debug}}, ingress: [{from: [{podSelector: {matchLabels: {app: future}}}]}]}',
    );
    const all = scenario([...SHOP, p, node('n1', '192.168.0.1')]);
    const keys = meant(all, 'anything');
    for (const one of [
      'shop/Pod/debug',
      'node/n1',
      'pods/shop/{app=future}',
      'pods/empty/{}',
      'pods/{kubernetes.io/metadata.name=new}/{}',
    ]) {
      expect(keys).toContain(one);
    }
    expect(keys.some((key) => key.startsWith('addresses/'))).toBe(true);
    expect(all.can('all', 'shop/debug')).toBe('denied');
    expect(all.can('anything', 'shop/debug')).toBe('partly');
  });
});

describe('ports', () => {
  const s = scenario(SHOP);

  it('a name is looked up at every destination, and those without it are left out', () => {
    expect(meant(s, 'shop/web:http')).toEqual(['shop/Deployment.apps/web 8080/TCP']);
    expect(meant(s, 'shop/:metrics')).toEqual(['shop/Deployment.apps/web 9090/TCP']);
    expect(meant(s, 'shop/web:8000-8999/udp')).toEqual(['shop/Deployment.apps/web 8000-8999/UDP']);
  });

  it.each([
    ['shop/web:htp', 'shop/web names no port "htp"; did you mean http?'],
    ['shop/debug:http', 'shop/debug names no port "http"'],
    ['10.9.9.9:http', '10.9.9.9 names no port "http"'],
  ])('%s names no port', (text, message) => {
    expect(refused(s, text)).toBe(message);
  });
});

describe('Services', () => {
  const slice = (name: string, addresses: string, ports = '[{port: 5432}]') =>
    `apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: ${name}-1, namespace: shop, labels: {kubernetes.io/service-name: ${name}}}\naddressType: IPv4\nports: ${ports}\nendpoints: [{addresses: [${addresses}]}]`;
  const s = scenario([
    ...SHOP,
    service(
      'shop/web',
      '{clusterIP: 10.96.0.1, selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}, {name: metrics, port: 9090}]}',
    ),
    service('shop/db', '{clusterIP: None, selector: {app: db}, ports: [{port: 5432, targetPort: sql}]}'),
    service('shop/any', '{clusterIP: None, selector: {app: db}}'),
    service('shop/legacy', '{ports: [{port: 5432}]}'),
    slice('legacy', '10.0.1.1, 203.0.113.9'),
    service('shop/outside', '{type: ExternalName, externalName: db.example.com}'),
    service('shop/nobody', '{selector: {app: gone}, ports: [{port: 80}]}'),
    service('shop/wrong', '{selector: {app: debug}, ports: [{port: 80, targetPort: http}]}'),
  ]);

  it.each([
    ['shop/service/web', ['shop/Deployment.apps/web']],
    ['shop/svc/web:http', ['shop/Deployment.apps/web 8080/TCP']],
    ['shop/svc/web:80', ['shop/Deployment.apps/web 8080/TCP']],
    ['shop/svc/web:9090', ['shop/Deployment.apps/web 9090/TCP']],
    ['10.96.0.1:80', ['shop/Deployment.apps/web 8080/TCP']],
    ['shop/svc/db:5432', ['shop/StatefulSet.apps/db#1 5432/TCP', 'shop/StatefulSet.apps/db#2 5433/TCP']],
    ['shop/svc/any', ['shop/StatefulSet.apps/db#1', 'shop/StatefulSet.apps/db#2']],
    ['shop/svc/legacy:5432', ['addresses/203.0.113.9 5432/TCP', 'shop/StatefulSet.apps/db#1 5432/TCP']],
    ['shop/svc/outside', ['domain/db.example.com']],
  ])('%s', (text, keys) => {
    expect(meant(s, text)).toEqual(keys);
  });

  it.each([
    ['shop/svc/web:8080', 'service "shop/web" has no port 8080; it has http 80/TCP, metrics 9090/TCP'],
    ['shop/svc/wb', 'namespace "shop" has no service "wb"; did you mean db, web?'],
    ['shop/svc/nobody', 'service "shop/nobody" has no endpoints: it selects no pod of the input'],
    ['shop/svc/wrong', 'service "shop/wrong" has no endpoints: no pod behind it has such a target port'],
    [
      'shop/legacy',
      'namespace "shop" has no workload "legacy"; to ask about the Service of that name, write shop/service/legacy',
    ],
  ])('%s cannot be asked', (text, message) => {
    expect(refused(s, text)).toBe(message);
  });

  it('a Service means its target ports and no others', () => {
    const closed = scenario(
      [
        ...SHOP,
        service('shop/web', '{selector: {app: web}, ports: [{port: 80, targetPort: http}]}'),
        policy('shop/web', '{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 8080}]}]}'),
      ],
      { assume: ['serviceView=postDNAT'] },
    );
    expect(closed.can('shop/debug', 'shop/service/web')).toBe('allowed');
    expect(closed.can('shop/debug', 'shop/web')).toBe('partly');
  });
});

describe('addresses and nodes', () => {
  const block = (cidr: string) =>
    policy('shop/p', `{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: ${cidr}}}]}]}`);

  it('a range is split where a policy splits it', () => {
    const s = scenario([...SHOP, block('198.51.100.64/26')]);
    expect(meant(s, '198.51.100.0/24')).toEqual([
      'addresses/198.51.100.0-198.51.100.63,198.51.100.128-198.51.100.255',
      'addresses/198.51.100.64-198.51.100.127',
    ]);
    expect(meant(s, '198.51.100.0/26')).toEqual(['addresses/198.51.100.0-198.51.100.63']);
    const { verdict, exceptions, endpoints } = s.answer('198.51.100.0/24', 'shop/debug');
    const keyOf = (id: number) => endpoints.find((one) => one.id === id)!.key;
    expect(verdict).toBe('partly');
    expect(exceptions.map(({ from, allowed }) => [from.map(keyOf), allowed])).toEqual([
      [['addresses/198.51.100.64-198.51.100.127'], 'all'],
      [['addresses/198.51.100.0-198.51.100.63,198.51.100.128-198.51.100.255'], undefined],
    ]);
  });

  it('a named range is cut to the families of the cluster and to what is outside of it', () => {
    const s = scenario([...SHOP, node('n1', '192.168.0.1')], { assume: ['podCIDRs=10.0.0.0/8'] });
    const [key, ...others] = meant(s, 'private');
    expect(others).toEqual([]);
    expect(key).toBe('addresses/172.16.0.0-172.31.255.255,192.168.0.0,192.168.0.2-192.168.255.255');
    expect(meant(s, 'internet').join()).not.toContain(':');
  });

  it('cluster is what the cluster is known to have, not every address that a node might have', () => {
    const plain = scenario(SHOP);
    const rest = '10.0.0.0-10.0.1.0,10.0.1.4-10.0.1.8,10.0.1.10-10.0.2.0,10.0.2.2-10.255.255.255';
    const owners = ['lab/Pod/web', 'shop/Pod/debug', 'shop/StatefulSet.apps/db'];
    expect(meant(plain, 'cluster')).toEqual([`addresses/${rest}`, ...owners]);
    const known = scenario([...SHOP, node('n1', '192.168.0.1')], { assume: ['podCIDRs=10.0.0.0/16'] });
    expect(meant(known, 'cluster')).toEqual([
      `addresses/${rest.replace('10.255', '10.0')}`,
      owners[0],
      'node/n1',
      ...owners.slice(1),
    ]);
  });

  it('the address of a pod is the pod, alone', () => {
    const s = scenario([...SHOP, policy('shop/none', '{podSelector: {}}')]);
    expect(meant(s, '10.0.1.1')).toEqual(['shop/Pod/db-0']);
    expect(s.can('10.0.1.1', 'shop/db-0')).toBe('allowed');
    expect(s.can('node/n1', '10.0.1.1')).toBe('allowed');
  });

  it('a node is one of the snapshot, or where its pods run', () => {
    const s = scenario([...SHOP, node('n1', '192.168.0.1')]);
    expect(meant(s, 'node/n1')).toEqual(['node/n1']);
    expect(meant(s, 'node/n2')).toEqual(['node/n2']);
    expect(refused(s, 'node/n9')).toBe('there is no node "n9"; did you mean n1, n2?');
  });

  it('IPv6, in a cluster of both families', () => {
    const s = scenario([
      ...XWZ,
      pod('x/six', { ip: 'fd00::1' }),
      policy('x/p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "2001:db8::/32"}}]}]}'),
    ]);
    expect(s.can('2001:db8::5', 'x/six')).toBe('allowed');
    expect(s.can('2001:db9::5', 'x/six')).toBe('denied');
    expect(s.can('2001:db8::/31', 'x/six')).toBe('partly');
    expect(s.answer('2001:db8::5', 'x/a')).toMatchObject({ verdict: 'denied', reason: 'no address family in common' });
  });
});

it('names like constructor and __proto__ are names like others', () => {
  const s = scenario([namespace('shop'), pod('shop/constructor', { labels: 'constructor=a' })]);
  expect(meant(s, 'shop/constructor')).toEqual(['shop/Pod/constructor']);
  expect(meant(s, 'shop/constructor=a')).toEqual(['shop/Pod/constructor']);
  expect(refused(s, 'constructor/')).toContain('there is no namespace "constructor"');
});
