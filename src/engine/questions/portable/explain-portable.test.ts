import { describe, expect, it } from 'vitest';
import { stateOf } from '../../../../test/support/lint.ts';
import { validateDocument } from '../../../../test/support/schemas.ts';
import { behaviourOf } from '../../behaviours/index.ts';
import type { Behaviour } from '../../model/behaviour.ts';
import { withBehaviour } from '../../state.ts';
import { can } from '../can.ts';
import { parsePair } from '../parse-pair.ts';
import type { PortableExplanation } from '../portable-document.ts';
import { explainPortable } from './explain-portable.ts';

const CONTEXT = { defaultNamespace: 'default', protocols: ['TCP', 'UDP', 'SCTP'] } as const;

const like = (name: string, ...assume: readonly string[]): Behaviour => ({ ...behaviourOf('default', assume), name });

const BEHAVIOURS = [like('one'), like('two', 'ipBlockMatchesPods=false'), like('three', 'ipBlockMatchesPods=unknown')];

const deployment = (name: string) =>
  `{apiVersion: apps/v1, kind: Deployment, metadata: {namespace: x, name: ${name}}, spec: {selector: {matchLabels: {app: ${name}}}, template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: c, image: i}]}}}}`;
const POD =
  '{apiVersion: v1, kind: Pod, metadata: {namespace: x, name: own, labels: {app: b}}, spec: {containers: [{name: c, image: i}]}}';
const BLOCK =
  '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: x, name: p}, spec: {podSelector: {matchLabels: {app: b}}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 80}]}]}}';
const INPUT = [deployment('a'), deployment('b'), POD, BLOCK].join('\n---\n');

function answer(from: string, to: string, behaviours = BEHAVIOURS): PortableExplanation {
  const document = explainPortable(stateOf(INPUT), behaviours, parsePair([from, to]), CONTEXT);
  expect(validateDocument(JSON.parse(JSON.stringify(document)))).toEqual([]);
  return document;
}

describe('explainPortable', () => {
  it('has the verdict of each plugin, and of those that differ what decides on either side', () => {
    const document = answer('x/a', 'x/deployment/b:80');
    expect(document.verdicts).toEqual([
      { cnis: ['one'], verdict: 'allowed' },
      { cnis: ['two'], verdict: 'denied' },
      { cnis: ['three'], verdict: 'unknown', reason: 'ip-block' },
    ]);
    expect([document.from, document.to]).toEqual(['x/a', 'x/deployment/b:80']);
    const [difference, ...others] = document.differences;
    expect(others).toEqual([]);
    expect(difference).toMatchObject({ ports: { TCP: [[80, 80]] } });
    expect(
      difference!.groups.map(({ verdict, ingress, egress }) => [verdict, egress!.verdict, ingress!.verdict]),
    ).toEqual([
      ['allowed', 'allowed', 'allowed'],
      ['denied', 'allowed', 'denied'],
      ['unknown', 'allowed', 'unknown'],
    ]);
    expect(difference!.groups[0]!.ingress!.steps).toMatchObject([{ policy: { name: 'p' }, action: 'Accept' }]);
    expect(difference!.groups[1]!.ingress!.isolatedBy).toMatchObject([{ name: 'p' }]);
  });

  it.each([
    ['x/a', 'x/deployment/b'],
    ['x/', 'x/'],
    ['x/', 'x/deployment/b:80'],
    ['10.1.2.3', 'x/deployment/b:80'],
    ['x/deployment/b', 'x/a:80'],
    ['x/pod/own', 'x/pod/own:80'],
    ['10.1.2.3', '10.1.2.4:80'],
  ])('says of %s and %s what can says under each', (from, to) => {
    const document = answer(from, to);
    const pair = parsePair([from, to]);
    const said = BEHAVIOURS.map((behaviour) => can(withBehaviour(stateOf(INPUT), behaviour), pair, CONTEXT).verdict);
    const verdictOf = (name: string) => document.verdicts.find(({ cnis }) => cnis.includes(name))!.verdict;
    expect(document.cnis.map(verdictOf)).toEqual(said);
  });

  it('says of a pod and itself that no plugin can block it', () => {
    expect(answer('x/pod/own', 'x/pod/own:80')).toMatchObject({
      verdicts: [
        { cnis: ['one', 'two', 'three'], verdict: 'allowed', reason: 'a pod to itself: no policy can block it' },
      ],
      differences: [],
      alike: [['one', 'two', 'three']],
    });
  });

  it('says why there is no pair', () => {
    const { notes, verdicts } = answer('10.1.2.3', '10.1.2.4:80');
    expect(notes).toContain('both ends are outside of the cluster');
    expect(verdicts).toMatchObject([{ verdict: 'denied' }]);
  });

  it('refuses more pairs than a person reads, and names that do not exist', () => {
    const many = Array.from({ length: 11 }, (_, i) => deployment(`d${i}`)).join('\n---\n');
    expect(() => explainPortable(stateOf(many), BEHAVIOURS, parsePair(['x/', 'x/']), CONTEXT)).toThrow(
      '121 pairs are too many to explain',
    );
    expect(() => answer('x/nobody', 'x/a')).toThrow('has no workload "nobody"');
  });
});
