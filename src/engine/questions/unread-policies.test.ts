// A test that passes for want of policies proves nothing: it fails, and says why.

import { describe, expect, it } from 'vitest';
import { assertion } from '../../../test/support/assertions.ts';
import { scenario, XWZ } from '../../../test/support/scenario.ts';
import type { Gap } from '../model/cluster.ts';
import { PORT_PROTOCOLS } from '../sets/traffic-set.ts';
import { runTests } from './run-tests.ts';

const CONTEXT = { defaultNamespace: 'x', protocols: PORT_PROTOCOLS };
const { state } = scenario(XWZ);
const gap = (namespaces: Gap['namespaces'], lost: boolean): Gap => ({
  reason: 'not-listable',
  message: 'm',
  namespaces,
  ...(lost ? { lost: 'policies' } : {}),
});
const isProved = (fields: string, gaps: readonly Gap[]) =>
  runTests({ ...state, gaps }, assertion(fields), CONTEXT).tests[0]?.passed;

describe('a test that holds as far as anybody knows', () => {
  it.each<[string, readonly string[] | 'all', boolean]>([
    ['from: x/a, to: x/b, allow: [80]', ['z'], true],
    ['from: a, to: b, allow: [80]', ['z'], true],
    ['from: a, to: b, allow: [80]', ['x'], false],
    ['from: x/, to: w/a, allow: [80]', ['w'], false],
    ['from: x/pod=a, to: internet, allow: [80]', ['z'], true],
    ['from: x/a, to: x/b, allow: [80]', 'all', false],
    // Whoever else there is may be isolated by what was not read.
    ['from: "*", to: x/b, allow: [80]', [], false],
    ['from: "{ns=w}/pod=a", to: x/b, allow: [80]', [], false],
  ])('%s, without policies of %j: %s', (fields, namespaces, expected) => {
    expect(isProved(fields, [gap(namespaces, true)])).toBe(expected);
    // Without pods elsewhere it stands; that the input is incomplete is said beside it.
    expect(isProved(fields, [gap(namespaces, false)])).toBe(true);
    expect(isProved(fields, [])).toBe(true);
  });

  it('says why it fails', () => {
    const report = runTests(
      { ...state, gaps: [gap('all', true)] },
      assertion('from: x/a, to: x/b, allow: [80]'),
      CONTEXT,
    );
    expect(report.tests[0]).toMatchObject({
      passed: false,
      explanation: 'policies that are in force were not read, so that nothing is proved',
    });
    expect(report.summary).toEqual({ passed: 0, failed: 1 });
  });
});
