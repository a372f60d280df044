// Assertions: what passes, what fails and with which witness, and that nothing passes for lack of pairs.

import { describe, expect, it } from 'vitest';
import { assertion } from '../../../test/support/assertions.ts';
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
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import { runTests } from './run-tests.ts';

const CONTEXT = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS };

/** `ok`, or why the test fails. */
function run(s: Scenario, fields: string): string {
  const report = runTests(s.state, assertion(fields), CONTEXT);
  expect(validateDocument(JSON.parse(JSON.stringify(report)))).toEqual([]);
  const [result] = report.tests;
  expect(report.summary).toEqual(result!.passed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
  if (result!.passed) {
    expect(result).not.toHaveProperty('witness');
    return 'ok';
  }
  return result!.explanation!;
}

const FROM_W = policy(
  'x/from-w',
  '{podSelector: {matchLabels: {pod: a}}, ingress: [{from: [{namespaceSelector: {matchLabels: {ns: w}}}], ports: [{port: 80}]}]}',
);
const s = scenario([...XWZ, FROM_W]);

describe('allow and deny', () => {
  it.each([
    ['from: w/a, to: x/a, allow: [80]', 'ok'],
    ['from: w/, to: x/a, allow: [web]', 'ok'],
    ['from: z/a, to: x/a, deny: all', 'ok'],
    ['from: w/a, to: x/a, allow: [80], deny: [81, 53/udp]', 'ok'],
    ['from: w/a, to: x/a, allow: [80, 81]', 'w/a -> x/a: 81/TCP is not allowed'],
    ['from: w/a, to: x/a, allow: all', 'w/a -> x/a: 1-79,81-65535/TCP all UDP all SCTP is not allowed'],
    ['from: w/a, to: x/a, deny: [79-81]', 'w/a -> x/a: 80/TCP is allowed'],
    ['from: "*", to: x/a, deny: all', 'w/a -> x/a: 80/TCP is allowed'],
    ['from: "*", to: x/a, deny: all, except: [w/]', 'ok'],
    ['from: "*", to: x/a, deny: all, except: [{from: w/, ports: [80]}]', 'ok'],
    ['from: "*", to: x/a, deny: all, except: [{from: w/, ports: [81]}]', 'w/a -> x/a: 80/TCP is allowed'],
    ['from: w/a, to: "*", allow: all, except: [x/a]', 'ok'],
    [
      'from: w/a, to: "*", allow: all, except: [{to: x/a, ports: [web]}]',
      'w/a -> x/a: 1-79,81-65535/TCP all UDP all SCTP is not allowed',
    ],
    ['from: internet, to: x/a, deny: all', 'ok'],
    ['from: internet, to: x/, deny: all', 'internet -> x/b: all TCP all UDP all SCTP is allowed'],
  ])('%s: %s', (fields, result) => {
    expect(run(s, fields)).toBe(result);
  });

  it.each([
    ['from: w/a, to: x/a, allow: [80, 81]', '80-81/TCP allowed'],
    ['from: w/a, to: x/a, allow: all', 'all ports allowed'],
    ['from: "*", to: x/a, deny: [80, 53/udp]', '80/TCP 53/UDP denied'],
    ['to: x/a, only: {}', 'all ports denied'],
  ])('%s: %s was expected', (fields, expected) => {
    expect(runTests(s.state, assertion(fields), CONTEXT).tests[0]).toMatchObject({ expected });
  });

  it('the witness is one pair with what it may use', () => {
    const report = runTests(s.state, assertion('from: "*", to: x/a, deny: all'), CONTEXT);
    const { from, to, allowed } = report.tests[0]!.witness!;
    const keyOf = new Map(report.endpoints.map(({ id, key }) => [id, key]));
    expect([...from, ...to].map((id) => keyOf.get(id))).toEqual(['w/Pod/a', 'x/Pod/a']);
    expect(allowed).toEqual({ TCP: [[80, 80]] });
    expect(report.tests[0]!.source).toMatchObject({ file: 'test.yaml', line: 3 });
  });

  it('a pod and itself breaks no test about sets, and decides a test about itself', () => {
    const alone = scenario([...XWZ, policy('x/none', '{podSelector: {}}'), policy('w/none', '{podSelector: {}}')]);
    expect(run(alone, 'from: x/, to: x/, deny: all')).toBe('ok');
    expect(run(s, 'from: x/b, to: x/b, allow: all')).toBe('ok');
    expect(run(alone, 'from: x/a, to: x/a, allow: all')).toBe('ok');
    expect(run(alone, 'from: x/a, to: x/a, deny: all')).toContain('is allowed');
  });

  it('unknown fails both ways, and says why', () => {
    const open = scenario([
      namespace('x'),
      deployment('x/web', 'app=web'),
      pod('x/a'),
      policy(
        'x/p',
        '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/16}}], ports: [{port: 80}]}]}',
      ),
    ]);
    expect(run(open, 'from: x/a, to: x/web, allow: [80]')).toContain('80/TCP is unknown: pod-address (x/p)');
    expect(run(open, 'from: x/a, to: x/web, deny: [80]')).toContain(
      'whether it is denied is unknown: pod-address (x/p)',
    );
    expect(run(open, 'from: x/a, to: x/web, deny: [81]')).toBe('ok');
  });

  it.each([
    ['from: x/c, to: x/a, deny: all', 'namespace "x" has no workload "c"'],
    ['from: q/, to: x/a, deny: all', 'there is no namespace "q"'],
    ['from: "*", to: x/a, deny: [nope]', 'x/a names no port "nope"'],
    ['from: "*", to: x/service/web, allow: [80]', 'namespace "x" has no service "web"'],
    ['from: "*", to: x/a, deny: all, except: [x/zz]', 'namespace "x" has no workload "zz"'],
    ['from: internet, to: metadata, deny: all', 'it asserts nothing: both ends are outside of the cluster'],
    ['from: w/a, to: x/a, deny: all, except: [w/]', 'it asserts nothing: the exceptions leave no pair and port'],
  ])('%s fails: %s', (fields, why) => {
    expect(run(s, fields)).toContain(why);
  });

  it('ends without a family in common are denied', () => {
    const six = scenario([...XWZ, pod('x/six', { ip: 'fd00::1' })]);
    expect(run(six, 'from: x/six, to: x/a, deny: all')).toBe('ok');
    expect(run(six, 'from: x/six, to: x/a, allow: [80]')).toContain('no address family in common');
  });

  it('an exception holds for every address within it, and a pod for its workload of one', () => {
    const block = scenario([
      ...XWZ,
      policy('x/p', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/25}}]}]}'),
    ]);
    expect(run(block, 'from: 0.0.0.0/0, to: x/a, deny: all, except: [203.0.113.0/24]')).toBe('ok');
    expect(run(block, 'from: 0.0.0.0/0, to: x/a, deny: all, except: [203.0.113.0/26]')).toContain('is allowed');
  });
});

describe('only', () => {
  it.each([
    ['to: x/a, only: {w/: [80]}', 'ok'],
    ['to: x/a, only: {w/a: [web], w/b: [80/tcp]}', 'ok'],
    ['to: x/a, only: {w/a: [80]}', 'w/b -> x/a: 80/TCP is allowed'],
    ['to: x/a, only: {w/: [80, 81]}', 'w/a -> x/a: 81/TCP is not allowed'],
    ['to: x/a, only: {w/: all}', 'w/a -> x/a: 1-79,81-65535/TCP all UDP all SCTP is not allowed'],
    ['to: x/a, only: {}', 'w/a -> x/a: 80/TCP is allowed'],
    ['to: x/a, only: {w/: [80], z/a: [80]}', 'z/a -> x/a: 80/TCP is not allowed'],
    ['to: x/a, only: {q/: [80]}', 'there is no namespace "q"'],
    ['to: x/a, only: {w/: [nope]}', 'x/a names no port "nope"'],
  ])('%s: %s', (fields, result) => {
    expect(run(s, fields)).toContain(result);
  });

  const egress = (to: string) =>
    scenario([
      ...XWZ,
      node('n1', '192.168.0.1'),
      policy('x/p', `{podSelector: {}, policyTypes: [Egress], egress: [{to: ${to}, ports: [{port: 443}]}]}`),
    ]);

  it('from: exactly these destinations', () => {
    const to = egress('[{namespaceSelector: {matchLabels: {ns: w}}}]');
    expect(run(to, 'from: x/a, only: {w/: [443]}')).toBe('ok');
    expect(run(to, 'from: x/, only: {w/: [443]}')).toBe('ok');
    expect(run(to, 'from: x/a, only: {w/a: [443]}')).toBe('x/a -> w/b: 443/TCP is allowed');
    expect(run(to, 'from: x/a, only: {w/: [443], internet: [443]}')).toContain('443/TCP is not allowed');
  });

  it('ranges are exact too, however the policies and the test cut them', () => {
    const some = egress('[{ipBlock: {cidr: 198.51.100.0/24}}]');
    expect(run(some, 'from: x/a, only: {198.51.100.0/24: [443]}')).toBe('ok');
    expect(run(some, 'from: x/a, only: {198.51.100.0/25: [443], 198.51.100.128/25: [443]}')).toBe('ok');
    expect(run(some, 'from: x/a, only: {198.51.100.0/25: [443]}')).toBe('x/a -> 198.51.100.128/25: 443/TCP is allowed');
    expect(run(some, 'from: x/a, only: {198.51.100.0/23: [443]}')).toContain(
      'x/a -> 198.51.101.0/24: 443/TCP is not allowed',
    );
    expect(run(some, 'from: x/a, only: {198.51.100.0/24: [443], 198.51.100.7: [443]}')).toBe('ok');
  });

  it('everything that a whole-address block opens has to be named: pods, nodes, and outside', () => {
    const all = egress('[{ipBlock: {cidr: 0.0.0.0/0}}]');
    expect(run(all, 'from: x/a, only: {0.0.0.0/0: [443]}')).toBe('ok');
    expect(run(all, 'from: x/a, only: {internet: [443]}')).toContain('is allowed');
    const nodes = egress('[{ipBlock: {cidr: 192.168.0.0/24}}]');
    expect(run(nodes, 'from: x/a, only: {}')).toBe(
      'x/a -> 192.168.0.0, 192.168.0.2-192.168.0.255 (private): 443/TCP is allowed',
    );
    expect(run(nodes, 'from: x/a, only: {192.168.0.0/24: [443]}')).toBe('ok');
    const one = egress('[{ipBlock: {cidr: 192.168.0.1/32}}]');
    expect(run(one, 'from: x/a, only: {}')).toBe('x/a -> node/n1: 443/TCP is allowed');
    expect(run(one, 'from: x/a, only: {node/n1: [443]}')).toBe('ok');
  });

  it('what comes from the own node of a pod, which nothing blocks, is left out', () => {
    const own = scenario([
      ...XWZ,
      node('n1', '192.168.0.1'),
      pod('x/on', { labels: 'pod=a', ip: '10.0.9.1', node: 'n1' }),
      FROM_W,
    ]);
    expect(run(own, 'to: x/on, only: {w/: [80]}')).toBe('ok');
  });

  it('other pods of the same workload are somebody else', () => {
    const web = [namespace('x'), deployment('x/web', 'app=web'), pod('x/a', { ip: '10.0.0.1' })];
    const from = (peer: string) =>
      scenario([
        ...web,
        policy('x/p', `{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: ${peer}}]}]}`),
      ]);
    expect(run(from('{matchLabels: {pod: a}}'), 'to: x/web, only: {x/a: all}')).toBe('ok');
    expect(run(from('{}'), 'to: x/web, only: {x/a: all}')).toBe('x/web -> x/web: all TCP all UDP all SCTP is allowed');
    expect(run(from('{}'), 'to: x/web, only: {x/a: all, x/web: all}')).toBe('ok');
  });

  it('a name is looked up at each destination', () => {
    const two = scenario([
      namespace('x'),
      pod('x/a', { ip: '10.0.0.1' }),
      pod('x/b', { ip: '10.0.0.2', ports: 'http=80', labels: 'app=s,pod=b' }),
      pod('x/c', { ip: '10.0.0.3', ports: 'http=8080', labels: 'app=s,pod=c' }),
      policy(
        'x/p',
        '{podSelector: {matchLabels: {app: s}}, ingress: [{from: [{podSelector: {matchLabels: {pod: a}}}], ports: [{port: http}]}]}',
      ),
    ]);
    expect(run(two, 'to: x/app=s, only: {x/a: [http]}')).toBe('ok');
    expect(run(two, 'to: x/app=s, only: {x/a: [80]}')).toContain('is not allowed');
  });

  it('to a Service: its target ports', () => {
    const web = scenario([
      ...XWZ,
      service('x/web', '{clusterIP: None, selector: {pod: a}, ports: [{port: 8000, targetPort: web}]}'),
      FROM_W,
    ]);
    expect(run(web, 'to: x/service/web, only: {w/: [8000]}')).toBe('ok');
    expect(run(web, 'to: x/service/web, only: {w/a: [8000]}')).toBe('w/b -> x/a: 80/TCP is allowed');
  });
});
