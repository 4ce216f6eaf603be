import { expect, test } from 'vitest';
import { settledAs } from '../../../src/activities/job/runners/settle-runner.js';
import { readyLines } from '../../../src/cli/format/ready-lines.js';
import type { SettledRunner } from '../../../src/config/config.js';
import { configOf } from '../../support/harness/config.js';

const lines = (server: object, url = 'http://127.0.0.1:3000') => {
  const config = configOf({ sources: { github: { kind: 'github', secrets: [{ env: 'A' }] } }, server }, { A: 'a' });
  const ready = { url, metrics: undefined, temporal: 'localhost:7233', namespace: 'team', automations: [] };
  return readyLines({ ...config, generatedSecrets: [] }, ready).join('\n');
};

test('what start prints of a source is the address to give to the provider', () => {
  expect(lines({ publicUrl: 'https://hooks.example/base/' })).toMatch(
    /source github https:\/\/hooks\.example\/base\/webhooks\/github\n {2}receiver {6}http:\/\/127\.0\.0\.1:3000, /,
  );
  expect(lines({})).toContain('source github http://127.0.0.1:3000/webhooks/github\n  Temporal ');
});

test('the first thing that start prints is where the page is, on this machine', () => {
  const [, first] = lines({ publicUrl: 'https://hooks.example/base/' }).trim().split('\n');
  expect(first).toBe('  page          http://127.0.0.1:3000/');
});

test('the list of runs in the Temporal UI has an address, which shows those of this installation', () => {
  const config = configOf(
    {
      sources: { github: { kind: 'github', secrets: [{ env: 'A' }] } },
      temporal: { uiUrl: 'http://ui.example', taskQueue: 'shop' },
    },
    { A: 'a' },
  );
  const ready = { url: 'http://127.0.0.1:3000', metrics: undefined, temporal: 'localhost:7233', automations: [] };
  expect(readyLines({ ...config, generatedSecrets: [] }, { ...ready, namespace: 'team' }).join('\n')).toContain(
    'http://ui.example/namespaces/team/workflows?query=TaskQueue%3D%22shop%22\n',
  );
});

test('a busy port is told of', () => {
  expect(lines({}, 'http://127.0.0.1:3001')).toContain('(port 3000 is busy');
  expect(lines({ port: 0 }, 'http://127.0.0.1:3001')).not.toContain('busy');
});

test('where jobs run is told, and whether they have network', () => {
  const jobs = (runner: 'host' | 'sandbox', more: object = {}, noSandbox?: string) => {
    const config = configOf(
      { sources: { github: { kind: 'github', secrets: [{ env: 'A' }] } }, jobs: { runner, ...more } },
      { A: 'a' },
    );
    const ready = {
      url: 'http://127.0.0.1:3000',
      metrics: undefined,
      temporal: 'a:1',
      namespace: 'b',
      automations: [],
    };
    return (
      readyLines({ ...config, generatedSecrets: [] }, { ...ready, noSandbox }).find((line) =>
        line.startsWith('  jobs'),
      ) ?? ''
    );
  };
  expect(jobs('sandbox', { network: 'own' })).toContain('all in a sandbox, own code with network');
  expect(jobs('sandbox')).toContain('all in a sandbox (');
  expect(jobs('host')).toContain('own code on this machine');
  expect(jobs('host', {}, 'the program bwrap is not installed')).toContain(
    'own code alone: no sandbox here, the program',
  );
});

test('where auto leaves own code on this machine, the reason and what helps are told', () => {
  const given = configOf(
    { sources: { github: { kind: 'github', secrets: [{ env: 'A' }] } }, jobs: { runner: 'auto' } },
    { A: 'a' },
  );
  const jobs = (settled: SettledRunner, noSandbox?: string) => {
    const ready = {
      url: 'http://127.0.0.1:3000',
      metrics: undefined,
      temporal: 'a:1',
      namespace: 'b',
      automations: [],
    };
    const config = { ...settledAs(given, settled), generatedSecrets: [] };
    return readyLines(config, { ...ready, noSandbox }).find((line) => line.startsWith('  jobs')) ?? '';
  };
  const lack = { because: 'the program slirp4netns is not installed', advice: 'Install slirp4netns' };
  expect(jobs({ runner: 'host', ...lack })).toMatch(
    /own code on this machine, since no sandbox with network .*slirp4netns is not installed \(Install slirp4netns\)/,
  );
  expect(jobs({ runner: 'host', because: 'bwrap is not installed' }, 'bwrap is not installed')).toContain(
    'own code alone, on this machine: no sandbox here, bwrap is not installed (npx hookyard doctor)',
  );
  expect(jobs({ runner: 'sandbox' })).toContain('all in a sandbox, own code with network');
  expect(jobs({ runner: 'sandbox', because: 'no answer' })).toContain('none could be made just now: no answer');
});

test('a source that is off has no address, and the demo is named where its source is on', () => {
  const config = configOf(
    {
      sources: {
        github: { kind: 'github', secrets: [{ env: 'A' }], enabled: false },
        demo: { kind: 'github', secrets: [{ env: 'A' }] },
      },
    },
    { A: 'a' },
  );
  const ready = { url: 'http://127.0.0.1:3000', metrics: undefined, temporal: 'a:1', namespace: 'b', automations: [] };
  const text = readyLines({ ...config, generatedSecrets: [] }, ready).join('\n');
  expect(text).toContain('source github off: enabled is false\n');
  expect(text).toContain('source demo   http://127.0.0.1:3000/webhooks/demo\n');
  expect(text).toContain('npx hookyard demo');
  expect(lines({})).not.toContain('npx hookyard demo');
});
