import { describe, expect, it } from 'vitest';
import { namespace, node, object, pod, scenario, service } from '../../../test/support/scenario.ts';
import { contains, overlaps } from '../sets/ip-set.ts';
import { trafficKey } from '../sets/traffic-set.ts';
import { worldOf } from './world.ts';

const A = pod('x/a', { labels: 'app=web', ip: '10.0.0.1', ports: 'http=8080' });
const spec = (type: string, more = '') =>
  `{type: ${type}, selector: {app: web}, ports: [{name: web, port: 80, targetPort: http}]${more}}`;
const route = (backends: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: site, namespace: x}\nspec: {rules: [{http: {paths: [${backends}]}}]}`;
const backend = (name: string, port: string) =>
  `{path: /${name}, pathType: Prefix, backend: {service: {name: ${name}, port: ${port}}}}`;

function entries(...texts: string[]) {
  return worldOf(scenario([namespace('x'), node('n1', '172.16.0.1'), A, ...texts]).state).entries();
}

/** Each entry as `key -> target traffic`. */
function listed(...texts: string[]): string[] {
  return entries(...texts).map((unit) => {
    const targets = unit.type === 'entry' ? unit.entry.targets : [];
    return `${unit.endpoint.key} -> ${targets.map(({ key, traffic }) => `${key} ${trafficKey(traffic)}`).join(', ')}`;
  });
}

describe('entryUnits', () => {
  it.each([
    ['LoadBalancer', spec('LoadBalancer'), 'LoadBalancer'],
    ['NodePort', spec('NodePort'), 'NodePort'],
    ['ExternalIP', spec('ClusterIP', ', externalIPs: [192.0.2.9]'), 'ExternalIP'],
  ])('a %s Service is a way in', (_kind, text, kind) => {
    expect(listed(service('x/web', text))).toEqual([`entry/x/${kind}/web -> x/Pod/a TCP:8080,8081`]);
  });

  it('a ClusterIP Service is none, nor is one with no pods behind it', () => {
    expect(listed(service('x/web', spec('ClusterIP')))).toEqual([]);
    expect(listed(service('x/web', spec('NodePort').replace('app: web', 'app: none')))).toEqual([]);
    expect(listed(service('x/web', spec('NodePort').replace('targetPort: http', 'targetPort: none')))).toEqual([]);
  });

  it('an Ingress leads to the ports of its backends, by number or name, each once', () => {
    const web = service(
      'x/web',
      '{selector: {app: web}, ports: [{name: web, port: 80, targetPort: http}, {name: admin, port: 81, targetPort: 9090}]}',
    );
    expect(listed(web, route(backend('web', '{number: 80}')))).toEqual([
      'entry/x/Ingress/site -> x/Pod/a TCP:8080,8081',
    ]);
    expect(listed(web, route(backend('web', '{name: admin}')))).toEqual([
      'entry/x/Ingress/site -> x/Pod/a TCP:9090,9091',
    ]);
    expect(listed(web, route(`${backend('web', '{number: 80}')}, ${backend('web', '{number: 81}')}`))).toEqual([
      'entry/x/Ingress/site -> x/Pod/a TCP:8080,8081,9090,9091',
    ]);
    expect(listed(web, route(backend('nowhere', '{number: 80}')))).toEqual([]);
  });

  it('a Route of OpenShift leads to TCP ports of its Services’ endpoints, or to those of its targetPort', () => {
    const web = service(
      'x/web',
      '{selector: {app: web}, ports: [{name: web, port: 80, targetPort: http}, {name: admin, port: 81, targetPort: 9090}, {name: dns, port: 53, protocol: UDP}]}',
    );
    const openShift = (more = '') => object('route.openshift.io/v1', 'Route', 'x/site', `{to: {name: web}${more}}`);
    const port = (target: string) => listed(web, openShift(`, port: {targetPort: ${target}}`));
    expect(listed(web, openShift())).toEqual(['entry/x/Route/site -> x/Pod/a TCP:8080,8081,9090,9091']);
    // A name is that of the Service's port, a number that of the pod's.
    expect(port('web')).toEqual(['entry/x/Route/site -> x/Pod/a TCP:8080,8081']);
    expect(port('9090')).toEqual(['entry/x/Route/site -> x/Pod/a TCP:9090,9091']);
    expect([port('http'), port('80'), port('dns'), port('53')]).toEqual([[], [], [], []]);
  });

  it('a Route leads to its alternate backends, too, and to nothing in other namespaces', () => {
    const services = [service('x/web', spec('ClusterIP')), service('w/api', spec('ClusterIP'))];
    const to = (name: string) =>
      object('route.openshift.io/v1', 'Route', 'x/site', `{to: {name: ${name}}, alternateBackends: [{name: web}]}`);
    expect(listed(...services, to('none'))).toEqual(['entry/x/Route/site -> x/Pod/a TCP:8080,8081']);
    expect(listed(...services, to('api'))).toEqual(['entry/x/Route/site -> x/Pod/a TCP:8080,8081']);
  });

  it('Services that are not in the input are said', () => {
    const remarks = worldOf(scenario([A, route(backend('nowhere', '{number: 80}'))]).state).entryRemarks();
    expect(remarks).toMatchObject([{ about: 'missing', route: { kind: 'Ingress', name: 'site' }, what: 'x/nowhere' }]);
  });

  it('with traffic policy Cluster a node may stand in for the client, with Local none does', () => {
    const [cluster] = entries(service('x/web', spec('NodePort')));
    const [local] = entries(service('x/web', spec('NodePort', ', externalTrafficPolicy: Local')));
    const nodeAddress = { family: 'IPv4', value: ((172 << 24) >>> 0) + (16 << 16) + 1 } as const;
    expect([cluster!.endpoint.ownNode, local!.endpoint.ownNode]).toEqual(['source-nat', undefined]);
    expect([
      contains(cluster!.endpoint.addresses, nodeAddress),
      contains(local!.endpoint.addresses, nodeAddress),
    ]).toEqual([true, false]);
  });

  it('clients are outside of the ranges of pods', () => {
    const [local] = entries(service('x/web', spec('NodePort', ', externalTrafficPolicy: Local')));
    expect(overlaps(local!.endpoint.addresses, { v4: [0x0a000001, 0x0a000002], v6: [] })).toBe(false);
  });
});
