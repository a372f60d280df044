import { describe, expect, it } from 'vitest';
import { generated, type Wanted } from '../../../test/support/generating.ts';
import { observed } from '../../../test/support/observed.ts';
import { deployment, namespace, node, object, pod, policy } from '../../../test/support/scenario.ts';

const HOUR = 3_600_000;
const SHOP = [
  namespace('shop'),
  pod('shop/web', { labels: 'app=web', ip: '10.0.0.1', ports: '8080' }),
  pod('shop/db', { labels: 'app=db', ip: '10.0.0.2', ports: '5432' }),
];
const ADMIN_DENY = JSON.stringify({
  apiVersion: 'policy.networking.k8s.io/v1alpha1',
  kind: 'AdminNetworkPolicy',
  metadata: { name: 'closed' },
  spec: {
    priority: 1,
    subject: { namespaces: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } },
    ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }],
  },
});
const seen = (hours: number) => [
  observed('10.0.0.1 -> 10.0.0.2:5432', { first: 0, last: hours * HOUR }),
  observed('10.0.0.1 -> 203.0.113.7:53', { first: 0, last: 0, protocol: 'UDP' }),
];

/** Remarks as `LEVEL ABOUT: SAYS`. */
function remarks(texts: readonly string[], wanted: Wanted = {}): string[] {
  return generated(texts, wanted).document.readiness.map(({ level, about, says }) => `${level} ${about}: ${says}`);
}

describe('the log', () => {
  it('leaves nothing to say after a quiet week', () => {
    const { document } = generated(SHOP, { flows: seen(7 * 24) });
    expect([document.readiness, document.ready]).toEqual([[], true]);
  });

  it.each([
    [0, 'blocks window: less than a minute was observed: what happens less often is not known'],
    [0.1, 'blocks window: only 6 minutes were observed: what happens less often is not known'],
    [1 / 60, 'blocks window: only one minute was observed: what happens less often is not known'],
    [23, 'blocks window: only 23 hours were observed: what happens less often is not known'],
    [24, 'warns window: only 24 hours were observed: what happens less often is not known'],
    [72, 'warns window: only 3 days were observed: what happens less often is not known'],
  ])('of %s hours', (hours, expected) => {
    expect(remarks(SHOP, { flows: seen(hours) })).toContain(expected);
  });

  it.each([
    [{ lost: 1 }, 'blocks lost-events: the log lost one event: connections may be missing'],
    [{ lost: 40 }, 'blocks lost-events: the log lost 40 events: connections may be missing'],
    [{ broken: 1 }, 'blocks broken-records: one record of the log was not understood'],
    [{ broken: 4 }, 'blocks broken-records: 4 records of the log were not understood'],
  ])('with %j', (more, expected) => {
    expect(remarks(SHOP, { flows: seen(200), ...more })).toEqual([expected]);
  });

  it('without times is of nobody knows how long', () => {
    expect(remarks(SHOP, { flows: [observed('10.0.0.1 -> 10.0.0.2:5432')] })[0]).toMatch(
      /^blocks window: the log has no times/,
    );
  });

  it('names workloads that are not in it, and what did not run', () => {
    const cron = object('batch/v1', 'CronJob', 'shop/nightly', '{}').replace(
      'spec: {}',
      'spec: {schedule: "@daily", jobTemplate: {spec: {template: {metadata: {labels: {app: nightly}}, spec: {containers: [{name: c}]}}}}}',
    );
    expect(remarks([...SHOP, cron, deployment('shop/idle', 'app=idle')], { flows: seen(200) })).toEqual([
      'blocks not-observed: shop/nightly did not run while the log was written (schedule @daily)',
      'warns not-observed: shop/idle is in no record of the log',
    ]);
  });

  it('counts what nobody could attribute', () => {
    const flows = [...seen(200), observed('10.0.0.1 -> 10.244.9.9:1', { first: 0 })];
    const texts = [...SHOP, node('n1', '192.168.0.1')];
    expect(remarks(texts, { flows, assume: ['podCIDRs=10.0.0.0/8'] })).toContain(
      'blocks unattributed: one record could not be attributed to any workload',
    );
  });

  it('is missing', () => {
    expect(remarks(SHOP)).toEqual([
      'blocks nothing-observed: nothing was observed: what no manifest says is not known',
    ]);
  });
});

describe('rules with many blocks', () => {
  const clients = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      observed(`198.51.${index >> 7}.${(index & 127) * 2} -> 10.0.0.1:8080`, { first: 0, last: 200 * HOUR }),
    );
  const many = (count: number, wanted: Wanted = {}) => {
    const flows = [...seen(200), ...clients(count)];
    const budget = { blocks: 50, factor: 1 };
    const all = remarks(SHOP, { flows, budget, assume: ['podCIDRs=10.0.0.0/8'], ...wanted });
    return all.filter((one) => /many-blocks|policy-size/.test(one));
  };

  it('are nothing to say up to the budget', () => {
    expect(many(50)).toEqual([]);
  });

  it('block: the next address would be refused', () => {
    expect(many(51)).toEqual([
      'blocks many-blocks: shop/web is called by so many addresses outside that one rule has 51 blocks: the next address is refused',
    ]);
  });

  it('are settled by what the hint says', () => {
    const { readiness } = generated(SHOP, {
      flows: [...seen(200), ...clients(51)],
      budget: { blocks: 50, factor: 1 },
      assume: ['podCIDRs=10.0.0.0/8'],
    }).document;
    const { hint, workload } = readiness.find(({ about }) => about === 'many-blocks')!;
    expect([hint, workload]).toEqual([
      '--allow "internet -> shop/web:8080" where it may be any address; --widen FACTOR joins neighbours',
      'shop/Pod/web',
    ]);
    expect(many(51, { allow: ['internet -> shop/web:8080'] })).toEqual([]);
    expect(many(51, { budget: { blocks: 50, factor: 1000 } })).toEqual([]);
  });

  it('are named by what is called, too', () => {
    const flows = Array.from({ length: 51 }, (_, index) =>
      observed(`10.0.0.1 -> 198.51.0.${index * 2}:443`, { first: 0, last: 200 * HOUR }),
    );
    expect(many(0, { flows })).toEqual([
      'blocks many-blocks: shop/web calls so many addresses outside that one rule has 51 blocks: the next address is refused',
    ]);
  });
});

describe('workloads', () => {
  it('that share their labels are named', () => {
    const texts = [...SHOP, pod('shop/web-2', { labels: 'app=web', ip: '10.0.0.3' })];
    const said = remarks(texts, { flows: seen(200) }).filter((line) => line.includes('same-labels'));
    expect(said).toEqual([
      'warns same-labels: no label tells shop/web, shop/web-2 apart: what one of them may do, all may',
    ]);
  });

  it('that share their labels and their name are named with their kinds', () => {
    const texts = [...SHOP, deployment('shop/web', 'app=web')];
    expect(remarks(texts, { flows: seen(200) })).toContain(
      'warns same-labels: no label tells Deployment shop/web, Pod shop/web apart: what one of them may do, all may',
    );
  });

  it('of which nothing is known are denied everything, which blocks', () => {
    const found = { evidence: [], questions: [] };
    expect(remarks(SHOP, { found, flows: seen(200) })).toEqual([
      'blocks no-evidence: nothing is known of what shop/db needs: its policy denies everything',
      'blocks no-evidence: nothing is known of what shop/web needs: its policy denies everything',
    ]);
  });

  it('on the host network are said to be out of reach', () => {
    const texts = [...SHOP, pod('shop/agent', { hostNetwork: true, ip: '192.168.0.1' }), node('n1', '192.168.0.1')];
    expect(remarks(texts, { flows: seen(200) })).toEqual([
      'warns host-network: no policy can isolate shop/agent: it is on the host network',
    ]);
  });
});

describe('connections', () => {
  it('that no rule can name block', () => {
    const web = JSON.parse(deployment('shop/front', 'app=front'));
    web.spec.template.spec.containers[0].env = [{ name: 'PAY_URL', value: 'https://pay.example.com' }];
    expect(remarks([...SHOP, JSON.stringify(web)])[0]).toMatch(
      /^blocks no-rule: NetworkPolicies cannot name pay\.example\.com: they know addresses only \(PAY_URL of shop\/front/,
    );
  });

  it('that somebody else denies block, together, with the policy that does it and not those that only isolate', () => {
    const deny = policy('shop/silent', '{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}');
    const texts = [...SHOP, deny, ADMIN_DENY];
    const allow = ['shop/web -> shop/db:5432', 'shop/web -> shop/db:5433'];
    expect(remarks(texts, { allow: allow.slice(0, 1) })[0]).toBe(
      'blocks denied: shop/web -> shop/db:5432 is needed, and denied at shop/db (ingress) by AdminNetworkPolicy closed',
    );
    expect(remarks(texts, { allow })[0]).toBe(
      'blocks denied: 2 connections that are needed, such as shop/web -> shop/db:5432, are denied at shop/db (ingress) by AdminNetworkPolicy closed',
    );
  });

  it('to nodes are denied where the plugin compares no block with those, and it is said so', () => {
    const texts = [...SHOP, node('n1', '192.168.0.1')];
    const wanted = { allow: ['shop/web -> 192.168.0.1:6443'], assume: ['ipBlockMatchesNodes=false'] };
    expect(remarks(texts, wanted)[0]).toBe(
      'blocks denied: shop/web -> node/n1:6443 is needed, and denied at shop/web (egress) by shop/default-deny, shop/web: no ipBlock matches a node with this plugin',
    );
    expect(remarks(texts, { allow: wanted.allow }).join('\n')).not.toContain('denied at');
  });

  it('that policies deny today and that will be open are told, those allowed by hand aside', () => {
    const closed = policy('shop/closed', '{podSelector: {}, policyTypes: [Ingress]}');
    const opened = (wanted: Wanted) =>
      remarks([...SHOP, closed], wanted).filter((text) => text.startsWith('warns opened'));
    expect(opened({ flows: seen(200) })).toEqual([
      'warns opened: one connection that policies deny today will be allowed: shop/web -> shop/db:5432 (denied at shop/db (ingress) by shop/closed)',
    ]);
    const found = { evidence: [], questions: [] };
    expect(opened({ found, allow: ['shop/web -> shop/db:5432'] })).toEqual([]);
    expect(remarks(SHOP, { flows: seen(200) }).join('\n')).not.toContain('opened');
  });

  it('to names outside block until somebody says where those lead, or that they are not wanted', () => {
    const found = {
      evidence: [
        {
          from: { type: 'workload', key: 'shop/Pod/web' },
          to: { type: 'domain', name: 'pay.example.com' },
          protocol: 'TCP',
          ports: [443, 443],
          kind: 'environment',
          confidence: 'likely',
          says: 'PAY_URL of shop/web names https://pay.example.com',
        },
      ],
      questions: [],
    } as const;
    const said = (wanted: Wanted) =>
      remarks(SHOP, { found, flows: seen(200), ...wanted }).filter((text) => text.includes('pay.example.com'));
    const blocked = [
      'blocks no-rule: NetworkPolicies cannot name pay.example.com: they know addresses only (PAY_URL of shop/web names https://pay.example.com)',
    ];
    expect(said({})).toEqual(blocked);
    expect(said({ allow: ['shop/web -> 203.0.113.9:443'] })).toEqual([
      'warns no-rule: pay.example.com, which shop/web calls, is taken to be behind shop/web -> 203.0.113.9:443, as --allow says',
    ]);
    expect(said({ allow: ['shop/web -> 203.0.113.9:8443', 'shop/db -> 203.0.113.9:443'] })).toEqual(blocked);
    expect(said({ forbid: ['shop/web -> internet'] })).toEqual([]);
    expect(said({ forbid: ['shop/web -> 203.0.113.0/24'] })).toEqual(blocked);
  });

  it('that are allowed by hand on all ports are told', () => {
    const told = (pair: string) =>
      remarks(SHOP, { allow: [pair] }).filter((text) => text.startsWith('warns all-ports'));
    expect(told('shop/web -> shop/db')).toEqual([
      'warns all-ports: allowed by hand: shop/web -> shop/db, without a port: all of them are open',
    ]);
    expect(told('shop/web -> 2001:db8::7:443')).toHaveLength(1);
    expect(told('shop/web -> [2001:db8::7]:443')).toEqual([]);
  });

  it('are named in words where an end cannot be typed', () => {
    const found = {
      evidence: [
        {
          from: { type: 'addresses', cidrs: ['198.51.100.1/32', '198.51.100.7/32'] },
          to: { type: 'workload', key: 'shop/Pod/db' },
          protocol: 'TCP',
          ports: [5432, 5432],
          kind: 'stated',
          confidence: 'certain',
          says: 'somebody said so',
        },
      ],
      questions: [],
    } as const;
    expect(remarks(SHOP, { found, cni: 'aws-vpc-cni' })[0]).toBe(
      'blocks undecided: nobody knows whether 198.51.100.1 and 1 more -> shop/db, 5432/TCP works: it is not known whether the plugin applies policies to pods that nothing owns',
    );
  });

  it('that nobody knows of, since the nodes are not known, block', () => {
    const agent = pod('shop/agent', { labels: 'app=agent', hostNetwork: true });
    const allow = ['shop/agent -> shop/db:5432', 'shop/agent -> shop/db:5433'];
    expect(remarks([...SHOP, agent], { allow })[0]).toBe(
      'blocks no-rule: shop/agent is on the host network, and the addresses of its nodes are not known (allowed by hand: shop/agent -> shop/db:5432, and 1 more)',
    );
  });

  it('that are left out on purpose are no remark', () => {
    const said = remarks(SHOP, { allow: ['shop/web -> shop/db:5432'], parts: new Set(['dns']) });
    expect(said.join('\n')).not.toMatch(/denied|no-rule|unproved/);
  });

  it('that cannot be judged block', () => {
    expect(remarks(SHOP, { allow: ['shop/web -> [2001:db8::7]:443'] })).toContain(
      'blocks unproved: nobody knows whether shop/web -> [2001:db8::7]:443 works: the ends have no address family in common',
    );
  });

  it('that are forbidden and allowed all the same block, with the policy that does it', () => {
    const open = [
      policy('shop/in', '{podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: 9187}]}]}'),
      policy(
        'shop/out',
        '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{ports: [{port: 9187}]}]}',
      ),
    ];
    expect(remarks([...SHOP, ...open], { forbid: ['shop/web -> shop/db'] })[0]).toBe(
      'blocks forbidden: shop/web -> shop/db is forbidden, and shop/web -> shop/db is allowed: by shop/in, shop/out',
    );
    expect(remarks(SHOP, { forbid: ['shop/web -> shop/db'] }).join()).not.toContain('forbidden');
  });

  it('that a question may hide are counted', () => {
    const web = JSON.parse(deployment('shop/front', 'app=front'));
    web.spec.template.spec.containers[0].env = [{ name: 'CART_URL', value: 'http://cart' }];
    const texts = [...SHOP, JSON.stringify(web)];
    expect(remarks(texts)).toContain('blocks open-questions: one question is open: it may hide a connection');
    const flows = [...seen(200), observed('shop/web@10.0.0.1 -> 10.0.0.2:5432')];
    expect(remarks(texts, { flows })).toContain('warns open-questions: one question is open: it may hide a connection');
  });
});

it('what stands in the way comes first', () => {
  const texts = [...SHOP, pod('shop/agent', { hostNetwork: true, ip: '192.168.0.1' }), node('n1', '192.168.0.1')];
  const levels = remarks(texts).map((line) => line.split(' ')[0]);
  expect(levels).toEqual([...levels].sort());
});
