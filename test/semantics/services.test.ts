// Semantics 1.10: Services, what stands behind them, and ways into the cluster.

import { describe, expect, it } from 'vitest';
import { namespace, node, pod, policy, type Scenario, scenario, service, XWZ } from '../support/scenario.ts';

const A_80 = policy(
  'x/p',
  '{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: w}}}], ports: [{port: 80}]}]}',
);

describe('1.10 Services', () => {
  it('S1: a Service is its endpoints on their target ports: all of them allowed', () => {
    const web = service('x/web', '{selector: {}, ports: [{port: 8000, targetPort: 80}]}').replace('{}', '{pod: a}');
    const s = scenario([...XWZ, web, A_80]);
    expect(s.can('w/a', 'x/service/web')).toBe('allowed');
    expect(s.can('w/a', 'x/service/web:8000')).toBe('allowed');
    expect(s.can('z/a', 'x/service/web')).toBe('denied');
  });

  it('S1: some of the endpoints reachable is partly', () => {
    const world = [
      namespace('x'),
      pod('x/a', { labels: 'app=web,v=1', ip: '10.0.0.1' }),
      pod('x/b', { labels: 'app=web,v=2', ip: '10.0.0.2' }),
      pod('x/c'),
    ];
    const web = service('x/web', '{selector: {app: web}, ports: [{port: 80}]}');
    const s = scenario([...world, web, policy('x/p', '{podSelector: {matchLabels: {v: "2"}}}')]);
    expect(s.can('x/c', 'x/service/web')).toBe('partly');
  });

  it('S1: a named target port may be another number on each endpoint', () => {
    const world = [
      namespace('x'),
      pod('x/a', { labels: 'app=web', ports: 'web=80' }),
      pod('x/b', { labels: 'app=web', ports: 'web=8080' }),
      pod('x/c'),
    ];
    const web = service('x/web', '{selector: {app: web}, ports: [{port: 1, targetPort: web}]}');
    const open = (port: number) =>
      policy('x/p', `{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: ${port}}]}]}`);
    expect(scenario([...world, web, open(80)]).can('x/c', 'x/service/web')).toBe('partly');
    const both = policy('x/p', '{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: web}]}]}');
    expect(scenario([...world, web, both]).can('x/c', 'x/service/web')).toBe('allowed');
  });

  it('S1: a Service without endpoints, or without that port, is an error and no answer', () => {
    const none = service('x/none', '{selector: {app: nobody}, ports: [{port: 80}]}');
    expect(() => scenario([...XWZ, none]).can('w/a', 'x/service/none')).toThrow('has no endpoints');
    const web = service('x/web', '{selector: {pod: a}, ports: [{port: 8000}]}');
    expect(() => scenario([...XWZ, web]).can('w/a', 'x/service/web:80')).toThrow('has no port 80');
  });

  const WEB = service('x/web', '{selector: {pod: a}, clusterIP: 10.96.0.7, ports: [{port: 8000, targetPort: 80}]}');
  const egress = (rule: string) => policy('w/p', `{podSelector: {}, policyTypes: [Egress], egress: [${rule}]}`);
  const through = (rule: string, ...assume: string[]) =>
    scenario([...XWZ, WEB, egress(rule)], { assume }).can('w/a', 'x/service/web');

  it('S2: policies see the pod behind a Service, not the address of the Service', () => {
    expect(through('{to: [{ipBlock: {cidr: 10.96.0.0/12}}]}')).toBe('denied');
    expect(through('{to: [{ipBlock: {cidr: 10.0.1.1/32}}]}')).toBe('allowed');
    expect(through('{ports: [{port: 8000}]}')).toBe('denied');
    expect(through('{ports: [{port: 80}]}')).toBe('allowed');
  });

  it.each([
    ['a rule names the port of the Service', '{ports: [{port: 8000}]}', 'unknown: service-view'],
    ['a rule names the port of the pod', '{ports: [{port: 80}]}', 'unknown: service-view'],
    ['a rule names the port by name', '{ports: [{port: web}]}', 'unknown: service-view'],
    ['a rule names the block of the Services', '{to: [{ipBlock: {cidr: 10.96.0.0/12}}]}', 'unknown: service-view'],
    ['a rule names the block of the pods', '{to: [{ipBlock: {cidr: 10.0.1.0/24}}]}', 'unknown: service-view'],
    ['a block holds every address', '{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}', 'allowed'],
    ['rules name neither ports nor blocks', '{to: [{namespaceSelector: {matchLabels: {ns: x}}}]}', 'allowed'],
    ['no rule names the pod', '{to: [{namespaceSelector: {matchLabels: {ns: z}}}]}', 'denied'],
  ])('S2 knob serviceView=preDNAT: %s: %s', (_meaning, rule, expected) => {
    expect(through(rule, 'serviceView=preDNAT')).toBe(expected);
  });

  it('S2 knob serviceView=preDNAT: nothing changes for pods, for ingress rules, or where both ports are one', () => {
    const assume = ['serviceView=preDNAT'];
    expect(scenario([...XWZ, WEB, egress('{ports: [{port: 80}]}')], { assume }).can('w/a', 'x/a:80')).toBe('allowed');
    expect(scenario([...XWZ, WEB, A_80], { assume }).can('w/a', 'x/service/web')).toBe('allowed');
    const same = service('x/web', '{selector: {pod: a}, ports: [{port: 80}]}');
    expect(scenario([...XWZ, same, egress('{ports: [{port: 80}]}')], { assume }).can('w/a', 'x/service/web')).toBe(
      'allowed',
    );
  });

  it('S2: preDNAT and a headless Service: there is no other address or port', () => {
    const headless = service('x/web', '{selector: {pod: a}, clusterIP: None, ports: [{port: 80}]}');
    const s = scenario([...XWZ, headless, egress('{to: [{ipBlock: {cidr: 10.0.1.1/32}}]}')], {
      assume: ['serviceView=preDNAT'],
    });
    expect(s.can('w/a', 'x/service/web')).toBe('allowed');
  });

  it('S4: endpoints outside of the cluster are judged by their addresses', () => {
    const db = service('x/db', '{ports: [{port: 5432}]}');
    const slice =
      '{"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": {"name": "db-1", "namespace": "x", "labels": {"kubernetes.io/service-name": "db"}}, "addressType": "IPv4", "endpoints": [{"addresses": ["192.0.2.5"]}], "ports": [{"port": 5432, "protocol": "TCP"}]}';
    expect(
      scenario([...XWZ, db, slice, egress('{to: [{ipBlock: {cidr: 192.0.2.0/24}}]}')]).can('w/a', 'x/service/db'),
    ).toBe('allowed');
    expect(scenario([...XWZ, db, slice, egress('{to: [{namespaceSelector: {}}]}')]).can('w/a', 'x/service/db')).toBe(
      'denied',
    );
  });

  it('S4: the addresses of an ExternalName are unknown', () => {
    const name = service('x/db', '{type: ExternalName, externalName: db.example.com}');
    expect(scenario([...XWZ, name, egress('{to: [{ipBlock: {cidr: 192.0.2.0/24}}]}')]).can('w/a', 'x/service/db')).toBe(
      'unknown: domain-name',
    );
    expect(scenario([...XWZ, name, egress('{}')]).can('w/a', 'x/service/db')).toBe('allowed');
  });

  it('S2: the address of a Service stands for the Service', () => {
    const s = scenario([...XWZ, WEB, egress('{ports: [{port: 80}]}')]);
    expect(s.can('w/a', '10.96.0.7:8000')).toBe('allowed');
    expect(() => s.can('w/a', '10.96.0.7:80')).toThrow('has no port 80');
    expect(s.can('w/a', '10.96.0.8:80')).toBe('allowed');
    expect(s.can('w/a', '10.96.0.8:8000')).toBe('denied');
  });

  it('S4 knob domainMap: an ExternalName leads to its known addresses', () => {
    const name = service('x/db', '{type: ExternalName, externalName: db.example.com}');
    const open = egress('{to: [{ipBlock: {cidr: 192.0.2.0/24}}]}');
    const at = (cidr: string) =>
      scenario([...XWZ, name, open], { assume: [`domainMap=db.example.com:${cidr}`] }).can('w/a', 'x/service/db:5432');
    expect(at('192.0.2.5/32')).toBe('allowed');
    expect(at('198.51.100.5/32')).toBe('denied');
    expect(at('192.0.2.5/32+198.51.100.5/32')).toBe('partly');
  });

  it('S5: a headless Service is its pods', () => {
    const headless = service('x/web', '{selector: {pod: a}, clusterIP: None, ports: [{port: 80}]}');
    const s = scenario([...XWZ, headless, A_80]);
    expect(s.can('w/a', 'x/service/web')).toBe('allowed');
    expect(s.can('z/a', 'x/service/web')).toBe('denied');
  });

  it('S6: the API server is outside of the pod network: only blocks and rules without peers reach it', () => {
    const api =
      '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "kubernetes", "namespace": "default"}, "spec": {"clusterIP": "10.96.0.1", "ports": [{"name": "https", "port": 443, "targetPort": 6443}]}}';
    const points =
      '{"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "kubernetes", "namespace": "default"}, "subsets": [{"addresses": [{"ip": "172.16.0.9"}], "ports": [{"name": "https", "port": 6443}]}]}';
    const can = (rule: string) =>
      scenario([...XWZ, namespace('default'), api, points, egress(rule)]).can('w/a', 'default/service/kubernetes');
    expect(can('{to: [{namespaceSelector: {}}]}')).toBe('denied');
    expect(can('{to: [{ipBlock: {cidr: 172.16.0.9/32}}]}')).toBe('allowed');
    expect(can('{ports: [{port: 6443}]}')).toBe('allowed');
  });
});

/** What the map says of the connection from the only entry point to x/a. */
function entry(s: Scenario): string {
  const { endpoints, connections } = s.map();
  const from = endpoints.find((one) => one.type === 'entry')?.id;
  const to = endpoints.find((one) => one.key === 'x/Pod/a')!.id;
  const found =
    from === undefined ? undefined : connections.find((one) => one.from.includes(from) && one.to.includes(to));
  if (found === undefined) return 'denied';
  if (found.unknown !== undefined) return `unknown: ${found.unknown.map(({ reason }) => reason).join(', ')}`;
  return `allowed ${JSON.stringify(found.allowed)}`;
}

describe('1.10 ways into the cluster', () => {
  const NODES = [node('n1', '172.16.0.1'), node('n2', '172.16.0.2')];
  const POD = pod('x/a', { ip: '10.0.0.1', node: 'n1', ports: 'web=80' });
  const lb = (policyWord: string) =>
    service(
      'x/web',
      `{type: LoadBalancer, externalTrafficPolicy: ${policyWord}, selector: {pod: a}, ports: [{port: 443, targetPort: 80}]}`,
    );
  const world = [namespace('x'), ...NODES, POD];
  const from = (peers: string) => policy('x/p', `{podSelector: {}, ingress: [{from: ${peers}}]}`);

  it('S3: without policies the entry reaches the target port', () => {
    expect(entry(scenario([...world, lb('Cluster')]))).toBe('allowed {"TCP":[[80,80]]}');
  });

  it("S3 Local: the client's address is kept", () => {
    expect(entry(scenario([...world, lb('Local'), from('[]')]))).toBe('allowed {"TCP":[[80,80]]}');
    expect(entry(scenario([...world, lb('Local'), policy('x/p', '{podSelector: {}}')]))).toBe('denied');
    expect(entry(scenario([...world, lb('Local'), from('[{ipBlock: {cidr: 198.51.100.0/24}}]')]))).toBe(
      'unknown: client-address',
    );
    expect(entry(scenario([...world, lb('Local'), from('[{podSelector: {}}, {namespaceSelector: {}}]')]))).toBe(
      'denied',
    );
  });

  it('S3 Cluster: behind source NAT it may come from the own node, which is always allowed', () => {
    expect(entry(scenario([...world, lb('Cluster'), from('[]')]))).toBe('allowed {"TCP":[[80,80]]}');
    expect(entry(scenario([...world, lb('Cluster'), policy('x/p', '{podSelector: {}}')]))).toBe('unknown: source-nat');
    expect(
      entry(
        scenario([...world, lb('Cluster'), policy('x/p', '{podSelector: {}}')], {
          assume: ['localNodeIngress=evaluate'],
        }),
      ),
    ).toBe('denied');
  });

  it('S3: clients outside who name the Service are seen as its pods see them', () => {
    const deny = policy('x/p', '{podSelector: {}}');
    expect(scenario([...world, lb('Cluster'), deny]).can('192.0.2.1', 'x/service/web')).toBe('unknown: source-nat');
    expect(scenario([...world, lb('Local'), deny]).can('192.0.2.1', 'x/service/web')).toBe('denied');
    const client = from('[{ipBlock: {cidr: 192.0.2.0/24}}]');
    expect(scenario([...world, lb('Local'), client]).can('192.0.2.1', 'x/service/web')).toBe('allowed');
    expect(scenario([...world, lb('Cluster'), client]).can('192.0.2.1', 'x/service/web')).toBe('unknown: source-nat');
  });

  it('S3: a NodePort is one too', () => {
    const text = service(
      'x/web',
      '{type: NodePort, externalTrafficPolicy: Local, selector: {pod: a}, ports: [{port: 80, nodePort: 30080}]}',
    );
    expect(entry(scenario([...world, text]))).toBe('allowed {"TCP":[[80,80]]}');
    expect(entry(scenario([...world, text, policy('x/p', '{podSelector: {}}')]))).toBe('denied');
  });

  it('S3: an Ingress speaks with the address of its controller, which is unknown', () => {
    const web = service('x/web', '{selector: {pod: a}, ports: [{port: 80}]}');
    const route =
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web, namespace: x}\nspec: {defaultBackend: {service: {name: web, port: {number: 80}}}}';
    expect(entry(scenario([...world, web, route]))).toBe('allowed {"TCP":[[80,80]]}');
    expect(entry(scenario([...world, web, route, from('[{namespaceSelector: {}}]')]))).toContain('ingress-controller');
    expect(entry(scenario([...world, web, route, from('[]')]))).toBe('allowed {"TCP":[[80,80]]}');
  });
});
