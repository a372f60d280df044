// Tests of connectivity, as a test file would say them, in one line.

import { expect } from 'vitest';
import { parseTests } from '../../src/engine/questions/parse-tests.ts';
import type { AskedTest } from '../../src/engine/questions/run-tests.ts';
import { readText } from '../../src/manifests/index.ts';

/** The entry of a test file with these fields in flow style, e.g. `from: x/a, to: x/b, deny: all`. Its name is `it`. */
export function assertion(fields: string): readonly AskedTest[] {
  const text = `apiVersion: netweir.dev/v1alpha1\nkind: ConnectivityTest\ntests: [{name: it, ${fields}}]`;
  const { tests, findings } = parseTests(readText(text, 'test.yaml').objects);
  expect(findings).toEqual([]);
  return tests;
}
