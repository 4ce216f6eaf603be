import fc from 'fast-check';
import { beforeEach } from 'vitest';

// A mutant is noticed at the first failure: the smallest that fails as well takes hundreds of tries to find, and nobody reads it.
fc.configureGlobal({ endOnFailure: true });

/**
 * Tests that look at the time, which a busy machine would fail for any mutant, and those that try hundreds of payloads.
 * By a hook, since Stryker takes the `testNamePattern` of the configuration away.
 */
const LEFT_OUT = /^(?:time|a job’s log|every recorded payload|whatever is absent, null or of another form,) /;

beforeEach(({ task, skip }) => {
  const names = [task.name];
  // The outermost is the file.
  for (let { suite } = task; suite?.suite; suite = suite.suite) names.unshift(suite.name);
  if (LEFT_OUT.test(names.join(' '))) skip();
});
