import { AsyncResource } from 'node:async_hooks';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { QuietConnection } from '../../src/temporal/quiet-connection.js';

/** Takes connections, and never says a word. */
let silent: Server;
let connection: QuietConnection;

beforeEach(async () => {
  silent = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { port: number };
  connection = QuietConnection.lazy({ address: `127.0.0.1:${port}`, interceptors: [] }) as QuietConnection;
});

afterEach(async () => {
  await connection.close();
  silent.close();
});

const ask = (ms: number) =>
  connection.withDeadline(Date.now() + ms, () => connection.workflowService.getSystemInfo({}));

test('a deadline holds while that of another call ends, and so does the next one', async () => {
  const both = [ask(100), ask(600)];
  for (const call of both) await expect(call).rejects.toMatchObject({ code: 4 });
  await expect(ask(100)).rejects.toMatchObject({ code: 4 });
});

test('nothing of a call is followed once no deadline is in use', async () => {
  const { callContextStorage } = connection;
  let look: () => unknown = () => undefined;
  const inside = connection.withDeadline(Date.now() + 5_000, async () => {
    look = AsyncResource.bind(() => callContextStorage.getStore());
    await expect(ask(50)).rejects.toThrow();
    // The inner deadline is over, the outer one is not.
    expect(look()).toMatchObject({ deadline: expect.any(Number) });
  });
  await inside;
  expect(look()).toBeUndefined();
});

test('no part of Hookyard opens a connection of the SDK itself', () => {
  const files = readdirSync(join(packageRoot, 'src'), { recursive: true, encoding: 'utf8' });
  const opens = files
    .filter((file) => file.endsWith('.ts'))
    .filter((file) =>
      /(?<![A-Za-z])Connection\.(?:lazy|connect)\(/.test(readFileSync(join(packageRoot, 'src', file), 'utf8')),
    );
  expect(opens).toEqual([]);
});
