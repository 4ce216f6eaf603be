import { join } from 'node:path';
import { pino } from 'pino';
import { listMirrors } from '../../dist/activities/git/mirror-generations.js';
import { checkOut } from '../../dist/activities/job/checkout.js';
import { releaseWorkspace } from '../../dist/activities/job/release-workspace.js';
import { createWorkspace } from '../../dist/activities/job/workspace.js';
import { loadConfig } from '../../dist/config/load.js';
import { git } from './repository.mjs';

/** Checkouts as jobs have them, in this process. `url`: of the repository, for all names. */
export async function openCheckouts({ data, url }) {
  const env = { HOOK: 'x'.repeat(32), HOOKYARD_DATA: data, HOOKYARD_WORKSPACES: join(data, 'workspaces') };
  const config = await loadConfig({ env: { ...env, GITHUB_WEBHOOK_SECRET: env.HOOK }, cwd: data });
  config.sources.github.clone.url = url;
  const log = pino({ level: 'silent' });
  const { signal } = new AbortController();
  return {
    /** Checks a commit out, lets `look` see the folder, and gives the workspace back. In ms; a push of it was just seen. */
    async once(sha, { trusted = true, look = () => undefined, ...more } = {}) {
      const workspace = await createWorkspace(config);
      const checkout = { source: 'github', repository: 'bench/app', sha, ref: 'refs/heads/main', ...more };
      const began = performance.now();
      await checkOut(
        { config, workspace, signal, note: async () => {} },
        trusted ? checkout : { ...checkout, untrusted: true },
      );
      const ms = performance.now() - began;
      await look(workspace.source);
      const outAt = performance.now();
      await releaseWorkspace({ config, log }, workspace);
      return { ms, releaseMs: performance.now() - outAt };
    },
    /** Gives the mirror a ref for each of some commits, as that many builds with an older version have left. */
    async leaveRefs(commits) {
      const [{ folder }] = await listMirrors(data);
      git(['fetch', '--quiet', url, '+refs/heads/main:refs/heads/main'], { cwd: folder });
      const input = commits.map((sha) => `create refs/hookyard/${sha} ${sha}\n`).join('');
      git(['update-ref', '--stdin'], { cwd: folder, input });
    },
  };
}
