// Addresses in commands, arguments and scripts, and words there that are none.

import { describe, expect, it } from 'vitest';
import { edgesOf, evidenceOf } from '../../../../test/support/evidence.ts';
import { deployment, service } from '../../../../test/support/scenario.ts';
import { commandLines } from './command-lines.ts';

const CLUSTER: readonly string[] = [
  deployment('shop/db', 'app=db', '15432'),
  service('shop/db', '{selector: {app: db}, ports: [{port: 5432, targetPort: 15432}]}'),
  deployment('shop/cache', 'app=cache', '6379'),
  service('shop/cache', '{selector: {app: cache}, ports: [{port: 6379}]}'),
  service('shop/kafka', '{clusterIP: None, selector: {app: db}, ports: [{port: 9092}]}'),
];

function of(container: Readonly<Record<string, unknown>>, list = 'containers') {
  const app = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'app', namespace: 'shop', labels: { app: 'app' } },
    spec: { containers: [{ name: 'main' }], [list]: [{ name: 'main', ...container }] },
  };
  return evidenceOf([...CLUSTER, JSON.stringify(app)], commandLines);
}

const DB = 'shop/app -> shop/db:15432/TCP';
const CACHE = 'shop/app -> shop/cache:6379/TCP';

describe('addresses in a command line', () => {
  it.each<[what: string, args: string[], ...edges: string[]]>([
    ['a flag with a value', ['--db=db:5432'], DB],
    ['a flag with one dash', ['-db=db:5432'], DB],
    ['a flag and the next word', ['--db', 'db:5432'], DB],
    ['a URL in a flag', ['--database-url=postgres://u:p@db/shop'], DB],
    ['a property of Java', ['-Dspring.datasource.url=jdbc:postgresql://db:5432/shop'], DB],
    ['host and port flags', ['--db-host=db', '--db-port=5432'], DB],
    ['host and port flags with words', ['--db-host', 'db', '--db-port', '5432'], DB],
    ['short flags of a client', ['psql', '-h', 'db', '-p', '5432'], DB],
    ['a host flag whose Service has one port', ['redis-cli', '-h', 'cache'], CACHE],
    ['an address by itself', ['serve', 'cache:6379'], CACHE],
    ['a list', ['--peers=db:5432,cache:6379'], CACHE, DB],
    ['words for nc', ['nc', '-z', 'db', '5432'], DB],
    ['an assignment', ['DB_ADDR=db:5432'], DB],
    ['a script', ['sh', '-c', 'until nc -z db 5432; do sleep 1; done; exec redis-cli -h cache ping'], CACHE, DB],
    ['a script of several lines', ['sh', '-c', 'set -e\r\n# wait for cache:6379\r\nwget -q http://db:5432/\r\n'], DB],
    ["a shell's own sockets", ['bash', '-c', 'echo > /dev/tcp/db/5432'], DB],
    ['a default in a script', ['sh', '-c', 'wget http://$\u007bTARGET:-cache:6379}/'], CACHE],
  ])('%s', (_what, args, ...edges) => {
    expect(edgesOf(of({ args }))).toEqual(edges);
    expect(edgesOf(of({ command: args }))).toEqual(edges);
  });

  it.each<[what: string, args: string[]]>([
    ['an address to listen on', ['--web.listen-address=0.0.0.0:5432', '--listen', ':5432']],
    ['an address to bind', ['--bind=db:5432']],
    ['an image', ['--sidecar-image=db:5432']],
    ['loopback', ['--upstream=http://127.0.0.1:5432/']],
    ['a word that is a Service', ['db', 'cache']],
    ['a number after another word', ['sleep', '5432']],
    ['data in a flag', ['--udp-data', 'checkout.orders:1|c']],
    ['a template', ['--db={{ .Values.db }}:5432']],
    ['a comment', ['sh', '-c', '# db:5432\ntrue']],
  ])('not %s', (_what, args) => {
    expect(of({ args }).evidence).toEqual([]);
  });

  it('expands variables that are no addresses by themselves', () => {
    expect(edgesOf(of({ args: ['--api=https://$(KUBERNETES_SERVICE_HOST):$(KUBERNETES_SERVICE_PORT)'] }))).toEqual([
      'shop/app -> api-server:443/TCP',
    ]);
    const env = [
      { name: 'NAME', value: 'db' },
      { name: 'PORT', value: '5432' },
    ];
    expect(edgesOf(of({ env, args: ['--db=$(NAME):$(PORT)'] }))).toEqual([DB]);
    expect(edgesOf(of({ env, args: ['sh', '-c', 'wget http://$NAME:$PORT/'] }))).toEqual([DB]);
    expect(edgesOf(of({ args: ['sh', '-c', 'wget http://$CACHE_SERVICE_HOST:$CACHE_SERVICE_PORT/'] }))).toEqual([
      CACHE,
    ]);
  });

  it('does not say again what a variable says', () => {
    const env = [{ name: 'DB_ADDR', value: 'db:5432' }];
    expect(of({ env, args: ['sh', '-c', 'wget http://$DB_ADDR/'] }).evidence).toEqual([]);
  });

  it.each(['initContainers', 'ephemeralContainers'])('reads %s', (list) => {
    expect(edgesOf(of({ args: ['--db=db:5432'] }, list))).toEqual([DB]);
  });

  it('names the argument and its place', () => {
    const [one] = of({ args: ['x', '--db=db:5432'] }).evidence;
    expect(one).toMatchObject({
      kind: 'argument',
      confidence: 'likely',
      says: 'argument db of shop/app names Service shop/db, port 5432',
      source: { path: 'spec.containers[0].args[1]' },
      via: { namespace: 'shop', name: 'db', port: 5432 },
    });
  });

  it('takes an unknown name before a headless Service for any of its pods', () => {
    expect(edgesOf(of({ args: ['sh', '-c', 'for p in a b; do wget http://$p.kafka:15432/; done'] }))).toEqual([DB]);
  });

  it('bears anything in place of words', () => {
    expect(of({ args: [1, null, { a: 'db:5432' }] as never }).evidence).toEqual([]);
    expect(of({ args: 'db:5432' as never }).evidence).toEqual([]);
  });
});
