import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../../test/support/lint.ts';
import { proveFix } from '../../../../test/support/prove-fix.ts';

const pod = (name: string, spec: string, app = name) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop, labels: {app: ${app}}}
spec: {${spec}}
---`;
const ports = (list: string) => `containers: [{name: main, ports: [${list}]}]`;
const policy = (direction: 'ingress' | 'egress', port: string, peer = '{podSelector: {matchLabels: {app: web}}}') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec:
  podSelector: {matchLabels: {app: ${direction === 'ingress' ? 'web' : 'api'}}}
  policyTypes: [${direction === 'ingress' ? 'Ingress' : 'Egress'}]
  ${direction}: [{${direction === 'ingress' ? 'from' : 'to'}: [${peer}], ports: [${port}]}]
---`;
const HTTP = pod('web', ports('{name: http, containerPort: 8080}'));
const API = pod('api', ports(''));
const ID = 'port-name-unknown';

describe('port-name-unknown', () => {
  it.each([
    ['the name', HTTP, '{port: http}', undefined],
    ['another name', HTTP, '{port: htp}', 'none of the pods has a port named "htp"'],
    ['another protocol', HTTP, '{port: http, protocol: UDP}', 'one of TCP'],
    ['no names', pod('web', ports('')), '{port: http}', 'none of the pods has a port named "http"'],
    ['a name of some of the pods', HTTP + pod('web-2', ports(''), 'web'), '{port: http}', undefined],
    [
      'a name of an init container',
      pod('web', `${ports('')}, initContainers: [{name: i, ports: [{name: http, containerPort: 1}]}]`),
      '{port: http}',
      'only init containers',
    ],
    [
      'a name of a sidecar',
      pod(
        'web',
        `${ports('')}, initContainers: [{name: i, restartPolicy: Always, ports: [{name: http, containerPort: 1}]}]`,
      ),
      '{port: http}',
      undefined,
    ],
    ['no pods', '', '{port: http}', undefined],
    ['a number', HTTP, '{port: 80}', undefined],
  ])('%s', (_, pods, port, words) => {
    for (const direction of ['ingress', 'egress'] as const) {
      const text = pods + API + policy(direction, port);
      const findings = problemsOf(text, ID);
      expect(findings.map(({ message }) => message)).toEqual(
        words === undefined ? [] : [expect.stringContaining(words)],
      );
      expect(findings.map(({ source }) => source.path)).toEqual(
        words === undefined ? [] : [`spec.${direction}[0].ports[0]`],
      );
    }
  });

  it('suggests near names, else lists those that are there', () => {
    expect(problemsOf(HTTP + policy('ingress', '{port: htp}'), ID)[0]!.hint).toBe('did you mean http?');
    expect(problemsOf(HTTP + policy('ingress', '{port: metrics}'), ID)[0]!.hint).toBe('they have http');
    expect(problemsOf(pod('web', ports('')) + policy('ingress', '{port: http}'), ID)[0]!.hint).toContain(
      'name the port in the containers',
    );
  });

  it('is mended by the protocol of the name', () => {
    const text = pod('web', ports('{name: dns, containerPort: 53, protocol: UDP}')) + policy('ingress', '{port: dns}');
    proveFix(text, problemsOf(text, ID)[0]!);
  });

  it('asks no pods of whoever is meant without peers', () => {
    const text =
      HTTP + API + policy('egress', '{port: nowhere}').replace('to: [{podSelector: {matchLabels: {app: web}}}], ', '');
    expect(problemsOf(text, ID)).toEqual([]);
  });

  it('speaks of different numbers only where the plugin reads one for the whole cluster', () => {
    const text = HTTP + pod('db', ports('{name: http, containerPort: 9090}')) + API + policy('egress', '{port: http}');
    expect(problemsOf(text, ID)).toEqual([]);
    const settings = { assume: ['egressNamedPorts=clusterWide'] };
    const [finding] = problemsOf(text, ID, settings);
    expect(finding!.message).toContain('as one number for the whole cluster');
    expect(finding!.effect).toBe('opens nothing for 1 pod in 1 namespace: 8080, 9090');
    expect(problemsOf(HTTP + API + policy('egress', '{port: http}'), ID, settings)).toEqual([]);
    expect(problemsOf(HTTP + API + policy('egress', '{port: absent}'), ID, settings)[0]!.message).toContain(
      'no pod has a port named "absent"',
    );
    expect(
      problemsOf(text + policy('ingress', '{port: http}').replace('name: p,', 'name: q,'), ID, settings),
    ).toHaveLength(1);
  });
});
