// Exceptions leave out what they surely mean, and ports of the destination: everything else is still tested.

import { describe, expect, it } from 'vitest';
import { assertion } from '../../../test/support/assertions.ts';
import { stateOf } from '../../../test/support/lint.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import { runTests } from './run-tests.ts';

const NAMESPACE = (name: string) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}\n---\n`;
const POD = (place: string, labels = '', port = 80, owner = '') => {
  const [namespace, name] = place.split('/');
  return `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: ${namespace}, labels: {${labels}}${owner}}\nspec: {containers: [{name: c, image: c, ports: [{name: http, containerPort: ${port}}]}]}\n---\n`;
};

/** `ok`, or why the test fails. */
function run(text: string, fields: string, assume: readonly string[] = []): string {
  const context = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS };
  const [result] = runTests(stateOf(text, { assume }), assertion(fields), context).tests;
  return result!.passed ? 'ok' : result!.explanation!;
}

describe('exceptions', () => {
  it('by labels leave out a workload only where all of its pods have them', () => {
    const set =
      'apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: r, namespace: shop, uid: u}\nspec: {replicas: 2, selector: {matchLabels: {app: r}}, template: {metadata: {labels: {app: r}}, spec: {containers: [{name: c, image: c}]}}}\n---\n';
    const owner = ', ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: r, uid: u, controller: true}]';
    const text = `${NAMESPACE('shop') + set}${POD('shop/r-1', 'app: r, role: admin', 80, owner)}${POD('shop/r-2', 'app: r', 80, owner)}${POD('shop/db')}`;
    const test = (except: string) => run(text, `from: shop/r, to: shop/db, deny: [80], except: [${except}]`);
    expect(test('shop/role=admin')).toBe('shop/r -> shop/db: 80/TCP is allowed');
    expect(test('shop/app=r')).toContain('the exceptions leave no pair');
  });

  it('by labels of namespaces leave out nobody of whom these are not known', () => {
    const text = POD('shop/web') + NAMESPACE('ops') + POD('ops/db');
    const fields = 'from: shop/, to: ops/db, deny: [80], except: ["{env!=prod}/"]';
    expect(run(text, fields)).toBe('shop/web -> ops/db: 80/TCP is allowed');
    expect(run(text, fields, ['undeclaredNamespaces=unlabelled'])).toContain('the exceptions leave no pair');
  });

  it('by labels that a controller adds leave out nobody', () => {
    const set =
      'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: s, namespace: shop}\nspec: {replicas: 1, selector: {matchLabels: {app: s}}, template: {metadata: {labels: {app: s}}, spec: {containers: [{name: c, image: c}]}}}\n---\n';
    const text = NAMESPACE('shop') + set + POD('shop/db');
    const except = 'shop/statefulset.kubernetes.io/pod-name!=s-0';
    expect(run(text, `from: shop/s, to: shop/db, deny: [80], except: ["${except}"]`)).toContain('is allowed');
  });

  it('of sources name ports of the destination, and all of them where a Service names the sources', () => {
    const behind =
      'apiVersion: v1\nkind: Service\nmetadata: {name: api, namespace: shop}\nspec: {selector: {app: api}, ports: [{port: 1}]}\n---\n';
    const text = NAMESPACE('shop') + POD('shop/api', 'app: api', 8080) + POD('shop/web', 'app: web') + behind;
    const test = (ports: string, except: string) =>
      run(text, `from: shop/api, to: shop/web, deny: ${ports}, except: [${except}]`);
    expect(test('[80]', '{from: shop/api, ports: [http]}')).toContain('the exceptions leave no pair');
    expect(test('[8080]', '{from: shop/api, ports: [http]}')).toContain('8080/TCP is allowed');
    expect(test('all', 'shop/service/api')).toContain('the exceptions leave no pair');
  });

  it('of a namespace hold before it has pods, but not before there is one of that name', () => {
    const text = NAMESPACE('shop') + POD('shop/web') + NAMESPACE('later');
    const test = (except: string) =>
      run(text, `from: shop/web, to: any-pod, deny: [80], namespaces: existing, except: [shop/, ${except}]`);
    expect(test('later/')).toContain('the exceptions leave no pair');
    expect(test('latter/')).toContain('did you mean later?');
    expect(test('"later/{app=x}"')).toBe('shop/web -> later/{}: 80/TCP is allowed');
  });

  it('of destinations mean what a Service forwards', () => {
    const front =
      'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {selector: {app: web}, ports: [{port: 1, targetPort: 80}]}\n---\n';
    const text = NAMESPACE('shop') + POD('shop/api') + POD('shop/web', 'app: web') + front;
    const test = (ports: string) =>
      run(text, `from: shop/api, to: shop/web, deny: ${ports}, except: [{to: shop/service/web}]`);
    expect(test('[80]')).toContain('the exceptions leave no pair');
    expect(test('[80, 81]')).toBe('shop/api -> shop/web: 81/TCP is allowed');
  });
});
