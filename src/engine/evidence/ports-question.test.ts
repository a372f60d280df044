import { describe, expect, it } from 'vitest';
import { generated, type Wanted } from '../../../test/support/generating.ts';
import { deployment, namespace, pod } from '../../../test/support/scenario.ts';

const CLUSTER = [
  namespace('shop'),
  namespace('ops'),
  pod('shop/api', { labels: 'app=api', ip: '10.0.0.1', ports: 'metrics=9090' }),
  pod('shop/web', { labels: 'app=web', ip: '10.0.0.2', ports: 'metrics=9091' }),
  pod('ops/tool', { labels: 'app=tool', ip: '10.0.0.3', ports: 'metrics=9092' }),
  pod('ops/prometheus', { labels: 'app.kubernetes.io/name=prometheus', ip: '10.0.0.4' }),
];

function asked(wanted: Wanted = {}): string[] {
  const { document } = generated(CLUSTER, { namespaces: ['shop'], ...wanted });
  return document.questions
    .filter(({ about }) => about === 'unknown-scraper')
    .map(({ says, hint }) => `${says.replace(' for metrics by name, and nothing here asks for them', '')} | ${hint}`);
}

describe('the question about ports for metrics', () => {
  it('is about workloads that get policies', () => {
    expect(asked()).toEqual([
      'shop/api:9090, shop/web:9091 are ports | if they are scraped: --allow "ops/prometheus -> shop/api:9090"',
    ]);
  });

  it('is about what is left once some of it is allowed or forbidden', () => {
    const web = ['shop/web:9091 is a port | if they are scraped: --allow "ops/prometheus -> shop/web:9091"'];
    expect(asked({ allow: ['ops/prometheus -> shop/api:9090'] })).toEqual(web);
    expect(asked({ forbid: ['ops/prometheus -> shop/api'] })).toEqual(web);
  });

  it('is settled by both', () => {
    expect(asked({ allow: ['ops/prometheus -> shop/api:9090'], forbid: ['ops/prometheus -> shop/web'] })).toEqual([]);
  });

  it('is not settled by what others may not do, or on another port', () => {
    expect(asked({ forbid: ['shop/web -> shop/api'], allow: ['ops/prometheus -> shop/web:80'] })).toEqual(asked());
  });
});

describe('the question about a name that nothing here bears', () => {
  const made = JSON.parse(deployment('shop/web', 'app=web'));
  made.spec.template.spec.containers[0].env = [{ name: 'GONE_URL', value: 'http://gone:8080' }];
  const texts = [namespace('shop'), JSON.stringify(made), pod('shop/api', { labels: 'app=api', ip: '10.0.0.1' })];
  const open = (wanted: Wanted) =>
    generated(texts, wanted).document.questions.filter(({ about }) => about === 'unresolved-name').length;

  it('is settled by what its workload is allowed on that port', () => {
    expect(open({})).toBe(1);
    expect(open({ allow: ['shop/web -> shop/api:8080'] })).toBe(0);
    expect(open({ allow: ['shop/web -> shop/api:80', 'shop/api -> shop/web:8080'] })).toBe(1);
  });
});
