// What is offered, case by case: the edits, what else they do, and that nothing is offered where nothing helps.

import { describe, expect, it } from 'vitest';
import { CONTEXT, changes, SHOP } from '../../../test/support/repair-changes.ts';
import { adminPolicy, clusterPolicy, deployment, pod, policy, scenario } from '../../../test/support/scenario.ts';
import { explain } from '../questions/explain.ts';
import { parsePair } from '../questions/parse-pair.ts';

const DENY = policy('shop/deny', '{podSelector: {}, policyTypes: [Ingress]}');
const db = (ingress: string) => policy('shop/db', `{podSelector: {matchLabels: {app: db}}, ingress: [${ingress}]}`);
const API = '{podSelector: {matchLabels: {app: api}}}';

describe('to open', () => {
  it('a peer for a rule that has the port, before a rule, before a policy', () => {
    expect(
      changes([...SHOP, DENY, db(`{from: [${API}], ports: [{port: 5432}]}`)], 'shop/web -> shop/db:5432', 'open'),
    ).toEqual([
      'exactly: + spec.ingress[0].from[1] {podSelector:{matchLabels:{app:web}}}',
      'exactly: + spec.ingress[1] {from:[{podSelector:{matchLabels:{app:web}}}],ports:[{protocol:TCP,port:5432}]}',
      'exactly: + NetworkPolicy db-from-web',
    ]);
  });

  it('a port for a rule that has the peer', () => {
    const texts = [...SHOP, db(`{from: [${API}], ports: [{port: 5432}]}`)];
    expect(changes(texts, 'shop/api -> shop/db:9187', 'open')[0]).toBe(
      'exactly: + spec.ingress[0].ports[1] {protocol:TCP,port:9187}',
    );
  });

  it('no rule for every pod of the namespace, now and later, but a policy', () => {
    expect(changes([...SHOP, DENY], 'shop/web -> shop/db:5432', 'open')).toEqual([
      'exactly: + NetworkPolicy db-from-web',
    ]);
  });

  it('no such rule beside another way either, though it would open nothing else today', () => {
    const alone = policy('ops/deny', '{podSelector: {}, policyTypes: [Ingress]}');
    expect(changes([...SHOP, alone], 'shop/web -> ops/probe:80', 'open')).toEqual([
      'exactly: + NetworkPolicy probe-from-web',
    ]);
  });

  it('both ends where both are closed', () => {
    const both = policy('shop/deny', '{podSelector: {}, policyTypes: [Ingress, Egress]}');
    const texts = [...SHOP, both, db(`{from: [${API}], ports: [{port: 5432}]}`)];
    expect(changes(texts, 'shop/web -> shop/db:5432', 'open')[0]).toBe(
      'exactly: + spec.ingress[0].from[1] {podSelector:{matchLabels:{app:web}}}, + NetworkPolicy web-to-db',
    );
  });

  it('pods of other namespaces by name', () => {
    const texts = [...SHOP, db(`{from: [${API}], ports: [{port: 5432}]}`)];
    expect(changes(texts, 'ops/probe -> shop/db:5432', 'open')[0]).toBe(
      'exactly: + spec.ingress[0].from[1] {namespaceSelector:{matchLabels:{kubernetes.io/metadata.name:ops}},podSelector:{matchLabels:{app:probe}}}',
    );
  });

  it('pods by the labels of their owner, as few as tell them apart', () => {
    const texts = [
      ...SHOP,
      deployment('shop/red', 'app=job,colour=red,pod-template-hash=1', ''),
      deployment('shop/blue', 'app=job,colour=blue', ''),
      db(`{from: [${API}], ports: [{port: 5432}]}`),
    ];
    expect(changes(texts, 'shop/red -> shop/db:5432', 'open')[0]).toBe(
      'exactly: + spec.ingress[0].from[1] {podSelector:{matchLabels:{colour:red}}}',
    );
  });

  it('pods by no label that changes with every release', () => {
    const old = deployment('shop/old', 'app=job,version=1', '');
    const texts = [
      ...SHOP,
      old.replace('"matchLabels":{"app":"job","version":"1"}', '"matchLabels":{"app":"job"}'),
      deployment('shop/new', 'app=job,version=2', ''),
      db(`{from: [${API}], ports: [{port: 5432}]}`),
    ];
    expect(changes(texts, 'shop/old -> shop/db:5432', 'open')[0]).toBe(
      '1 more: + spec.ingress[0].from[1] {podSelector:{matchLabels:{app:job}}}',
    );
  });

  it('addresses by blocks', () => {
    const egress = policy('shop/out', '{podSelector: {}, policyTypes: [Egress]}');
    const six = [...SHOP, deployment('shop/front', 'app=front'), egress];
    const options = { assume: ['families=IPv4,IPv6'] };
    expect(changes(six, 'shop/front -> [2001:db8::1]:443', 'open', options)[0]).toBe(
      'exactly: + NetworkPolicy front-to-addresses',
    );
    expect(changes([...SHOP, egress], 'shop/web -> 203.0.113.0/25:443', 'open')[0]).toBe(
      'exactly: + NetworkPolicy web-to-addresses',
    );
  });

  it('ports by their numbers at the pod, also where rules name them', () => {
    const texts = [...SHOP, db(`{from: [${API}], ports: [{port: sql}]}`)];
    expect(changes(texts, 'shop/web -> shop/db:sql', 'open')[0]).toBe(
      'exactly: + spec.ingress[0].from[1] {podSelector:{matchLabels:{app:web}}}',
    );
    expect(
      changes(
        [...SHOP, policy('shop/db', '{podSelector: {matchLabels: {app: db}}}')],
        'shop/web -> shop/db:sql',
        'open',
      )[0],
    ).toBe(
      'exactly: + spec.ingress = [{from:[{podSelector:{matchLabels:{app:web}}}],ports:[{protocol:TCP,port:5432}]}]',
    );
  });

  it('what is unknown becomes certain', () => {
    const texts = [
      pod('shop/db', { labels: 'app=db' }),
      pod('lab/probe', { labels: 'app=probe' }),
      db('{from: [{namespaceSelector: {matchLabels: {team: ops}}}]}'),
    ];
    expect(changes(texts, 'lab/probe -> shop/db:5432', 'open')[0]).toBe(
      'exactly: + spec.ingress[1] {from:[{namespaceSelector:{matchLabels:{kubernetes.io/metadata.name:lab}},podSelector:{matchLabels:{app:probe}}}],ports:[{protocol:TCP,port:5432}]}',
    );
  });

  it('before or instead of a rule that denies, in every ordered tier', () => {
    const deny = 'ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: ops}}}]}]';
    const pair = 'ops/probe -> shop/db:5432';
    expect(changes([...SHOP, clusterPolicy('c', deny)], pair, 'open')).toEqual([
      'exactly: + ClusterNetworkPolicy shop-db-from-probe',
      'exactly: + ClusterNetworkPolicy shop-db-pass-from-probe',
    ]);
    expect(changes([...SHOP, adminPolicy('AdminNetworkPolicy', deny)], pair, 'open')).toEqual([
      'exactly: + AdminNetworkPolicy shop-db-from-probe',
      'exactly: + AdminNetworkPolicy shop-db-pass-from-probe',
    ]);
  });

  it('once for a range of which several rules deny parts', () => {
    const parts = clusterPolicy(
      'c',
      'ingress: [{action: Deny, from: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: 80}}}]}, {action: Deny, from: [{namespaces: {}}]}]',
    );
    const [best] = changes([...SHOP, parts], 'ops/probe -> shop/db:79-81', 'open');
    expect(best).toBe('exactly: + ClusterNetworkPolicy shop-db-from-probe');
    const subject = '{pods: {podSelector: {matchLabels: {app: db}}}}';
    const first = parts
      .replace('priority: 10', 'priority: 0')
      .replace('{namespaces: {}}, ingress', `${subject}, ingress`);
    expect(changes([...SHOP, first], 'ops/probe -> shop/db:79-81', 'open')[0]).toBe(
      'exactly: + spec.ingress[0] {action:Pass,from:[{pods:{namespaceSelector:{matchLabels:{kubernetes.io/metadata.name:ops}},podSelector:{matchLabels:{app:probe}}}}],protocols:[{tcp:{destinationPort:{range:{start:79,end:81}}}}]}',
    );
  });

  it('where a plugin ranks policies among one another', () => {
    const deny = 'ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: ops}}}]}]';
    const texts = [...SHOP, adminPolicy('AdminNetworkPolicy', deny)];
    const { state } = scenario(texts, { cni: 'calico@3.29' });
    const [best] = explain(state, parsePair(['ops/probe -> shop/db:5432']), CONTEXT, { changes: 'open' }).changes;
    expect([best?.title, best?.exact]).toEqual(['add AdminNetworkPolicy shop-db-from-probe', true]);
    expect(best?.opens.map(({ allowed }) => allowed)).toEqual([{ TCP: [[5432, 5432]] }]);
  });

  it('nothing where no rule could name an end', () => {
    const host = pod('ops/agent', { labels: 'app=agent', hostNetwork: true });
    expect(
      changes([...SHOP, host, DENY], 'ops/agent -> shop/db:5432', 'open', { assume: ['localNodeIngress=evaluate'] }),
    ).toEqual([]);
  });
});

describe('to close', () => {
  it('one of several peers', () => {
    const texts = [...SHOP, db(`{from: [{podSelector: {matchLabels: {app: web}}}, ${API}]}`)];
    expect(changes(texts, 'shop/web -> shop/db:5432', 'close')).toEqual([
      '0 more: - spec.ingress[0].from[0]',
      'exactly: - spec.ingress[0].from[0], + spec.ingress[1] {from:[{podSelector:{matchLabels:{app:web}}}],ports:[{protocol:TCP,port:1,endPort:5431},{protocol:TCP,port:5433,endPort:65535},{protocol:UDP},{protocol:SCTP}]}',
    ]);
  });

  it('a rule whose only peer it is', () => {
    expect(
      changes(
        [...SHOP, db(`{from: [${API}]}, {from: [{podSelector: {matchLabels: {app: web}}}]}`)],
        'shop/api -> shop/db:5432',
        'close',
      )[0],
    ).toBe(
      'exactly: + spec.ingress[0].ports = [{protocol:TCP,port:1,endPort:5431},{protocol:TCP,port:5433,endPort:65535},{protocol:UDP},{protocol:SCTP}]',
    );
  });

  it('less of a peer that means others too', () => {
    expect(changes([...SHOP, db('{from: [{podSelector: {}}]}')], 'shop/web -> shop/db:5432', 'close')).toEqual([
      '0 more: + spec.ingress[0].from[0].podSelector.matchExpressions = [{key:app,operator:NotIn,values:[web]}]',
      'exactly: + spec.ingress[0].from[0].podSelector.matchExpressions = [{key:app,operator:NotIn,values:[web]}], + spec.ingress[1] {from:[{podSelector:{matchLabels:{app:web}}}],ports:[{protocol:TCP,port:1,endPort:5431},{protocol:TCP,port:5433,endPort:65535},{protocol:UDP},{protocol:SCTP}]}',
    ]);
    const not = '{from: [{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [api]}]}}]}';
    expect(changes([...SHOP, db(not)], 'shop/web -> shop/db:5432', 'close')[0]).toBe(
      '0 more: + spec.ingress[0].from[0].podSelector.matchExpressions[0].values[1] web',
    );
  });

  it('some addresses of a block', () => {
    const texts = [...SHOP, db('{from: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 5432}]}')];
    expect(changes(texts, '203.0.113.7 -> shop/db:5432', 'close')[0]).toBe(
      'exactly: + spec.ingress[0].from[0].ipBlock.except = [203.0.113.7/32]',
    );
    const cluster = clusterPolicy('c', 'egress: [{action: Accept, to: [{networks: [203.0.113.0/30]}]}]');
    const isolated = policy('shop/out', '{podSelector: {}, policyTypes: [Egress]}');
    expect(changes([...SHOP, cluster, isolated], 'shop/web -> 203.0.113.1:443', 'close')[0]).toBe(
      'exactly: + ClusterNetworkPolicy shop-web-deny-to-addresses',
    );
  });

  it('every rule that lets it through', () => {
    const more = policy('shop/more', '{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}');
    const texts = [...SHOP, more, db(`{from: [${API}], ports: [{port: 5432}]}`)];
    expect(changes(texts, 'shop/api -> shop/db:5432', 'close')[0]).toBe(
      '2 more: - spec.ingress[0], + spec.podSelector.matchExpressions = [{key:app,operator:NotIn,values:[db]}]',
    );
  });

  it('every peer of a rule that means it', () => {
    const both = '{podSelector: {matchExpressions: [{key: app, operator: In, values: [api, web]}]}}';
    const texts = [
      ...SHOP,
      db(`{from: [{podSelector: {matchLabels: {app: probe}}}, ${API}, ${both}], ports: [{port: 5432}]}`),
    ];
    expect(changes(texts, 'shop/api -> shop/db:5432', 'close')[1]).toBe(
      'exactly: - spec.ingress[0].from[1], + spec.ingress[0].from[2].podSelector.matchExpressions[1] {key:app,operator:NotIn,values:[api]}',
    );
  });

  it('a port and nothing else, if that takes one edit more', () => {
    const texts = [
      ...SHOP,
      db(`{from: [{podSelector: {matchLabels: {app: web}}}, ${API}], ports: [{port: 5432}, {port: 9187}]}`),
    ];
    expect(changes(texts, 'shop/api -> shop/db:9187', 'close')).toEqual([
      '0 more: - spec.ingress[0].from[1]',
      'exactly: - spec.ingress[0].from[1], + spec.ingress[1] {from:[{podSelector:{matchLabels:{app:api}}}],ports:[{protocol:TCP,port:5432}]}',
    ]);
  });

  it('a port at the end of a range, and one within it', () => {
    const ports = db(`{from: [${API}], ports: [{port: 5000, endPort: 6000}]}`);
    expect(changes([...SHOP, ports], 'shop/api -> shop/db:5000', 'close')[0]).toBe(
      'exactly: + spec.ingress[0].ports[0] = {protocol:TCP,port:5001,endPort:6000}',
    );
    expect(changes([...SHOP, ports], 'shop/api -> shop/db:5432', 'close')).toEqual([
      '0 more: - spec.ingress[0]',
      'exactly: + spec.ingress[0].ports[0] = {protocol:TCP,port:5000,endPort:5431}, + spec.ingress[0].ports[1] {protocol:TCP,port:5433,endPort:6000}',
    ]);
  });

  it('a policy that isolates where nothing does, and a Deny where the input has tiers', () => {
    expect(changes(SHOP, 'shop/web -> shop/db:5432', 'close')).toEqual([
      '4 more: + NetworkPolicy web-deny-egress',
      '4 more: + NetworkPolicy db-deny-ingress',
    ]);
    const cluster = clusterPolicy('c', 'ingress: [{action: Accept, from: [{namespaces: {matchLabels: {team: ops}}}]}]');
    expect(changes([...SHOP, cluster], 'shop/web -> shop/db:5432', 'close')).toEqual([
      'exactly: + ClusterNetworkPolicy shop-web-deny-to-db',
      'exactly: + ClusterNetworkPolicy shop-db-deny-from-web',
    ]);
  });

  it('a Deny in the Baseline tier, if that is the only one of the input', () => {
    const baseline = adminPolicy(
      'BaselineAdminNetworkPolicy',
      'ingress: [{action: Deny, from: [{namespaces: {matchLabels: {team: ops}}}]}]',
    );
    const end = (app: string) =>
      `{pods:{namespaceSelector:{matchLabels:{kubernetes.io/metadata.name:shop}},podSelector:{matchLabels:{app:${app}}}}}`;
    const ports = 'ports:[{portNumber:{protocol:TCP,port:5432}}]';
    expect(changes([...SHOP, baseline], 'shop/web -> shop/db:5432', 'close')).toEqual([
      `2 more: + spec.egress = [{action:Deny,to:[${end('db')}],${ports}}]`,
      `3 more: + spec.ingress[0] {action:Deny,from:[${end('web')}],${ports}}`,
    ]);
  });

  it('a policy without these pods, where another one isolates them', () => {
    const open = policy('shop/open', '{podSelector: {}, policyTypes: [Ingress], ingress: [{}]}');
    expect(changes([...SHOP, DENY, open], 'ops/probe -> shop/db:5432', 'close')).toEqual([
      '4 more: + spec.podSelector.matchExpressions = [{key:app,operator:NotIn,values:[db]}]',
      '14 more: + spec.ingress[0].ports = [{protocol:TCP,port:1,endPort:5431},{protocol:TCP,port:5433,endPort:65535},{protocol:UDP},{protocol:SCTP}]',
      '14 more: - spec.ingress[0]',
    ]);
  });

  it('nothing where no policy sees the traffic', () => {
    expect(changes([...SHOP, DENY], 'shop/db -> shop/db:5432', 'close')).toEqual([]);
  });
});
