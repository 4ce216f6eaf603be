import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

const require = createRequire(import.meta.url);

/** Where and of what the figures are: without these they can't be compared with others. */
export function circumstances({ quick }) {
  // Not every package shows its own package.json.
  const { packages } = require('../../package-lock.json');
  const version = (name) => packages[`node_modules/${name}`]?.version ?? 'unknown';
  return {
    at: new Date().toISOString(),
    quick,
    machine: {
      cores: availableParallelism(),
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      memoryGb: Math.round(totalmem() / 2 ** 30),
      system: `${process.platform} ${release()}`,
      /** Somebody else was at work if this is not near 0. */
      loadBefore: loadavg()[0],
    },
    commit: commit(),
    versions: {
      node: process.versions.node,
      express: version('express'),
      temporalClient: version('@temporalio/client'),
      libsql: version('libsql'),
      octokitWebhooks: version('@octokit/webhooks'),
    },
  };
}

/** With a `+` when there is something that was not committed. */
function commit() {
  try {
    const git = (...args) =>
      execFileSync('git', args, { encoding: 'utf8', timeout: 10_000, stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--untracked-files=no') ? '+' : ''}`;
  } catch {
    return 'unknown';
  }
}
