// Defects of other generators about addresses and who stands behind them, each by its number: what goes wrong elsewhere, and
// that it does not here. Objects and flows in, policies out.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCidr } from '../../src/engine/sets/ip-address.ts';
import { ipSetKey, unionAll } from '../../src/engine/sets/ip-set.ts';
import { CLUSTER } from '../support/attributed.ts';
import { afterwards, generated, type PolicyManifest, ruleLines } from '../support/generating.ts';
import { observed } from '../support/observed.ts';
import { deployment, namespace, object, pod, service } from '../support/scenario.ts';

const DUAL = [namespace('shop'), pod('shop/web', { labels: 'app=web', ip: '10.0.0.10 fd00:10::10', ports: '8080' })];

const cidrsOf = ({ spec }: PolicyManifest): string[] =>
  [...(spec.ingress ?? []), ...(spec.egress ?? [])].flatMap((rule) =>
    [...(rule.from ?? []), ...(rule.to ?? [])].flatMap(({ ipBlock }) => (ipBlock === undefined ? [] : [ipBlock.cidr])),
  );

const setOf = (cidrs: readonly string[]): string =>
  ipSetKey(
    unionAll(
      cidrs.map((cidr) => {
        const parsed = parseCidr(cidr);
        if (!parsed.ok) throw new Error(cidr);
        return parsed.set;
      }),
    ),
  );

describe('D1 an IPv6 host is never a /32', () => {
  // The rival appends /32 to whatever address it saw: 2001:db8::1/32 are 2^96 hosts.
  it('writes a host of each family with all of its bits', () => {
    const flows = [observed('10.0.0.10 -> 203.0.113.7:443'), observed('fd00:10::10 -> [2001:db8::7]:443')];
    expect(generated(DUAL, { flows }).rules('shop/web')).toEqual(['to 203.0.113.7/32 | 2001:db8::7/128: 443/TCP']);
  });

  it('allows exactly the addresses that were seen, whichever they are', () => {
    const v4 = fc.integer({ min: 0, max: 63 }).map((last) => `198.51.100.${last}`);
    const v6 = fc.integer({ min: 0, max: 63 }).map((last) => `2001:db8::${last.toString(16)}`);
    fc.assert(
      fc.property(fc.uniqueArray(fc.oneof(v4, v6), { minLength: 1, maxLength: 12 }), (addresses) => {
        const flows = addresses.map((address) =>
          address.includes(':') ? observed(`fd00:10::10 -> [${address}]:443`) : observed(`10.0.0.10 -> ${address}:443`),
        );
        const written = cidrsOf(generated(DUAL, { flows }).manifest('shop/web'));
        expect(setOf(written)).toBe(
          setOf(addresses.map((address) => `${address}/${address.includes(':') ? 128 : 32}`)),
        );
      }),
      { numRuns: 30 },
    );
  });
});

describe('D2 no peer list is ever empty', () => {
  // The rival knows a neighbour by DNS names only and writes its ports with an empty `to`: everybody, on that port.
  it('has no rule for a DNS name, and says so', () => {
    const texts = [
      ...DUAL,
      object('v1', 'ConfigMap', 'shop/settings', '{}').replace('spec: {}', 'data: {URL: "https://pay.example.com"}'),
    ];
    const web = JSON.parse(deployment('shop/front', 'app=front', '8080'));
    web.spec.template.spec.containers[0].env = [{ name: 'PAY_URL', value: 'https://pay.example.com/v1' }];
    const outcome = generated([...texts, JSON.stringify(web)]);
    expect(outcome.rules('shop/front')).toEqual([]);
    expect(outcome.remarks).toContainEqual(
      expect.stringContaining('no-rule: NetworkPolicies cannot name pay.example.com'),
    );
    const answer = outcome.document.needs.find(({ to }) => to.name === 'pay.example.com');
    expect(answer?.verdict).toBe('unproved');
  });

  it('writes no list without peers and none without ports, whatever it was made from', () => {
    const { document } = generated(CLUSTER, { flows: [observed('10.0.0.10 -> 10.0.0.11:7070')] });
    const lines = document.policies.flatMap(({ manifest }) => ruleLines(manifest as unknown as PolicyManifest));
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.filter((line) => /EVERYBODY|ALL PORTS/.test(line))).toEqual([]);
  });
});

describe('D3 what cannot become a rule is reported', () => {
  // The rival merges rules by port, and a neighbour without ports is gone, with its denial at run time as the only trace.
  it('counts a connection without a port among what nobody could attribute', () => {
    const { port: _, ...flow } = observed('10.0.0.10 -> 203.0.113.7:443');
    const outcome = generated(DUAL, { flows: [flow] });
    expect(outcome.rules('shop/web')).toEqual([]);
    expect(outcome.remarks).toContainEqual(expect.stringMatching(/^unattributed: one record could not be attributed/));
    expect(outcome.document.ready).toBe(false);
  });

  it('reports ICMP, which a NetworkPolicy cannot name', () => {
    const flow = observed('10.0.0.10 -> 203.0.113.7', { protocol: 'ICMP', port: 8 });
    const outcome = generated(DUAL, { flows: [flow] });
    expect(outcome.remarks).toContainEqual(expect.stringMatching(/^icmp: one record of ICMP is in no rule/));
  });

  it('reports multicast, which it cannot name either', () => {
    const flow = observed('10.0.0.10 -> 224.0.0.251:5353', { protocol: 'UDP' });
    expect(generated(DUAL, { flows: [flow] }).remarks).toContainEqual(
      expect.stringMatching(/^multicast: one record of multicast is in no rule/),
    );
  });
});

describe('D5 the address of a pod never becomes a block', () => {
  // The rival's golden file allows ingress from 10.244.0.67/32: a pod that has long been replaced.
  it('names the workload where the log or the snapshot knows it', () => {
    const gone = { workload: { kind: 'Deployment', name: 'cart' }, labels: { app: 'cart' } };
    const flows = [
      observed('shop/web-6bfb7f754-sp5fz@10.0.0.10 -> shop/cart-old@10.0.0.67:7070', {}, { destination: gone }),
    ];
    const { rules } = generated(CLUSTER, { flows });
    expect(rules('shop/web')).toContain('to app=cart: 7070/TCP');
    expect(rules('shop/cart')).toContain('from app=web: 7070/TCP');
  });

  it('reports an address of the pods that is nobody’s, and writes nothing for it', () => {
    const outcome = generated(CLUSTER, { flows: [observed('10.0.0.99 -> 10.0.0.11:7070')] });
    expect(outcome.rules('shop/cart')).toEqual([]);
    expect(outcome.remarks).toContainEqual(expect.stringMatching(/^unattributed: /));
  });
});

describe('D6 the API server is its endpoints', () => {
  // The rival selects pods {component: apiserver} in namespace default, which selects nobody, and allows the ClusterIP,
  // which a plugin that translates first never sees.
  it('writes addresses and port of its EndpointSlice for a call of its Service', () => {
    const { rules, document } = generated(CLUSTER, { flows: [observed('10.0.0.10 -> 10.96.0.1:443')] });
    expect(rules('shop/web').filter((line) => line.startsWith('to'))).toEqual(['to 192.168.0.1/32: 6443/TCP']);
    expect(JSON.stringify(document.policies)).not.toContain('10.96.0.1/32');
    expect(JSON.stringify(document.policies)).not.toContain('apiserver');
  });

  it('asks where it is, and opens nothing, where nobody knows', () => {
    const account = [
      pod('shop/web', { labels: 'app=web', ip: '10.0.0.10' }).replace(
        '"containers"',
        '"serviceAccountName":"web","containers"',
      ),
      object('rbac.authorization.k8s.io/v1', 'Role', 'shop/reader', '{}').replace(
        'spec: {}',
        'rules: [{apiGroups: [""], resources: [pods], verbs: [list, watch]}]',
      ),
      object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'shop/reader', '{}').replace(
        'spec: {}',
        'roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}\nsubjects: [{kind: ServiceAccount, name: web}]',
      ),
    ];
    const outcome = generated([namespace('shop'), ...account]);
    expect(outcome.rules('shop/web')).toEqual([]);
    expect(outcome.remarks).toContainEqual(expect.stringMatching(/^api-server-address: .*not known/));
  });
});

describe('D7 blocks are canonical, and widening is shown', () => {
  // The rival copies 13.50.180.111/24 with its host bits, and takes a provider's whole /24 for one address without a word.
  it('writes source ranges of a load balancer without host bits', () => {
    const texts = [
      namespace('shop'),
      deployment('shop/web', 'app=web', '8080'),
      service(
        'shop/web',
        '{type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}], loadBalancerSourceRanges: [13.50.180.111/24]}',
      ),
    ];
    expect(generated(texts).rules('shop/web')).toEqual(['from 13.50.180.0/24: 8080/TCP']);
  });

  it('says by how much blocks were widened, and never widens unasked', () => {
    const flows = [1, 3, 5, 7].map((last) => observed(`10.0.0.10 -> 198.51.100.${last}:443`));
    const exact = generated(DUAL, { flows });
    expect(cidrsOf(exact.manifest('shop/web'))).toHaveLength(4);
    const wide = generated(DUAL, { flows, budget: { blocks: 1, factor: 2 } });
    expect(cidrsOf(wide.manifest('shop/web'))).toEqual(['198.51.100.0/29']);
    const rules = wide.document.policies[0]!.egress;
    expect(rules.flatMap(({ widened }) => widened ?? [])).toEqual([{ blocks: 1, exact: 4, factor: 2 }]);
    expect(wide.manifest('shop/web').metadata.annotations['netweir.dev/reasons']).toContain('2 times as many');
    expect(wide.document.proof.unjustified.map(({ reason }) => reason)).toContain(
      'blocks were widened within the budget',
    );
  });
});

describe('D9 a Service without a selector leads to its endpoints', () => {
  // The rival drops flows to such Services: egress to them breaks.
  it('writes the addresses and ports of the EndpointSlice', () => {
    const { rules } = generated(CLUSTER, { flows: [observed('10.0.0.10 -> 10.96.0.40:5432')] });
    expect(rules('shop/web')).toContain('to 172.16.5.5/32: 15432/TCP');
  });

  it('does so for a name in the environment as well', () => {
    const web = JSON.parse(deployment('shop/front', 'app=front'));
    web.spec.template.spec.containers[0].env = [{ name: 'DB', value: 'postgres://legacy:5432/app' }];
    expect(generated([...CLUSTER, JSON.stringify(web)]).rules('shop/front')).toEqual(['to 172.16.5.5/32: 15432/TCP']);
  });
});

describe('D23 both families, and the platform’s own addresses', () => {
  // The rival gives IPv6 nodes and API servers a /32, means 0.0.0.0/0 alone by anywhere, and one metadata address.
  it('opens an exposed workload to both families of a dual-stack cluster', () => {
    const texts = [
      ...DUAL,
      service('shop/web', '{type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}'),
    ];
    const [line] = generated(texts, { assume: ['podCIDRs=10.0.0.0/16,fd00:10::/64'] }).rules('shop/web');
    expect(line).toMatch(/^from 0\.0\.0\.0\/0 except 10\.0\.0\.0\/16 \| ::\/0 except fd00:10::\/64: 8080\/TCP$/);
  });

  it('writes an IPv6 API server with all of its bits', () => {
    const slice = JSON.stringify({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
      addressType: 'IPv6',
      endpoints: [{ addresses: ['2001:db8:1::1'] }],
      ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
    });
    const api = service('default/kubernetes', '{clusterIP: "fd00:96::1", ports: [{name: https, port: 443}]}');
    const flows = [observed('fd00:10::10 -> [fd00:96::1]:443')];
    expect(generated([...DUAL, slice, api], { flows }).rules('shop/web')).toEqual(['to 2001:db8:1::1/128: 6443/TCP']);
  });

  it('keeps metadata addresses of every cloud and family out of what is opened outside', () => {
    const outcome = generated(DUAL, { allow: ['shop/web -> internet:443'] });
    expect(outcome.document.proof.sound).toBe(true);
    const after = afterwards(outcome, DUAL);
    for (const address of ['169.254.169.254', '169.254.170.2', '100.100.100.200', '192.0.0.192', 'fd00:ec2::254']) {
      expect([address, after.can('shop/web', `${address}:443`)]).toEqual([address, 'denied']);
    }
    expect(after.can('shop/web', '8.8.8.8:443')).toBe('allowed');
  });
});
