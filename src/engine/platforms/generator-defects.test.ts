// Defects of other generators that concern the platform, each by the number that the reference gives it.

import { describe, expect, it } from 'vitest';
import {
  apiServerSlice,
  COREDNS,
  configMap,
  node,
  service,
  stateOfObjects,
  WEB,
  workload,
} from '../../../test/support/platform-objects.ts';
import type { Evidence, Party } from '../model/evidence.ts';
import { NAME_LABEL } from '../snapshot/nodes.ts';
import { detectPlatform } from './detect-platform.ts';
import { platformEvidence } from './platform-evidence.ts';
import { NOTHING_STATED } from './platform-facts.ts';
import { resolveApiServer, withoutApiServer } from './resolve-api-server.ts';

const DNS_KEY = 'kube-system/Deployment.apps/coredns';
const evidenceOf = (objects: Parameters<typeof stateOfObjects>[0], keys: readonly string[]) => {
  const state = stateOfObjects(objects);
  const facts = detectPlatform(state);
  return withoutApiServer(platformEvidence(state, facts, keys), facts).evidence;
};
const partiesOf = (evidence: readonly Evidence[]): readonly Party[] => evidence.flatMap(({ from, to }) => [from, to]);

describe('defects of generators', () => {
  it('D6: the API server is its endpoints with their port, neither labels that match nothing nor the Service’s address', () => {
    const kubernetes = service('default', 'kubernetes', {
      clusterIP: '10.245.0.1',
      ports: [{ port: 443, targetPort: 6443 }],
    });
    const evidence = evidenceOf([...COREDNS, kubernetes, apiServerSlice(['192.0.2.4'])], [DNS_KEY]);
    const toServer = evidence.filter(({ kind }) => kind === 'api-server');
    expect(toServer.map(({ to, ports }) => [to, ports])).toEqual([
      [{ type: 'addresses', cidrs: ['192.0.2.4/32'], what: 'the API server' }, [6443, 6443]],
    ]);
    expect(JSON.stringify(partiesOf(evidence))).not.toContain('10.245.0.1');
  });

  it('D13: what nodes send to the DNS is from nodes that are known as such, and probes of the own node are no addresses', () => {
    const evidence = evidenceOf([...COREDNS, WEB, node('a', { address: '192.0.2.1' })], ['shop/Deployment.apps/web']);
    expect(JSON.stringify(partiesOf(evidence))).not.toContain('192.0.2.1');
    const dns = evidenceOf([...COREDNS, WEB, node('a', { address: '192.0.2.1' })], [DNS_KEY]);
    const fromNodes = partiesOf(dns).filter(
      (party) => party.type === 'addresses' && party.cidrs.includes('192.0.2.1/32'),
    );
    expect(new Set(fromNodes.map((party) => party.type === 'addresses' && party.what))).toEqual(new Set(['the nodes']));
  });

  it('D22: DNS is asked over UDP and TCP, and of its pods alone', () => {
    const evidence = evidenceOf([WEB], ['shop/Deployment.apps/web']);
    expect(evidence.map(({ protocol, ports }) => [protocol, ports[0]])).toEqual([
      ['UDP', 53],
      ['TCP', 53],
    ]);
    for (const { to } of evidence) {
      expect(to.type).toBe('pods');
      if (to.type === 'pods') expect(JSON.stringify([to.namespaces, to.pods])).toContain('kube-dns');
    }
  });

  it('D23: an IPv6 address is one host, the DNS is that of the platform, and an unknown API server is a question', () => {
    const facts = detectPlatform(
      stateOfObjects([node('a', { address: '2001:db8::1' }), apiServerSlice(['2001:db8::1'])]),
    );
    expect(resolveApiServer(facts)).toMatchObject([{ party: { cidrs: ['2001:db8::1/128'] }, port: 6443 }]);
    expect(facts.nodeCIDRs).toMatchObject({ value: ['2001:db8::1/128'] });
    const openshift = detectPlatform(stateOfObjects([]), {}, { ...NOTHING_STATED, distribution: 'openshift' });
    expect(openshift.dns.servers).toMatchObject({ value: [{ ports: [{ port: 5353 }, { port: 5353 }] }] });
    expect(resolveApiServer(openshift)).toMatchObject({
      about: 'api-server-address',
      hint: expect.stringContaining('--api-server'),
    });
    expect(JSON.stringify(openshift)).not.toMatch(/(0\.0\.0\.0|"::)\/0/);
  });

  it('D25: the namespace of the DNS is told by the label that every namespace has', () => {
    const [one] = evidenceOf([WEB], ['shop/Deployment.apps/web']);
    expect(one!.to).toMatchObject({ namespaces: { selector: { op: 'in', key: NAME_LABEL, values: ['kube-system'] } } });
  });

  it('D29: blocks of one family are never made from addresses of the other', () => {
    const state = stateOfObjects([
      workload('DaemonSet', 'kube-system', 'node-local-dns', { spec: { hostNetwork: true } }),
      configMap('kube-system', 'node-local-dns', { Corefile: '.:53 {\n bind 169.254.20.10 fd00::10\n}\n' }),
    ]);
    const [cache] = detectPlatform(state).dns.caches;
    expect(cache?.value.party).toMatchObject({ cidrs: ['169.254.20.10/32', 'fd00::10/128'] });
  });
});
