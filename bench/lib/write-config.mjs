import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes a configuration whose source is the one that the generator sends to. `more`: what else it has. */
export async function writeConfig(folder, more = {}) {
  const github = { kind: 'github', secrets: [{ env: 'GITHUB_WEBHOOK_SECRET' }] };
  const config = { sources: { github }, ...more };
  await writeFile(join(folder, 'hookyard.config.ts'), `export default ${JSON.stringify(config)};\n`);
}
