import { describe, expect, it } from 'vitest';
import { problemsOf, verdictOn } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';
import { from, pod, policy } from '../../../../test/support/shop-manifests.ts';

const ID = 'peers-meant-as-one';

const MONITORING = '{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}';
const PROMETHEUS = '{podSelector: {matchLabels: {app: prometheus}}}';
const PODS =
  pod('web', 'shop', '', '{containerPort: 8080}') + pod('prometheus', 'monitoring') + pod('grafana', 'monitoring');

describe(ID, () => {
  it.each([
    ['labels at home there', `${MONITORING}, ${PROMETHEUS}`, PODS, ['high']],
    ['the other order', `${PROMETHEUS}, ${MONITORING}`, PODS, ['high']],
    ['labels at home here, too', `${MONITORING}, ${PROMETHEUS}`, `${PODS}${pod('prometheus')}`, []],
    ['labels at home nowhere', `${MONITORING}, {podSelector: {matchLabels: {app: x}}}`, PODS, []],
    ['well-known names', `${MONITORING}, ${PROMETHEUS}`, '', ['medium']],
    ['well-known names, with such a pod here', `${MONITORING}, ${PROMETHEUS}`, pod('prometheus'), []],
    ['names that say nothing', `${MONITORING}, {podSelector: {matchLabels: {app: web}}}`, '', []],
    [
      'one item',
      '{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}, podSelector: {matchLabels: {app: prometheus}}}',
      PODS,
      [],
    ],
    ['every namespace', `{namespaceSelector: {}}, ${PROMETHEUS}`, PODS, []],
    ['every pod of the namespace', `${MONITORING}, {podSelector: {}}`, PODS, []],
    ['an address between them', `${MONITORING}, {ipBlock: {cidr: 10.0.0.0/24}}, ${PROMETHEUS}`, PODS, []],
    ['pods elsewhere, none known here', `${MONITORING}, ${PROMETHEUS}`, pod('prometheus', 'monitoring'), []],
  ])('%s', (_, peers, pods, severities) => {
    expect(problemsOf(pods + from(peers), ID).map(({ severity }) => severity)).toEqual(severities);
  });

  it('says what both forms mean, who gets in, and is mended by one item', () => {
    const text = PODS + from(`${MONITORING}, ${PROMETHEUS}`);
    const [finding] = problemsOf(text, ID);
    expect(finding).toMatchObject({
      message:
        'a dash makes these two peers: every pod of namespace monitoring, or pods app=prometheus of namespace shop; written as one they would be pods app=prometheus of namespace monitoring',
      effect: 'opens 8080 to 1 pod in 1 namespace without app=prometheus',
      example: 'monitoring/grafana -> shop/web:8080',
      source: { path: 'spec.ingress[0].from[1]' },
      related: [{ source: { path: 'spec.ingress[0].from[0]' } }],
    });
    expect(verdictOn(text, finding!.example!)).toBe('allowed');
    proveFix(text, finding!);
  });

  it('is the only finding about the pair', () => {
    const checks = problemsOf(PODS + from(`${MONITORING}, ${PROMETHEUS}`)).map(({ check }) => check);
    expect(checks).toEqual([ID]);
  });

  it('finds it in egress', () => {
    const dns =
      '{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}, {podSelector: {matchLabels: {k8s-app: kube-dns}}}';
    const text = policy(`policyTypes: [Egress], egress: [{to: [${dns}], ports: [{port: 53, protocol: UDP}]}]`);
    const [finding] = problemsOf(text, ID);
    expect(finding!.severity).toBe('medium');
    proveFix(text, finding!);
  });
});
