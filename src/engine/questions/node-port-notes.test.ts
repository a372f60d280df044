import { expect, it } from 'vitest';
import { namespace, node, pod, policy, scenario, service } from '../../../test/support/scenario.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import { can } from './can.ts';
import { explain } from './explain.ts';
import { parsePair } from './parse-pair.ts';

const CONTEXT = { defaultNamespace: 'shop', protocols: PORT_PROTOCOLS };
const WEB = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {nodeName: n1, containers: [{name: main, image: i, ports: [{containerPort: 8080, hostPort: 80}, {containerPort: 53, hostPort: 80, protocol: UDP}]}]}
status: {phase: Running, podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}]}`;
const { state } = scenario([
  namespace('shop'),
  node('n1', '192.168.0.11'),
  WEB,
  pod('shop/a', { labels: 'app=a', ip: '10.0.0.2' }),
  service(
    'shop/web',
    '{type: NodePort, selector: {app: web}, ports: [{port: 443, targetPort: 8080, nodePort: 30443}]}',
  ),
  policy('shop/closed', '{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}'),
]);

/** What both questions say of ports of nodes. */
function notes(pair: string): string[] {
  const [one, other] = [can(state, parsePair([pair]), CONTEXT), explain(state, parsePair([pair]), CONTEXT)].map(
    (document) => document.notes.filter((note) => note.includes('of nodes is a')),
  );
  expect(other).toEqual(one);
  return one!;
}

it.each([
  ['shop/a -> 192.168.0.11:80', 'port 80 of nodes is a hostPort', 'shop/web:8080'],
  ['shop/a -> node/n1:80', 'port 80 of nodes is a hostPort', 'shop/web:8080'],
  ['shop/a -> node/n1:80/udp', 'port 80 of nodes is a hostPort', 'shop/web:53'],
  ['shop/a -> node/n1:30443', 'port 30443 of nodes is a nodePort', 'shop/service/web:443'],
])('%s: it is said where the port leads', (pair, what, where) => {
  expect(notes(pair)).toEqual([`${what}: where it leads, the policies of the pods decide; ask about ${where}`]);
});

it.each([
  ['another port', 'shop/a -> node/n1:8080'],
  ['another protocol', 'shop/a -> node/n1:30443/udp'],
  ['no port', 'shop/a -> node/n1'],
  ['the pod itself', 'shop/a -> shop/web:8080'],
  ['an address that is no node', 'shop/a -> 192.168.0.12:80'],
])('nothing is said of %s', (_, pair) => {
  expect(notes(pair)).toEqual([]);
});
