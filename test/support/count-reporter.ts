// A vitest reporter that ends a run with `N passed, N failed, N skipped`, the form that every suite of the project
// ends with, and prints why each skipped test was skipped. Knows nothing of what the tests are about.

import type { Reporter, SerializedError, TestModule, Vitest } from 'vitest/node';

/** A skip without a reason is a failure, and so is a run in which nothing ran. */
export default class CountReporter implements Reporter {
  private vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0 };
    // With -t or --shard the tests left out are the caller's choice.
    const isSelection = this.vitest?.config.testNamePattern !== undefined;
    const lines: string[] = [];
    for (const module of modules) {
      if (module.errors().length > 0) {
        count.failed++;
        lines.push(`failed: ${module.relativeModuleId}: the file could not be loaded`);
      }
      for (const suite of module.children.allSuites()) count.failed += suite.errors().length > 0 ? 1 : 0;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') count.passed++;
        else if (result.state === 'failed') count.failed++;
        else if (result.state === 'skipped' && result.note !== undefined) {
          count.skipped++;
          lines.push(`skipped: ${test.fullName}: ${result.note}`);
        } else if (isSelection) count.skipped++;
        else {
          count.failed++;
          lines.push(`failed: ${module.relativeModuleId}: ${test.fullName}: skipped without a reason`);
        }
      }
    }
    if (count.failed > 0 || count.passed === 0) process.exitCode = 1;
    lines.push(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
    // At the exit, so that nothing of another reporter follows.
    process.once('exit', () => process.stdout.write(`${lines.join('\n')}\n`));
  }
}
