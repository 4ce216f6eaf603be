import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { writeEntry } from '../catalog/entry.js';
import { type Catalog, CatalogError } from '../catalog/load.js';
import { provided } from '../catalog/provided.js';

/**
 * Bundles the catalog's modules for Temporal's workflow sandbox. Never minified: a child workflow is found by its
 * function's name. `interceptors` are modules of Temporal's that run around each workflow. Throws {@link CatalogError}
 * with the bundler's own words.
 */
export async function bundleWorkflows(
  catalog: Catalog,
  dataFolder: string,
  interceptors: readonly string[] = [],
): Promise<WorkflowBundleWithSourceMap> {
  const folder = join(dataFolder, 'bundle', String(process.pid));
  const said: string[] = [];
  try {
    return await bundleWorkflowCode({
      workflowsPath: await writeEntry(catalog, folder),
      workflowInterceptorModules: [...interceptors],
      logger: new DefaultLogger('ERROR', ({ message }) => said.push(message)),
      webpackConfigHook: (config) => ({
        ...config,
        resolve: {
          ...config.resolve,
          // A folder outside the package has no node_modules to find these in, and there must be one copy of each.
          alias: { ...config.resolve?.alias, ...exactly(provided()), ...theirModules() },
          modules: ['node_modules', packagesOf('@temporalio/workflow')],
        },
      }),
    });
  } catch (error) {
    throw new CatalogError(said.length > 0 ? said : [(error as Error).message]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A `$` makes webpack's alias hold for the bare name alone, not for what is below it. */
function exactly(packages: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(packages).map(([name, path]) => [`${name}$`, path]));
}

/** What is below the names: a data folder may lie in a project that has another copy of Temporal's packages. */
function theirModules(): Record<string, string> {
  const names = ['@temporalio/workflow', '@temporalio/common'];
  return Object.fromEntries(names.map((name) => [`${name}/lib`, join(packagesOf(name), name, 'lib')]));
}

/** The node_modules folder that holds a package. */
function packagesOf(name: string): string {
  const path = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return dirname(path).slice(0, -name.length - 1);
}
