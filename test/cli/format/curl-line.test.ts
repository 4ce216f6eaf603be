import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test, vi } from 'vitest';
import { prepareDelivery } from '../../../src/cli/client/send-delivery.js';
import { curlLine } from '../../../src/cli/format/curl-line.js';
import type { Project } from '../../../src/config/project.js';
import { configSchema } from '../../../src/config/schema.js';
import { toKnownSource } from '../../../src/providers/known-sources.js';
import { kinds, senderOf, sourceOf } from '../../providers/senders.js';
import { SECRET } from '../../providers/signing.js';
import { tempFolder } from '../../support/temp-folder.js';

/** Stands where curl would: prints what it was given, as it would send it. */
const CURL = `#!${process.execPath}
const { readFileSync } = require('node:fs');
const [globoff, request, post, url, ...rest] = process.argv.slice(2);
if ([globoff, request, post].join() !== '--globoff,--request,POST') process.exit(3);
const headers = {};
let body;
for (let at = 0; at < rest.length; at += 2) {
  const [name, value] = [rest[at], rest[at + 1]];
  if (name === '--data-raw') body = Buffer.from(value);
  else if (name === '--data-binary' && value.startsWith('@')) body = readFileSync(value.slice(1));
  else if (name === '--header') {
    const lines = value === '@-' ? readFileSync(0, 'utf8').trimEnd().split('\\n') : [value];
    for (const line of lines) headers[line.slice(0, line.indexOf(':'))] = line.slice(line.indexOf(':') + 2);
  } else process.exit(4);
}
process.stdout.write(JSON.stringify({ url, headers, body: body.toString('base64') }));
`;

let folder: string;
beforeAll(async () => {
  folder = await tempFolder('curl');
  await writeFile(join(folder, 'curl'), CURL);
  await chmod(join(folder, 'curl'), 0o755);
  await mkdir(join(folder, "data '$(x)/secrets"), { recursive: true });
  await writeFile(join(folder, "data '$(x)/secrets", 'made'), `${SECRET}\n`);
});

const references = { kept: { generated: 'made' }, variable: { env: 'A_SECRET_OF_TESTS' } };

function projectOf(kind: (typeof kinds)[number], reference: object): Project {
  const settings = configSchema.parse({
    sources: { s: { kind, secrets: [reference], ...senderOf(kind).settings } },
  });
  const data = join(folder, "data '$(x)");
  return { file: '', base: folder, here: folder, data, automations: '', settings, environment: {} };
}

async function inShell(line: string) {
  const env = { PATH: `${folder}:${process.env.PATH}`, A_SECRET_OF_TESTS: SECRET };
  const { stdout } = await promisify(execFile)('sh', ['-c', line], { env });
  const { body, ...sent } = JSON.parse(stdout) as { url: string; headers: Record<string, string>; body: string };
  return { ...sent, body: Buffer.from(body, 'base64') };
}

const HOSTILE = JSON.stringify({ type: 'x', id: 'e1', text: `it's $(reboot) \`reboot\` "\\" \n ! & ; | ü` });

test.each(kinds)(
  'a line for a source of kind %s sends the very delivery from any shell, and holds no secret',
  async (kind) => {
    vi.stubEnv('A_SECRET_OF_TESTS', SECRET);
    try {
      for (const reference of Object.values(references)) {
        const project = projectOf(kind, reference);
        const event = senderOf(kind).bodies[0]?.event ?? 'an event';
        const delivery = prepareDelivery(project, { source: 's', body: Buffer.from(HOSTILE), event, id: "it's-an-id" });
        const url = 'http://127.0.0.1:3000';
        const line = curlLine({ url, delivery, file: undefined, secrets: join(project.data, 'secrets') });
        expect(line).not.toContain(SECRET);
        expect(line).not.toContain(SECRET.slice('whsec_'.length));
        const sent = await inShell(line);
        expect(sent.url).toBe('http://127.0.0.1:3000/webhooks/s');
        expect(sent.body.toString()).toBe(HOSTILE);
        const { scheme } = toKnownSource(sourceOf(kind));
        expect(await scheme.verify(sent, Date.now())).toBe(true);
      }
    } finally {
      vi.unstubAllEnvs();
    }
  },
);

test('a body of any bytes is named by its file; what no line can hold is refused', async () => {
  const project = projectOf('github', { generated: 'made' });
  const bytes = Buffer.from([0, 0xff, 0x27, 0x0a, 0x80]);
  const file = join(folder, "it's $(a) file");
  await writeFile(file, bytes);
  const prepared = (body: Buffer) => prepareDelivery(project, { source: 's', body, event: 'push' });
  const line = (body: Buffer, of?: string) =>
    curlLine({ url: 'http://h', delivery: prepared(body), file: of, secrets: join(project.data, 'secrets') });
  expect((await inShell(line(bytes, file))).body).toEqual(bytes);
  for (const body of [bytes, Buffer.alloc(200_000, 'x')])
    expect(() => line(body)).toThrow('write it to a file, and give --file');
  expect(() => line(Buffer.from('\u001b[2J'))).toThrow('characters that no terminal can show');
  expect(() => line(Buffer.from('\u202e'))).toThrow('characters that no terminal can show');
});
