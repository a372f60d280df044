// One record: who its ends are and how that is known, what decides, and why log and policies may not agree.

import { describe, expect, it } from 'vitest';
import { type FlowParts, observed } from '../../../test/support/observed.ts';
import { namespace, node, pod, policy, scenario, service } from '../../../test/support/scenario.ts';
import { validateDocument } from '../../../test/support/schemas.ts';
import type { ObservedFlow } from '../model/flow.ts';
import { type ExplainFlowOptions, explainFlow } from './explain-flow.ts';
import type { FlowExplanation } from './flow-explanation-document.ts';

const CLUSTER: readonly string[] = [
  namespace('shop'),
  node('n1', '192.168.0.1'),
  pod('shop/web', { labels: 'app=web', ip: '10.0.0.10', ports: '8080', node: 'n1' }),
  pod('shop/api', { labels: 'app=api', ip: '10.0.0.11', ports: 'http=9090', node: 'n1' }),
  service('shop/api', '{clusterIP: 10.96.0.11, selector: {app: api}, ports: [{port: 80, targetPort: http}]}'),
];
const CALL = '10.0.0.10 -> 10.0.0.11:9090';
const CLOSED = policy('shop/api', '{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress]}');
const refused = (parts: FlowParts = {}): FlowParts => ({
  verdict: { kind: 'denied', by: 'policy', reason: 'POLICY_DENIED' },
  ...parts,
});

function explain(
  flow: ObservedFlow,
  policies: readonly string[] = [],
  options: ExplainFlowOptions & { readonly cni?: string } = {},
): FlowExplanation {
  const { state } = scenario([...CLUSTER, ...policies], options.cni === undefined ? {} : { cni: options.cni });
  const document = explainFlow(state, flow, options);
  expect(validateDocument(JSON.parse(JSON.stringify(document)))).toEqual([]);
  return document;
}

const about = ({ because }: FlowExplanation) => because.map((one) => one.about);

describe('the ends', () => {
  it('come with how they were recognised', () => {
    const document = explain(observed('shop/web@10.0.0.10 -> 10.96.0.11:80'));
    expect(document.from).toMatchObject({ how: 'log-pod', says: 'the log names pod shop/web' });
    expect(document.to).toMatchObject([{ how: 'service', port: 9090, via: { name: 'api', port: 80 } }]);
    expect(document.endpoints.map(({ key }) => key)).toEqual(['shop/Pod/web', 'shop/Pod/api']);
  });

  it('are recognised by what other records say', () => {
    const others = [observed('shop/web@10.0.0.99 -> 10.0.0.11:9090')];
    const gone = observed('10.0.0.99 -> 10.0.0.11:9090');
    expect(explain(gone, [], { others }).from).toMatchObject({ how: 'log-history' });
    const node = observed('192.0.2.2 -> 10.0.0.11:9090');
    expect(explain(node, [], { nodeAddresses: ['192.0.2.2'] }).from).toMatchObject({ how: 'log-entity' });
  });

  it('an answer is told from a question', () => {
    const answer = observed('10.0.0.11 -> 10.0.0.10:41532', { opened: 'unknown', sourcePort: 9090 });
    const document = explain(answer);
    expect(document.to).toMatchObject([{ port: 9090 }]);
    expect(document.opened).toBe('9090 is a port that its end is known to serve, so the record is an answer');
    // It got through, and so had the connection at both ends.
    const out = { ...answer, seenAt: 'egress' as const };
    expect(explain(out, [CLOSED]).agrees).toBe('no');
  });

  it('an answer that a policy took for a request is not compared with the policies on its connection', () => {
    const answer = observed('10.0.0.11 -> 10.0.0.10:41532', refused({ opened: 'unknown', sourcePort: 9090 }));
    const document = explain(answer);
    expect(document.agrees).toBeUndefined();
    expect(document.verdict).toBe('allowed');
    expect(document.opened).toBe(
      '9090 is a port that its end is known to serve, so the record is an answer that was taken for a request, which says nothing of the connection',
    );
  });

  it('that cannot be told, and what needs no policy, say why', () => {
    const unknown = explain(observed('10.0.0.10 -> 10.0.0.11:41532', { opened: 'unknown', sourcePort: 50123 }));
    expect(unknown).toMatchObject({ unattributed: { reason: 'direction-unknown', end: 'both' }, because: [] });
    expect(unknown).not.toHaveProperty('verdict');
    expect(explain(observed('10.0.0.10 -> 224.0.0.1:80'))).toMatchObject({ leftAside: { reason: 'multicast' } });
  });
});

describe('agreement', () => {
  it.each([
    ['let through and allowed', observed(CALL), [], 'yes', 'allowed'],
    ['denied and denied', observed(CALL, refused()), [CLOSED], 'yes', 'denied'],
    ['let through and denied', observed(CALL), [CLOSED], 'no', 'denied'],
    ['denied and allowed', observed(CALL, refused()), [], 'no', 'allowed'],
    [
      'dropped for another reason',
      observed(CALL, { verdict: { kind: 'denied', by: 'other', reason: 'NO_ROUTE' } }),
      [],
      'unrelated',
      'allowed',
    ],
    [
      'denied for no reason that is given',
      observed(CALL, { verdict: { kind: 'denied', by: 'other' } }),
      [CLOSED],
      'yes',
      'denied',
    ],
    [
      'let through where it leaves, denied where it arrives',
      observed(CALL, { seenAt: 'egress' }),
      [CLOSED],
      'yes',
      'denied',
    ],
    ['denied where it leaves, allowed there', observed(CALL, refused({ seenAt: 'egress' })), [CLOSED], 'no', 'denied'],
  ] as const)('%s', (_, flow, policies, agrees, verdict) => {
    expect(explain(flow, policies)).toMatchObject({ agrees, verdict });
  });

  it('is not asked of a record without a verdict', () => {
    expect(explain(observed(CALL, { verdict: { kind: 'unknown' } }), [CLOSED])).not.toHaveProperty('agrees');
  });
});

describe('differences', () => {
  const created = (at: string): string => {
    const made = `${CLOSED}`;
    return made.replace('metadata: {name: api', `metadata: {creationTimestamp: "${at}", name: api`);
  };

  it('a policy that is younger than the record', () => {
    const at = Date.parse('2026-11-21T03:00:00Z');
    const flow = observed(CALL, { first: at, last: at });
    expect(explain(flow, [created('2026-11-21T04:00:00Z')]).because).toContainEqual({
      about: 'policy-newer',
      says: 'NetworkPolicy shop/api was created at 2026-11-21T04:00:00.000Z, after the record',
    });
    expect(about(explain(flow, [created('2026-11-21T02:00:00Z')]))).not.toContain('policy-newer');
  });

  it('a younger policy at the other end is said although both agree', () => {
    const at = Date.parse('2026-11-21T03:00:00Z');
    const flow = observed(CALL, { first: at, last: at, seenAt: 'egress' });
    expect(about(explain(flow, [created('2026-11-21T04:00:00Z')]))).toEqual(['policy-newer']);
  });

  it('policies that the log names and the input does not hold, or that are not read', () => {
    const named = { dialect: 'network-policy' as const, kind: 'NetworkPolicy', namespace: 'shop', name: 'gone' };
    const foreign = { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'l7' };
    const document = explain(observed(CALL, refused({ policies: [named], foreignPolicies: [foreign] })));
    expect(about(document).slice(0, 3)).toEqual(['policy-missing', 'foreign-policy', 'policy-removed']);
    expect(about(explain(observed(CALL, refused({ policies: [{ ...named, name: 'api' }] })), []))).toContain(
      'policy-missing',
    );
  });

  it('plugins under which the policies do what the log says', () => {
    const block = policy(
      'shop/web',
      '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}',
    );
    const flow = observed(CALL, refused({ seenAt: 'egress' }));
    const plugin = explain(flow, [block], { cni: 'calico' }).because.find((one) => one.about === 'plugin');
    expect(plugin?.says).toMatch(/^these policies do what the log says on .*cilium/);
    expect(plugin?.says).not.toContain('calico');
  });

  it('a pod that only its workload stands for, and a reason of last resort', () => {
    const source = { namespace: 'shop', pod: 'web-old', labels: { app: 'web' } };
    const gone = explain(observed('10.0.0.98 -> 10.0.0.11:9090', {}, { source }), [CLOSED]);
    expect(gone).toMatchObject({ unattributed: { reason: 'pod-gone' } });
    expect(about(explain(observed(CALL), [CLOSED]))).toEqual(['no-plugin']);
  });
});
