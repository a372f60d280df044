// Semantics 1.5: whom the entries of from and to name.

import { describe, expect, it } from 'vitest';
import { node, pod, policy, scenario, service, XWZ } from '../support/scenario.ts';

/** The pods of the three namespaces that may reach x/a on TCP 80. */
function sources(from: string, more: readonly string[] = []): string {
  const text = policy('x/p', `{podSelector: {matchLabels: {pod: a}}, ingress: [{from: ${from}}]}`);
  const s = scenario([...XWZ, ...more, text]);
  return ['x/b', 'w/a', 'w/b', 'z/a', 'z/b'].filter((one) => s.can(one, 'x/a:80') === 'allowed').join(' ');
}

describe('1.5 peers', () => {
  it.each([
    ["podSelector alone: pods of the policy's own namespace", '[{podSelector: {matchLabels: {pod: b}}}]', 'x/b'],
    [
      'namespaceSelector alone: every pod of these namespaces',
      '[{namespaceSelector: {matchLabels: {ns: w}}}]',
      'w/a w/b',
    ],
    [
      "namespaceSelector matches the policy's own namespace too",
      '[{namespaceSelector: {matchLabels: {ns: x}}}]',
      'x/b',
    ],
    [
      'both in one item: AND',
      '[{namespaceSelector: {matchLabels: {ns: w}}, podSelector: {matchLabels: {pod: b}}}]',
      'w/b',
    ],
    [
      'two items: OR',
      '[{namespaceSelector: {matchLabels: {ns: w}}}, {podSelector: {matchLabels: {pod: b}}}]',
      'x/b w/a w/b',
    ],
    [
      'namespaceSelector {} with podSelector: these pods of every namespace',
      '[{namespaceSelector: {}, podSelector: {matchLabels: {pod: b}}}]',
      'x/b w/b z/b',
    ],
    [
      'namespaceSelector with podSelector {}: all pods of these namespaces',
      '[{namespaceSelector: {matchLabels: {ns: w}}, podSelector: {}}]',
      'w/a w/b',
    ],
    [
      'a namespace that does not exist matches nobody',
      '[{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: nowhere}}}]',
      '',
    ],
    ['podSelector alone never sees namespace labels', '[{podSelector: {matchLabels: {ns: w}}}]', ''],
  ])('1.5: %s', (_meaning, from, expected) => {
    expect(sources(from)).toBe(expected);
  });

  it('1.5: namespaceSelector {} is not everywhere: external sources are not pods', () => {
    const s = scenario([...XWZ, policy('x/p', '{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}')]);
    expect(s.can('192.0.2.1', 'x/a')).toBe('denied');
    expect(s.can('internet', 'x/a')).toBe('denied');
  });

  it('1.5: selectors never match nodes or hostNetwork pods', () => {
    const world = [
      node('n1', '172.16.0.1'),
      node('n2', '172.16.0.2'),
      pod('x/host', { labels: 'pod=b', hostNetwork: true, node: 'n2' }),
    ];
    const local = pod('x/c', { labels: 'pod=a', ip: '10.0.9.9', node: 'n1' });
    const text = policy(
      'x/p',
      '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{podSelector: {}}, {namespaceSelector: {}}]}]}',
    );
    const s = scenario([...XWZ, ...world, local, text]);
    expect(s.can('node/n2', 'x/c')).toBe('denied');
    expect(s.can('x/host', 'x/c')).toBe('denied');
    expect(s.can('x/b', 'x/c')).toBe('allowed');
  });

  it("1.5: a Service's address is no pod: egress to a podSelector follows the pods behind it", () => {
    const web = service('w/web', '{selector: {pod: b}, ports: [{port: 8000, targetPort: 80}]}');
    const text = policy(
      'x/p',
      '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {pod: b}}}]}]}',
    );
    const s = scenario([...XWZ, web, text]);
    expect(s.can('x/a', 'w/service/web')).toBe('allowed');
    expect(s.can('x/a', 'w/a')).toBe('denied');
  });

  it('1.5: the address of a pod stands for the pod, that of a node for the node', () => {
    const world = [...XWZ, node('n1', '172.16.0.1'), pod('x/c', { labels: 'pod=a', ip: '10.0.9.9', node: 'n1' })];
    const text = policy(
      'x/p',
      '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: w}}}]}]}',
    );
    const s = scenario([...world, text]);
    expect(s.can('10.0.2.1', 'x/a')).toBe('allowed');
    expect(s.can('10.0.3.1', 'x/a')).toBe('denied');
    expect(s.can('w/a', '10.0.1.1')).toBe('allowed');
    expect(s.can('10.0.2.0/24', 'x/a')).toBe('partly');
    expect(s.can('172.16.0.1', 'x/c')).toBe('allowed');
    expect(s.can('172.16.0.2', 'x/c')).toBe('denied');
  });

  it.each([
    [
      'ipBlock and podSelector in one item',
      '{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}',
      'refused conflicting-peer spec.ingress[0].from[0]',
    ],
    [
      'ipBlock and namespaceSelector in one item',
      '{ipBlock: {cidr: 10.0.0.0/8}, namespaceSelector: {}}',
      'refused conflicting-peer spec.ingress[0].from[0]',
    ],
  ])('1.5: %s is refused', (_what, peer, finding) => {
    const s = scenario([...XWZ, policy('x/p', `{podSelector: {}, ingress: [{from: [${peer}]}]}`)], { mayRefuse: true });
    expect(s.findings).toContain(finding);
    expect(s.can('w/a', 'x/a')).toBe('allowed');
  });

  it('1.5: labels that only a controller knows leave a peer open', () => {
    const text = policy(
      'x/p',
      '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {controller-revision-hash: v1}}}]}]}',
    );
    const set =
      '{"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db", "namespace": "x"}, "spec": {"template": {"metadata": {"labels": {"app": "db"}}, "spec": {"containers": []}}}}';
    expect(scenario([...XWZ, set, text]).can('x/db', 'x/a')).toBe('unknown: pod-labels');
  });
});
