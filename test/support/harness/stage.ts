import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConfigInput } from '../../../src/config/index.js';
import { type FakeGithub, startFakeGithub } from '../fake-github/github.js';
import { tempFolder } from '../temp-folder.js';
import { testClient } from '../temporal.js';
import { closers } from './closers.js';
import { type Installation, openInstallation } from './installation.js';
import { type RunningReceiver, runReceiver } from './running-receiver.js';
import { runWorker } from './worker.js';

/** A Hookyard that runs, with one source, `github`, and GitHub's stand-in behind it. */
export interface Stage {
  readonly client: Awaited<ReturnType<typeof testClient>>;
  readonly github: FakeGithub;
  readonly installation: Installation;
  readonly receiver: RunningReceiver;
  close(): Promise<void>;
}

/** What runs on a stage. */
export interface StageOptions {
  /** A word for the folder and the task queue. */
  readonly name: string;
  /** A folder of workflow modules, or the code of one. */
  readonly automations: { readonly folder: string } | { readonly code: string };
  /** Of the source's webhooks. */
  readonly secret: string;
  /** Where jobs get their code, and what else is configured. */
  readonly jobs?: (at: { readonly folder: string }) => {
    readonly clone: string;
    readonly config: Omit<ConfigInput, 'sources'>;
  };
}

const TOKEN = 'canary-token';

/** Opens a stage. What it has opened by then is closed where that fails. */
export async function openStage({ name, automations, secret, jobs }: StageOptions): Promise<Stage> {
  const { add, close } = closers();
  try {
    const client = add(await testClient());
    const github = add(await startFakeGithub({ token: TOKEN }));
    const installation = add(
      await openInstallation({
        name,
        automations: 'folder' in automations ? automations.folder : await moduleFolder(name, automations.code),
        config: ({ folder }) => {
          const { clone, config = {} } = jobs?.({ folder }) ?? {};
          const api = { url: github.url, token: { env: 'TOKEN' } };
          const source = { kind: 'github', secrets: [{ env: 'HOOK' }], api, ...(clone && { clone: { url: clone } }) };
          return { ...config, sources: { github: source } } as ConfigInput;
        },
        values: { HOOK: secret, TOKEN },
      }),
    );
    const receiver = add(await runReceiver(installation, client));
    add(await runWorker(installation, { letOn: receiver.wake }));
    return { client, github, installation, receiver, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function moduleFolder(name: string, code: string): Promise<string> {
  const folder = await tempFolder(name);
  await writeFile(join(folder, 'automations.ts'), code);
  return folder;
}
