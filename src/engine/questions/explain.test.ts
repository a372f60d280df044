// Why: stretches of ports, both sides, the rule that is nearest, and what is left out.

import { describe, expect, it } from 'vitest';
import {
  deployment,
  namespace,
  node,
  pod,
  policy,
  type Scenario,
  scenario,
  service,
  XWZ,
} from '../../../test/support/scenario.ts';
import { validateDocument } from '../../../test/support/schemas.ts';

/** The cases as `family protocol ports verdict`. */
function cases(s: Scenario, from: string, to: string): string[] {
  const document = s.explain(from, to);
  expect(validateDocument(JSON.parse(JSON.stringify(document)))).toEqual([]);
  return document.cases.map(({ family, protocol, ports, verdict, reason }) => {
    const ranges = ports.map(([a, b]) => (a === b ? `${a}` : `${a}-${b}`)).join(',');
    return `${family} ${protocol} ${ranges} ${verdict}${reason === undefined ? '' : `: ${reason}`}`;
  });
}

const WEB = policy(
  'x/web',
  '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{podSelector: {matchLabels: {pod: b}}}], ports: [{port: 80}, {port: 443}]}]}',
);

describe('explain', () => {
  it('without a port gives stretches, and merges those that read alike', () => {
    expect(cases(scenario([...XWZ, WEB]), 'x/b', 'x/a')).toEqual([
      'IPv4 TCP 1-79,81-442,444-65535 denied',
      'IPv4 TCP 80,443 allowed',
      'IPv4 UDP 1-65535 denied',
      'IPv4 SCTP 1-65535 denied',
    ]);
  });

  it('with a port, only that; with a name, its number', () => {
    const s = scenario([...XWZ, WEB]);
    expect(cases(s, 'x/b', 'x/a:80')).toEqual(['IPv4 TCP 80 allowed']);
    expect(cases(s, 'x/b', 'x/a:dns')).toEqual(['IPv4 UDP 53 denied']);
  });

  it('names the rule with its place, who isolates, and the nearest rule of a denial', () => {
    const s = scenario([...XWZ, WEB]);
    const [allowed] = s.explain('x/b', 'x/a:80').cases;
    expect(allowed!.egress).toMatchObject({ verdict: 'allowed', isolatedBy: [] });
    expect(allowed!.ingress.isolatedBy.map(({ name }) => name)).toEqual(['web']);
    const step = allowed!.ingress.steps.find(({ action }) => action === 'Accept')!;
    expect(step).toMatchObject({ policy: { name: 'web' }, rule: { index: 0 }, source: { file: 'scenario.yaml' } });
    const [denied] = s.explain('w/b', 'x/a:80').cases;
    expect(denied!.ingress).toMatchObject({ verdict: 'denied', nearest: { policy: { name: 'web' }, rule: 0 } });
    expect(denied!.ingress.nearest!.why).toBe('peer pod=b is confined to namespace x, but w/b is in w');
    const [port] = s.explain('x/b', 'x/a:81').cases;
    expect(port!.ingress.nearest!.why).toBe('opens only 80/TCP, 443/TCP');
  });

  it('of several rules the nearest is the one with the least to change', () => {
    const two = policy(
      'x/two',
      '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{podSelector: {matchLabels: {pod: c}}}], ports: [{port: 90}]}, {from: [{podSelector: {matchLabels: {pod: b}}}], ports: [{port: 81}]}]}',
    );
    const [one] = scenario([...XWZ, two]).explain('x/b', 'x/a:80').cases;
    expect(one!.ingress.nearest).toMatchObject({ policy: { name: 'two' }, rule: 1 });
  });

  it('both families of a dual-stack pair, each by itself', () => {
    const s = scenario([
      namespace('x'),
      pod('x/a', { ip: '10.0.0.1 fd00::1' }),
      pod('x/b', { ip: '10.0.0.2 fd00::2' }),
      policy('x/p', '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{ipBlock: {cidr: "fd00::/64"}}]}]}'),
    ]);
    expect(cases(s, 'x/b', 'x/a:80')).toEqual(['IPv4 TCP 80 denied', 'IPv6 TCP 80 allowed']);
    expect(s.can('x/b', 'x/a:80')).toBe('partly');
  });

  it('through a Service the target ports, at each pod behind it', () => {
    const s = scenario([
      ...XWZ,
      service(
        'x/web',
        '{clusterIP: None, selector: {}, ports: [{port: 80, targetPort: alt}]}'.replace(
          'selector: {}',
          'selector: {pod: a}',
        ),
      ),
      WEB,
    ]);
    expect(cases(s, 'x/b', 'x/service/web')).toEqual(['IPv4 TCP 81 denied']);
    expect(s.explain('x/b', 'x/service/web').cases[0]!.toPod).toBe('x/Pod/a');
  });

  it('pods that could exist, addresses and nodes', () => {
    const s = scenario([
      ...XWZ,
      WEB,
      node('n1', '192.168.0.1'),
      pod('x/on', { labels: 'pod=a', ip: '10.0.9.1', node: 'n1' }),
    ]);
    expect(cases(s, 'x/pod=b,new=yes', 'x/a:80')).toEqual(['IPv4 TCP 80 allowed']);
    expect(cases(s, '192.0.2.1', 'x/a:80')).toEqual(['IPv4 TCP 80 denied']);
    expect(cases(s, 'x/a', '192.0.2.1:80')).toEqual(['IPv4 TCP 80 allowed']);
    expect(cases(s, 'node/n1', 'x/on:80')).toEqual(['IPv4 TCP 80 allowed']);
    expect(cases(s, 'node/n1', 'x/a:80')).toEqual(['IPv4 TCP 80 unknown: local-node']);
  });

  it('two ends outside of the cluster have no case, as can says', () => {
    const s = scenario(XWZ);
    const notes = ['both ends are outside of the cluster'];
    expect(s.explain('192.0.2.1', '198.51.100.1')).toMatchObject({ verdict: 'denied', cases: [], notes });
  });

  it('marks what unread input could change', () => {
    const s = scenario([
      ...XWZ,
      'apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: p, namespace: x}\nspec: {}',
    ]);
    const { incomplete } = s.explain('w/a', 'x/a:80');
    expect(incomplete).toHaveLength(1);
    expect(incomplete[0]).toMatchObject({ reason: 'not-understood', namespaces: ['x'] });
    const marked = s
      .map()
      .endpoints.filter((one) => one.incomplete)
      .map(({ key }) => key);
    expect(marked).toEqual(['x/Pod/a', 'x/Pod/b']);
  });

  it('refuses sets that nobody could read, and says what to ask instead', () => {
    const many = Array.from({ length: 11 }, (_, i) => deployment(`x/d${i}`, `app=d${i}`));
    expect(() => scenario([namespace('x'), ...many]).explain('x/', 'x/')).toThrow('121 pairs are too many to explain');
  });
});
