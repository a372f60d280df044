import { expect, it } from 'vitest';
import { node, stateOfObjects } from '../../../test/support/platform-objects.ts';
import { findTunnels } from './tunnels.ts';

it.each([
  ['Calico’s VXLAN', { 'projectcalico.org/IPv4VXLANTunnelAddr': '10.244.1.64' }, ['10.244.1.64']],
  ['Calico without a tunnel', { 'projectcalico.org/IPv4VXLANTunnelAddr': '' }, []],
  ['flannel’s VXLAN', { 'flannel.alpha.coreos.com/backend-type': 'vxlan' }, ['10.244.1.0', 'fd00:1::']],
  ['flannel without a tunnel', { 'flannel.alpha.coreos.com/backend-type': 'host-gw' }, []],
  ['Antrea’s gateway', { 'node.antrea.io/mac-address': 'aa:bb:cc:dd:ee:ff' }, ['10.244.1.1', 'fd00:1::1']],
  [
    'OVN’s management port',
    { 'k8s.ovn.org/node-subnets': '{"default":["10.128.2.0/23","fd01:0:0:2::/64"]}' },
    ['10.128.2.2', 'fd01:0:0:2::2'],
  ],
  ['no plugin that writes onto nodes', {}, []],
])('%s', (_, annotations, expected) => {
  const state = stateOfObjects([node('a', { annotations, podCIDRs: ['10.244.1.0/24', 'fd00:1::/64'] })]);
  expect(findTunnels(state.cluster.nodes[0]!).map(({ value }) => value)).toEqual(expected);
});
