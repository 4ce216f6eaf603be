import { createRequire } from 'node:module';
import { built } from '../paths.js';

const require = createRequire(import.meta.url);

/**
 * Returns the paths of the packages that a workflow module gets from Hookyard, wherever its folder lies: there must be one
 * copy of Temporal's workflow library, and a folder outside of the package needs no node_modules of its own.
 */
export function provided(): Record<string, string> {
  return {
    'hookyard/workflow': built('workflows/kit/index.js'),
    '@temporalio/workflow': require.resolve('@temporalio/workflow'),
    '@temporalio/common': require.resolve('@temporalio/common'),
  };
}
