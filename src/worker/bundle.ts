import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { writeEntry } from '../catalog/entry.js';
import { type Catalog, CatalogError } from '../catalog/load.js';
import { provided } from '../catalog/provided.js';

/**
 * Bundles the catalog's modules for Temporal's workflow sandbox, not minified: a child workflow is found by its function's
 * name. `interceptors`: paths of modules with Temporal interceptors. Throws {@link CatalogError} with the bundler's
 * messages.
 */
export async function bundleWorkflows(
  catalog: Catalog,
  dataFolder: string,
  interceptors: readonly string[] = [],
): Promise<WorkflowBundleWithSourceMap> {
  // No process id: in containers that share a data folder all have the same.
  const folder = join(dataFolder, 'bundle', randomUUID());
  const messages: string[] = [];
  try {
    return await bundleWorkflowCode({
      workflowsPath: await writeEntry(catalog, folder),
      workflowInterceptorModules: [...interceptors],
      logger: new DefaultLogger('ERROR', ({ message }) => messages.push(message)),
      webpackConfigHook: (config) => ({
        ...config,
        resolve: {
          ...config.resolve,
          // A folder outside of the package has no node_modules to find these in, and there must be one copy of each.
          alias: { ...config.resolve?.alias, ...exactly(provided()), ...temporalModules() },
          modules: ['node_modules', packagesOf('@temporalio/workflow')],
        },
      }),
    });
  } catch (error) {
    throw new CatalogError(messages.length > 0 ? messages : [(error as Error).message]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns aliases for the bare names alone, which webpack marks by `$`, and not for paths below them. */
function exactly(packages: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(packages).map(([name, path]) => [`${name}$`, path]));
}

/** Returns aliases for paths below Temporal's packages: a data folder may lie in a project that has other copies. */
function temporalModules(): Record<string, string> {
  const names = ['@temporalio/workflow', '@temporalio/common'];
  return Object.fromEntries(names.map((name) => [`${name}/lib`, join(packagesOf(name), name, 'lib')]));
}

/** Returns the path of the node_modules folder that holds a package. */
function packagesOf(name: string): string {
  const path = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return dirname(path).slice(0, -name.length - 1);
}
