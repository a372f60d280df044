import { expect, it } from 'vitest';
import { generated } from '../../../test/support/generating.ts';
import { namespace, node, pod, service } from '../../../test/support/scenario.ts';

const SHOP = [
  namespace('shop'),
  node('n1', '192.168.0.11'),
  pod('shop/web', { labels: 'app=web', ip: '10.0.0.1', ports: '8080' }),
];
const balancer = (more = '') =>
  service('shop/web', `{type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]${more}}`);

/** What is said of hidden clients. */
function remarks(texts: readonly string[], forbid: readonly string[]): string[] {
  const { document } = generated(texts, { forbid, assume: ['podCIDRs=10.0.0.0/16'] });
  return document.readiness.flatMap(({ about, says }) => (about === 'hidden-clients' ? [says] : []));
}

it('a ban on a client that comes with the address of a node is said not to hold', () => {
  expect(remarks([...SHOP, balancer()], ['203.0.113.7 -> shop/web'])).toEqual([
    '203.0.113.7 -> shop/web is forbidden, and clients of Service shop/web come to shop/web with the addresses of nodes: no policy tells them apart',
  ]);
});

it.each([
  [
    'the Service keeps the addresses of its clients',
    balancer(', externalTrafficPolicy: Local'),
    ['203.0.113.7 -> shop/web'],
  ],
  ['no Service leads there', '', ['203.0.113.7 -> shop/web']],
  ['the ban is on pods', balancer(), ['shop/web -> shop/web']],
  ['nobody is banned', balancer(), []],
])('nothing is said where %s', (_, text, forbid) => {
  expect(remarks(text === '' ? SHOP : [...SHOP, text], forbid)).toEqual([]);
});
