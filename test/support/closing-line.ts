import type { Reporter, TestModule } from 'vitest/node';

/** Ends the run with a plain line that any script can read: `N passed, N failed`. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    let broken = errors.length;
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state]++;
      // A module that can't be loaded has no tests that could fail.
      if (module.state() === 'failed' && module.errors().length > 0) broken++;
    }
    const skipped = count.skipped + count.pending;
    process.on('exit', (code) => {
      // Not even begun, because the set-up failed, is a failure too.
      const failed = count.failed + broken || (code === 0 ? 0 : 1);
      if (skipped > 0) process.stdout.write(`\n${skipped} skipped`);
      process.stdout.write(`\n${count.passed} passed, ${failed} failed\n`);
    });
  }
}
