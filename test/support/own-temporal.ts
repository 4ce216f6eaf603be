import { defineSearchAttributeKey } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { inject } from 'vitest';
import { searchAttributes } from '../../src/runs/search-attributes.js';

/** A real Temporal server that a test may start late or do without search attributes. The test tears it down. */
export function startTemporal(
  options: { port?: number; indexed?: boolean; without?: readonly string[] } = {},
): Promise<TestWorkflowEnvironment> {
  const { port, indexed = true, without = [] } = options;
  const keys = searchAttributes.map(({ name, type }) =>
    defineSearchAttributeKey(name, type === 'Int' ? 'INT' : 'KEYWORD'),
  );
  return TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path: inject('temporalCli') },
      searchAttributes: indexed ? keys.filter(({ name }) => !without.includes(name)) : [],
      ...(port && { port }),
      log: { format: 'json', level: 'error' },
    },
  });
}
