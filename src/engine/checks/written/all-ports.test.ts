import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const ID = 'all-ports';
const PODS = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: web, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: silent, namespace: shop, labels: {app: silent}}
spec: {containers: [{name: silent, image: silent}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: dev}
---
apiVersion: v1
kind: Pod
metadata: {name: x, namespace: dev}
spec: {containers: [{name: x, image: x}]}
---`;
const DEV = 'namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: dev}}';
const policy = (rule: string, direction = 'ingress', app = 'web') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: ${app}}}, policyTypes: [Ingress, Egress], ${direction}: [${rule}]}
---`;

describe(ID, () => {
  it.each([
    ['a whole namespace', `{from: [{${DEV}}]}`, ['spec.ingress[0]']],
    ['addresses', '{from: [{ipBlock: {cidr: 10.0.0.0/24}}]}', ['spec.ingress[0]']],
    ['single pods of another namespace', `{from: [{${DEV}, podSelector: {matchLabels: {app: x}}}]}`, []],
    ['the own namespace', '{from: [{podSelector: {}}]}', []],
    ['a port', `{from: [{${DEV}}], ports: [{port: 8080}]}`, []],
    ['one protocol, said so', `{from: [{${DEV}}], ports: [{protocol: TCP}]}`, []],
    ['everybody', '{}', []],
    ['an empty list', '{from: [{podSelector: {}}], ports: []}', ['spec.ingress[0].ports']],
    ['an empty list of peers, too', '{from: [], ports: []}', []],
    ['a dash too many', '{ports: [{protocol: UDP}, {port: 53}]}', ['spec.ingress[0].ports[0]']],
    ['an entry that covers another', '{ports: [{port: 80}, {protocol: TCP}]}', ['spec.ingress[0].ports[1]']],
    ['entries of two protocols', '{ports: [{protocol: UDP}, {protocol: TCP, port: 53}]}', []],
  ])('%s', (_, rule, paths) => {
    expect(problemsOf(PODS + policy(rule), ID).map(({ source }) => source.path)).toEqual(paths);
  });

  it('leaves egress to the other end, but not an empty list', () => {
    expect(problemsOf(PODS + policy(`{to: [{${DEV}}]}`, 'egress'), ID)).toEqual([]);
    expect(problemsOf(PODS + policy(`{to: [{${DEV}}], ports: []}`, 'egress'), ID)).toHaveLength(1);
  });

  it('names only the peers that are whole namespaces or addresses', () => {
    const text = PODS + policy(`{from: [{podSelector: {matchLabels: {app: z}}}, {${DEV}}]}`);
    const [finding] = problemsOf(text, ID);
    expect(finding).toMatchObject({
      severity: 'medium',
      effect: 'opens every port of 1 pod in 1 namespace to every pod of namespace dev',
      example: 'dev/x -> shop/web:8080',
      fix: { title: 'allow only 8080' },
    });
    expect(verdictOn(text, finding!.example!)).toBe('allowed');
    proveFix(text, finding!);
  });

  it('is low where nobody knows the ports', () => {
    expect(problemsOf(PODS + policy(`{from: [{${DEV}}]}`, 'ingress', 'silent'), ID)).toMatchObject([
      { severity: 'low' },
    ]);
  });

  it.each([
    '{from: [{podSelector: {}}], ports: []}',
    '{ports: []}',
    '{from: [{ipBlock: {cidr: 10.0.0.0/24}}], ports: []}',
    '{ports: [{protocol: UDP}, {port: 53}]}',
    '{ports: [{port: 53}, {protocol: TCP}]}',
    '{ports: [{protocol: TCP}, {port: 80, protocol: TCP}]}',
  ])('is mended in every way that is offered: %s', (rule) => {
    const text = PODS + policy(rule);
    const [finding] = problemsOf(text, ID);
    for (const { title } of [finding!.fix!, ...(finding!.alternatives ?? [])]) proveFix(text, finding!, title);
  });

  it('explains the dash', () => {
    const [finding] = problemsOf(policy('{ports: [{protocol: UDP}, {port: 53}]}'), ID);
    expect(finding!.message).toBe(
      'a dash makes these two entries: every UDP port, and 53/TCP; written as one they would be 53/UDP',
    );
    expect(finding!.related).toMatchObject([{ source: { path: 'spec.ingress[0].ports[1]' } }]);
  });
});
