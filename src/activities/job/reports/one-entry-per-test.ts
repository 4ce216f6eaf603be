import type { SaxesTagPlain } from 'saxes';

/** What the element around all others is called by writers that tell of each test once, by its last try. */
const NAMES = new Set(['jest tests', 'vitest tests', 'Mocha Tests', 'deno test', 'nextest-run']);
/** Of RSpec, which numbers it where several run at once. */
const RSPEC = /^rspec\d*$/;

/**
 * Returns whether a suite is of a writer that tells of each test once, however often it was tried: tests of one name in it are cases of one
 * that is written once, in a loop for example. Gradle, gotestsum, Xcode and some versions of Bun tell of each try.
 *
 * Source: https://maven.apache.org/surefire/maven-surefire-plugin/examples/rerun-failing-tests.html,
 * https://docs.gradle.org/current/userguide/java_testing.html#junit-xml-configuration-merge-reruns, https://nexte.st/docs/machine-readable/junit/
 */
export function isToldOnce({ attributes }: SaxesTagPlain): boolean {
  const { name = '' } = attributes;
  const schema = attributes['xsi:noNamespaceSchemaLocation'] ?? '';
  return NAMES.has(name) || RSPEC.test(name) || schema.includes('surefire');
}
