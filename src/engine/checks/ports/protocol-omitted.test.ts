import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';
import { pod, policy } from '../../../../test/support/shop-manifests.ts';

const ID = 'protocol-omitted';

const egress = (ports: string, to = 'to: [{ipBlock: {cidr: 203.0.113.0/24}}], ') =>
  policy(`policyTypes: [Egress], egress: [{${to}ports: [${ports}]}]`);
const ingress = (ports: string) => policy(`policyTypes: [Ingress], ingress: [{ports: [${ports}]}]`);

describe(ID, () => {
  it.each([
    ['{port: 53}', ['spec.egress[0].ports[0].port']],
    ['{port: 123}', ['spec.egress[0].ports[0].port']],
    ['{protocol: TCP, port: 53}', []],
    ['{protocol: UDP, port: 123}', []],
    ['{port: 53}, {protocol: UDP, port: 53}', []],
    ['{port: 53}, {protocol: UDP}', []],
    ['{port: 53}, {protocol: UDP, port: 50, endPort: 60}', []],
    ['{port: 443}', []],
    ['{port: 50, endPort: 60}', []],
    ['{port: dns}', []],
  ])('%s', (ports, paths) => {
    expect(problemsOf(egress(ports), ID).map(({ source }) => source.path)).toEqual(paths);
  });

  it.each([
    ['UDP', '{containerPort: 514, protocol: UDP}', '{port: 514}', 1],
    ['UDP at a port that says nothing', '{containerPort: 6831, protocol: UDP}', '{port: 6831}', 1],
    ['TCP', '{containerPort: 514}', '{port: 514}', 0],
    ['both', '{containerPort: 514}, {containerPort: 514, protocol: UDP}', '{port: 514}', 0],
    ['nothing, at a port that says nothing', '', '{port: 6831}', 0],
    ['nothing', '', '{port: 514}', 1],
    ['DNS by both', '{containerPort: 53}, {containerPort: 53, protocol: UDP}', '{port: 53}', 1],
  ])('pods declare %s', (_, declared, ports, count) => {
    expect(problemsOf(pod('web', 'shop', '', declared) + ingress(ports), ID)).toHaveLength(count);
  });

  it('takes what the peers declare on egress', () => {
    const text = pod('web') + pod('syslog', 'shop', '', '{containerPort: 514}');
    const peer = 'to: [{podSelector: {matchLabels: {app: syslog}}}], ';
    expect(problemsOf(text + egress('{port: 514}', peer), ID)).toEqual([]);
    expect(problemsOf(text + egress('{port: 514}', ''), ID)).toHaveLength(1);
  });

  it.each(['{port: 53}', '{port: 123}', '{port: 80}, {port: 53}'])('is mended either way: %s', (ports) => {
    const text = egress(ports);
    const [finding] = problemsOf(text, ID);
    for (const { title } of [finding!.fix!, ...(finding!.alternatives ?? [])]) proveFix(text, finding!, title);
  });

  it('says what is not opened', () => {
    const [finding] = problemsOf(pod('web') + egress('{port: 123}'), ID);
    expect(finding!.effect).toBe('opens 123/TCP and not 123/UDP for 1 pod in 1 namespace');
  });

  it('keeps TCP for DNS', () => {
    expect(problemsOf(egress('{port: 53}'), ID)[0]!.fix!.title).toBe('allow 53/UDP beside 53/TCP');
    expect(problemsOf(egress('{port: 123}'), ID)[0]!.fix!.title).toBe('write protocol: UDP');
  });
});
