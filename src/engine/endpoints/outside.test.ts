import { describe, expect, it } from 'vitest';
import { addresses } from '../../../test/support/model.ts';
import { clusterPolicy, namespace, node, pod, policy, scenario, XWZ } from '../../../test/support/scenario.ts';
import { isSubset, overlaps, subtract } from '../sets/ip-set.ts';
import { addressUnits, outsideAddresses } from './outside.ts';
import { worldOf } from './world.ts';

const world = (texts: readonly string[], ...assume: string[]) => worldOf(scenario(texts, { assume }).state);
const block = (cidr: string) => policy('x/p', `{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: ${cidr}}}]}]}`);

describe('outsideAddresses', () => {
  it('leaves out the ranges of pods, nodes and Services', () => {
    const { context } = world(XWZ, 'podCIDRs=10.0.0.0/16', 'nodeCIDRs=172.16.0.0/16', 'serviceCIDRs=10.96.0.0/12');
    const outside = outsideAddresses(context);
    for (const range of ['10.0.0.0/16', '172.16.0.0/16', '10.96.0.0/12'])
      expect(overlaps(outside, addresses(range))).toBe(false);
    expect(isSubset(addresses('10.1.0.0/16', '192.0.2.0/24'), outside)).toBe(true);
  });

  it('is of the families of the snapshot only', () => {
    expect(outsideAddresses(world(XWZ).context).v6).toEqual([]);
    expect(outsideAddresses(world(XWZ, 'families=IPv6').context).v4).toEqual([]);
  });

  it('keeps a block in view that lies within a pod range that is only assumed', () => {
    expect(isSubset(addresses('10.9.0.0/16'), outsideAddresses(world([...XWZ, block('10.9.0.0/16')]).context))).toBe(
      true,
    );
    expect(overlaps(outsideAddresses(world(XWZ).context), addresses('10.9.0.0/16'))).toBe(false);
    const known = world([...XWZ, block('10.9.0.0/16')], 'podCIDRs=10.0.0.0/8');
    expect(overlaps(outsideAddresses(known.context), addresses('10.9.0.0/16'))).toBe(false);
  });
});

describe('addressUnits', () => {
  it('splits at blocks; the name stays with a set that is not split', () => {
    const { context } = world([...XWZ, block('192.0.2.0/25')]);
    const units = addressUnits(context, addresses('192.0.2.0/24'), 'lab');
    expect(units.map(({ endpoint }) => endpoint.key)).toEqual([
      'addresses/192.0.2.0-192.0.2.127',
      'addresses/192.0.2.128-192.0.2.255',
    ]);
    expect(units.map(({ endpoint }) => endpoint.name)).not.toContain('lab');
    expect(addressUnits(context, addresses('198.51.100.7/32'), 'lab')[0]!.endpoint).toMatchObject({
      key: 'addresses/198.51.100.7',
      name: 'lab',
    });
  });

  it('may be nodes only while no Node object says which addresses are', () => {
    const text = clusterPolicy('c', 'egress: [{action: Deny, to: [{nodes: {}}]}]');
    expect(addressUnits(world([...XWZ, text]).context, addresses('192.0.2.1/32'))[0]!.endpoint.node).toEqual({
      certain: false,
    });
    expect(
      addressUnits(world([...XWZ, node('n1', '172.16.0.1'), text]).context, addresses('192.0.2.1/32'))[0]!.endpoint
        .node,
    ).toBeUndefined();
  });
});

describe('nodeUnit', () => {
  it('has its addresses and labels, and reaches its own pods', () => {
    const [unit] = world([namespace('x'), node('n1', '172.16.0.1 fd01::1', 'zone=a'), pod('x/a')]).nodes();
    expect(unit!.endpoint).toMatchObject({
      key: 'node/n1',
      node: { labels: { zone: 'a' }, certain: true },
      nodeName: 'n1',
      ownNode: 'local-node',
      families: ['IPv4', 'IPv6'],
    });
    expect(subtract(unit!.endpoint.addresses, addresses('172.16.0.1/32', 'fd01::1/128'))).toEqual({ v4: [], v6: [] });
  });

  it('without addresses may have any of the node range', () => {
    const [unit] = world([namespace('x'), node('n1'), pod('x/a')], 'nodeCIDRs=172.16.0.0/16').nodes();
    expect(isSubset(addresses('172.16.0.0/16'), unit!.endpoint.addresses)).toBe(true);
    expect(unit!.endpoint.addressReason).toBe('node-address');
  });
});
