import { describe, expect, it } from 'vitest';
import { namespace, node, pod, type ScenarioOptions, scenario } from '../../../test/support/scenario.ts';
import type { Party } from '../model/evidence.ts';
import type { Direction } from '../model/policy.ts';
import { printSelector } from '../model/selector.ts';
import { printCidrs } from '../sets/ip-address.ts';
import { findIdentities } from './identities.ts';
import { namePeer } from './peers.ts';
import { podsByWorkload } from './stable-labels.ts';

interface Around extends ScenarioOptions {
  readonly home?: string;
  readonly direction?: Direction;
}

/** A party in a rule's words: `NAMESPACES/PODS`, CIDRs, `exempt`, or `nameless: WHY`. */
function named(texts: readonly string[], party: Party, around: Around = {}): string {
  const { state } = scenario([namespace('shop'), namespace('ops'), ...texts], around);
  const { localNodeEgress, localNodeIngress } = state.behaviour.knobs;
  const found = namePeer(
    {
      cluster: state.cluster,
      plan: state.plan,
      identities: findIdentities(state.cluster),
      podsOf: podsByWorkload(state.cluster),
      nodes: new Map(state.cluster.nodes.map((one) => [one.name, one])),
      nodeIsExempt: { ingress: localNodeIngress === 'allow', egress: localNodeEgress === 'allow' },
    },
    party,
    around.home ?? 'shop',
    around.direction ?? 'egress',
  );
  if (found.is === 'nameless') return `nameless: ${found.because}`;
  if (found.is === 'exempt') return 'exempt';
  return found.terms
    .map((term) => {
      if (term.type === 'addresses') return printCidrs(term.set).join(' ');
      const { namespaces, pods } = term.peer;
      return `${'name' in namespaces ? '' : printSelector(namespaces.selector)}/${printSelector(pods)}`;
    })
    .join(' | ');
}

const WEB = pod('shop/web', { labels: 'app=web', ip: '10.0.0.1' });
const workload = (path: string, kind = 'Pod'): Party => {
  const [home, name] = path.split('/');
  return { type: 'workload', key: `${home}/${kind}/${name}` };
};

describe('workloads', () => {
  it('of the same namespace are pods by their labels', () => {
    expect(named([WEB], workload('shop/web'))).toBe('/app=web');
  });

  it('of another namespace are so in the namespace of that name', () => {
    expect(named([WEB], workload('shop/web'), { home: 'ops' })).toBe('kubernetes.io/metadata.name=shop/app=web');
  });

  it('without a label that lasts have no name', () => {
    const text = pod('shop/one', { labels: 'job-name=one' });
    expect(named([text], workload('shop/one'))).toMatch(/^nameless: .*no label that lasts/);
  });

  it('without pods have no name', () => {
    expect(named([], workload('shop/gone'))).toBe('nameless: shop/gone has no pods');
  });
});

describe('workloads of the host network', () => {
  const agent = pod('shop/agent', { hostNetwork: true, ip: '192.168.0.1', node: 'n1' });

  it('are the addresses of all nodes, where these are shown: a pod may move', () => {
    const nodes = [node('n1', '192.168.0.1'), node('n2', '192.168.0.2 2001:db8::2')];
    expect(named([agent, ...nodes], workload('shop/agent'))).toBe('192.168.0.1/32 192.168.0.2/32 2001:db8::2/128');
  });

  it('are their own addresses, where no node is shown', () => {
    expect(named([agent], workload('shop/agent'))).toBe('192.168.0.1/32');
  });

  it('are what is assumed of the nodes', () => {
    const assume = ['nodeCIDRs=192.168.0.0/24'];
    expect(named([agent], workload('shop/agent'), { assume })).toBe('192.168.0.0/24');
  });

  it('have no name where nobody knows the addresses of nodes', () => {
    const silent = pod('shop/agent', { hostNetwork: true });
    expect(named([silent], workload('shop/agent'))).toMatch(/^nameless: .*addresses of its nodes are not known/);
  });
});

describe('nodes', () => {
  it('that are the pod’s own are exempt where the plugin lets them through', () => {
    expect(named([WEB], { type: 'node' }, { direction: 'ingress' })).toBe('exempt');
  });

  it('that are the pod’s own are the nodes’ addresses where it does not, and a question where these are unknown', () => {
    const closed = { direction: 'ingress', assume: ['localNodeIngress=evaluate'] } as const;
    const shown = [...closed.assume, 'nodeCIDRs=192.168.0.0/24'];
    expect(named([WEB], { type: 'node' }, { ...closed, assume: shown })).toBe('192.168.0.0/24');
    expect(named([WEB], { type: 'node' }, closed)).toBe('nameless: the addresses of nodes are not known');
  });

  it('with a name are their addresses', () => {
    const texts = [node('n1', '192.168.0.1 2001:db8::1'), node('n2', '192.168.0.2')];
    expect(named(texts, { type: 'node', name: 'n1' })).toBe('192.168.0.1/32 2001:db8::1/128');
    expect(named(texts, { type: 'node', name: 'n3' })).toMatch(/^nameless: the address of node n3 is not known/);
  });
});

describe('everybody outside', () => {
  it('as clients are all addresses of the families in use, less the pods’ where they are known', () => {
    expect(named([WEB], { type: 'outside' }, { direction: 'ingress' })).toBe('0.0.0.0/0');
    const assume = ['podCIDRs=0.0.0.0/1'];
    expect(named([WEB], { type: 'outside' }, { direction: 'ingress', assume })).toBe('128.0.0.0/1');
    const dual = ['podCIDRs=0.0.0.0/1,8000::/1'];
    const both = pod('shop/web', { labels: 'app=web', ip: '10.0.0.1 fd00::1' });
    expect(named([both], { type: 'outside' }, { direction: 'ingress', assume: dual })).toBe('128.0.0.0/1 ::/1');
  });

  it('as destinations are the internet: no private range, no metadata', () => {
    const blocks = named([WEB], { type: 'outside' });
    expect(blocks).not.toMatch(/(^| )(10|169\.254|192\.168|172\.16|127)\./);
    expect(blocks).toContain('8.0.0.0/7');
  });
});

describe('what no rule can name', () => {
  it('is said', () => {
    expect(named([], { type: 'domain', name: 'pay.example.com' })).toMatch(
      /^nameless: .*cannot name pay\.example\.com/,
    );
    expect(named([], { type: 'api-server' })).toBe('nameless: the addresses of the API server are not known');
  });
});

describe('addresses and pods by selectors', () => {
  it('are what they are', () => {
    expect(named([], { type: 'addresses', cidrs: ['203.0.113.0/24', '2001:db8::/64'] })).toBe(
      '203.0.113.0/24 2001:db8::/64',
    );
    const pods = { op: 'in', key: 'app', values: ['dns'] } as const;
    expect(named([], { type: 'pods', namespaces: { name: 'ops' }, pods, what: 'DNS' })).toBe(
      'kubernetes.io/metadata.name=ops/app=dns',
    );
    expect(named([], { type: 'pods', namespaces: { name: 'shop' }, pods, what: 'DNS' })).toBe('/app=dns');
    const selector = { op: 'in', key: 'team', values: ['a'] } as const;
    expect(named([], { type: 'pods', namespaces: { selector }, pods, what: 'DNS' })).toBe('team=a/app=dns');
  });
});
