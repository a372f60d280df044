// Rounds of fixes: what can be applied is, whatever stands in between that cannot; and they end.

import { describe, expect, it } from 'vitest';
import { objectsOf } from '../../../test/support/lint.ts';
import { applyEdits } from '../edits/apply-edits.ts';
import { behaviourOf, type Edit, type LoadInput } from '../index.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import { type ChooseFix, type FixWriter, fixAll } from './fix-all.ts';
import { lintInput } from './prove-fixes.ts';

const CONTEXT = { defaultNamespace: 'default', protocols: PORT_PROTOCOLS };
const POLICY = (name: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\nspec: {podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {}}}]}]}\n`;

const inputOf = (names: readonly string[]): LoadInput => ({
  objects: objectsOf(names.map(POLICY).join('---\n')),
  behaviour: behaviourOf('default', []),
  defaultNamespace: 'default',
});

const nameOf = (edit: Edit): string =>
  edit.op === 'add-object' ? '' : String((edit.object.value['metadata'] as { name: string }).name);

/** Keeps objects in memory; refuses edits of objects whose name begins with `no`. */
function writerOf(start: LoadInput): FixWriter & { tries: number } {
  let current = start;
  return {
    tries: 0,
    try(edits) {
      this.tries++;
      if (edits.some((edit) => nameOf(edit).startsWith('no'))) return { why: 'it is locked' };
      const input = { ...current, objects: applyEdits(current.objects, edits) };
      const keep = () => {
        current = input;
      };
      return { input, keep };
    },
  };
}

const safe: ChooseFix = ({ check, fix }) => (check === 'empty-match-labels' ? fix : undefined);

function run(names: readonly string[]) {
  const input = inputOf(names);
  const writer = writerOf(input);
  const result = fixAll(lintInput(input), safe, writer, CONTEXT);
  return { ...result, tries: writer.tries };
}

describe('fixAll', () => {
  it('writes at once what holds together', () => {
    const { applied, refused, tries } = run(['a', 'b', 'c']);
    expect([applied.length, refused.length, tries]).toEqual([3, 0, 1]);
    expect(applied.map(({ alone }) => alone)).toEqual([false, false, false]);
  });

  it('finds what can be written among what cannot, however much that is', () => {
    const names = Array.from({ length: 60 }, (_, i) => `${i % 2 === 0 ? 'no' : 'yes'}-${i}`);
    const { applied, refused, after } = run(names);
    expect(applied.map(({ finding }) => finding.policy!.name).sort()).toEqual(
      names.filter((name) => name.startsWith('yes')).sort(),
    );
    expect(refused.map(({ why }) => why)).toEqual(Array(30).fill('it is locked'));
    expect(after.findings.filter(({ check }) => check === 'empty-match-labels')).toHaveLength(30);
  });

  it('does not try two fixes of one object at once, which may say different things', () => {
    const input = inputOf(['a', 'b']);
    const chosen: ChooseFix = (finding) => {
      const fix = safe(finding, lintInput(input));
      if (fix === undefined || finding.object === undefined) return undefined;
      const odd = {
        op: 'set',
        object: finding.object,
        path: ['metadata', 'labels'],
        value: { n: finding.fingerprint },
      };
      return { ...fix, edits: [...fix.edits, odd as unknown as Edit] };
    };
    const two = objectsOf(POLICY('a').replace('from: [', 'from: [{podSelector: {matchLabels: {}}}, '));
    const start = { ...input, objects: two };
    const { applied } = fixAll(lintInput(start), chosen, writerOf(start), CONTEXT);
    expect(applied.map(({ alone }) => alone)).toEqual([true, true]);
  });

  it('does not let one fix answer for what another one does against its word', () => {
    const pod = (name: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}\nspec: {containers: [{name: c, image: c}]}\n`;
    const closed = (name: string) =>
      POLICY(name)
        .replace('podSelector: {}', `podSelector: {matchLabels: {app: ${name}}}`)
        .replace(']}]}', '], ports: [{port: 80}]}]}');
    const text = [pod('a'), pod('b'), closed('a'), closed('b')].join('---\n');
    const input: LoadInput = { ...inputOf([]), objects: objectsOf(text) };
    const widen: ChooseFix = (finding, linted) => {
      const fix = safe(finding, linted);
      if (fix === undefined) return undefined;
      const { object } = fix.edits[0] as Extract<Edit, { op: 'set' }>;
      const edits: Edit[] = [
        ...fix.edits,
        { op: 'set', object, path: ['spec', 'ingress', 0, 'ports', 0, 'endPort'], value: 81 },
      ];
      return { ...fix, edits, announced: finding.policy!.name === 'a' ? 'opens' : 'closes' };
    };
    const { applied, refused } = fixAll(lintInput(input), widen, writerOf(input), CONTEXT);
    expect(applied.map(({ finding }) => finding.policy!.name)).toEqual(['a']);
    expect(refused.map(({ finding, why }) => [finding.policy!.name, why])).toEqual([
      ['b', 'it would open shop/Pod/a -> shop/Pod/b, which was not announced'],
    ]);
  });

  it('stops where what is written brings the finding back', () => {
    const input = inputOf(['a']);
    const forgetful: FixWriter = { try: () => ({ input: inputOf(['a']), keep() {} }) };
    const { refused } = fixAll(lintInput(input), safe, forgetful, CONTEXT);
    expect(refused.map(({ why }) => why)).toEqual(['fixes bring one another back']);
  });
});
