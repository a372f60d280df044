// Semantics 1.7: destination ports, their names and protocols.

import { describe, expect, it } from 'vitest';
import { namespace, pod, policy, scenario, service, XWZ } from '../support/scenario.ts';

const ingress = (ports: string) => policy('x/p', `{podSelector: {}, ingress: [{ports: ${ports}}]}`);
const egress = (ports: string, to = '') =>
  policy('x/p', `{podSelector: {}, policyTypes: [Egress], egress: [{${to}ports: ${ports}}]}`);

describe('1.7 ports', () => {
  it('P1: protocol and port must both match', () => {
    const s = scenario([...XWZ, ingress('[{protocol: UDP, port: 53}, {port: 80}]')]);
    expect(s.can('w/a', 'x/a:53/udp')).toBe('allowed');
    expect(s.can('w/a', 'x/a:53')).toBe('denied');
    expect(s.can('w/a', 'x/a:80')).toBe('allowed');
    expect(s.can('w/a', 'x/a:80/udp')).toBe('denied');
  });

  it("P1: only the destination's port counts: the source's open ports do not matter", () => {
    const s = scenario([...XWZ, egress('[{port: 9999}]')]);
    expect(s.can('x/a', 'w/a:9999')).toBe('allowed');
    expect(s.can('x/a', 'w/a:80')).toBe('denied');
    expect(s.can('w/a', 'x/a:80')).toBe('allowed');
  });

  it('P2: a number opens that port, declared by the pod or not', () => {
    const s = scenario([...XWZ, ingress('[{port: 9999}]')]);
    expect(s.can('w/a', 'x/a:9999')).toBe('allowed');
    expect(s.can('w/a', 'x/a:80')).toBe('denied');
  });

  it('P3: endPort is inclusive', () => {
    const s = scenario([...XWZ, ingress('[{port: 8000, endPort: 8010}]')]);
    const at = (port: number) => s.can('w/a', `x/a:${port}`);
    expect([7999, 8000, 8005, 8010, 8011].map(at)).toEqual(['denied', 'allowed', 'allowed', 'allowed', 'denied']);
    expect(s.can('w/a', 'x/a:8000-8010')).toBe('allowed');
    expect(s.can('w/a', 'x/a:8000-8011')).toBe('partly');
  });

  it('P3: endPort may equal port', () => {
    const s = scenario([...XWZ, ingress('[{port: 8000, endPort: 8000}]')]);
    expect([7999, 8000, 8001].map((port) => s.can('w/a', `x/a:${port}`))).toEqual(['denied', 'allowed', 'denied']);
  });

  it.each([
    ['with a name', '{port: web, endPort: 90}'],
    ['below port', '{port: 80, endPort: 79}'],
    ['without port', '{endPort: 80}'],
  ])('P3: endPort %s is refused', (_how, entry) => {
    const s = scenario([...XWZ, ingress(`[${entry}]`)], { mayRefuse: true });
    expect(s.findings.some((one) => one.startsWith('refused') && one.includes('spec.ingress[0].ports[0]'))).toBe(true);
    expect(s.can('w/a', 'x/a')).toBe('allowed');
  });

  it('P3 knob endPort=portOnly: only port itself is open', () => {
    const s = scenario([...XWZ, ingress('[{port: 8000, endPort: 8010}]')], { assume: ['endPort=portOnly'] });
    expect([8000, 8001, 8010].map((port) => s.can('w/a', `x/a:${port}`))).toEqual(['allowed', 'denied', 'denied']);
  });

  it("P4: on ingress a name is the selected pod's, and may be another number on each pod", () => {
    const world = [namespace('x'), pod('x/a', { ports: 'web=80' }), pod('x/b', { ports: 'web=8080' }), pod('x/c')];
    const s = scenario([...world, ingress('[{port: web}]')]);
    expect(s.can('x/c', 'x/a:80')).toBe('allowed');
    expect(s.can('x/c', 'x/a:8080')).toBe('denied');
    expect(s.can('x/c', 'x/b:8080')).toBe('allowed');
    expect(s.can('x/c', 'x/b:80')).toBe('denied');
    expect(s.can('x/a', 'x/c')).toBe('denied');
  });

  it("P4: on egress a name is the peer's; without to it is any pod's that has it", () => {
    const world = [
      namespace('x'),
      namespace('w'),
      pod('x/a'),
      pod('w/a', { ports: 'web=80' }),
      pod('w/b', { ports: 'web=8080' }),
      pod('w/c'),
    ];
    const s = scenario([...world, egress('[{port: web}]')]);
    expect(s.can('x/a', 'w/a:80')).toBe('allowed');
    expect(s.can('x/a', 'w/a:8080')).toBe('denied');
    expect(s.can('x/a', 'w/b:8080')).toBe('allowed');
    expect(s.can('x/a', 'w/c')).toBe('denied');
  });

  it('P4: addresses and nodes have no names', () => {
    const s = scenario([...XWZ, egress('[{port: web}]')]);
    expect(s.can('x/a', '192.0.2.1:80')).toBe('denied');
    expect(s.can('x/a', '192.0.2.1')).toBe('denied');
  });

  it('P4: a named port with an ipBlock peer matches the pod that has the address', () => {
    const s = scenario([...XWZ, egress('[{port: web}]', 'to: [{ipBlock: {cidr: 10.0.2.0/24}}], ')]);
    expect(s.can('x/a', 'w/a:80')).toBe('allowed');
    expect(s.can('x/a', 'w/a:81')).toBe('denied');
    expect(s.can('x/a', 'z/a:80')).toBe('denied');
    expect(s.can('x/a', '10.0.2.99:80')).toBe('denied');
  });

  it.each([
    ['a name of another protocol matches nothing', '[{port: dns}]', 'denied denied'],
    ['a name with its protocol matches', '[{protocol: UDP, port: dns}]', 'denied allowed'],
    ['a name that the pod lacks matches nothing', '[{port: nowhere}]', 'denied denied'],
  ])('P4: %s', (_meaning, ports, expected) => {
    const s = scenario([...XWZ, ingress(ports)]);
    expect(['tcp', 'udp'].map((one) => s.can('w/a', `x/a:53/${one}`)).join(' ')).toBe(expected);
  });

  it('P4: containerPort.protocol is TCP by default', () => {
    const s = scenario([
      namespace('x'),
      pod('x/a', { ports: 'dns=53' }),
      pod('x/b'),
      ingress('[{protocol: UDP, port: dns}]'),
    ]);
    expect(s.can('x/b', 'x/a:53/udp')).toBe('denied');
  });

  it('P4: a name that two ports share opens both', () => {
    const s = scenario([
      namespace('x'),
      pod('x/a', { ports: 'web=80,web=8080' }),
      pod('x/b'),
      ingress('[{port: web}]'),
    ]);
    expect([80, 8080, 81].map((port) => s.can('x/b', `x/a:${port}`))).toEqual(['allowed', 'allowed', 'denied']);
  });

  it.each([
    ['restartable', 'denied', 'allowed', 'allowed'],
    ['all', 'allowed', 'allowed', 'allowed'],
    ['none', 'denied', 'denied', 'allowed'],
  ])(
    'P4 knob sidecarNamedPorts=%s: names of init containers %s, of sidecars %s, of containers %s',
    (knob, init, sidecar, container) => {
      const own = pod('x/a', { ports: 'web=80', sidecar: 'metrics=9090', init: 'setup=7070' });
      const s = scenario([namespace('x'), own, pod('x/b'), ingress('[{port: web}, {port: metrics}, {port: setup}]')], {
        assume: [`sidecarNamedPorts=${knob}`],
      });
      expect([7070, 9090, 80].map((port) => s.can('x/b', `x/a:${port}`))).toEqual([init, sidecar, container]);
    },
  );

  it('P4: by default the ports of sidecars count, those of other init containers do not', () => {
    const own = pod('x/a', { sidecar: 'metrics=9090', init: 'setup=7070' });
    const s = scenario([namespace('x'), own, pod('x/b'), ingress('[{port: metrics}, {port: setup}]')]);
    expect([9090, 7070].map((port) => s.can('x/b', `x/a:${port}`))).toEqual(['allowed', 'denied']);
  });

  it("P4: the target port of a Service is looked up first, then the policy sees the pod's port", () => {
    const world = [namespace('x'), pod('x/a', { ports: 'web=8080' }), pod('x/b')];
    const s = scenario([
      ...world,
      service('x/s', '{selector: {pod: a}, ports: [{port: 80, targetPort: web}]}'),
      ingress('[{port: 8080}]'),
    ]);
    expect(s.can('x/b', 'x/service/s:80')).toBe('allowed');
    expect(s.can('x/b', 'x/a:80')).toBe('denied');
  });

  it('P4: the ports of a pod that could exist are unknown', () => {
    const s = scenario([...XWZ, ingress('[{port: web}]')]);
    expect(s.can('w/a', 'x/pod=new:80')).toBe('unknown: pod-ports');
  });

  it('P5: an SCTP entry never admits TCP, and isolates nevertheless', () => {
    const s = scenario([...XWZ, ingress('[{protocol: SCTP, port: 80}]')]);
    expect(s.can('w/a', 'x/a:80/sctp')).toBe('allowed');
    expect(s.can('w/a', 'x/a:80')).toBe('denied');
    expect(s.can('w/a', 'x/a:81/sctp')).toBe('denied');
  });

  it('P5 knob sctp=unknown: SCTP of an isolated pod is unknown, TCP is decided', () => {
    const s = scenario([...XWZ, ingress('[{protocol: SCTP, port: 80}]')], { assume: ['sctp=unknown'] });
    expect(s.can('w/a', 'x/a:80/sctp')).toBe('unknown: sctp');
    expect(s.can('w/a', 'x/a:80')).toBe('denied');
    expect(s.can('x/a', 'w/a:80/sctp')).toBe('allowed');
  });

  it.each(['tcp', 'ICMP', 'HTTP', '""'])('P5: protocol %s is refused', (protocol) => {
    const s = scenario([...XWZ, ingress(`[{protocol: ${protocol}, port: 80}]`)], { mayRefuse: true });
    expect(s.findings.some((one) => one.startsWith('refused'))).toBe(true);
  });

  it('P6: what an isolated pod does with ICMP is undefined', () => {
    const s = scenario([...XWZ, policy('x/p', '{podSelector: {}}')], { protocols: ['ICMP'] });
    expect(s.can('w/a', 'x/a')).toBe('unknown: icmp');
    expect(s.can('x/a', 'w/a')).toBe('allowed');
  });

  it.each([
    ['a rule without ports matches', '{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}', 'allowed'],
    ['a rule with ports does not', '{podSelector: {}, ingress: [{ports: [{port: 80}, {protocol: UDP}]}]}', 'denied'],
    ['no rule denies', '{podSelector: {}}', 'denied'],
  ])('P6 knob icmp=portlessRules: %s', (_meaning, spec, expected) => {
    const s = scenario([...XWZ, policy('x/p', spec)], {
      protocols: ['ICMP', 'ICMPv6'],
      assume: ['icmp=portlessRules'],
    });
    expect(s.can('w/a', 'x/a')).toBe(expected);
  });

  it('P6 knob portlessRuleProtocols=TCP,UDP,SCTP: rules without ports do not match ICMP', () => {
    const text = policy('x/p', '{podSelector: {}, ingress: [{}]}');
    const assume = ['icmp=portlessRules', 'portlessRuleProtocols=TCP,UDP,SCTP'];
    expect(scenario([...XWZ, text], { protocols: ['ICMP'], assume }).can('w/a', 'x/a')).toBe('denied');
    expect(scenario([...XWZ, text], { assume }).can('w/a', 'x/a')).toBe('allowed');
  });

  it('P7: rules match pod ports, not Service ports', () => {
    const web = service('x/web', '{selector: {pod: a}, ports: [{port: 8000, targetPort: 80}]}');
    expect(scenario([...XWZ, web, ingress('[{port: 80}]')]).can('w/a', 'x/service/web:8000')).toBe('allowed');
    expect(scenario([...XWZ, web, ingress('[{port: 8000}]')]).can('w/a', 'x/service/web:8000')).toBe('denied');
  });
});

describe('what is said where the verdict depends on sidecars', () => {
  const pods = (list: string) => `
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: x}
spec: {${list}}
status: {podIPs: [{ip: 10.0.0.1}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: x}
spec: {podSelector: {}, ingress: [{ports: [{port: web}]}]}
`;
  const SIDECAR =
    'containers: [{name: c}], initContainers: [{name: s, restartPolicy: Always, ports: [{name: web, containerPort: 80}]}]';

  it('P4: an assumption names it, unless the user has said it', () => {
    const said = (text: string, assume: string[] = []) =>
      scenario([pods(text)], { assume })
        .map()
        .assumptions.some((one) => one.includes('sidecars'));
    expect(said(SIDECAR)).toBe(true);
    expect(said('containers: [{name: c, ports: [{name: web, containerPort: 80}]}]')).toBe(false);
    expect(said(SIDECAR, ['sidecarNamedPorts=restartable'])).toBe(false);
  });
});
