import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const SOURCE = "export * from './postgres-binaries.js'; export * from './postgres-server.js';";

/** Starts the Postgres that the tests use, with a folder of its own. It syncs the disk before it answers a commit, as by default. */
export async function startTestPostgres(say) {
  const outfile = fileURLToPath(new URL('../../dist/bench-postgres.mjs', import.meta.url));
  const resolveDir = fileURLToPath(new URL('../../test/support', import.meta.url));
  await build({
    stdin: { contents: SOURCE, resolveDir, loader: 'ts' },
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
  const { postgresBinaries, startPostgres } = await import(pathToFileURL(outfile).href);
  return startPostgres(await postgresBinaries(say));
}
