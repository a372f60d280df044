import { describe, expect, it } from 'vitest';
import { namespace, pod, scenario, service } from '../../../test/support/scenario.ts';
import { printCidrs } from '../sets/ip-address.ts';
import { trafficKey } from '../sets/traffic-set.ts';
import { findTargets } from './service-targets.ts';

/** Pods behind x/s with the traffic that reaches them; then addresses outside, if any. */
function targets(spec: string, ...texts: string[]): string[] {
  const { cluster } = scenario([namespace('x'), service('x/s', spec), ...texts]).state;
  const found = findTargets(cluster, cluster.services.find(({ name }) => name === 's')!);
  const pods = [...found.pods].map(([one, set]) => `${one.namespace}/${one.name} ${trafficKey(set)}`);
  const outside = found.outside.flatMap(({ addresses, traffic }) =>
    printCidrs(addresses).map((cidr) => `${cidr} ${trafficKey(traffic)}`),
  );
  return [...pods, ...outside];
}

const A = pod('x/a', { labels: 'app=web', ip: '10.0.0.1', ports: 'http=8080,dns=53/UDP' });
const slice = (endpoints: string, ports: string) =>
  `apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: s-1, namespace: x, labels: {kubernetes.io/service-name: s}}\naddressType: IPv4\nendpoints: ${endpoints}\nports: ${ports}`;

describe('findTargets', () => {
  it.each([
    ['a number', '{port: 80, targetPort: 8080}', 'TCP:8080,8081'],
    ['a name', '{port: 80, targetPort: http}', 'TCP:8080,8081'],
    ['nothing: the port itself', '{port: 80}', 'TCP:80,81'],
    ['a name of another protocol', '{port: 80, targetPort: dns}', ''],
    ['a name with its protocol', '{port: 80, protocol: UDP, targetPort: dns}', 'UDP:53,54'],
    ['a name that the pod lacks', '{port: 80, targetPort: nope}', ''],
  ])('targetPort is %s', (_what, port, expected) => {
    expect(targets(`{selector: {app: web}, ports: [${port}]}`, A)).toEqual([`x/a ${expected}`]);
  });

  it('several ports add up', () => {
    expect(
      targets('{selector: {app: web}, ports: [{name: a, port: 80, targetPort: http}, {name: b, port: 81}]}', A),
    ).toEqual(['x/a TCP:81,82,8080,8081']);
  });

  it('selects pods of its own namespace that have all labels', () => {
    const others = [pod('w/a', { labels: 'app=web' }), pod('x/b', { labels: 'app=db' })];
    expect(targets('{selector: {app: web}, ports: [{port: 80}]}', A, ...others)).toEqual(['x/a TCP:80,81']);
  });

  it('a headless Service without ports names pods on whatever port', () => {
    expect(targets('{clusterIP: None, selector: {app: web}}', A)).toEqual(['x/a TCP:1,65536 UDP:1,65536 SCTP:1,65536']);
  });

  it('without a selector its endpoints are those of EndpointSlices: pods by address, other addresses as they are', () => {
    const text = slice('[{addresses: [10.0.0.1]}, {addresses: [192.0.2.5]}]', '[{port: 5432, protocol: TCP}]');
    expect(targets('{ports: [{port: 5432}]}', A, text)).toEqual(['x/a TCP:5432,5433', '192.0.2.5/32 TCP:5432,5433']);
  });

  it('ports of slices and Services belong together by name', () => {
    const text = slice(
      '[{addresses: [192.0.2.5]}]',
      '[{name: web, port: 8080, protocol: TCP}, {name: admin, port: 9090, protocol: TCP}]',
    );
    expect(targets('{ports: [{name: web, port: 80}]}', text)).toEqual(['192.0.2.5/32 TCP:8080,8081']);
  });

  it('each address has the ports of its own slices', () => {
    const one = slice('[{addresses: [192.0.2.5]}]', '[{port: 81, protocol: TCP}]');
    const other = slice('[{addresses: [192.0.2.6]}, {addresses: [192.0.2.8]}]', '[{port: 82, protocol: TCP}]');
    expect(targets('{ports: [{port: 80}]}', one, other.replace('s-1', 's-2'))).toEqual([
      '192.0.2.5/32 TCP:81,82',
      '192.0.2.6/32 TCP:82,83',
      '192.0.2.8/32 TCP:82,83',
    ]);
  });

  it('a slice of another Service or namespace does not count', () => {
    const text = slice('[{addresses: [192.0.2.5]}]', '[{port: 80, protocol: TCP}]');
    expect(targets('{ports: [{port: 80}]}', text.replace('service-name: s', 'service-name: t'))).toEqual([]);
    expect(targets('{ports: [{port: 80}]}', text.replace('namespace: x', 'namespace: w'))).toEqual([]);
  });

  it('Endpoints objects are read as slices', () => {
    const text =
      'apiVersion: v1\nkind: Endpoints\nmetadata: {name: s, namespace: x}\nsubsets: [{addresses: [{ip: 192.0.2.5}], ports: [{port: 80}]}]';
    expect(targets('{ports: [{port: 80}]}', text)).toEqual(['192.0.2.5/32 TCP:80,81']);
  });

  it('an ExternalName has none', () => {
    expect(targets('{type: ExternalName, externalName: example.com, selector: {app: web}}', A)).toEqual([]);
  });
});
