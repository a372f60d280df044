import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';
import { policy } from '../../../../test/support/shop-manifests.ts';

const ID = 'ipv6-host-as-network';

const to = (block: string) =>
  policy(`policyTypes: [Egress], egress: [{to: [{ipBlock: ${block}}], ports: [{port: 443}]}]`);

describe(ID, () => {
  it.each([
    ['{cidr: "2001:db8:0:7::25/32"}', ['spec.egress[0].to[0].ipBlock.cidr']],
    ['{cidr: "2001:db8::1/48"}', ['spec.egress[0].to[0].ipBlock.cidr']],
    ['{cidr: "2001:db8::1/63"}', ['spec.egress[0].to[0].ipBlock.cidr']],
    ['{cidr: "2001:db8::1/64"}', []],
    ['{cidr: "2001:db8::1/128"}', []],
    ['{cidr: "2001:db8::/32"}', []],
    ['{cidr: "2001:db8:0:7::/32"}', []],
    ['{cidr: "203.0.113.7/8"}', []],
    ['{cidr: "::ffff:203.0.113.7/96"}', []],
    ['{cidr: "::/0", except: ["fd00:ec2::254/32"]}', ['spec.egress[0].to[0].ipBlock.except[0]']],
  ])('%s', (block, paths) => {
    expect(problemsOf(to(block), ID).map(({ source }) => source.path)).toEqual(paths);
  });

  it.each([
    ['{cidr: "2001:db8:0:7::25/32"}', 'closes'],
    ['{cidr: "::/0", except: ["fd00:ec2::254/32"]}', 'opens'],
  ])('is mended by /128: %s', (block, announced) => {
    const text = to(block);
    const [finding] = problemsOf(text, ID);
    expect(finding!.fix).toMatchObject({ announced, safe: false });
    proveFix(text, finding!);
  });

  it('has no fix where exceptions would lie outside', () => {
    const [finding] = problemsOf(to('{cidr: "2001:db8::1/32", except: ["2001:db8:1::/48"]}'), ID);
    expect(finding!.fix).toBeUndefined();
  });

  it('is found in networks of cluster-scoped policies', () => {
    const text = `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: all}
spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: ["fd00::5/32"]}]}]}`;
    const [finding] = problemsOf(text, ID);
    expect(finding).toMatchObject({
      source: { path: 'spec.egress[0].to[0].networks[0]' },
      fix: { announced: 'opens' },
    });
    proveFix(text, finding!);
  });
});
