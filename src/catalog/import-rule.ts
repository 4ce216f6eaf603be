import { isBuiltin } from 'node:module';
import type { ImportRule } from '../compile/bundle.js';

/** Packages whose place is outside the workflow sandbox, with where what they do belongs instead. */
const OUTSIDE = ['@temporalio/client', '@temporalio/worker', '@temporalio/testing', '@temporalio/activity', 'express'];

/**
 * A workflow module runs in a sandbox without Node, and its imports are looked at before anything runs: the bundler's
 * own messages about them name neither the line nor the way out.
 */
export const importRule: ImportRule = (specifier) => {
  if (isBuiltin(specifier))
    return `"${specifier}" can't be imported: a workflow can't touch Node; do it in an activity`;
  if (OUTSIDE.some((name) => specifier === name || specifier.startsWith(`${name}/`))) {
    return `"${specifier}" can't be imported: it does not run in a workflow; do it in an activity`;
  }
  if (specifier.startsWith('hookyard/') && specifier !== 'hookyard/workflow') {
    return `"${specifier}" can't be imported: a workflow module imports "hookyard/workflow"`;
  }
  return undefined;
};
