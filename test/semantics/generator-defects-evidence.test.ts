// Defects of other generators about what they make of evidence, each by its number: what goes wrong elsewhere, and that it
// does not here. Objects and flows in, policies out.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLUSTER, replica } from '../support/attributed.ts';
import { afterwards, generated, selectorText } from '../support/generating.ts';
import { observed } from '../support/observed.ts';
import { deployment, namespace, node, object, pod, policy, service } from '../support/scenario.ts';

const DAY = 86_400_000;
const FLOW = 'shop/web-6bfb7f754-sp5fz@10.0.0.10 -> 10.0.0.11:7070';
const WEEK = { first: 0, last: 8 * DAY };

/** A Deployment whose container has one environment variable. */
function withVariable(path: string, labels: string, value: string): string {
  const made = JSON.parse(deployment(path, labels, '8080'));
  made.spec.template.spec.containers[0].env = [{ name: 'TARGET_URL', value }];
  return JSON.stringify(made);
}

describe('D10 what was observed in part is not ready to be enforced', () => {
  // The rival takes profiles with status `learning`, `partial` ones, and those of which events were lost.
  const blocking = (wanted: Parameters<typeof generated>[1]) =>
    generated(CLUSTER, wanted)
      .document.readiness.filter(({ level }) => level === 'blocks')
      .map(({ about }) => about);

  it('is blocked by lost events, by broken records and by a short window', () => {
    const flows = [observed(FLOW, WEEK)];
    expect(blocking({ flows })).not.toContain('lost-events');
    expect(blocking({ flows, lost: 1 })).toContain('lost-events');
    expect(blocking({ flows, broken: 1 })).toContain('broken-records');
    expect(blocking({ flows: [observed(FLOW, { first: 0, last: DAY / 2 })] })).toContain('window');
    expect(blocking({ flows: [observed(FLOW)] })).toContain('window');
    expect(blocking({})).toContain('nothing-observed');
  });

  it('is not ready then, and is once all was seen', () => {
    const flows = [observed(FLOW, WEEK)];
    expect(generated(CLUSTER, { flows, lost: 1 }).document.ready).toBe(false);
    expect(generated(CLUSTER, { flows }).document.ready).toBe(true);
  });

  it('is not ready where a CronJob did not run', () => {
    const nightly = object('batch/v1', 'CronJob', 'shop/nightly', '{}').replace(
      'spec: {}',
      'spec: {schedule: "0 3 * * *", jobTemplate: {spec: {template: {metadata: {labels: {app: nightly}}, spec: {containers: [{name: main}]}}}}}',
    );
    const outcome = generated([...CLUSTER, nightly], { flows: [observed(FLOW, WEEK)] });
    expect(outcome.remarks).toContain(
      'not-observed: shop/nightly did not run while the log was written (schedule 0 3 * * *)',
    );
    expect(outcome.document.ready).toBe(false);
  });
});

describe('D11 the same input in any order gives the same bytes', () => {
  // The rival hashes maps in random order: rules come twice, and every run differs.
  const flows = [
    observed('10.0.0.10 -> 10.0.0.11:7070', WEEK),
    observed('10.0.0.10 -> 10.96.0.1:443', WEEK),
    observed('10.0.0.11 -> 203.0.113.7:443', WEEK),
    observed('10.0.0.11 -> 203.0.113.9:443', WEEK),
    observed('10.0.0.10 -> 203.0.113.9:8443', { ...WEEK, protocol: 'UDP' }),
    observed('192.168.0.2 -> 10.0.0.10:8080', WEEK),
  ];
  const allow = ['shop/high -> shop/cart:7070', 'shop/high -> shop/web:8080-8090', 'shop/web -> internet:443'];
  const first = JSON.stringify(generated(CLUSTER, { flows, allow }).document);

  it('for objects, flows and statements in any order', () => {
    const shuffled = <T>(items: readonly T[]) =>
      fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
    fc.assert(
      fc.property(shuffled(CLUSTER), shuffled(flows), shuffled(allow), (texts, seen, stated) => {
        // Places are where the input stood, which is what was shuffled.
        const places = (text: string) =>
          text.replaceAll(/"(line|column)":\d+/g, '"$1":0').replaceAll(/yaml:\d+/g, 'yaml');
        const again = JSON.stringify(generated(texts, { flows: seen, allow: stated }).document);
        expect(places(again)).toBe(places(first));
      }),
      { numRuns: 8 },
    );
  });
});

describe('D12 what was not observable is said', () => {
  // The rival sees IPv4 only, UDP below port 1024 only and no SCTP, and says nothing of it.
  it('names protocols that no record is of', () => {
    const outcome = generated(CLUSTER, { flows: [observed(FLOW, WEEK)] });
    expect(outcome.remarks).toContainEqual(expect.stringMatching(/^protocol: no UDP was seen at all/));
    expect(outcome.remarks).not.toContainEqual(expect.stringMatching(/^protocol: no TCP/));
  });

  it('makes rules of IPv6, of UDP at any port and of SCTP', () => {
    const texts = [namespace('shop'), pod('shop/web', { labels: 'app=web', ip: '10.0.0.10 fd00:10::10' })];
    const flows = [
      observed('fd00:10::10 -> [2001:db8::7]:443'),
      observed('10.0.0.10 -> 203.0.113.7:51820', { protocol: 'UDP' }),
      observed('10.0.0.10 -> 203.0.113.8:3868', { protocol: 'SCTP' }),
    ];
    expect(generated(texts, { flows }).rules('shop/web')).toEqual([
      'to 203.0.113.7/32: 51820/UDP',
      'to 203.0.113.8/32: 3868/SCTP',
      'to 2001:db8::7/128: 443/TCP',
    ]);
  });
});

describe('D13 probes of the kubelet are no rules', () => {
  // The rival compares the pod's address where it means that of its node: each probe becomes a /32 of a node.
  it('neither observed nor declared ones', () => {
    const web = JSON.parse(deployment('shop/probed', 'app=probed', '9000'));
    web.spec.template.spec.containers[0].readinessProbe = { httpGet: { port: 9000 } };
    const texts = [
      ...CLUSTER,
      JSON.stringify(web),
      replica('shop/probed-6bfb7f754-aaaaa', 'probed', { ip: '10.0.0.13', ports: '9000', node: 'n1' }),
    ];
    const outcome = generated(texts, { flows: [observed('192.168.0.1 -> 10.0.0.13:9000')] });
    expect(outcome.rules('shop/probed')).toEqual([]);
    expect(outcome.document.proof.sound).toBe(true);
    expect(outcome.document.needs.filter(({ from }) => from.type === 'node').map(({ verdict }) => verdict)).toContain(
      'allowed',
    );
  });
});

describe('D14 one flow never voids the others', () => {
  // The rival gives up with `unknown endpoint kind` as soon as a pod of the host network is the peer.
  it('writes a rule for a peer of the host network, by the addresses of the nodes', () => {
    const flows = [observed(FLOW), observed('192.168.0.2 -> 10.0.0.11:7070')];
    const outcome = generated(CLUSTER, { flows });
    expect(outcome.rules('shop/cart').join('\n')).toContain('app=web');
  });

  it('goes on behind a flow that nobody understands', () => {
    const { source, destination, port, ...rest } = observed(FLOW);
    const strange = [
      { ...rest, source: {}, destination: {} },
      { ...rest, source: { entity: 'other' as const }, destination, port: 1 },
      observed('10.0.0.10 -> 240.0.0.1:1'),
      observed('10.0.0.10 -> 224.0.0.1:5353', { protocol: 'UDP' }),
    ];
    const outcome = generated(CLUSTER, { flows: [...strange, { ...rest, source, destination, port: port! }] });
    expect(outcome.rules('shop/cart')).toEqual(['from app=web: 7070/TCP']);
  });

  it('says that a workload of the host network gets no policy', () => {
    const texts = [namespace('shop'), pod('shop/agent', { hostNetwork: true, ip: '192.168.0.1' })];
    expect(generated([...texts, node('n1', '192.168.0.1')]).remarks).toContainEqual(
      expect.stringMatching(/^host-network: no policy can isolate shop\/agent/),
    );
  });
});

describe('D17 both directions are decided, once for each workload', () => {
  // The rival lists only directions that have rules, writes a policy for each pod, and the ClusterIP as a /32.
  it('isolates both directions of a client that nobody calls', () => {
    const { manifest } = generated(CLUSTER, { flows: [observed(FLOW)] });
    for (const name of ['shop/web', 'shop/cart', 'shop/high', 'shop/default-deny']) {
      expect(manifest(name).spec.policyTypes).toEqual(['Ingress', 'Egress']);
    }
  });

  it('writes one policy for all replicas', () => {
    const second = replica('shop/web-6bfb7f754-other', 'web', { ip: '10.0.0.77', ports: 'http=8080', node: 'n2' });
    const flows = [observed(FLOW), observed('10.0.0.77 -> 10.96.0.21:7070')];
    const outcome = generated([...CLUSTER, second], { flows });
    expect(outcome.names).toEqual(['shop/cart', 'shop/high', 'shop/web', 'shop/default-deny']);
    expect(outcome.rules('shop/web').filter((line) => line.startsWith('to'))).toEqual(['to app=cart: 7070/TCP']);
  });
});

describe('D19 exposure is narrow, and every workload gets its policy', () => {
  // The rival writes ingress only, opens a port to all for any external peer, passes over deployments that some policy
  // selects, and iterates maps.
  const exposed = [
    namespace('shop'),
    deployment('shop/web', 'app=web', '8080,9090'),
    service('shop/web', '{type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}'),
    policy('shop/old', '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {}}]}]}'),
  ];

  it('lets addresses in, on the port behind the Service only, and pods of the cluster not where their ranges are known', () => {
    const outcome = generated(exposed, { assume: ['podCIDRs=10.0.0.0/16'] });
    expect(outcome.rules('shop/web')).toEqual(['from 0.0.0.0/0 except 10.0.0.0/16: 8080/TCP']);
  });

  it('writes a policy beside one that is there, and names what that one opens', () => {
    const outcome = generated([...exposed, deployment('shop/other', 'app=other')]);
    expect(outcome.names).toEqual(['shop/other', 'shop/web', 'shop/default-deny']);
    // Egress of other is closed, so that what the old policy opens comes from pods that are not there yet.
    expect(outcome.document.proof.sound).toBe(true);
  });
});

describe('D20 addresses are those that are needed, for the workload that needs them', () => {
  // The rival recommends for whole namespaces, with RFC 1918 or any public address as the peer.
  it('gives each workload its own addresses', () => {
    const flows = [observed('10.0.0.10 -> 172.20.1.5:443'), observed('10.0.0.11 -> 8.8.4.4:443')];
    const { rules } = generated(CLUSTER, { flows });
    expect(rules('shop/web').filter((line) => line.startsWith('to'))).toEqual(['to 172.20.1.5/32: 443/TCP']);
    expect(rules('shop/cart').filter((line) => line.startsWith('to'))).toEqual(['to 8.8.4.4/32: 443/TCP']);
  });
});

describe('D21 addresses are parsed, not split', () => {
  // The rival splits at colons: http://cart:80 is host `http`. And it knows TCP only, and variables with telling names.
  it.each([
    ['http://cart:7070', 'to app=cart: 7070/TCP'],
    ['http://cart:7070/path?next=http://elsewhere.example.com', 'to app=cart: 7070/TCP'],
    ['cart.shop.svc.cluster.local:7070', 'to app=cart: 7070/TCP'],
    ['jdbc:postgresql://legacy:5432/app', 'to 172.16.5.5/32: 15432/TCP'],
    ['postgres://user:secret@legacy:5432/app?sslmode=disable', 'to 172.16.5.5/32: 15432/TCP'],
  ])('%s', (value, line) => {
    const outcome = generated([...CLUSTER, withVariable('shop/front', 'app=front', value)]);
    expect(outcome.rules('shop/front')).toContain(line);
    expect(JSON.stringify(outcome.document)).not.toContain('secret');
  });

  it('says where it was written, and that nobody observed it', () => {
    const outcome = generated([...CLUSTER, withVariable('shop/front', 'app=front', 'http://cart:7070')]);
    const need = outcome.document.needs.find(({ from, to }) => from.name === 'shop/front' && to.name === 'shop/cart');
    expect(need?.evidence.map(({ kind, confidence }) => [kind, confidence])).toEqual([['environment', 'likely']]);
    expect(need?.evidence[0]?.source?.path).toContain('env');
    expect(outcome.remarks).toContainEqual(expect.stringMatching(/^nothing-observed/));
  });
});

describe('D22 DNS and routes are for whom they are for', () => {
  // The rival allows UDP 53 to anywhere and no TCP, and opens what an Ingress names to every pod of the cluster.
  it('allows both protocols, to DNS pods only', () => {
    const [rule] = generated([namespace('shop'), deployment('shop/web', 'app=web')]).manifest('shop/web').spec.egress!;
    expect(rule?.ports?.map(({ protocol, port }) => `${port}/${protocol}`).sort()).toEqual(['53/TCP', '53/UDP']);
    expect(rule?.to).toHaveLength(1);
    expect(selectorText(rule!.to![0]!.namespaceSelector!)).toBe('kubernetes.io/metadata.name=kube-system');
    expect(rule?.to?.[0]?.ipBlock).toBeUndefined();
  });

  it('opens a backend to the pods of the ingress controller only', () => {
    const texts = [
      namespace('shop'),
      namespace('ingress-nginx'),
      deployment('shop/web', 'app=web', '8080'),
      deployment('shop/other', 'app=other'),
      service('shop/web', '{selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}'),
      object('networking.k8s.io/v1', 'IngressClass', 'nginx', '{controller: k8s.io/ingress-nginx}'),
      deployment(
        'ingress-nginx/controller',
        'app.kubernetes.io/name=ingress-nginx,app.kubernetes.io/component=controller',
        '80',
      ),
      object(
        'networking.k8s.io/v1',
        'Ingress',
        'shop/web',
        '{ingressClassName: nginx, rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}',
      ),
    ];
    const outcome = generated(texts, { namespaces: ['shop'] });
    const after = afterwards(outcome, texts);
    expect(after.can('shop/other', 'shop/web:8080')).toBe('denied');
    expect(outcome.rules('shop/web')).toHaveLength(1);
    expect(outcome.rules('shop/web')[0]).toMatch(/ingress-nginx.*: 8080\/TCP$/);
  });
});
