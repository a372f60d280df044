// Schemes of URLs: default ports, and those that name nothing on a network. Knows no cluster.

import type { Protocol } from '../../sets/traffic-set.ts';

/** What a scheme says about the connection. */
export interface Scheme {
  /** Absent: the scheme has none. */
  readonly port?: number;
  /** Absent: TCP, or what the Service's port says. */
  readonly protocol?: Protocol;
}

/** By scheme in lower case; ports from IANA's registry and the documentation of the programs that use the scheme. */
const SCHEMES: Readonly<Record<string, Scheme>> = {
  http: { port: 80, protocol: 'TCP' },
  https: { port: 443, protocol: 'TCP' },
  ws: { port: 80, protocol: 'TCP' },
  wss: { port: 443, protocol: 'TCP' },
  ftp: { port: 21 },
  sftp: { port: 22 },
  ssh: { port: 22 },
  git: { port: 9418 },
  smtp: { port: 25 },
  smtps: { port: 465 },
  submission: { port: 587 },
  imap: { port: 143 },
  imaps: { port: 993 },
  ldap: { port: 389 },
  ldaps: { port: 636 },
  redis: { port: 6379 },
  rediss: { port: 6379 },
  'redis+sentinel': { port: 26379 },
  memcached: { port: 11211 },
  amqp: { port: 5672 },
  amqps: { port: 5671 },
  mqtt: { port: 1883 },
  mqtts: { port: 8883 },
  stomp: { port: 61613 },
  nats: { port: 4222 },
  kafka: { port: 9092 },
  pulsar: { port: 6650 },
  'pulsar+ssl': { port: 6651 },
  mongodb: { port: 27017 },
  'mongodb+srv': { port: 27017 },
  postgres: { port: 5432 },
  postgresql: { port: 5432 },
  cockroachdb: { port: 26257 },
  mysql: { port: 3306 },
  mysqlx: { port: 33060 },
  mariadb: { port: 3306 },
  sqlserver: { port: 1433 },
  mssql: { port: 1433 },
  oracle: { port: 1521 },
  clickhouse: { port: 9000 },
  cassandra: { port: 9042 },
  couchbase: { port: 11210 },
  bolt: { port: 7687 },
  neo4j: { port: 7687 },
  etcd: { port: 2379 },
  zk: { port: 2181 },
  zookeeper: { port: 2181 },
  consul: { port: 8500 },
  vault: { port: 8200 },
  elasticsearch: { port: 9200 },
  statsd: { port: 8125, protocol: 'UDP' },
  syslog: { port: 514, protocol: 'UDP' },
  gelf: { port: 12201, protocol: 'UDP' },
  nfs: { port: 2049 },
  tcp: { protocol: 'TCP' },
  tls: { protocol: 'TCP' },
  udp: { protocol: 'UDP' },
  sctp: { protocol: 'SCTP' },
};

/** Schemes whose rest is a path, a name in some store or an object, and no host to connect to. */
const NO_HOST: ReadonlySet<string> = new Set([
  'unix',
  'file',
  'data',
  'classpath',
  'sqlite',
  'sqlite3',
  'oci',
  'docker',
  'docker-pullable',
  'containerd',
  'cri-o',
  's3',
  's3a',
  's3n',
  'gs',
  'gcs',
  'abfs',
  'abfss',
  'wasb',
  'wasbs',
  'azblob',
  'arn',
  'urn',
  'mailto',
  'spiffe',
  'projects',
  'secret',
  'secrets',
  'k8s',
  'pkg',
  'chrome-extension',
  'android-app',
  'npipe',
  'env',
  'inmemory',
  'memory',
  'mem',
  'fd',
  'jar',
]);

/** What the scheme says; undefined where it names no host. An unknown scheme has neither port nor protocol. */
export function schemeOf(text: string): Scheme | undefined {
  const name = text.toLowerCase();
  if (NO_HOST.has(name)) return undefined;
  if (Object.hasOwn(SCHEMES, name)) return SCHEMES[name]!;
  // `postgresql+psycopg2`, `git+ssh`, `http+unix`: a scheme with a driver or a transport, on either side.
  const parts = name.split('+');
  if (parts.length > 1) {
    if (parts.some((part) => NO_HOST.has(part))) return undefined;
    const known = parts.find((part) => Object.hasOwn(SCHEMES, part));
    if (known !== undefined) return SCHEMES[known]!;
  }
  return {};
}
