// Compiles the fault test, which is TypeScript, and runs it in this process, so that Ctrl-C has one to talk to.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
// One level deep, as src/ is: it finds the package from where it lies.
const outfile = here('../../dist/faults.mjs');
await build({
  entryPoints: [here('main.ts')],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
});
await import(pathToFileURL(outfile).href);
