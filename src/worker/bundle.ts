import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import {
  type BundleOptions,
  bundleWorkflowCode,
  DefaultLogger,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { writeEntry } from '../catalog/entry.js';
import { type Catalog, CatalogError } from '../catalog/load.js';
import { provided } from '../catalog/provided.js';
import { built } from '../paths.js';
import { type BundleSources, keepBundle, keptBundle } from './kept-bundle.js';

const require = createRequire(import.meta.url);

const OWN_INTERCEPTORS = ['keep-slot-for-children', 'mark-children'];

/**
 * Bundles the catalog's modules for Temporal's workflow sandbox, not minified: a child workflow is found by its function's
 * name. Takes the bundle of an earlier start from the data folder if nothing that it was made from has changed.
 * `interceptors`: paths of modules with Temporal interceptors. Throws {@link CatalogError} with the bundler's messages.
 */
export async function bundleWorkflows(
  catalog: Catalog,
  dataFolder: string,
  interceptors: readonly string[] = [],
): Promise<WorkflowBundleWithSourceMap> {
  // No process id: in containers that share a data folder all have the same.
  const folder = join(dataFolder, 'bundle', randomUUID());
  const kept = join(dataFolder, 'bundle', 'kept.json');
  try {
    const entry = await writeEntry(catalog, folder);
    const modules = [...OWN_INTERCEPTORS.map((name) => built(`workflows/run/${name}.js`)), ...interceptors];
    const recipe = JSON.stringify([await readFile(entry, 'utf8'), modules, sdkVersion(), process.version]);
    const code = await keptBundle(kept, recipe);
    if (code !== undefined) return { code, sourceMap: '' };
    const since = Date.now();
    const { bundle, sources } = await make(entry, modules);
    const ofOthers = (paths: Iterable<string>) => [...paths].filter((path) => !path.startsWith(`${folder}${sep}`));
    const lasting = { files: ofOthers(sources.files), missing: ofOthers(sources.missing) };
    // One that can't be kept is made again at the next start.
    await keepBundle(kept, { recipe, code: bundle.code, sources: lasting, since }).catch(() => undefined);
    return bundle;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type WebpackConfig = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];

async function make(
  entry: string,
  interceptors: readonly string[],
): Promise<{ bundle: WorkflowBundleWithSourceMap; sources: BundleSources }> {
  const messages: string[] = [];
  let sources: BundleSources = { files: [], missing: [] };
  const notes: NonNullable<WebpackConfig['plugins']>[number] = {
    apply(compiler) {
      compiler.hooks.done.tap('hookyard', ({ compilation }) => {
        sources = { files: compilation.fileDependencies, missing: compilation.missingDependencies };
      });
    },
  };
  try {
    const bundle = await bundleWorkflowCode({
      workflowsPath: entry,
      workflowInterceptorModules: [...interceptors],
      logger: new DefaultLogger('ERROR', ({ message }) => messages.push(message)),
      webpackConfigHook: (config) => ({
        ...config,
        // The worker keeps several copies of it, and the authors' files are there.
        devtool: 'inline-nosources-source-map',
        plugins: [...(config.plugins ?? []), notes],
        resolve: {
          ...config.resolve,
          // A folder outside of the package has no node_modules to find these in, and there must be one copy of each.
          alias: { ...config.resolve?.alias, ...exactly(provided()), ...temporalModules() },
          modules: ['node_modules', packagesOf('@temporalio/workflow')],
        },
      }),
    });
    return { bundle, sources };
  } catch (error) {
    throw new CatalogError(messages.length > 0 ? messages : [(error as Error).message]);
  }
}

function sdkVersion(): string {
  return (require('@temporalio/worker/package.json') as { version: string }).version;
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
  const path = require.resolve(`${name}/package.json`);
  return dirname(path).slice(0, -name.length - 1);
}
