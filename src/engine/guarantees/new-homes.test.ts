// What is said of pods in namespaces that do not exist: none is lost behind another of the same look, no pair needs two
// namespaces of one name, and what is shown can be applied.

import { describe, expect, it } from 'vitest';
import { assertion } from '../../../test/support/assertions.ts';
import { stateOf } from '../../../test/support/lint.ts';
import type { TestResult } from '../questions/documents.ts';
import { runTests } from '../questions/run-tests.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';

const NAMESPACE = (name: string) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}\n---\n`;
const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {containers: [{name: c, image: c, ports: [{name: http, containerPort: 80}]}]}\n---\n';
const ADMIN = (name: string, priority: number, spec: string) =>
  `apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: ${name}}\nspec: {tier: Admin, priority: ${priority}, ${spec}}\n---\n`;
const DENY = ADMIN('deny', 9, 'subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]');
const named = (...names: string[]) =>
  `{matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [${names.join(', ')}]}]}`;
const open = (from: string, to: string) =>
  ADMIN('open', 1, `subject: {namespaces: ${to}}, ingress: [{action: Accept, from: [{namespaces: ${from}}]}]`);

function run(text: string, fields: string, assume: readonly string[] = []): TestResult {
  const context = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS };
  return runTests(stateOf(NAMESPACE('shop') + POD + text, { assume }), assertion(fields), context).tests[0]!;
}

/** Names and namespaces of what is to be made. */
const made = ({ manifests = [] }: TestResult) =>
  manifests.map(({ kind, metadata }) => {
    const { name, namespace } = metadata as { name: string; namespace?: string };
    return kind === 'Pod' ? `${namespace}/${name}` : name;
  });

describe('namespaces that could exist', () => {
  it.each(['new-x', 'new', 'any'])('that a policy names are looked at beside all others: %s', (name) => {
    const result = run(DENY + open('{}', named(name)), 'from: shop/web, to: any-pod, deny: all');
    expect(result.explanation).toBe(
      `shop/web -> {kubernetes.io/metadata.name=${name}}/{}: all TCP all UDP all SCTP is allowed`,
    );
    expect(made(result)).toEqual([name, `${name}/netweir-witness-to`]);
  });

  it('that no policy names have a name that is free', () => {
    const fields = 'from: shop/web, to: any-pod, deny: all, except: ["shop/{}", "netweir-witness-to/{}"]';
    const result = run(NAMESPACE('netweir-witness-to'), fields);
    expect(made(result)).toEqual(['netweir-witness-to-2', 'netweir-witness-to-2/netweir-witness-to']);
  });

  it('are not two of one name with different labels', () => {
    const closed =
      DENY +
      open(
        `{matchLabels: {team: a}, ${named('ghost').slice(1)}`,
        `{matchLabels: {team: b}, ${named('ghost').slice(1)}`,
      );
    expect(run(closed, 'from: any-pod, to: any-pod, deny: all').passed).toBe(true);
    const either = closed.replaceAll('values: [ghost]', 'values: [ghost, other]');
    expect(made(run(either, 'from: any-pod, to: any-pod, deny: all'))).toEqual([
      'ghost',
      'ghost/netweir-witness-from',
      'other',
      'other/netweir-witness-to',
    ]);
  });

  it('are made once where both pods may share one', () => {
    const result = run(DENY + open(named('ghost'), named('ghost')), 'from: any-pod, to: any-pod, deny: all');
    expect(made(result)).toEqual(['ghost', 'ghost/netweir-witness-from', 'ghost/netweir-witness-to']);
  });

  it('get a name where only the labels of one were asked about', () => {
    const result = run('', 'from: "{team=z}/{app=x}", to: shop/web, deny: all');
    expect(result.manifests).toMatchObject([
      { metadata: { name: 'netweir-witness-from', labels: { team: 'z' } } },
      { metadata: { namespace: 'netweir-witness-from', labels: { app: 'x' } } },
    ]);
  });
});

describe('pods that could exist', () => {
  it('are nowhere where there is no namespace', () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n';
    const fields = 'from: any-pod, to: internet, deny: all, namespaces: existing';
    const context = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS };
    expect(runTests(stateOf(text), assertion(fields), context).tests[0]!.explanation).toBe(
      'it asserts nothing: one end is nobody, since there is no namespace',
    );
  });

  it('have no known names of ports', () => {
    expect(run(DENY, 'from: internet, to: any-pod, deny: [http]').explanation).toBe(
      'a pod that could exist may give the name "http" to any port (write its number, or ask about the pods of the snapshot: all)',
    );
    expect(run(DENY, 'from: any-pod, to: shop/web, deny: [http]').passed).toBe(true);
  });

  it('may be made by nobody, which some plugins leave out', () => {
    const text =
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: shop}\nspec: {podSelector: {}, policyTypes: [Egress]}\n---\n';
    const fields = 'from: any-pod, to: internet, deny: all, except: [shop/web], namespaces: existing';
    expect(run(text, fields).passed).toBe(true);
    expect(run(text, fields, ['standalonePods=unknown']).explanation).toContain(
      'whether it is denied is unknown: standalone-pods',
    );
  });

  it('are in namespaces that exist where only names both ends', () => {
    const text =
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: shop}\nspec: {podSelector: {}}\n---\n';
    expect(run(text, 'to: any-pod, only: {}, namespaces: existing').passed).toBe(true);
    expect(run(text, 'to: any-pod, only: {}').passed).toBe(false);
    const open =
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: open, namespace: shop}\nspec: {podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}\n---\n';
    expect(run(open, 'to: shop/web, only: {any-pod: [80]}, namespaces: existing').passed).toBe(true);
    expect(run(open, 'to: shop/web, only: {any-pod: [80]}').explanation).toBe(
      '{}/{} -> shop/web: 80/TCP is not allowed',
    );
  });
});
