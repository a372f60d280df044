// Ports of nodes that lead to pods, as flows meet them.

import { expect, it } from 'vitest';
import { replica, said, WEB } from '../../../test/support/attributed.ts';
import { observed } from '../../../test/support/observed.ts';

it('a port of a node leads to the pod that has it there (hostPort)', () => {
  const onPort = (path: string, node: string, ip: string, more: object = {}) => {
    const made = JSON.parse(replica(path, 'edge', { ip, node }));
    made.spec.containers[0].ports = [{ containerPort: 8443, hostPort: 443, ...more }];
    return JSON.stringify(made);
  };
  const edge = onPort('shop/edge-6bfb7f754-aaaaa', 'n1', '10.0.0.20');
  const leads = (text: string, ...more: readonly string[]) => said([observed(text)], more.length === 0 ? [edge] : more);
  const there = 'shop/Deployment/edge:8443';
  expect(leads('203.0.113.5 -> 192.168.0.1:443')).toEqual([`203.0.113.5/32 -> ${there}`]);
  expect(leads('10.0.0.10 -> 192.168.0.1:443')).toEqual([`${WEB} -> ${there}`]);
  // Other nodes and protocols have it not, and neither has another address than the one that it is bound to.
  expect(leads('10.0.0.10 -> 192.168.0.2:443')).toEqual([`${WEB} -> node n2:443`]);
  const bound = (hostIP: string) => onPort('shop/edge-6bfb7f754-aaaaa', 'n1', '10.0.0.20', { hostIP });
  expect(leads('10.0.0.10 -> 192.168.0.1:443', bound('192.168.9.9'))).toEqual([`${WEB} -> node n1:443`]);
  expect(leads('10.0.0.10 -> 192.168.0.1:443', bound('127.0.0.1'))).toEqual([`${WEB} -> node n1:443`]);
  expect(leads('10.0.0.10 -> 192.168.0.1:443', bound('192.168.0.1'))).toEqual([`${WEB} -> ${there}`]);
  expect(
    leads('10.0.0.10 -> 192.168.0.1:443', onPort('shop/edge-6bfb7f754-aaaaa', 'n1', '10.0.0.20', { protocol: 'UDP' })),
  ).toEqual([`${WEB} -> node n1:443`]);
  // A node that calls it is no kubelet, and it is a server's port where nobody says which way.
  expect(leads('192.168.0.1 -> 192.168.0.1:443')).toEqual([`node n1 -> ${there}`]);
  const probed = JSON.parse(edge);
  probed.spec.containers[0].readinessProbe = { httpGet: { port: 8443 } };
  expect(leads('192.168.0.1 -> 192.168.0.1:443', JSON.stringify(probed))).toEqual([`node n1 -> ${there}`]);
  const turned = observed('192.168.0.1 -> 10.0.0.10:41000', { opened: 'unknown', sourcePort: 443 });
  expect(said([turned], [edge])).toEqual([`${WEB} -> ${there}`]);
});
