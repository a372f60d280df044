// Single flows on a small cluster: who the ends are, and who opened the connection.

import { describe, expect, it } from 'vitest';
import { attribute, CART, one, replica, said, WEB } from '../../../test/support/attributed.ts';
import { type FlowParts, observed, partyText } from '../../../test/support/observed.ts';
import { deployment, object, service } from '../../../test/support/scenario.ts';
import type { ObservedFlow } from '../model/flow.ts';

describe('pods', () => {
  it('are known by address, by name, and by both', () => {
    for (const from of ['10.0.0.10', 'shop/web-6bfb7f754-sp5fz', 'shop/web-6bfb7f754-sp5fz@10.0.0.10']) {
      expect(one(`${from} -> 10.0.0.11:7070`)).toEqual([`${WEB} -> ${CART}:7070`]);
    }
  });

  it("the log's name wins over the snapshot's address", () => {
    const workload = { kind: 'Deployment', name: 'high' };
    expect(
      one('10.0.0.10 -> 10.0.0.11:7070', {}, { source: { address: '10.0.0.10', namespace: 'shop', workload } }),
    ).toEqual([`shop/Deployment/high -> ${CART}:7070`]);
  });

  it('an address that was reused counts within the time in which the log names one owner', () => {
    const named = observed('shop/high-6bfb7f754-bcdfg@10.0.0.10 -> 10.0.0.11:7070', { first: 100, last: 200 });
    const bare = (at: number) => observed('10.0.0.10 -> 10.0.0.11:7071', { first: at, last: at });
    expect(said([named, bare(150)])).toContain(`shop/Deployment/high -> ${CART}:7071`);
    expect(said([named, bare(300)])).toContain('address-reused (source)');
    expect(said([named, observed('10.0.0.10 -> 10.0.0.11:7071')])).toContain('address-reused (source)');
  });

  it('a pod of the snapshot is not who had its address before it started', () => {
    const started = (field: 'startTime' | 'creationTimestamp'): readonly string[] => {
      const made = JSON.parse(replica('shop/cart-6bfb7f754-bbbbb', 'cart', { ip: '10.0.0.99', node: 'n1' }));
      (field === 'startTime' ? made.status : made.metadata)[field] = new Date(1000).toISOString();
      return [JSON.stringify(made)];
    };
    const bare = (first: number, last = first) => observed('10.0.0.99 -> 10.0.0.10:8080', { first, last });
    for (const field of ['startTime', 'creationTimestamp'] as const) {
      expect(said([bare(2000)], started(field))).toEqual([`${CART} -> ${WEB}:8080`]);
      expect(said([bare(1000)], started(field))).toEqual([`${CART} -> ${WEB}:8080`]);
      expect(said([bare(999)], started(field))).toEqual(['pod-gone (source)']);
      expect(said([bare(999, 1000)], started(field))).toEqual(['address-reused (source)']);
    }
    const before = observed('shop/high-6bfb7f754-bcdfg@10.0.0.99 -> 10.0.0.10:8081', { first: 100, last: 900 });
    const after = observed('shop/cart-6bfb7f754-bbbbb@10.0.0.99 -> 10.0.0.10:8082', { first: 2000, last: 2000 });
    expect(said([before, after, bare(500)], started('startTime'))).toContain(`shop/Deployment/high -> ${WEB}:8080`);
    expect(said([after, bare(500)], started('startTime'))).toContain('pod-gone (source)');
  });

  it.each([
    ['its owner', { workload: { kind: 'Deployment', name: 'web' } }],
    ['the owner of its ReplicaSet', { workload: { kind: 'ReplicaSet', name: 'web-5d9c8b7f66' } }],
    ['labels that fit one workload', { labels: { app: 'web', 'pod-template-hash': 'x' } }],
    ['the form of its name', { pod: 'web-5d9c8b7f66-bcdfg' }],
  ] as const)('that are gone are known by %s', (_, end) => {
    expect(
      one('10.0.0.99 -> 10.0.0.11:7070', {}, { source: { address: '10.0.0.99', namespace: 'shop', ...end } }),
    ).toEqual([`${WEB} -> ${CART}:7070`]);
  });

  it.each([
    [
      'a name that two workloads may have given',
      { pod: 'job-5d9c8b7f66-bcdfg' },
      [
        deployment('shop/job', 'app=job'),
        object(
          'apps/v1',
          'DaemonSet',
          'shop/job-5d9c8b7f66',
          '{selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a}]}}}',
        ),
      ],
      'pod-gone',
    ],
    ['labels that contradict the name', { pod: 'web-5d9c8b7f66-bcdfg', labels: { app: 'other' } }, [], 'pod-gone'],
    ['a name of nobody', { pod: 'stranger' }, [], 'pod-gone'],
    [
      'a workload that the snapshot does not hold',
      { workload: { kind: 'Deployment', name: 'gone' } },
      [],
      'unknown-workload',
    ],
  ] as const)('are not guessed from %s', (_, end, more, reason) => {
    const source = { address: '10.0.0.10', namespace: 'shop', ...end };
    expect(said([observed('10.0.0.10 -> 10.0.0.11:7070', {}, { source })], more)).toEqual([`${reason} (source)`]);
  });

  it('of a CronJob are its, whatever run they are of (D4)', () => {
    const cron = object(
      'batch/v1',
      'CronJob',
      'shop/export',
      '{schedule: "* * * * *", jobTemplate: {spec: {template: {metadata: {labels: {app: export}}, spec: {containers: [{name: a}]}}}}}',
    );
    const labels = { app: 'export', 'job-name': 'export-28618366', 'controller-uid': 'a' };
    for (const end of [
      { workload: { kind: 'CronJob', name: 'export' } },
      { workload: { kind: 'Job', name: 'export-28618366' } },
      { labels },
      { pod: 'export-28618366-bcdfg' },
    ]) {
      const source = { address: '10.0.0.77', namespace: 'shop', ...end };
      expect(said([observed('10.0.0.77 -> 10.0.0.11:7070', {}, { source })], [cron])).toEqual([
        `shop/CronJob/export -> ${CART}:7070`,
      ]);
    }
  });

  it('a pod to itself needs no policy, and to another replica does', () => {
    expect(one('10.0.0.10 -> 10.0.0.10:8080')).toEqual(['aside: itself']);
    const other = replica('shop/web-6bfb7f754-zzzzz', 'web', { ip: '10.0.1.99', ports: 'http=8080', node: 'n2' });
    expect(said([observed('10.0.0.10 -> 10.0.1.99:8080')], [other])).toEqual([`${WEB} -> ${WEB}:8080`]);
  });
});

describe('Services', () => {
  it('lead to the port of the pod, also where it has a name', () => {
    expect(one('10.0.0.11 -> 10.96.0.20:80')).toEqual([`${CART} -> ${WEB}:8080`]);
    expect(one('10.0.0.11 -> 10.0.0.10:8080')).toEqual([`${CART} -> ${WEB}:8080`]);
  });

  it('give the same connection whether the plugin shows the Service or the pod', () => {
    const key = (flow: ObservedFlow) =>
      attribute([flow]).evidence.map(({ from, to, protocol, ports }) => ({ from, to, protocol, ports }));
    const [shown, translated] = [observed('10.0.0.11 -> 10.96.0.20:80'), observed('10.0.0.11 -> 10.0.0.10:8080')];
    expect(key(shown)).toEqual(key(translated));
    expect(attribute([shown]).evidence[0]!.via).toEqual({ namespace: 'shop', name: 'web', port: 80 });
  });

  it('are known by name where the address is not', () => {
    const destination = {
      address: '10.96.7.7',
      service: { namespace: 'shop', name: 'web' },
      entity: 'outside' as const,
    };
    expect(one('10.0.0.11 -> 10.96.7.7:80', {}, { destination })).toEqual([`${CART} -> ${WEB}:8080`]);
  });

  it("a Service's port at a pod's address means the pod's port", () => {
    expect(one('10.0.0.11 -> 10.0.0.10:80')).toEqual([`${CART} -> ${WEB}:8080`]);
  });

  it('without a selector lead to the addresses that EndpointSlices list (D9)', () => {
    expect(one('10.0.0.11 -> 10.96.0.40:5432')).toEqual([`${CART} -> 172.16.5.5/32:15432`]);
  });

  it.each([
    ['a port that the Service does not have', '10.96.0.20:81', 'no-endpoints (destination)'],
    ['nothing behind it', '10.96.0.50:80', 'no-endpoints (destination)'],
    ['an address among those of Services that none has', '10.96.0.22:80', 'unknown-service (destination)'],
  ])('with %s are not attributed', (_, called, expected) => {
    expect(one(`10.0.0.11 -> ${called}`)).toEqual([expected]);
  });

  it("are reached through a node's port", () => {
    expect(one('203.0.113.5 -> 192.168.0.2:30080')).toEqual([`203.0.113.5/32 -> ${WEB}:8080`]);
  });

  it('with several workloads behind them count for each, and the record once', () => {
    const { evidence, records } = attribute(
      [observed('10.0.0.11 -> 10.96.0.60:80', { count: 3 })],
      [
        service('shop/both', '{clusterIP: 10.96.0.60, selector: {tier: x}, ports: [{port: 80}]}'),
        deployment('shop/blue', 'tier=x,app=blue'),
        deployment('shop/green', 'tier=x,app=green'),
      ],
    );
    expect(evidence.map(({ to, seen }) => [partyText(to), seen!.count])).toEqual([
      ['shop/Deployment/blue', 3],
      ['shop/Deployment/green', 3],
    ]);
    expect(records).toMatchObject({ total: 3, evidence: 3 });
  });
});

describe('the API server (D6)', () => {
  it.each(['10.96.0.1:443', '192.168.0.1:6443'])('is itself, whether called at %s', (called) => {
    expect(one(`10.0.0.11 -> ${called}`)).toEqual([`${CART} -> api-server:443`]);
  });

  it('is not every port of its node', () => {
    expect(one('10.0.0.11 -> 192.168.0.1:10250')).toEqual([`${CART} -> node n1:10250`]);
  });
});

describe('who opened a connection', () => {
  const unknown = (sourcePort?: number): FlowParts => ({
    opened: 'unknown',
    ...(sourcePort === undefined ? {} : { sourcePort }),
  });

  it.each([
    ['a question', '10.0.0.10 -> 10.0.0.11:7070', 41532, `${WEB} -> ${CART}:7070`],
    ['an answer', '10.0.0.11 -> 10.0.0.10:41532', 7070, `${WEB} -> ${CART}:7070`],
    [
      'a server with a port that clients are given',
      '10.0.0.10 -> 10.0.1.12:50051',
      40001,
      `${WEB} -> shop/Deployment/high:50051`,
    ],
    [
      'an answer of that server to a translated client',
      '10.0.1.12 -> 192.168.0.2:1168',
      50051,
      'node -> shop/Deployment/high:50051',
    ],
    ["an answer with the Service's port", '10.0.0.10 -> 10.0.0.11:52794', 80, `${CART} -> ${WEB}:8080`],
    ["an answer from the Service's address", '10.96.0.20 -> 10.0.0.11:52794', 80, `${CART} -> ${WEB}:8080`],
    [
      'a port that nobody declared and clients are not given',
      '10.0.0.10 -> 198.51.100.7:8443',
      41532,
      `${WEB} -> 198.51.100.7/32:8443`,
    ],
    ['two ports that clients are given', '10.0.0.10 -> 10.0.0.11:41532', 50123, 'direction-unknown (both)'],
    ['two ports that anybody may have', '10.0.0.10 -> 198.51.100.7:9000', 9001, 'direction-unknown (both)'],
    ["two servers' ports", '10.0.0.10 -> 10.0.0.11:7070', 8080, 'direction-unknown (both)'],
  ])('is told for %s', (_, text, sourcePort, expected) => {
    expect(one(text, unknown(sourcePort))).toEqual([expected]);
  });

  it('without a source port is told by known and by privileged ports only', () => {
    expect(one('10.0.0.10 -> 10.0.0.11:7070', unknown())).toEqual([`${WEB} -> ${CART}:7070`]);
    expect(one('10.0.0.10 -> 198.51.100.7:443', unknown())).toEqual([`${WEB} -> 198.51.100.7/32:443`]);
    expect(one('10.0.0.10 -> 198.51.100.7:1168', unknown())).toEqual(['direction-unknown (both)']);
  });

  it('is told by another record of the log that knows', () => {
    const known = observed('10.0.0.10 -> 10.0.0.11:40404');
    expect(said([known, observed('10.0.0.11 -> 10.0.1.12:50999', { ...unknown(40404) })])).toEqual([
      `shop/Deployment/high -> ${CART}:40404`,
      `${WEB} -> ${CART}:40404`,
    ]);
  });
});

describe('addresses of pods that are gone', () => {
  it.each([
    ['192.168.5.12', '192.168.9.9', 'fd00::1'],
    ['172.20.0.12', '172.31.0.9', '172.32.0.1'],
    ['2001:db8:0:1::12', '2001:db8:0:1::99', '2001:db8:0:2::99'],
    ['30.1.0.12', '30.1.200.9', '30.2.0.9'],
  ])('are nobody where the pod %s shows that nodes do not have all ranges', (pod, gone, outside) => {
    const stray = [deployment('shop/stray', 'app=stray'), replica('shop/stray-6bfb7f754-bbbbb', 'stray', { ip: pod })];
    const called = (address: string) =>
      said([observed('shop/web-6bfb7f754-sp5fz -> x:9000', {}, { destination: { address } })], stray);
    expect(called(gone)).toEqual(['unknown-range (destination)']);
    expect(called(outside)).toEqual([`${WEB} -> ${outside}/${outside.includes(':') ? 128 : 32}:9000`]);
    expect(one('10.0.0.10 -> 192.168.9.9:9000')).toEqual([`${WEB} -> 192.168.9.9/32:9000`]);
  });
});

describe('nodes', () => {
  it("a probe comes from the pod's own node, and is no rule for an address (D13)", () => {
    expect(one('192.168.0.1 -> 10.0.0.10:8080')).toEqual([`node -> ${WEB}:8080`]);
    expect(one('192.168.0.2 -> 10.0.0.10:8080')).toEqual([`node n2 -> ${WEB}:8080`]);
  });

  it('one that calls a Service is no kubelet, and the pods behind it may be on another node tomorrow', () => {
    expect(one('192.168.0.1 -> 10.96.0.20:80')).toEqual([`node n1 -> ${WEB}:8080`]);
    const made = JSON.parse(replica('shop/probed-6bfb7f754-bbbbb', 'probed', { ip: '10.0.0.12', node: 'n1' }));
    made.spec.containers[0].readinessProbe = { httpGet: { port: 9000 } };
    const front = service('shop/probed', '{clusterIP: 10.96.0.41, selector: {app: probed}, ports: [{port: 9000}]}');
    const more = [JSON.stringify(made), front];
    expect(said([observed('192.168.0.2 -> 10.96.0.41:9000')], more)).toEqual([
      'node n2 -> shop/Deployment/probed:9000',
    ]);
  });

  it('one that calls a pod that is gone is its kubelet only if the address was one of that node', () => {
    const made = JSON.parse(replica('shop/probed-6bfb7f754-bbbbb', 'probed', { ip: '10.0.0.12', node: 'n1' }));
    made.spec.containers[0].readinessProbe = { httpGet: { port: 9000 } };
    const more = [JSON.stringify(made)];
    const gone = 'shop/probed-6bfb7f754-zzzzz@10.0.1.99:9000';
    expect(said([observed(`192.168.0.1 -> ${gone}`)], more)).toEqual(['node n1 -> shop/Deployment/probed:9000']);
    expect(said([observed(`192.168.0.2 -> ${gone}`)], more)).toEqual(['node -> shop/Deployment/probed:9000']);
    // The same name as a pod of today, such as those of StatefulSets, but at another address.
    const again = 'shop/probed-6bfb7f754-bbbbb@10.0.1.99:9000';
    expect(said([observed(`192.168.0.1 -> ${again}`)], more)).toEqual(['node n1 -> shop/Deployment/probed:9000']);
    // Nobody knows where it was: a probed port is its kubelet's, unless clients of a Service come from nodes there.
    const elsewhere = 'shop/probed-6bfb7f754-zzzzz@10.9.9.9:9000';
    expect(said([observed(`192.168.0.1 -> ${elsewhere}`)], more)).toEqual(['node -> shop/Deployment/probed:9000']);
    // What is only supposed is told, and only that.
    const supposed = (flow: string) =>
      attribute([observed(flow)], more).supposedProbes.map(({ workload, port, seen }) => [workload, port, seen.count]);
    expect(supposed(`192.168.0.1 -> ${elsewhere}`)).toEqual([['shop/Deployment.apps/probed', 9000, 1]]);
    expect(supposed(`192.168.0.2 -> ${gone}`)).toEqual([]);
    const front = service(
      'shop/probed',
      '{type: NodePort, clusterIP: 10.96.0.41, selector: {app: probed}, ports: [{port: 9000}]}',
    );
    expect(said([observed(`192.168.0.1 -> ${elsewhere}`)], [...more, front])).toEqual([
      'node n1 -> shop/Deployment/probed:9000',
    ]);
  });

  it('one whose addresses the snapshot does not show is known by the address of the record', () => {
    const source = { entity: 'node' as const, node: 'n9' };
    const [found] = attribute([observed('192.168.0.9 -> 10.0.0.11:7070', {}, { source })]).evidence;
    expect(found!.from).toEqual({ type: 'addresses', cidrs: ['192.168.0.9/32'], what: 'node n9' });
    const destination = { entity: 'node' as const, node: 'n9' };
    const [called] = attribute([observed('10.0.0.11 -> 192.168.0.9:9100', {}, { destination })]).evidence;
    expect(called!.to).toEqual({ type: 'addresses', cidrs: ['192.168.0.9/32'], what: 'node n9' });
  });

  it('an address that the log alone knows as a node is one, also where another record says outside', () => {
    const asNode = { address: '192.0.2.2', entity: 'node' as const, node: 'n1' };
    const probe = observed('192.0.2.2 -> 10.0.0.10:8080', {}, { source: asNode });
    const outside = observed('192.0.2.2 -> 10.0.0.11:7070', {}, { source: { entity: 'outside' } });
    expect(said([probe, outside])).toEqual([`node -> ${CART}:7070`, `node -> ${WEB}:8080`]);
  });

  it('one that nobody names is an address, but for probes', () => {
    const made = JSON.parse(replica('shop/probed-6bfb7f754-bbbbb', 'probed', { ip: '10.0.0.12', node: 'n1' }));
    made.spec.containers[0].readinessProbe = { httpGet: { port: '9000' } };
    const source = { entity: 'node' as const };
    const calls = [9000, 9001].map((port) => observed(`192.0.2.2 -> 10.0.0.12:${port}`, {}, { source }));
    const workload = 'shop/Deployment/probed';
    expect(said(calls, [JSON.stringify(made)])).toEqual([
      `192.0.2.2/32 -> ${workload}:9001`,
      `node -> ${workload}:9000`,
    ]);
  });

  it("one with an address among its pods' is told by them, and among Services' by nothing", () => {
    const source = { entity: 'node' as const };
    expect(one('10.0.1.1 -> 10.0.0.10:8081', {}, { source })).toEqual([`node n2 -> ${WEB}:8081`]);
    expect(one('10.96.0.22 -> 10.0.0.10:8081', {}, { source })).toEqual(['unknown-entity (source)']);
  });

  it('a hostNetwork pod is its node unless the log names it, and voids nothing (D14)', () => {
    expect(one('192.168.0.1 -> 10.0.0.11:7070')).toEqual([`node -> ${CART}:7070`]);
    const source = { address: '192.168.0.1', namespace: 'kube-system', pod: 'agent' };
    expect(one('192.168.0.1 -> 10.0.0.11:7070', {}, { source })).toEqual([`kube-system/Pod/agent -> ${CART}:7070`]);
  });

  it('says whose address a node may hide', () => {
    const [found] = attribute([observed('192.168.0.2 -> 10.0.0.10:8080')]).evidence;
    expect(found!.says).toBe(
      'seen in 1 record of the log; the node itself or clients of shop/edge, whose addresses externalTrafficPolicy Cluster hides',
    );
  });

  it('between nodes and outside there is nothing for a policy', () => {
    expect(one('192.168.0.1 -> 198.51.100.7:443')).toEqual(['aside: no-pod']);
  });

  it('and endpoints of the plugin itself there is none either, but a pod that calls one is asked about', () => {
    const health = { entity: 'other' as const };
    expect(one('192.168.0.2 -> 10.0.0.200:4240', {}, { destination: health })).toEqual(['aside: no-pod']);
    expect(one('10.0.0.200 -> 192.168.0.2:4240', {}, { source: health })).toEqual(['aside: no-pod']);
    expect(one('10.0.0.200 -> 10.0.0.201:4240', {}, { source: health, destination: health })).toEqual([
      'aside: no-pod',
    ]);
    expect(one('10.0.0.10 -> 10.0.0.200:4240', {}, { destination: health })).toEqual(['unknown-entity (destination)']);
    expect(one('10.0.0.200 -> 10.0.0.10:8080', {}, { source: health })).toEqual(['unknown-entity (source)']);
  });
});

describe('a pod of another cluster', () => {
  const cluster = { entity: 'other' as const, cluster: 'east' };

  it('is nobody here, even at the address of a pod', () => {
    expect(one('10.0.0.10 -> 10.0.0.11:7070', {}, { destination: cluster })).toEqual(['unknown-entity (destination)']);
    expect(one('192.168.0.2 -> 10.0.0.11:7070', {}, { destination: cluster })).toEqual([
      'unknown-entity (destination)',
    ]);
    expect(one('10.0.0.11 -> 10.0.0.10:8080', {}, { source: cluster })).toEqual(['unknown-entity (source)']);
  });
});
