import { describe, expect, it } from 'vitest';
import { generated, type Outcome, type Wanted } from '../../../test/support/generating.ts';
import { adminPolicy, deployment, namespace, pod, policy } from '../../../test/support/scenario.ts';

const SHOP = [
  namespace('shop'),
  pod('shop/web', { labels: 'app=web', ip: '10.0.0.1', ports: '8080' }),
  pod('shop/db', { labels: 'app=db', ip: '10.0.0.2', ports: '5432' }),
];
const ALLOW = ['shop/web -> shop/db:5432'];
const KNOWN = { assume: ['podCIDRs=10.0.0.0/16'] };

/** `FROM -> TO PORTS: WHY`. */
function unjustified({ document }: Outcome): string[] {
  return document.proof.unjustified.map(
    ({ from, to, ports, reason }) =>
      `${[...from].join(', ')} -> ${[...to].join(', ')} ${JSON.stringify(ports)}: ${reason}`,
  );
}
const outcomeOf = (texts: readonly string[], wanted: Wanted = {}) =>
  generated(texts, { allow: ALLOW, found: { evidence: [], questions: [] }, ...KNOWN, ...wanted });

describe('what is allowed', () => {
  it('is all needed where nobody else wrote a policy', () => {
    const outcome = outcomeOf(SHOP);
    expect(unjustified(outcome)).toEqual([]);
    expect(outcome.document.proof).toMatchObject({ tight: true, connections: 1 });
  });

  it('is put down to the policy that was there before, by its name', () => {
    const wide = [
      policy('shop/open-db', '{podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: 9187}]}]}'),
    ];
    const outcome = outcomeOf([...SHOP, ...wide]);
    expect(unjustified(outcome).length).toBeGreaterThan(0);
    for (const line of unjustified(outcome)) {
      expect(line).toMatch(
        /-> shop\/db \{"TCP":\[\[9187,9187\]\]\}: allowed by shop\/open-db, which is not generated$/,
      );
    }
    expect(outcome.document.proof.unjustified[0]?.policies.map(({ name }) => name)).toEqual(['open-db']);
  });

  it('of addresses is needed on the ports of each need, and not between them', () => {
    const spec = '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr: 198.51.100.0/31}}]}]}';
    const needed = ['198.51.100.0', '198.51.100.1'].map((address) => `${address} -> shop/web:8080`);
    const allow = [...needed, '198.51.100.0/31 -> shop/web:8090'];
    const outcome = outcomeOf([...SHOP, policy('shop/open-web', spec)], { allow });
    const open = outcome.document.proof.unjustified.map(({ from, ports }) => [
      from,
      ports === 'all' ? ports : ports.TCP,
    ]);
    expect(open).toEqual([
      [
        ['198.51.100.0/31'],
        [
          [1, 8079],
          [8081, 8089],
          [8091, 65535],
        ],
      ],
    ]);
  });

  const OUT = '{podSelector: {}, policyTypes: [Egress], egress: [{}]}';
  const IN = '{podSelector: {}, ingress: [{}]}';
  const TEMPLATES = [namespace('shop'), deployment('shop/web', 'app=web'), deployment('shop/db', 'app=db')];
  it.each([
    ['sent', SHOP, OUT, 'shop/web -> 203.0.113.7:8000', 'from'],
    ['sent by pods of templates', TEMPLATES, OUT, 'shop/web -> 203.0.113.7:8000', 'from'],
    ['received', SHOP, IN, '203.0.113.7 -> shop/web:8000', 'to'],
    ['received by pods of templates', TEMPLATES, IN, '203.0.113.7 -> shop/web:8000', 'to'],
  ] as const)(
    'is %s beside what each pod needs of addresses, also where policies say the same of all',
    (_, shop, spec, need, end) => {
      const { document } = outcomeOf([...shop, policy('shop/open', spec)], { allow: [need] });
      const isNeeded = (name: string, port: number): boolean =>
        document.proof.unjustified
          .filter((one) => one[end].includes(name) && one[end === 'from' ? 'to' : 'from'].includes('203.0.113.7'))
          .every(
            ({ ports }) => ports !== 'all' && !(ports.TCP ?? []).some(([first, last]) => first <= port && port <= last),
          );
      expect(isNeeded('shop/web', 8000)).toBe(true);
      expect(isNeeded('shop/web', 8001)).toBe(false);
      expect(isNeeded('shop/db', 8000)).toBe(false);
    },
  );

  it('from sources that need different things is listed once, with its sources in their order', () => {
    const clients = ['a', 'b', 'c'].map((name, index) =>
      pod(`shop/${name}`, { labels: `app=${name}`, ip: `10.0.1.${index + 1}` }),
    );
    const open = [
      policy(
        'shop/metrics',
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 9187}]}]}',
      ),
      policy(
        'shop/scrape',
        '{podSelector: {matchExpressions: [{key: app, operator: In, values: [a, b, c]}]}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}], ports: [{port: 9187}]}]}',
      ),
    ];
    const outcome = outcomeOf([...SHOP, ...clients, ...open], { allow: ['shop/b -> shop/db:5432'] });
    expect(unjustified(outcome)).toEqual([
      'shop/a, shop/b, shop/c -> shop/db {"TCP":[[9187,9187]]}: allowed by shop/metrics, shop/scrape, which are not generated',
    ]);
  });

  it('is put down to the policies of all its sources, of which three are named', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const open = names.flatMap((name) => [
      pod(`shop/${name}`, { labels: `app=${name}`, ip: `10.0.1.${names.indexOf(name) + 1}` }),
      policy(
        `shop/open-${name}`,
        `{podSelector: {matchLabels: {app: ${name}}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]}`,
      ),
    ]);
    expect(unjustified(outcomeOf([...SHOP, ...open]))).toEqual([
      'shop/a, shop/b, shop/c, shop/d, shop/e -> 203.0.113.0/24 "all": allowed by shop/open-a, shop/open-b, shop/open-c and 2 more, which are not generated',
    ]);
  });

  it('is put down to several, in plural', () => {
    const wide = ['a', 'b'].map((name) =>
      policy(`shop/${name}`, '{podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: 9187}]}]}'),
    );
    expect(unjustified(outcomeOf([...SHOP, ...wide]))[0]).toContain(
      'allowed by shop/a, shop/b, which are not generated',
    );
  });

  it('is put down to labels that two workloads share, and to no others', () => {
    const texts = [
      ...SHOP,
      pod('shop/web-2', { labels: 'app=web', ip: '10.0.0.3' }),
      pod('shop/x-1', { labels: 'app=x', ip: '10.0.0.4' }),
      pod('shop/x-2', { labels: 'app=x', ip: '10.0.0.5' }),
    ];
    expect(unjustified(outcomeOf(texts))).toEqual([
      'shop/web-2 -> shop/db {"TCP":[[5432,5432]]}: no label tells shop/web, shop/web-2 apart',
    ]);
  });

  it('is put down to blocks that were widened', () => {
    const allow = ['shop/web -> 198.51.100.1:443', 'shop/web -> 198.51.100.3:443'];
    const outcome = outcomeOf(SHOP, { allow, budget: { blocks: 1, factor: 4 } });
    expect(unjustified(outcome).length).toBeGreaterThan(0);
    for (const line of unjustified(outcome)) expect(line).toMatch(/: blocks were widened within the budget$/);
  });

  it('is told of pods that are not there yet, where the namespace is not closed to them', () => {
    const open = policy(
      'shop/open',
      '{podSelector: {matchExpressions: [{key: app, operator: DoesNotExist}]}, policyTypes: [Egress], egress: [{}]}',
    );
    const lines = unjustified(outcomeOf([...SHOP, open]));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines)
      expect(line).toMatch(/^a new pod of shop -> .*: allowed by shop\/open, which is not generated$/);
  });

  it('leaves out pairs of whom nobody gets a policy', () => {
    const texts = [...SHOP, namespace('ops'), pod('ops/a', { ip: '10.0.0.6' }), pod('ops/b', { ip: '10.0.0.7' })];
    expect(unjustified(outcomeOf(texts, { namespaces: ['shop'] }))).toEqual([]);
  });
});

describe('what nobody knows', () => {
  it('is kept apart from what is allowed, by its reason', () => {
    const unknown = policy(
      'shop/labels',
      '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {pod-template-hash: abc}}}], ports: [{port: 1}]}]}',
    );
    const free = policy(
      'shop/free',
      '{podSelector: {matchLabels: {app: client}}, policyTypes: [Egress], egress: [{}]}',
    );
    const texts = [...SHOP, deployment('shop/client', 'app=client'), unknown, free];
    const { document } = outcomeOf(texts);
    expect(document.proof.undecided.map(({ reason, example }) => [reason, example])).toEqual([
      ['pod-labels', 'shop/client -> shop/db'],
    ]);
    expect(document.proof.unjustified.filter(({ to }) => to.includes('shop/db'))).toEqual([]);
  });
});

it('an admin policy that opens more than is needed is named', () => {
  const admin = adminPolicy(
    'AdminNetworkPolicy',
    'ingress: [{action: Allow, from: [{namespaces: {}}], ports: [{portNumber: {protocol: TCP, port: 9}}]}], egress: [{action: Allow, to: [{namespaces: {}}], ports: [{portNumber: {protocol: TCP, port: 9}}]}]',
  );
  const lines = unjustified(outcomeOf([...SHOP, admin]));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/ \{"TCP":\[\[9,9\]\]\}: allowed by AdminNetworkPolicy default, which is not generated$/);
});
