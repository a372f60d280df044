import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';
import { from, pod, policy } from '../../../../test/support/shop-manifests.ts';

const ID = 'peer-matches-nobody';

const WEB = pod('web', 'shop', '', '{containerPort: 8080}');
const there = (name: string, app: string) =>
  `{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ${name}}}, podSelector: {matchLabels: {app: ${app}}}}`;
const OPS = `${pod('backup', 'ops')}
apiVersion: v1
kind: Namespace
metadata: {name: ops, labels: {team: a}}
---`;

describe(ID, () => {
  it.each([
    ['a pod here', '{podSelector: {matchLabels: {app: web}}}', []],
    ['no pod here', '{podSelector: {matchLabels: {app: gateway}}}', ['medium']],
    ['nearly a pod here', '{podSelector: {matchLabels: {app: wbe}}}', ['high']],
    ['a pod there', there('ops', 'backup'), []],
    ['no pod there', there('ops', 'gateway'), ['medium']],
    ['no pod of a namespace of the platform', there('kube-system', 'x'), []],
    ['no pod of a namespace without any', there('dev', 'gateway'), []],
    [
      'no pod of namespaces of which there may be more',
      '{namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: x}}}',
      [],
    ],
    ['everything', '{podSelector: {}}', []],
    ['an address', '{ipBlock: {cidr: 203.0.113.0/24}}', []],
  ])('%s', (_, peer, severities) => {
    const found = problemsOf(WEB + OPS + pod('agent', 'kube-system') + from(peer), ID);
    expect(found.map(({ severity }) => severity)).toEqual(severities);
  });

  it('is told apart from what has a check of its own', () => {
    const text = WEB + pod('backup', 'ops') + from('{podSelector: {matchLabels: {app: backup}}}');
    expect(problemsOf(text).map(({ check }) => check)).toEqual(['labels-in-another-namespace']);
  });

  it('says what the peer does not do', () => {
    const peer = '{podSelector: {matchLabels: {app: x}}}';
    const egress = policy(`policyTypes: [Egress], egress: [{to: [${peer}], ports: [{port: 80}]}]`);
    expect(problemsOf(WEB + from(peer), ID)[0]!.message).toBe(
      'no pod has the labels app=x of namespace shop, so this peer lets nobody in',
    );
    expect(problemsOf(WEB + egress, ID)[0]!.message).toContain('so this peer opens nothing');
  });

  it('is mended by the label that was meant', () => {
    const text = WEB + pod('gateway') + from('{podSelector: {matchLabels: {app: gatewy}}}');
    const [finding] = problemsOf(text, ID);
    expect(finding!.hint).toBe('did you mean app=gateway?');
    proveFix(text, finding!);
  });
});
