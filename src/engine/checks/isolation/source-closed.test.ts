import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const deployment = (name: string, namespace = 'shop') => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  template: {metadata: {labels: {app: ${name}, tier: all}}, spec: {containers: [{name: main, ports: [{name: http, containerPort: 8080}]}]}}
---`;
const DNS = deployment('dns', 'kube-system').replaceAll('app: dns', 'k8s-app: kube-dns');
const PODS = deployment('web') + deployment('api') + DNS;

const policy = (name: string, spec: string, namespace = 'shop') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: ${namespace}}
spec: ${spec}
---`;
const IN = (from = '{podSelector: {matchLabels: {app: web}}}', ports = '[{port: 8080}]') =>
  policy(
    'api',
    `{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress], ingress: [{from: [${from}], ports: ${ports}}]}`,
  );
const OUT = (rules: string) =>
  policy('web', `{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: ${rules}}`);
const TO_API = 'to: [{podSelector: {matchLabels: {app: api}}}]';

describe('source-closed', () => {
  it.each([
    ['no rule', '[]', 1],
    ['a rule for others', '[{to: [{podSelector: {matchLabels: {app: db}}}]}]', 1],
    ['a rule for other ports', `[{${TO_API}, ports: [{port: 9090}]}]`, 1],
    ['a rule for another protocol', `[{${TO_API}, ports: [{port: 8080, protocol: UDP}]}]`, 1],
    ['the rule', `[{${TO_API}, ports: [{port: 8080}]}]`, 0],
    ['the rule by port name', `[{${TO_API}, ports: [{port: http}]}]`, 0],
    ['every port', `[{${TO_API}}]`, 0],
    ['a rule that perhaps means them', '[{to: [{namespaceSelector: {matchLabels: {team: a}}}]}]', 0],
    ['everybody', '[{}]', 0],
  ])('egress with %s', (_, rules, count) => {
    const text = PODS + IN() + OUT(rules);
    const findings = problemsOf(text, 'source-closed');
    expect(findings).toHaveLength(count);
    for (const finding of findings) {
      expect(finding).toMatchObject({
        severity: 'high',
        source: { path: 'spec.ingress[0].from[0]' },
        example: 'shop/web -> shop/api:8080',
        impact: { pods: 2, namespaces: 1 },
      });
      expect(verdictOn(text, finding.example!)).toBe('denied');
      proveFix(text, finding);
    }
  });

  it.each([
    ['pods that are not isolated', IN(), ''],
    ['a whole namespace', IN('{podSelector: {}}'), OUT('[]')],
    [
      'a whole namespace that is closed',
      IN('{podSelector: {}}'),
      policy('deny', '{podSelector: {}, policyTypes: [Egress]}'),
    ],
    [
      'pods of which another is open',
      IN('{podSelector: {matchLabels: {tier: all}}}'),
      policy('deny', '{podSelector: {matchLabels: {app: api}}, policyTypes: [Egress]}'),
    ],
    ['pods of which one is open', IN('{podSelector: {matchLabels: {tier: all}}}'), OUT('[]')],
    ['pods that are not there', IN('{podSelector: {matchLabels: {app: none}}}'), OUT('[]')],
    [
      'a port of which one is open',
      IN(undefined, '[{port: 8080}, {port: 9090}]'),
      OUT(`[{${TO_API}, ports: [{port: 9090}]}]`),
    ],
    ['addresses', IN('{ipBlock: {cidr: 10.0.0.0/8}}'), OUT('[]')],
  ])('says nothing about %s', (_, ingress, egress) => {
    expect(problemsOf(PODS + ingress + egress, 'source-closed')).toEqual([]);
  });

  it('tells what only a block opens, until somebody says what the plugin does', () => {
    const text = PODS + IN() + OUT('[{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]');
    const [finding] = problemsOf(text, 'source-closed');
    expect(finding).toMatchObject({ severity: 'medium', example: 'shop/web -> shop/api:8080' });
    expect(finding!.message).toContain('only by a block of addresses');
    expect(verdictOn(text, finding!.example!)).toBe('allowed');
    proveFix(text, finding!);
    expect(problemsOf(text, 'source-closed', { cni: 'calico' })).toEqual([]);
    expect(problemsOf(text, 'source-closed', { assume: ['ipBlockMatchesPods=true'] })).toEqual([]);
    const [closed] = problemsOf(text, 'source-closed', { cni: 'cilium' });
    expect(closed!.severity).toBe('high');
    expect(verdictOn(text, closed!.example!, { cni: 'cilium' })).toBe('denied');
    proveFix(text, closed!, undefined, { cni: 'cilium' });
  });

  it('opens DNS beside it where the source has none', () => {
    const dns = policy(
      'dns',
      '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}], ports: [{port: 53, protocol: UDP}]}]}',
    );
    const [bare] = problemsOf(PODS + IN() + OUT('[]'), 'source-closed');
    expect(bare!.fix!.title).toBe('allow it in egress too, and DNS');
    const [other] = problemsOf(PODS + IN() + OUT('[]') + dns, 'source-closed');
    expect(other!.fix!.title).toBe('allow it in egress too');
    proveFix(PODS + IN() + OUT('[]') + dns, other!);
  });

  it('writes the policy into the namespace of the source', () => {
    const from =
      '{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: front}}, podSelector: {matchLabels: {app: web}}}';
    const deny = policy('deny', '{podSelector: {}, policyTypes: [Egress]}', 'front');
    const text = DNS + deployment('web', 'front') + deployment('api') + IN(from, '[{port: http}]') + deny;
    const [finding] = problemsOf(text, 'source-closed');
    expect(finding!.fix!.edits).toMatchObject([
      { op: 'add-object', value: { metadata: { name: 'api-egress', namespace: 'front' } } },
    ]);
    proveFix(text, finding!);
    const anywhere = IN('{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}');
    const [wide] = problemsOf(deployment('web', 'front') + deployment('api') + anywhere + deny, 'source-closed');
    expect(wide!.fix).toBeUndefined();
  });
});
