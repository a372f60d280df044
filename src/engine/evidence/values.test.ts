// Every form of value that names an address, one row a form, and values that look like one and are none.

import { describe, expect, it } from 'vitest';
import { edgesOf, evidenceOf } from '../../../test/support/evidence.ts';
import { deployment, namespace, object, pod, service } from '../../../test/support/scenario.ts';
import { environment } from './sources/environment.ts';

/** Targets for values: pod ports differ from Service ports, so that neither can be taken for the other. */
const CLUSTER: readonly string[] = [
  ...['shop', 'data', 'edge'].map((name) => namespace(name)),
  deployment('shop/cart', 'app=cart', 'grpc=17070'),
  service('shop/cart', '{clusterIP: 10.96.0.7, selector: {app: cart}, ports: [{port: 7070, targetPort: grpc}]}'),
  deployment('data/pg', 'app=pg', '15432'),
  service('data/pg', '{selector: {app: pg}, ports: [{port: 5432, targetPort: 15432}]}'),
  deployment('data/redis', 'app=redis', '16379,9121'),
  service(
    'data/redis',
    '{selector: {app: redis}, ports: [{name: redis, port: 6379, targetPort: 16379}, {name: metrics, port: 9121}]}',
  ),
  deployment('data/my', 'app=my', '13306'),
  service('data/my', '{selector: {app: my}, ports: [{port: 3306, targetPort: 13306}]}'),
  deployment('data/sql', 'app=sql', '11433'),
  service('data/sql', '{selector: {app: sql}, ports: [{port: 1433, targetPort: 11433}]}'),
  deployment('shop/web', 'app=web', '8080,8443'),
  service(
    'shop/web',
    '{selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}, {name: https, port: 443, targetPort: 8443}]}',
  ),
  deployment('shop/statsd', 'app=statsd', '8125/UDP'),
  service('shop/statsd', '{selector: {app: statsd}, ports: [{port: 8125, protocol: UDP}]}'),
  object('apps/v1', 'StatefulSet', 'data/kafka', KAFKA()),
  service('data/kafka', '{clusterIP: None, selector: {app: kafka}, ports: [{name: client, port: 9092}]}'),
  pod('edge/proxy', { ip: '10.0.0.5 fd00::5', ports: '3128' }),
  service('shop/app', '{selector: {app: app}, ports: [{port: 80}]}'),
  service('shop/alias', '{type: ExternalName, externalName: pg.data.svc.cluster.local}'),
  service('shop/mail', '{type: ExternalName, externalName: smtp.example.com}'),
];

function KAFKA(): string {
  return (
    '{serviceName: kafka, replicas: 3, selector: {matchLabels: {app: kafka}}, ' +
    'template: {metadata: {labels: {app: kafka}}, spec: {containers: [{name: k, ports: [{containerPort: 9092}]}]}}}'
  );
}

/** Evidence of a Deployment shop/app with these variables. */
function of(variables: Readonly<Record<string, string>>) {
  const env = Object.entries(variables).map(([name, value]) => ({ name, value }));
  const app = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'app', namespace: 'shop' },
    spec: { template: { metadata: { labels: { app: 'app' } }, spec: { containers: [{ name: 'c', env }] } } },
  };
  return evidenceOf([...CLUSTER, JSON.stringify(app)], environment);
}

const CART = 'shop/cart:17070/TCP';
const PG = 'data/pg:15432/TCP';
const REDIS = 'data/redis:16379/TCP';
const WEB = 'shop/web:8080/TCP';
const KAFKA_POD = 'data/kafka:9092/TCP';

describe('values that name addresses', () => {
  it.each<[form: string, value: string, ...to: string[]]>([
    ['a Service and its port', 'cart:7070', CART],
    ['in capitals', 'Cart:7070', CART],
    ['in quotes', '"cart:7070"', CART],
    ['with blanks around', ' cart:7070 ', CART],
    ['with a path', 'cart:7070/v1', CART],
    ['of another namespace', 'pg.data:5432', PG],
    ['with svc', 'pg.data.svc:5432', PG],
    ['with the cluster domain', 'pg.data.svc.cluster.local:5432', PG],
    ['with a final dot', 'pg.data.svc.cluster.local.:5432', PG],
    ['with a cluster domain of its own', 'pg.data.svc.k8s.example.org:5432', PG],
    ['a cluster name without port', 'pg.data.svc.cluster.local', PG],
    ['a URL with the default port of http', 'http://web', WEB],
    ['a URL with the default port of https', 'https://web/health?x=1', 'shop/web:8443/TCP'],
    ['a URL with a port', 'http://cart:7070/api', CART],
    ['a URL of a web socket', 'ws://web/live', WEB],
    ['a URL with user and password', 'postgres://shop:s3cr%40t@pg.data:5432/shop', PG],
    ['a URL with a slash in its password', 'postgres://shop:12/34@pg.data:5432/shop', PG],
    ['a URL with an @ in its path', 'http://cart:7070/@scope/x', CART],
    ['a URL of Postgres without port', 'postgresql://pg.data/shop', PG],
    ['a URL with a driver in its scheme', 'postgresql+psycopg2://shop@pg.data/shop', PG],
    ['a URL of Redis', 'redis://:pw@redis.data/0', REDIS],
    ['a URL of MySQL', 'mysql://root:pw@my.data/shop', 'data/my:13306/TCP'],
    ['a target of gRPC', 'dns:///cart:7070', CART],
    ['a target of gRPC without a port', 'dns:///cart', CART],
    ['a scheme without default', 'grpc://cart', CART],
    ['a scheme that says TCP', 'tcp://cart:7070', CART],
    ['a scheme that says UDP', 'udp://statsd:8125', 'shop/statsd:8125/UDP'],
    ['a Service with a UDP port', 'statsd:8125', 'shop/statsd:8125/UDP'],
    ['a list with commas', 'cart:7070,pg.data:5432', CART, PG],
    ['a list with blanks', 'cart:7070 pg.data:5432', CART, PG],
    ['a list with semicolons', 'cart:7070;pg.data:5432', CART, PG],
    ['a list of URLs', 'http://cart:7070,http://web', CART, WEB],
    ['hosts of MongoDB in one URL', 'mongodb://u:p@pg.data:5432,redis.data:6379/db?replicaSet=rs0', PG, REDIS],
    ['pods of a headless Service', 'kafka-0.kafka.data:9092,kafka-1.kafka.data:9092', KAFKA_POD],
    ['a pod with its full name', 'kafka-2.kafka.data.svc.cluster.local:9092', KAFKA_POD],
    ['a headless Service', 'kafka.data:9092', KAFKA_POD],
    ['a URL of a headless Service without port', 'http://kafka-0.kafka.data/x', KAFKA_POD],
    ['a listener of Kafka', 'SASL_SSL://kafka.data:9092', KAFKA_POD],
    ['voters of Kafka', '0@kafka-0.kafka.data:9092,1@kafka-1.kafka.data:9092', KAFKA_POD],
    ['members of etcd', 'a=http://cart:7070,b=http://web:80', CART, WEB],
    ['an SRV name', '_grpc._tcp.pg.data.svc.cluster.local', ''],
    ['an SRV name of a port that exists', '_redis._tcp.redis.data.svc.cluster.local', REDIS],
    ['JDBC for Postgres', 'jdbc:postgresql://pg.data:5432/shop?ssl=true', PG],
    ['JDBC without a port', 'jdbc:postgresql://pg.data/shop', PG],
    ['JDBC with several hosts', 'jdbc:postgresql://pg.data:5432,redis.data:6379/shop', PG, REDIS],
    ['JDBC for MySQL replicas', 'jdbc:mysql:replication://my.data,my.data:3306/shop', 'data/my:13306/TCP'],
    ['JDBC for MySQL in its long form', 'jdbc:mysql://address=(host=my.data)(port=3306)/shop', 'data/my:13306/TCP'],
    ['JDBC for SQL Server', 'jdbc:sqlserver://sql.data:1433;databaseName=shop', 'data/sql:11433/TCP'],
    ['JDBC for SQL Server with an instance', 'jdbc:sqlserver://sql.data\\inst;port=1433', 'data/sql:11433/TCP'],
    ['JDBC for SQL Server by property', 'jdbc:sqlserver://;serverName=sql.data;port=1433', 'data/sql:11433/TCP'],
    ['JDBC for Oracle', 'jdbc:oracle:thin:@//pg.data:5432/shop', PG],
    ['JDBC for Oracle, old', 'jdbc:oracle:thin:@pg.data:5432:shop', PG],
    ['JDBC for Oracle, described', 'jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(HOST=pg.data)(PORT=5432)))', PG],
    ['a DSN of Go', 'shop:pw@tcp(my.data:3306)/shop?parseTime=true', 'data/my:13306/TCP'],
    ['a DSN of Go without port', 'shop:pw@tcp(my.data)/shop', 'data/my:13306/TCP'],
    ['a DSN of libpq', 'host=pg.data port=5432 user=shop', PG],
    ['a DSN of ADO', 'Server=tcp:sql.data,1433;Database=shop;User Id=sa', 'data/sql:11433/TCP'],
    ['a DSN with Data Source', 'Data Source=sql.data,1433;Initial Catalog=shop', 'data/sql:11433/TCP'],
    ['a DSN with server and port', 'Server=my.data;Port=3306;Uid=shop', 'data/my:13306/TCP'],
    ['options of StackExchange.Redis', 'redis.data:6379,ssl=False,abortConnect=False', REDIS],
    ['a cluster IP', '10.96.0.7:7070', CART],
    ['the address of a pod', 'http://10.0.0.5:3128', 'edge/proxy:3128/TCP'],
    ['the IPv6 address of a pod', 'http://[fd00::5]:3128', 'edge/proxy:3128/TCP'],
    ['the name of a pod', '10-0-0-5.edge.pod.cluster.local:3128', 'edge/proxy:3128/TCP'],
    ['an address outside', '198.51.100.7:443', '198.51.100.7/32:443/TCP'],
    ['an IPv6 address outside', 'https://[2001:db8::7]', '2001:db8::7/128:443/TCP'],
    ['a name outside', 'https://api.example.com/v1', 'api.example.com:443/TCP'],
    ['an ExternalName for a Service', 'alias:5432', PG],
    ['an ExternalName for a name outside', 'mail:25', 'smtp.example.com:25/TCP'],
    ['the API server', 'https://kubernetes.default.svc', 'api-server:443/TCP'],
    ['a document in a variable', '{"db": {"host": "pg.data", "port": 5432}}', PG],
  ])('%s: %s', (_form, value, ...to) => {
    const found = of({ TARGET_ADDR: value });
    expect(edgesOf(found)).toEqual(
      to
        .filter((one) => one !== '')
        .map((one) => `shop/app -> ${one}`)
        .sort(),
    );
  });

  it.each<[what: string, variables: Record<string, string>, ...to: string[]]>([
    ['host and port', { DB_HOST: 'pg.data', DB_PORT: '5432' }, PG],
    ['host and port number', { REDIS_MASTER_HOST: 'redis.data', REDIS_MASTER_PORT_NUMBER: '6379' }, REDIS],
    ['host and port without a separator', { PGHOST: 'pg.data', PGPORT: '5432' }, PG],
    ['host and service port', { CART_SERVICE_HOST: 'cart', CART_SERVICE_PORT: '7070' }, CART],
    ['a host whose Service has one port', { CART_HOST: 'cart' }, CART],
    ['names in camel case', { cartHost: 'cart', cartPort: '7070' }, CART],
    ['names with dots', { 'spring.redis.host': 'redis.data', 'spring.redis.port': '6379' }, REDIS],
    ['an expansion', { NAME: 'cart', CART_ADDR: '$(NAME):7070' }, CART],
    ["the kubelet's variables of Services", { CART: '$(CART_SERVICE_HOST):$(CART_SERVICE_PORT)' }, CART],
    ['a pair in a variable with any name', { THE_CART: 'cart:7070' }, CART],
  ])('%s', (_what, variables, ...to) => {
    expect(edgesOf(of(variables))).toEqual(to.map((one) => `shop/app -> ${one}`));
  });
});

describe('values that are none', () => {
  it.each<[what: string, name: string, value: string]>([
    ['an image', 'WORKER_IMAGE', 'redis.data:6379'],
    ['an image by its form', 'WORKER', 'cart:1.2.3'],
    ['an image with a registry', 'RUNNER', 'registry.example.com/cart:7070x'],
    ['a tag', 'CART_TAG', 'cart:7070'],
    ['a time', 'START', '12:30'],
    ['a time with seconds', 'START_ADDR', '12:30:45'],
    ['a ratio', 'RATIO', '1:2'],
    ['a version', 'APP_VERSION', '1.2.3.4'],
    ['a version without its name', 'APP', '1.2.3.4'],
    ['a version as an address', 'APP_ADDR', '0.1.2.3:80'],
    ['a network', 'POD_CIDR', '10.0.0.0/8'],
    ['a user and a password', 'AUTH', 'cart:secret'],
    ['a role', 'ROLE', 'cart'],
    ['a name', 'SERVICE_NAME', 'cart'],
    ['a database', 'DB_NAME', 'pg'],
    ['loopback', 'SIDECAR_ADDR', '127.0.0.1:7070'],
    ['loopback by name', 'SIDECAR_ADDR', 'localhost:7070'],
    ['loopback of IPv6', 'SIDECAR_ADDR', 'http://[::1]:7070'],
    ['every address', 'SERVER_ADDR', '0.0.0.0:7070'],
    ['every address of IPv6', 'SERVER_ADDR', '[::]:7070'],
    ['a port alone', 'SERVER_ADDR', ':7070'],
    ['an address to listen on', 'LISTEN_ADDR', 'cart:7070'],
    ['an address to bind', 'BIND_ADDRESS', '10.0.0.5:3128'],
    ['hosts not to proxy', 'NO_PROXY', 'pg.data.svc,10.96.0.7,cart:7070'],
    ['origins', 'CORS_ORIGINS', 'http://web'],
    ['a socket', 'DOCKER_HOST', 'unix:///var/run/docker.sock'],
    ['a file', 'CONFIG_URL', 'file:///etc/cart:7070'],
    ['a bucket', 'BACKUP_URL', 's3://cart/pg'],
    ['a mail address', 'OWNER', 'ops@cart'],
    ['a template', 'CART_ADDR', '{{ .Values.cart }}:7070'],
    ['an unknown variable', 'CART_ADDR', '$(NOT_SET):7070'],
    ['an unknown variable of a program', 'CART_URL', 'http://$\u007bCART}:7070'],
    ['a setting', 'SESSION_SERVER', 'memory'],
    ['a truth', 'USE_PROXY', 'true'],
    ['nothing', 'CART_ADDR', ' '],
    ['a path', 'CART_PATH', '/cart:7070'],
    ['a key and a value', 'LABELS', 'app=cart'],
    ['multicast', 'JGROUPS_ADDR', '228.6.7.8:46655'],
    ['a label of metrics', 'METRIC', 'checkout.orders:1|c'],
    ['a regular expression', 'MATCH', '^(cart|pg):.*$'],
    ['names of a certificate', 'TLS_HOSTS', 'cart,cart.shop.svc,cart.shop.svc.cluster.local'],
    ['its own Service', 'APP_URL', 'http://app:80'],
  ])('%s: %s=%s', (_what, name, value) => {
    const found = of({ [name]: value });
    expect(edgesOf(found)).toEqual([]);
  });

  it.each<[what: string, value: string, about: string, says: RegExp]>([
    ['a Service that does not exist', 'basket:7070', 'unresolved-name', /no Service shop\/basket/],
    [
      'a Service of a namespace that does not have it',
      'http://basket.data',
      'unresolved-name',
      /no Service data\/basket/,
    ],
    [
      'a port that the Service does not have',
      'cart:8081',
      'missing-port',
      /Service shop\/cart has no port 8081, only 7070/,
    ],
    ['a Service of many ports without one', 'redis.data', 'several-ports', /several ports \(6379, 9121\)/],
    ['a name outside without a port', 'smtp.example.com', 'unknown-port', /its port is not known/],
  ])('%s is a question', (_what, value, about, says) => {
    const found = of({ TARGET_ADDR: value });
    expect(found.evidence).toEqual([]);
    expect(found.questions.map((one) => one.about)).toEqual([about]);
    expect(found.questions[0]!.says).toMatch(says);
  });

  it.each([
    'cart.{{ .Values.namespace }}.svc:7070',
    '{{ .Values.name }}.shop.svc.cluster.local:7070',
    '$(NOT_SET).data:5432',
  ])('%s is no question: nobody knows what it will be', (value) => {
    expect(of({ CART_ADDR: value })).toEqual({ evidence: [], questions: [] });
  });

  it('never prints a password', () => {
    for (const value of [
      'host={{ .host }} password=s3cret port=1',
      'postgres://u:s3cret@gone/x',
      'gone:1,password=s3cret',
      'u:s3cret@gone:1',
    ]) {
      expect(JSON.stringify(of({ DATABASE_URL: value, DB_HOST: value }))).not.toContain('s3cret');
    }
  });
});
