import { describe, expect, it } from 'vitest';
import { evidenceOf } from '../../../test/support/evidence.ts';
import { generated } from '../../../test/support/generating.ts';
import { deployment, namespace, pod, service } from '../../../test/support/scenario.ts';
import type { Evidence } from '../model/evidence.ts';
import { because, portText, widenedText } from './annotations.ts';

const REASONS = 'netweir.dev/reasons';

function withVariables(path: string, values: readonly string[]): string {
  const made = JSON.parse(deployment(path, `app=${path.split('/')[1]}`, '80'));
  made.spec.template.spec.containers[0].env = values.map((value, id) => ({ name: `TARGET_${id}_URL`, value }));
  return JSON.stringify(made);
}

describe('annotations', () => {
  it('say whose policy it is, and the reason of each rule with its place', () => {
    const texts = [
      namespace('shop'),
      withVariables('shop/web', ['http://cart:7070']),
      deployment('shop/cart', 'app=cart', '7070'),
      service('shop/cart', '{selector: {app: cart}, ports: [{port: 7070}]}'),
    ];
    const { annotations } = generated(texts).manifest('shop/cart').metadata;
    expect(annotations['netweir.dev/workload']).toBe('shop/Deployment.apps/cart');
    expect(annotations[REASONS]).toMatch(
      /^ingress 1: from shop\/web, 7070\/TCP: TARGET_0_URL of shop\/web names Service shop\/cart, port 7070 \(scenario\.yaml:\d+\)$/m,
    );
  });

  it('count what was seen nowhere: it would differ from log to log', () => {
    const seen: Evidence = {
      from: { type: 'outside' },
      to: { type: 'outside' },
      protocol: 'TCP',
      ports: [1, 1],
      kind: 'observed',
      confidence: 'certain',
      says: 'seen in 140 records of the log',
    };
    expect(because(seen)).toBe('seen in a flow log');
  });

  it('end where they become too long, and count the rest', () => {
    const names = Array.from({ length: 90 }, (_, id) => `s${id}`);
    const texts = [
      namespace('shop'),
      pod('shop/web', { labels: 'app=web' }),
      ...names.map((name) => pod(`shop/${name}`, { labels: `app=${name}` })),
    ];
    const allow = names.map((name) => `shop/web -> shop/${name}:80`);
    const text = generated(texts, { allow }).manifest('shop/web').metadata.annotations[REASONS]!;
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(60);
    expect(lines.at(-1)).toBe('… and 33 more: see the README of the bundle');
    expect(text.length).toBeLessThan(64 * 1024);
  });

  it('hold no secret of a connection string, whatever its form', () => {
    const secrets = ['hunter2', 'p%40ss', 'apikey123', 'tok3n'];
    const values = [
      'postgres://shop:hunter2@db:5432/shop?sslmode=disable',
      'amqp://user:p%40ss@db:5672/vhost',
      'https://apikey123@search.example.com/v1?token=tok3n',
      'jdbc:postgresql://db:5432/shop?user=shop&password=hunter2',
      'host=db port=5432 user=shop password=hunter2',
      'redis://:hunter2@db:6379/0',
      'Server=db,1433;Database=shop;User Id=sa;Password=hunter2;',
      'mongodb://shop:hunter2@db:27017,db2:27017/shop',
      'shop:hunter2@tcp(db:3306)/shop',
    ];
    const texts = [
      namespace('shop'),
      withVariables('shop/web', values),
      deployment('shop/db', 'app=db', '5432'),
      service(
        'shop/db',
        '{selector: {app: db}, ports: [{name: a, port: 5432}, {name: b, port: 5672}, {name: c, port: 6379}, {name: d, port: 1433}, {name: e, port: 27017}, {name: f, port: 3306}]}',
      ),
    ];
    const everything = JSON.stringify([generated(texts).document, evidenceOf(texts)]);
    expect(everything).toContain('search.example.com');
    for (const secret of secrets) expect([secret, everything.includes(secret)]).toEqual([secret, false]);
  });
});

describe('words', () => {
  it.each<[string, [number, number], string]>([
    ['TCP', [80, 80], '80/TCP'],
    ['UDP', [8000, 8999], '8000-8999/UDP'],
    ['SCTP', [1, 65_535], 'all of SCTP'],
    ['TCP', [0, 65_535], 'all of TCP'],
  ])('%s %j', (protocol, ports, text) => {
    expect(portText(protocol, ports)).toBe(text);
  });

  it('of widening round up', () => {
    expect(widenedText({ blocks: 1, exact: 4, factor: 2.01 })).toBe(
      '1 block instead of 4, 2.1 times as many addresses as needed',
    );
    expect(widenedText({ blocks: 3, exact: 4, factor: 2 })).toMatch(/^3 blocks instead of 4, 2 times/);
  });
});
