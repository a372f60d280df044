// `test FILE…`: assertions that must stay true.

import {
  type Finding,
  type Gap,
  type GuaranteeRequest,
  parseGuarantee,
  parseTests,
  runTests,
  type TestReport,
} from '../../engine/index.ts';
import { UserError } from '../../engine/model/user-error.ts';
import { describeGaps } from '../../engine/questions/describe.ts';
import { describeFindings } from '../../engine/questions/describe-findings.ts';
import type { ManifestSet } from '../../manifests/index.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-codes.ts';
import { contextOf, type Invocation, type Options } from '../invocation.ts';
import { loadInput, readPaths } from '../load-input.ts';
import { writeRemarks } from '../messages.ts';
import { outputsOf, writeDocument } from '../output.ts';
import { pluginHints } from '../plugin-hints.ts';
import { fixTests } from '../testing/fix-tests.ts';

const NO_FILES: Pick<ManifestSet, 'objects' | 'findings' | 'gaps' | 'skipped'> = {
  objects: [],
  findings: [],
  gaps: [],
  skipped: [],
};

/** Throws UserError where nothing would be tested, or a flag would say nothing. */
function checkFlags(operands: readonly string[], { guarantee, existingNamespaces, fix, dryRun }: Options): void {
  if (dryRun && !fix) throw new UserError('usage', '--dry-run needs --fix', { hint: 'write test --fix --dry-run' });
  if (operands.length === 0 && guarantee.length === 0) {
    throw new UserError('usage', 'test needs a file of tests', {
      hint: 'write test FILE -f MANIFESTS, or name a --guarantee',
    });
  }
  if (existingNamespaces && guarantee.length === 0) {
    throw new UserError('usage', '--existing-namespaces needs --guarantee', {
      hint: 'in a test file write namespaces: existing',
    });
  }
}

const TESTS = {
  what: 'ConnectivityTest',
  hint: 'a test file begins with apiVersion: netweir.dev/v1alpha1 and kind: ConnectivityTest (docs/test-files.md)',
};

/** Reads the files of tests. No API server sees them, whatever is wrong with them. */
async function readTests(invocation: Invocation): Promise<typeof NO_FILES> {
  const { findings, ...files } = await readPaths(invocation, invocation.operands, { wanted: TESTS });
  return { ...files, findings: findings.map((finding) => ({ ...finding, rejectedByApi: false })) };
}

/** A report that also says what makes the exit code 2: whoever reads it later sees no exit code. */
function withProblems(report: TestReport, gaps: readonly Gap[], findings: readonly Finding[]): TestReport {
  const document = { ...report, incomplete: describeGaps({ gaps }) };
  return findings.length === 0 ? document : { ...document, findings: describeFindings(findings) };
}

/** Runs the tests that can be read; exits 1 where one fails, 2 where one cannot be read or a policy would be rejected. */
export async function test(invocation: Invocation): Promise<ExitCode> {
  const { options, operands, progress } = invocation;
  contextOf(options);
  const outputs = outputsOf(invocation);
  if (operands.includes('-') && options.filename.includes('-')) {
    throw new UserError('usage', 'standard input can hold the tests or the manifests, not both');
  }
  const guarantees = options.guarantee.map(
    (text): GuaranteeRequest => ({
      guarantee: parseGuarantee(text),
      newNamespaces: !options.existingNamespaces,
      source: { path: '' },
    }),
  );
  checkFlags(operands, options);
  const files = operands.length === 0 ? NO_FILES : await readTests(invocation);
  const { tests: written, findings: mistakes, others } = parseTests(files.objects);
  const tests = [...written, ...guarantees];
  if (tests.length === 0 && mistakes.length === 0 && files.gaps.length === 0) {
    throw new UserError(
      'invalid-test',
      `no ConnectivityTest in ${operands.map((path) => (path === '-' ? 'standard input' : `"${path}"`)).join(', ')}`,
      {
        hint: 'tests are written as docs/test-files.md shows; manifests are named with -f',
      },
    );
  }
  const loaded = await loadInput(invocation);
  const { skipped, context } = loaded;
  progress.step('testing');
  const state = options.fix ? await fixTests(loaded, tests, invocation) : loaded.state;
  const findings = [...files.findings, ...mistakes, ...state.findings];
  const gaps = [...files.gaps, ...state.gaps];
  const report = runTests(state, tests, context);
  const rejected = options.allowIncomplete ? [] : state.findings.filter(({ rejectedByApi }) => rejectedByApi);
  const document = withProblems(report, gaps, [...files.findings, ...mistakes, ...rejected]);
  // A patch on standard output is the whole result.
  const shown = options.dryRun ? outputs.filter(({ path }) => path !== undefined) : outputs;
  await writeDocument(document, shown, invocation);
  const ignored = others.map(({ value, file }) => ({
    file: file ?? 'standard input',
    reason: `a ${typeof value.kind === 'string' ? value.kind : 'document'} is no test; manifests are named with -f`,
  }));
  const { assumptions, summary } = document;
  // A test that was not understood was not run, whatever else is allowed to be incomplete.
  const isCut = mistakes.length > 0 || files.gaps.length > 0;
  const notes = [...(isCut ? ['tests that were not understood were not run: exit code 2'] : []), ...document.notes];
  await writeRemarks(
    // What could not be read of the tests stands among the findings, and makes no answer incomplete.
    {
      skipped: [...files.skipped, ...ignored, ...skipped],
      findings,
      gaps: state.gaps,
      notes,
      assumptions,
      hints: pluginHints(state, options),
    },
    invocation,
  );
  if (isCut) return EXIT.cannotAnswer;
  return exitCodeOf({
    answer: summary.failed > 0 ? 'no' : 'yes',
    incomplete: gaps.length > 0,
    rejected: state.findings.some(({ rejectedByApi }) => rejectedByApi),
    allowIncomplete: options.allowIncomplete,
  });
}
