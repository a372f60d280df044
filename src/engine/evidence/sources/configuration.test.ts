// Addresses in mounted ConfigMaps of many formats, and tokens there that are none.

import { describe, expect, it } from 'vitest';
import { edgesOf, evidenceOf } from '../../../../test/support/evidence.ts';
import { deployment, namespace, service } from '../../../../test/support/scenario.ts';
import { configuration } from './configuration.ts';

const CLUSTER: readonly string[] = [
  namespace('shop'),
  deployment('shop/db', 'app=db', '15432'),
  service('shop/db', '{selector: {app: db}, ports: [{port: 5432, targetPort: 15432}]}'),
  deployment('shop/cache', 'app=cache', '6379'),
  service('shop/cache', '{selector: {app: cache}, ports: [{port: 6379}]}'),
];

interface Mount {
  readonly volume?: Record<string, unknown>;
  readonly mount?: Record<string, unknown>;
}

function of(text: string, { volume, mount }: Mount = {}) {
  const app = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'app', namespace: 'shop', labels: { app: 'app' } },
    spec: {
      containers: [{ name: 'main', volumeMounts: [{ name: 'config', mountPath: '/etc/app', ...mount }] }],
      volumes: [{ name: 'config', ...(volume ?? { configMap: { name: 'app-config' } }) }],
    },
  };
  const map = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'app-config', namespace: 'shop' },
    data: { 'app.conf': text, other: '' },
  };
  return evidenceOf([...CLUSTER, JSON.stringify(app), JSON.stringify(map)], configuration);
}

const DB = 'shop/app -> shop/db:15432/TCP';
const CACHE = 'shop/app -> shop/cache:6379/TCP';

describe('addresses in files', () => {
  it.each<[format: string, text: string, ...edges: string[]]>([
    ['YAML', 'server:\n  port: 8080\ndatabase:\n  host: db\n  port: 5432\n', DB],
    ['YAML with a URL', 'database: {url: "postgres://u:p@db:5432/shop"}\n', DB],
    ['a list in YAML', 'targets:\n- db:5432\n- "cache:6379"\n', CACHE, DB],
    ['a list in one line', "targets: ['db:5432', 'cache:6379']\n", CACHE, DB],
    ['JSON in many lines', '{\n  "db": {\n    "host": "db",\n    "port": 5432\n  }\n}\n', DB],
    ['JSON in one line', '{"db":{"host":"db","port":5432},"cache":"cache:6379"}', CACHE, DB],
    [
      'properties',
      'spring.datasource.url=jdbc:postgresql://db:5432/shop\nspring.redis.host=cache\nspring.redis.port=6379\n',
      CACHE,
      DB,
    ],
    ['INI', '[db]\nhost = db\nport = 5432\n', DB],
    ['TOML', '[db]\naddress = "db:5432"\n', DB],
    [
      'nginx',
      'upstream u { server cache:6379 weight=2; }\nserver {\n  location / { proxy_pass http://db:5432; }\n}\n',
      CACHE,
      DB,
    ],
    ['shell', 'export DB_HOST=db\nexport DB_PORT=5432\n', DB],
    ['Envoy', 'socket_address:\n  address: db\n  port_value: 5432\n', DB],
    ['a cluster name', 'set $backend db.shop.svc.cluster.local;\n', DB],
    ['HAProxy', 'backend b\n  server s1 db:5432 check\n', DB],
    ['Windows line ends', 'database:\r\n  host: db\r\n  port: 5432\r\n', DB],
    ['an address outside', 'remote: 198.51.100.7:443\n', 'shop/app -> 198.51.100.7/32:443/TCP'],
    ['an IPv6 address outside', 'remote: "[2001:db8::7]:443"\n', 'shop/app -> 2001:db8::7/128:443/TCP'],
    [
      'an address beside its port',
      'remote:\n  host: 198.51.100.7\n  port: 443\n',
      'shop/app -> 198.51.100.7/32:443/TCP',
    ],
    ['a DSN', 'dsn: "shop:pw@tcp(db:5432)/shop"\n', DB],
  ])('%s', (_format, text, ...edges) => {
    expect(edgesOf(of(text))).toEqual(edges);
  });

  it.each<[what: string, text: string]>([
    ['an image', 'image: db:5432\n'],
    ['a comment', '# see db:5432\n; db:5432\n// db:5432\nkey: 1 # db:5432\n'],
    ['a time', 'at: 12:30:00\nfrom: 08:00\n'],
    ['a Service without its port', 'db: cache\nname: db\n'],
    ['a port that is not the Service’s', 'left: db:99\n'],
    ['a name outside in a text', 'see: https://example.com/docs\n'],
    ['a schema', '{"$schema": "https://json-schema.org/x"}'],
    ['a listener', 'listen_address: db:5432\nbind = db:5432\n'],
    ['a template', 'host: {{ .Values.host }}\nport: 5432\n'],
    ['a host far from the port', `host: unknown\n${'x: 1\n'.repeat(20)}port: 5432\n`],
    ['a port of another section', 'remote:\n  host: 198.51.100.7\nport: 443\n'],
    ['labels', 'labels: {app: db, version: 1.2.3}\n'],
    ['a version', 'version: 1.2.3.4\n'],
    ['nothing', ''],
  ])('not %s', (_what, text) => {
    const found = of(text);
    expect(edgesOf(found)).toEqual([]);
    expect(found.questions).toEqual([]);
  });

  it('reads only what is mounted', () => {
    const text = 'url: http://db:5432\n';
    const map = { name: 'app-config' };
    expect(edgesOf(of(text, { volume: { configMap: { ...map, items: [{ key: 'other', path: 'x' }] } } }))).toEqual([]);
    expect(edgesOf(of(text, { volume: { configMap: { ...map, items: [{ key: 'app.conf', path: 'x' }] } } }))).toEqual([
      DB,
    ]);
    expect(edgesOf(of(text, { volume: { projected: { sources: [{ configMap: map }] } } }))).toEqual([DB]);
    expect(edgesOf(of(text, { mount: { subPath: 'app.conf' } }))).toEqual([DB]);
    expect(edgesOf(of(text, { mount: { subPath: 'other' } }))).toEqual([]);
    expect(edgesOf(of(text, { mount: { name: 'elsewhere' } }))).toEqual([]);
  });

  it('asks about a ConfigMap that is not here, unless it may be absent or holds certificates', () => {
    const ask = (configMap: object) => of('', { volume: { configMap } as never }).questions.map(({ about }) => about);
    expect(ask({ name: 'gone' })).toEqual(['missing-configuration']);
    expect(ask({ name: 'gone', optional: true })).toEqual([]);
    expect(ask({ name: 'kube-root-ca.crt' })).toEqual([]);
  });

  it('reads no dashboards, which show names and call nobody', () => {
    const text = '{"a": {"text": "db.shop.svc.cluster.local", "value": 1}}';
    const map = (key: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app-config, namespace: shop}\ndata: {${key}: '${text}'}`;
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: app, namespace: shop}\nspec: {containers: [{name: c, volumeMounts: [{name: v, mountPath: /x}]}], volumes: [{name: v, configMap: {name: app-config}}]}';
    expect(edgesOf(evidenceOf([...CLUSTER, pod, map('app.json')], configuration))).toEqual([DB]);
    expect(edgesOf(evidenceOf([...CLUSTER, pod, map('service-dashboard.json')], configuration))).toEqual([]);
  });

  it('says that a Secret with settings is never read', () => {
    const ask = (secretName: string) =>
      of('', { volume: { secret: { secretName } } }).questions.map(({ says }) => says);
    expect(ask('grafana-datasources')).toEqual([
      'shop/app mounts Secret shop/grafana-datasources, which is never read and by its name holds settings',
    ]);
    expect(ask('web-tls')).toEqual([]);
  });

  it('gives the line of the address where the text is a block', () => {
    const yaml = [
      'apiVersion: v1',
      'kind: ConfigMap',
      'metadata: {name: app-config, namespace: shop}',
      'data:',
      '  app.conf: |',
      '    first: 1',
      '    url: http://db:5432',
    ].join('\n');
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: app, namespace: shop}\nspec: {containers: [{name: c, volumeMounts: [{name: v, mountPath: /x}]}], volumes: [{name: v, configMap: {name: app-config}}]}';
    const [one] = evidenceOf([yaml, pod, ...CLUSTER], configuration).evidence;
    expect(one?.source).toEqual({ file: 'evidence.yaml', line: 7, column: 10, path: 'data[app.conf]' });
    expect(one?.says).toBe(
      'app.conf in ConfigMap shop/app-config, which shop/app mounts, names Service shop/db, port 5432',
    );
  });
});
