// A client outside of the cluster that asks for a LoadBalancer or NodePort Service: with traffic policy Cluster its pods may
// see a node instead of the client (semantics 1.10 S3), so an answer about the Service must not be plainer than the map's.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../support/run-cli.ts';

/** An isolated web server behind a Service, with these Service fields and ingress rules. */
function shop(service: string, ingress: string): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web, ports: [{containerPort: 8080}]}]}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {${service}, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: ${ingress}}
`;
}

const FROM_OTHER = '[{from: [{podSelector: {matchLabels: {app: other}}}], ports: [{port: 8080}]}]';
const FROM_CLIENTS = '[{from: [{ipBlock: {cidr: 198.51.100.0/24}}]}]';

it.each<[string, string, string, string]>([
  ['type: LoadBalancer', '[]', 'internet', 'unknown'],
  ['type: NodePort', '[]', 'internet', 'unknown'],
  ['type: ClusterIP, externalIPs: [192.0.2.1]', '[]', 'internet', 'unknown'],
  // Behind the node of another pod the block no longer holds the client.
  ['type: LoadBalancer', FROM_CLIENTS, '198.51.100.7', 'unknown'],
  ['type: LoadBalancer', '[{}]', 'internet', 'allowed'],
  ['type: LoadBalancer, externalTrafficPolicy: Local', '[]', 'internet', 'denied'],
  ['type: LoadBalancer, externalTrafficPolicy: Local', FROM_CLIENTS, '198.51.100.7', 'allowed'],
  ['type: ClusterIP', '[]', 'internet', 'denied'],
  // Pods reach a Service without source NAT.
  ['type: LoadBalancer', '[]', 'shop/app=other', 'denied'],
])('%s, ingress %s: %s is %s', async (service, ingress, from, verdict) => {
  const stdin = shop(service, ingress);
  for (const verb of ['can', 'explain']) {
    const { stdout } = await runCli([verb, from, 'shop/service/web:80', '-f', '-', '-o', 'json'], { stdin });
    expect(JSON.parse(stdout).verdict).toBe(verdict);
  }
});

it('says which answer is open, why, and how to settle it', async () => {
  const { stdout, code } = await runCli(['can', 'internet', 'shop/service/web:80', '-f', '-', '-o', 'json'], {
    stdin: shop('type: LoadBalancer', '[]'),
  });
  const { reason, notes } = JSON.parse(stdout);
  expect(reason).toBe('source-nat');
  expect(notes.join('\n')).toContain('set externalTrafficPolicy: Local on the Service');
  expect(code).toBe(2);
});

it.each<[string, string, boolean]>([
  ['{to: shop/service/web, from: internet, deny: all}', 'type: LoadBalancer', false],
  ['{to: shop/service/web, from: internet, deny: all}', 'type: LoadBalancer, externalTrafficPolicy: Local', true],
  ['{to: shop/service/web, only: {shop/app=other: [80]}}', 'type: LoadBalancer', false],
  ['{to: shop/web, from: internet, deny: all}', 'type: LoadBalancer', true],
])('a test %s behind %s passes: %s', async (assertion, service, passes) => {
  const file = join(await mkdtemp(join(tmpdir(), 'netweir-nat-')), 'test.yaml');
  try {
    const header = 'apiVersion: netweir.dev/v1alpha1\nkind: ConnectivityTest\n';
    await writeFile(file, `${header}tests: [{name: closed, ${assertion.slice(1)}]\n`);
    const stdin = shop(service, assertion.includes('only') ? FROM_OTHER : '[]');
    const { stdout } = await runCli(['test', file, '-f', '-', '-o', 'json'], { stdin });
    const [result] = JSON.parse(stdout).tests;
    expect(result.passed).toBe(passes);
    if (!passes) expect(result.explanation).toContain('source-nat');
  } finally {
    await rm(dirname(file), { recursive: true });
  }
});
