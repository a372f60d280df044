import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const ID = 'selects-whole-namespace';
const pod = (name: string, ports: string, namespace = 'shop') => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}
spec: {containers: [{name: main, image: main, ports: [${ports}]}]}
---`;
const PODS =
  pod('web', '{name: metrics, containerPort: 9090}, {containerPort: 80}') +
  pod('db', '{containerPort: 5432}') +
  pod('silent', '') +
  pod('prometheus', '', 'monitoring');
const policy = (spec: string, selector = 'podSelector: {}, ', name = 'scrape') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec: {${selector}${spec}}
---`;
const FROM = 'from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]';
const SCRAPE = `policyTypes: [Ingress], ingress: [{${FROM}, ports: [{port: 9090}]}]`;

describe(ID, () => {
  it.each([
    ['a port that some declare', SCRAPE, 1],
    [
      'a range that some declare',
      `policyTypes: [Ingress], ingress: [{${FROM}, ports: [{port: 9000, endPort: 9100}]}]`,
      1,
    ],
    ['a port that nobody declares', `policyTypes: [Ingress], ingress: [{${FROM}, ports: [{port: 7}]}]`, 0],
    [
      'a port of the other protocol',
      `policyTypes: [Ingress], ingress: [{${FROM}, ports: [{port: 9090, protocol: UDP}]}]`,
      0,
    ],
    ['a port by name', `policyTypes: [Ingress], ingress: [{${FROM}, ports: [{port: metrics}]}]`, 0],
    ['the own namespace', 'policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}], ports: [{port: 9090}]}]', 0],
    ['everybody', 'policyTypes: [Ingress], ingress: [{ports: [{port: 9090}]}]', 1],
    ['egress', 'policyTypes: [Egress], egress: [{ports: [{port: 9090}]}]', 0],
    ['no rules', 'policyTypes: [Ingress]', 0],
  ])('%s', (_, spec, count) => {
    expect(problemsOf(PODS + policy(spec), ID)).toHaveLength(count);
  });

  it('is silent where all pods declare it, and where there are no pods', () => {
    expect(problemsOf(pod('web', '{containerPort: 9090}') + policy(SCRAPE), ID)).toEqual([]);
    expect(problemsOf(policy(SCRAPE), ID)).toEqual([]);
    expect(problemsOf(PODS + policy(SCRAPE, 'podSelector: {matchLabels: {app: db}}, '), ID)).toEqual([]);
  });

  it('says what it opens beside what is meant, and is mended either way', () => {
    const text = PODS + policy(SCRAPE);
    const [finding] = problemsOf(text, ID);
    expect(finding).toMatchObject({
      effect:
        'opens 9090 of 2 pods in 1 namespace that do not declare it to every pod of namespace monitoring, beside 1 pod in 1 namespace that do',
      example: 'monitoring/prometheus -> shop/db:9090',
      fix: { title: 'write the port by its name, metrics', announced: 'closes' },
      alternatives: [{ title: 'select only pods app=web', announced: 'changes' }],
    });
    expect(verdictOn(text, finding!.example!)).toBe('allowed');
    proveFix(text, finding!);
    proveFix(text, finding!, 'select only pods app=web');
  });

  it('only closes where a default deny isolates the others', () => {
    const text = PODS + policy(SCRAPE) + policy('policyTypes: [Ingress]', 'podSelector: {}, ', 'default-deny');
    const [finding] = problemsOf(text, ID);
    expect(finding!.alternatives).toMatchObject([{ announced: 'closes' }]);
    proveFix(text, finding!, 'select only pods app=web');
  });

  it('does not name the port where another pod has the name for another number', () => {
    const text = PODS + pod('api', '{name: metrics, containerPort: 9091}') + policy(SCRAPE);
    expect(problemsOf(text, ID)[0]!.fix!.title).toBe('select only pods app=web');
  });

  it.each(['', 'podSelector: , '])('a missing selector is written as an empty one: %j', (selector) => {
    const text = PODS + policy('policyTypes: [Egress], egress: [{ports: [{port: 53}]}]', selector);
    const [finding] = problemsOf(text, ID);
    expect(finding).toMatchObject({ severity: 'low', fix: { safe: true, announced: 'same' } });
    proveFix(text, finding!);
  });

  it('a missing selector is no second finding', () => {
    expect(problemsOf(PODS + policy(SCRAPE, ''), ID)).toHaveLength(1);
    expect(problemsOf(PODS + policy('policyTypes: [Ingress]', ''), ID)).toEqual([]);
  });
});
