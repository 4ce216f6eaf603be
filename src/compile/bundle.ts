import { isBuiltin } from 'node:module';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Message, type Plugin, stop } from 'esbuild';
import { shortEnvironment } from '../secrets/short-environment.js';

/** Thrown when a module that a person wrote can't be used. `problems`: one message each, with where and what to do. */
export class ModuleError extends Error {
  override readonly name = 'ModuleError';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** Returns why a module may not be imported; undefined if it may. */
export type ImportRule = (specifier: string) => string | undefined;

/** How a module is compiled. */
export interface BundleOptions {
  /** Absolute path of the module. */
  readonly file: string;
  /** Bare specifiers that resolve to Hookyard's own files, by absolute path. They are imported, not bundled. */
  readonly provided: Readonly<Record<string, string>>;
  /** Called for every import of the person's own modules, not for those of packages. */
  readonly refuse?: ImportRule;
  readonly topLevelAwait: boolean;
  /** Folders where packages are also looked for, like `NODE_PATH`. */
  readonly packages?: readonly string[];
}

/**
 * Compiles a TypeScript module that a person wrote, with everything that it imports, to the code of one ES module. Types
 * are stripped and not checked. Throws {@link ModuleError} whose problems start with `file:line:column`.
 */
export async function bundle(options: BundleOptions): Promise<string> {
  try {
    const result = await withoutSecrets(() =>
      build({
        entryPoints: [options.file],
        bundle: true,
        write: false,
        platform: 'node',
        format: 'esm',
        target: 'node20',
        sourcemap: 'inline',
        // The code runs from another folder, and stack traces should still name the author's files.
        sourceRoot: pathToFileURL(`${process.cwd()}/`).href,
        logLevel: 'silent',
        nodePaths: [...(options.packages ?? [])],
        supported: { 'top-level-await': options.topLevelAwait },
        plugins: [resolver(options)],
        // Packages in CommonJS need `require`, which an ES module does not have by itself. Where the code itself is the
        // module's address, none could be made from that.
        banner: {
          js: `import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(${JSON.stringify(options.file)});`,
        },
      }),
    );
    return result.outputFiles[0]?.text ?? '';
  } catch (error) {
    const messages = (error as { errors?: Message[] }).errors;
    if (!messages) throw error;
    throw new ModuleError(messages.map(inWords));
  }
}

/** Builds under way: esbuild's program serves all of them. */
let underWay = 0;

/**
 * Starts a build whose esbuild has none of this process's secrets. It starts its program with the first build, with the
 * environment of that moment and no option for another; the program ends with the last build, for it takes memory.
 */
async function withoutSecrets<T>(start: () => Promise<T>): Promise<T> {
  const own = process.env;
  underWay += 1;
  try {
    process.env = shortEnvironment();
    const building = start();
    process.env = own;
    return await building;
  } finally {
    process.env = own;
    underWay -= 1;
    if (underWay === 0) await stop();
  }
}

function resolver({ provided, refuse }: BundleOptions): Plugin {
  return {
    name: 'hookyard',
    setup(setup) {
      setup.onResolve({ filter: /.*/ }, (args) => {
        if (args.kind === 'entry-point') return undefined;
        const own = !/[\\/]node_modules[\\/]/.test(args.importer);
        const because = own ? refuse?.(args.path) : undefined;
        if (because) return { errors: [{ text: because }] };
        const path = provided[args.path];
        if (path) return { path: pathToFileURL(path).href, external: true };
        return isBuiltin(args.path) ? { external: true } : undefined;
      });
    },
  };
}

function inWords({ location, text }: Message): string {
  if (!location) return text;
  return `${relative(process.cwd(), location.file) || location.file}:${location.line}:${location.column + 1}: ${text}`;
}
