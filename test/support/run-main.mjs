import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/**
 * Compiles a program of the tests, which is TypeScript, and runs it in this process, so that Ctrl-C has one to talk to.
 * `entry`: its first file. `name`: of the compiled one, which lies one level deep, as src/ does, and so finds the package.
 */
export async function runMain(entry, name) {
  const outfile = fileURLToPath(new URL(`../../dist/${name}.mjs`, import.meta.url));
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
  });
  await import(pathToFileURL(outfile).href);
}
