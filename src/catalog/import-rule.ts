import { isBuiltin } from 'node:module';
import type { ImportRule } from '../compile/bundle.js';

/** Packages that can't run in the workflow sandbox. */
const OUTSIDE = ['@temporalio/client', '@temporalio/worker', '@temporalio/testing', '@temporalio/activity', 'express'];

/**
 * Returns why a workflow module, which runs in a sandbox without Node, may not import a module. Checked before anything
 * runs, because the bundler's own messages name neither the line nor what to do instead.
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
