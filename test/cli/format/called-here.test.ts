import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { connectCommand } from '../../../src/cli/client/hooks/connect-command.js';
import { calledHere, typedHere } from '../../../src/cli/format/called-here.js';
import { stateLines } from '../../../src/cli/format/state-lines.js';
import { statusLines } from '../../../src/cli/format/status-lines.js';
import { stuckLines } from '../../../src/cli/format/stuck-lines.js';
import { packageRoot } from '../../../src/paths.js';
import { tempFolder } from '../../support/temp-folder.js';

const PROGRAM = join(packageRoot, 'bin/hookyard.mjs');
let folder: string;

beforeAll(async () => {
  folder = await tempFolder('called');
  for (const [project, program] of Object.entries({ ours: PROGRAM, others: join(folder, 'others/hookyard.js') })) {
    await mkdir(join(folder, project, 'node_modules/.bin'), { recursive: true });
    await mkdir(join(folder, project, 'automations'));
    await writeFile(join(folder, project, 'package.json'), '{}');
    await symlink(program, join(folder, project, 'node_modules/.bin/hookyard'));
  }
  await writeFile(join(folder, 'others/hookyard.js'), '');
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(['.', 'automations', 'docs/providers'])('in %s of a clone npx finds the program', (below) => {
  expect(calledHere(join(packageRoot, below))).toBe('npx hookyard');
});

test.each(['ours', 'ours/automations'])('in %s, a project that has it installed, npx finds it', (project) => {
  expect(calledHere(join(folder, project))).toBe('npx hookyard');
});

test.each(['.', 'others', 'others/automations'])(
  'in %s, where npx would run what is not ours, it has its path',
  (below) => {
    expect(calledHere(join(folder, below))).toBe(`node ${PROGRAM}`);
  },
);

test('all commands that a text names can be typed', () => {
  const text = 'There is no run "a"; npx hookyard runs lists them, npx hookyard logs shows one';
  expect(typedHere(text, folder)).toBe(text.replaceAll('npx hookyard', `node ${PROGRAM}`));
  expect(typedHere(text, packageRoot)).toBe(text);
});

test('what helps a stuck run, why a run did not pass, and how a webhook is set can be typed', () => {
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  const helps = 'correct the automation, then npx hookyard rerun <run>';
  const at = '2026-11-28T12:00:00.000Z';
  const stuck = [{ run: 'ci/hub/1', automation: 'ci', since: at, because: 'it was set aside', helps }];
  const because = 'the sandbox could not be made: the output says why, and npx hookyard doctor what to do';
  const lines = [
    ...stuck.flatMap(stuckLines),
    ...statusLines({
      at,
      health: { ready: true, store: 'answers', temporal: 'answers', worker: 'runs', waiting: 0, failed: 0 },
      ...{ red: [], running: [], waiting: [], stuck, failedDeliveries: [], sources: [] },
      arrivals: { perMinute: [0], complete: false },
    }),
    ...stateLines('ci/hub/1', { status: 'completed', outcome: 'error', because, error: because }),
    connectCommand({ source: 'hub', repository: 'acme/app' }, {}),
  ].join('\n');
  expect(lines).not.toContain('npx');
  expect(lines.split(`node ${PROGRAM} `)).toHaveLength(6);
});
