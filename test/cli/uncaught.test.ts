import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { built } from '../../src/paths.js';

test.each([
  ['an error that nobody catches', "setTimeout(() => { throw new Error('no to canary-uncaught-0123'); })"],
  ['a rejection that nobody handles', "Promise.reject(new Error('no to canary-uncaught-0123'))"],
])('%s ends the process with its stack and exit code 1, and without a secret that it quotes', async (_, code) => {
  const program = `
    import { endOnUncaught } from ${JSON.stringify(built('cli/uncaught.js'))};
    import { rememberConfigured } from ${JSON.stringify(built('secrets/known-secrets.js'))};
    rememberConfigured(['canary-uncaught-0123']);
    endOnUncaught();
    ${code};
  `;
  const { ended, err } = await new Promise<{ ended: unknown; err: string }>((resolve) =>
    execFile(process.execPath, ['--input-type=module', '--eval', program], (error, __, text) =>
      resolve({ ended: error?.code, err: text }),
    ),
  );
  expect(ended).toBe(1);
  expect(err).toMatch(/^Hookyard ended unexpectedly: Error: no to \*\*\*\n +at /);
  expect(err).not.toContain('canary');
});
