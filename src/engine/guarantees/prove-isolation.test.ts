import { describe, expect, it } from 'vitest';
import { stateOf } from '../../../test/support/lint.ts';
import { worldOf } from '../endpoints/world.ts';
import type { IsolationCase } from '../questions/ask.ts';
import { parseEndpoint } from '../questions/parse-endpoint.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import { proveIsolation } from './prove-isolation.ts';

const NAMESPACES = ['a', 'b']
  .map((name) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {tenant: ${name}}}\n---\n`)
  .join('');
const ADMIN = (name: string, priority: number, spec: string) =>
  `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: ${name}}\nspec: {tier: Admin, priority: ${priority}, ${spec}}\n---\n`;
const TENANTS = (values: string) => `{matchExpressions: [{key: tenant, operator: ${values}}]}`;
const ALL = TENANTS('Exists');
const DENY = ADMIN(
  'deny',
  10,
  `subject: {namespaces: ${ALL}}, ingress: [{action: Deny, from: [{namespaces: ${ALL}}]}]`,
);

function why(text: string, more: Partial<IsolationCase> = {}): string | undefined {
  const assertion = { name: 'n', key: 'tenant', except: [], newNamespaces: true, source: { path: '' }, ...more };
  const context = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS };
  return proveIsolation(worldOf(stateOf(NAMESPACES + text)), assertion, context)?.why;
}

describe('proveIsolation', () => {
  it('proves what admin policies close for every namespace', () => {
    expect(why(DENY)).toBeUndefined();
  });

  it('sees two tenants that nobody has thought of', () => {
    const known = TENANTS('In, values: [a, b]');
    const between =
      ADMIN('known', 1, `subject: {namespaces: ${known}}, ingress: [{action: Deny, from: [{namespaces: ${ALL}}]}]`) +
      ADMIN('others', 2, `subject: {namespaces: ${ALL}}, ingress: [{action: Deny, from: [{namespaces: ${known}}]}]`);
    expect(why(between)).toContain('there is a path from tenant=another to tenant=other');
  });

  it('sees a tenant that only a policy names', () => {
    const guest = ADMIN(
      'guest',
      1,
      `subject: {namespaces: ${ALL}}, ingress: [{action: Accept, from: [{namespaces: {matchLabels: {tenant: guest}}}]}]`,
    );
    expect(why(DENY + guest)).toContain('there is a path from tenant=guest to tenant=a');
  });

  it('leaves out what an exception means, by namespace and by labels of pods', () => {
    const cache = ADMIN(
      'cache',
      1,
      `subject: {pods: {namespaceSelector: {matchLabels: {tenant: b}}, podSelector: {matchLabels: {app: cache}}}}, ingress: [{action: Accept, from: [{namespaces: ${ALL}}], protocols: [{tcp: {destinationPort: {number: 6379}}}]}]`,
    );
    const except = (text: string, port?: number): Partial<IsolationCase> => ({
      except: [
        {
          side: 'to',
          endpoint: parseEndpoint(text),
          ports: port === undefined ? 'all' : [{ text: '', type: 'range', protocol: 'TCP', first: port, last: port }],
        },
      ],
    });
    expect(why(DENY + cache)).toContain('there is a path');
    expect(why(DENY + cache, except('{tenant=b}/{app=cache}', 6379))).toBeUndefined();
    expect(why(DENY + cache, except('{tenant=b}/{app=cache}', 80))).toContain('there is a path');
    expect(why(DENY + cache, except('{tenant=a}/{app=cache}'))).toContain('there is a path');
    expect(why(DENY + cache, except('{tenant=b}/{app=other}'))).toContain('there is a path');
  });

  it('sees tenants that have a name nobody thought of, whatever an exception calls one', () => {
    const open = ADMIN(
      'open',
      1,
      `subject: {namespaces: ${TENANTS('NotIn, values: [a, b]')}}, ingress: [{action: Accept, from: [{namespaces: ${ALL}}]}]`,
    );
    const except = ['{tenant=other}/', '{tenant=a}/', '{tenant=b}/'].map((text) => ({
      endpoint: parseEndpoint(text),
      ports: 'all' as const,
    }));
    expect(why(DENY + open, { except })).toContain('there is a path from tenant=another to tenant=other-2');
  });

  it('sees pods of the host network, which reach those of their own node whatever policies say', () => {
    const pod = (place: string, spec: string) => {
      const [namespace, name] = place.split('/');
      return `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: ${namespace}}\nspec: {${spec}containers: [{name: c, image: c}]}\n---\n`;
    };
    const text = `${DENY}${pod('a/agent', 'hostNetwork: true, ')}${pod('b/web', '')}`;
    const closed =
      text +
      ['a', 'b']
        .map(
          (name) =>
            `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: ${name}}\nspec: {podSelector: {}, policyTypes: [Ingress, Egress]}\n---\n`,
        )
        .join('');
    expect(why(closed, { newNamespaces: false })).toBe(
      'nobody can say that there is no path from tenant=a to tenant=b: a/agent -> b/web',
    );
    const except = [{ side: 'from' as const, endpoint: parseEndpoint('a/agent'), ports: 'all' as const }];
    expect(why(closed, { newNamespaces: false, except })).toBeUndefined();
  });

  it('never passes for lack of tenants', () => {
    const existing = { newNamespaces: false };
    expect(() => why('', { ...existing, key: 'tennant' })).toThrow(
      'it asserts nothing: no namespace is known to have the label "tennant"',
    );
    const one = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: c, labels: {alone: c}}\n---\n';
    expect(() => why(one, { ...existing, key: 'alone' })).toThrow('the label "alone" of namespaces has one value');
    expect(why(DENY, { key: 'alone' })).toContain('there is a path');
  });

  it('splits pods by an exception even where no policy does', () => {
    const open = ADMIN(
      'open',
      1,
      `subject: {namespaces: {matchLabels: {tenant: b}}}, ingress: [{action: Accept, from: [{namespaces: ${ALL}}]}]`,
    );
    const bare = {
      except: [{ side: 'to' as const, endpoint: parseEndpoint('{tenant=b}/{!app}'), ports: 'all' as const }],
    };
    expect(why(DENY + open, bare)).toContain('there is a path');
  });
});
