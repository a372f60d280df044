// Semantics 1.8: nodes, the pod's own node, and a pod to itself.

import { describe, expect, it } from 'vitest';
import { parseEndpoint } from '../../src/engine/questions/parse-endpoint.ts';
import { runTests } from '../../src/engine/questions/run-tests.ts';
import { whoCan } from '../../src/engine/questions/who-can.ts';
import {
  clusterPolicy,
  deployment,
  namespace,
  node,
  pod,
  policy,
  scenario,
  service,
  XWZ,
} from '../support/scenario.ts';

const NODES = [node('n1', '172.16.0.1'), node('n2', '172.16.0.2')];
const WORLD = [
  namespace('x'),
  ...NODES,
  pod('x/a', { ip: '10.0.0.1', node: 'n1', ports: 'web=80' }),
  pod('x/b', { ip: '10.0.0.2', node: 'n2' }),
];
const DENY = policy('x/deny', '{podSelector: {}, policyTypes: [Ingress, Egress]}');

describe('1.8 nodes', () => {
  it('T1: the own node always reaches its pods, another node does not', () => {
    const s = scenario([...WORLD, DENY]);
    expect(s.can('node/n1', 'x/a')).toBe('allowed');
    expect(s.can('node/n2', 'x/a')).toBe('denied');
    expect(s.explain('node/n1', 'x/a:80').cases[0]?.ingress.steps[0]?.action).toBe('Exempt');
  });

  it('T1: hostNetwork pods of the same node bypass ingress policies', () => {
    const hosts = [pod('x/near', { hostNetwork: true, node: 'n1' }), pod('x/far', { hostNetwork: true, node: 'n2' })];
    const s = scenario([...WORLD, ...hosts, DENY]);
    expect(s.can('x/near', 'x/a')).toBe('allowed');
    expect(s.can('x/far', 'x/a')).toBe('denied');
    expect(s.map().notes.join('\n')).toContain('from its own node a pod can always be reached');
  });

  it('T1: where the pod runs is unknown before it is scheduled', () => {
    const s = scenario([namespace('x'), ...NODES, deployment('x/web', 'app=web'), DENY]);
    expect(s.can('node/n1', 'x/web')).toBe('unknown: local-node');
  });

  it('T1: own-node traffic is a note on the map, never an edge', () => {
    const s = scenario([...WORLD, pod('x/near', { hostNetwork: true, node: 'n1' }), DENY]);
    const { endpoints, connections } = s.map();
    const id = (name: string) => endpoints.find((one) => 'name' in one && one.name === name)!.id;
    expect(connections.some(({ from, to }) => from.includes(id('near')) && to.includes(id('a')))).toBe(false);
  });

  it('T1 knob localNodeIngress=evaluate: rules decide about the own node too', () => {
    expect(scenario([...WORLD, DENY], { assume: ['localNodeIngress=evaluate'] }).can('node/n1', 'x/a')).toBe('denied');
  });

  it('T2: egress to the own node is judged by rules: only blocks and rules without peers match it', () => {
    expect(scenario([...WORLD, DENY]).can('x/a', 'node/n1')).toBe('denied');
    const egress = (rule: string) =>
      scenario([...WORLD, policy('x/p', `{podSelector: {}, policyTypes: [Egress], egress: [${rule}]}`)]).can(
        'x/a',
        'node/n1',
      );
    expect(egress('{}')).toBe('allowed');
    expect(egress('{to: [{ipBlock: {cidr: 172.16.0.1/32}}]}')).toBe('allowed');
    expect(egress('{to: [{podSelector: {}}, {namespaceSelector: {}}]}')).toBe('denied');
  });

  it('T2 knob localNodeEgress=allow: a pod always reaches its own node, and no other', () => {
    const s = scenario([...WORLD, DENY], { assume: ['localNodeEgress=allow'] });
    expect(s.can('x/a', 'node/n1')).toBe('allowed');
    expect(s.can('x/a', 'node/n2')).toBe('denied');
  });

  it('1.8: a node itself is never restricted as a source', () => {
    expect(scenario([...WORLD, policy('x/p', '{podSelector: {}, policyTypes: [Egress]}')]).can('node/n2', 'x/a')).toBe(
      'allowed',
    );
  });
});

const HTTP = service('x/a', '{selector: {pod: a}, ports: [{port: 8000, targetPort: 80}]}');

describe('1.8 a pod to itself', () => {
  it('T3: to its own address nothing blocks it', () => {
    const s = scenario([...WORLD, DENY, clusterPolicy('c', 'ingress: [{action: Deny, from: [{namespaces: {}}]}]')]);
    expect(s.can('x/a', 'x/a')).toBe('allowed');
    expect(s.answer('x/a', 'x/a').reason).toContain('itself');
    expect(s.explain('x/a', 'x/a:80').cases[0]?.ingress.steps[0]?.action).toBe('Exempt');
  });

  it('T3: a workload to itself is two replicas, to which policies apply', () => {
    expect(scenario([namespace('x'), deployment('x/web', 'app=web'), DENY]).can('x/web', 'x/web')).toBe('denied');
  });

  it('T4: through its Service a NetworkPolicy leaves it undefined', () => {
    const s = scenario([...WORLD, HTTP, DENY]);
    expect(s.can('x/a', 'x/service/a')).toBe('unknown: hairpin');
    expect(s.can('x/a', 'x/service/a:8000')).toBe('unknown: hairpin');
    expect(s.can('x/b', 'x/service/a')).toBe('denied');
  });

  it('T4: it is allowed where no policy isolates the pod, or rules let it reach itself anyway', () => {
    expect(scenario([...WORLD, HTTP]).can('x/a', 'x/service/a')).toBe('allowed');
    const open = policy('x/p', '{podSelector: {}, ingress: [{}]}');
    expect(scenario([...WORLD, HTTP, open]).can('x/a', 'x/service/a')).toBe('allowed');
  });

  it.each([
    ['enforce', 'denied'],
    ['allow', 'allowed'],
  ])('T4 knob hairpin=%s: %s', (knob, expected) => {
    const s = scenario([...WORLD, HTTP, DENY], { assume: [`hairpin=${knob}`] });
    expect(s.can('x/a', 'x/service/a')).toBe(expected);
    expect(s.can('x/b', 'x/service/a')).toBe('denied');
  });

  it('T4: replicas behind their own Service may reach themselves or one another', () => {
    const web = service('x/web', '{selector: {app: web}, ports: [{port: 80}]}');
    const s = scenario([namespace('x'), deployment('x/web', 'app=web'), web, DENY]);
    expect(s.can('x/web', 'x/service/web')).toBe('unknown: hairpin');
  });

  it.each(['undefined', 'enforce', 'allow'])(
    'C8 hairpin=%s: a ClusterNetworkPolicy applies through a Service, not to the own address',
    (knob) => {
      const deny = clusterPolicy('c', 'ingress: [{action: Deny, from: [{namespaces: {}}]}]');
      const s = scenario([...WORLD, HTTP, deny], { assume: [`hairpin=${knob}`] });
      expect(s.can('x/a', 'x/service/a')).toBe('denied');
      expect(s.can('x/a', 'x/a')).toBe('allowed');
    },
  );

  it('T4: test files and who-can say the same as can', () => {
    const s = scenario([...WORLD, HTTP, DENY]);
    const context = { defaultNamespace: 'x', protocols: ['TCP'] as const };
    const to = parseEndpoint('x/service/a');
    const claim = { name: 't', from: parseEndpoint('x/a'), to, deny: 'all', source: { path: '' } } as const;
    expect(runTests(s.state, [claim], context).tests[0]?.explanation).toContain('unknown: hairpin');
    const found = whoCan(s.state, 'reach', to, undefined, context).connections;
    expect(found.flatMap(({ unknown }) => unknown?.map(({ reason }) => reason) ?? [])).toContain('hairpin');
  });

  it('T5: with selfTraffic=plainRules a pod is to itself as any other', () => {
    expect(
      scenario([...XWZ, policy('x/p', '{podSelector: {}}')], { assume: ['selfTraffic=plainRules'] }).can('x/a', 'x/a'),
    ).toBe('denied');
    expect(scenario([...XWZ, policy('x/p', '{podSelector: {}}')]).can('x/a', 'x/a')).toBe('allowed');
  });
});
