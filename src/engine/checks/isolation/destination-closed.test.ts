import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';
import { clusterPolicy } from '../../../../test/support/scenario.ts';

const deployment = (name: string, number = 8080) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: main, ports: [{name: http, containerPort: ${number}}]}]}}
---`;
const PODS = deployment('web') + deployment('api');

const policy = (name: string, spec: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec: ${spec}
---`;
const OUT = policy(
  'web',
  '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 8080}]}]}',
);
const IN = (rules: string, selector = '{matchLabels: {app: api}}') =>
  policy('api', `{podSelector: ${selector}, policyTypes: [Ingress], ingress: ${rules}}`);

const service = (spec: string) => `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}], ${spec}}
---`;
const LB = service('type: LoadBalancer');
const DENY = policy('deny', '{podSelector: {}, policyTypes: [Ingress]}');

describe('destination-closed', () => {
  it.each([
    ['[]', 1],
    ['[{from: [{podSelector: {matchLabels: {app: db}}}]}]', 1],
    ['[{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 9090}]}]', 1],
    ['[{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: http}]}]', 0],
    ['[{from: [{podSelector: {}}]}]', 0],
    ['[{ports: [{port: 8080}]}]', 0],
  ])('ingress with %s', (rules, count) => {
    const text = PODS + OUT + IN(rules);
    const findings = problemsOf(text, 'destination-closed');
    expect(findings).toHaveLength(count);
    for (const finding of findings) {
      expect(finding).toMatchObject({
        source: { path: 'spec.egress[0].to[0]' },
        example: 'shop/web -> shop/api:8080',
        related: [{ message: expect.stringContaining('isolates ingress') }],
      });
      expect(verdictOn(text, finding.example!)).toBe('denied');
      proveFix(text, finding);
    }
  });

  it('a LoadBalancer to pods that let nobody in from outside', () => {
    const text = PODS + LB + DENY;
    const [finding, ...more] = problemsOf(text, 'destination-closed');
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'high',
      source: { path: 'spec.type' },
      example: '203.0.113.10 -> shop/web:8080',
      effect: 'keeps it from 2 pods in 1 namespace',
    });
    expect(finding!.message).toContain('LoadBalancer shop/web leads to pods');
    expect(verdictOn(text, finding!.example!)).toBe('denied');
    proveFix(text, finding!);
  });

  it.each([
    ['NodePort', service('type: NodePort'), 1],
    ['LoadBalancer that keeps client addresses', service('type: LoadBalancer, externalTrafficPolicy: Local'), 1],
    ['external address', service('externalIPs: [203.0.113.7]'), 1],
    ['ClusterIP', service('type: ClusterIP'), 0],
    [
      'Ingress',
      `${service('type: ClusterIP')}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
---`,
      1,
    ],
  ])('%s', (_, objects, count) => {
    const text = PODS + objects + DENY;
    const findings = problemsOf(text, 'destination-closed');
    expect(findings).toHaveLength(count);
    for (const finding of findings) if (finding.fix !== undefined) proveFix(text, finding);
  });

  it.each([
    ['pods that are not isolated', PODS + LB],
    ['a rule for everybody', PODS + LB + DENY + IN('[{ports: [{port: http}]}]', '{matchLabels: {app: web}}')],
    [
      'a rule for some clients',
      PODS + LB + DENY + IN('[{from: [{ipBlock: {cidr: 198.51.100.0/24}}]}]', '{matchLabels: {app: web}}'),
    ],
    [
      'a rule for pods behind an Ingress, where its controller may be',
      `${PODS}${service('type: ClusterIP')}${DENY}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
---${IN('[{from: [{namespaceSelector: {}}]}]', '{matchLabels: {app: web}}')}`,
    ],
  ])('says nothing about %s', (_, text) => {
    expect(problemsOf(text, 'destination-closed')).toEqual([]);
  });

  it.each([
    ['Admin', [undefined]],
    ['Baseline', ['let everybody in on its target ports']],
  ] as const)('of what policies of the tier %s deny before, no policy lets anybody in', (tier, fixes) => {
    // A rule that nobody understands denies everybody.
    const rules = 'ingress: [{action: Deny, from: [{namespaces: {matchExpressions: [{key: a, operator: notIn}]}}]}]';
    const denying = `\n${clusterPolicy('deny', rules, { tier })}\n---`;
    const text = PODS + LB + DENY + denying;
    const found = problemsOf(text, 'destination-closed');
    expect(found.map(({ fix }) => fix?.title)).toEqual(fixes);
    for (const one of found) if (one.fix !== undefined) proveFix(text, one);
  });

  it('a rule for other ports is none', () => {
    const rule = IN('[{ports: [{port: 9090}]}]', '{matchLabels: {app: web}}');
    expect(problemsOf(PODS + LB + DENY + rule, 'destination-closed')).toHaveLength(1);
  });

  it('is silent where one of several workloads behind it is open', () => {
    const both = LB.replace('selector: {app: web}', 'selector: {tier: front}');
    const pods = (deployment('web') + deployment('api', 8081)).replaceAll(
      /labels: {app: (\w+)}}/g,
      'labels: {app: $1, tier: front}}',
    );
    const one = policy('web', '{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}');
    expect(problemsOf(pods + both + one, 'destination-closed')).toEqual([]);
    const [finding] = problemsOf(pods + both + DENY, 'destination-closed');
    proveFix(pods + both + DENY, finding!);
  });
});
