import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGzip } from 'node:zlib';
import { pino } from 'pino';
import { createProviders } from '../../../src/providers/apis.js';
import { sourceSchema } from '../../../src/providers/index.js';
import type { Source } from '../../../src/providers/source.js';
import { Secret } from '../../../src/secrets/secret.js';
import type { Attack } from './attack.js';

const UNPACKED_MB = 1_024;
const MOST_MB = 200;
const REPOSITORY = 'acme/app';

/** GitHub's API, as somebody plays it who answers with gigabytes and leads elsewhere. */
export const apiAnswers: Attack = {
  what: `an API that answers ${UNPACKED_MB} MB in a few kB of gzip, and redirects to another host`,
  before: '0.4 MB became 2.6 GB; the other host got the request and its body',
  async run() {
    const bomb = await packed(UNPACKED_MB);
    let reached = 0;
    const elsewhere = await listening((_, res) => {
      reached += 1;
      res.end('{}');
    });
    const api = await listening((req, res) => {
      if (req.method === 'GET')
        res.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' }).end(bomb);
      else res.writeHead(307, { location: `${urlOf(elsewhere)}/taken` }).end();
    });
    try {
      const parsed = sourceSchema.parse({
        kind: 'github',
        secrets: [{ env: 'X' }],
        api: { url: urlOf(api), token: { env: 'X' } },
      });
      const source = {
        ...parsed,
        secrets: [new Secret('x')],
        api: { url: urlOf(api), token: new Secret('token-for-tests') },
      };
      const providers = createProviders({
        config: { sources: { github: source as Source } },
        log: pino({ level: 'silent' }),
      });
      const repository = await providers.repository('github', REPOSITORY);
      const before = process.memoryUsage.rss();
      let most = before;
      const watch = setInterval(() => {
        most = Math.max(most, process.memoryUsage.rss());
      }, 5);
      const failed = await Promise.allSettled([
        repository?.commitMessage?.('a'.repeat(40)),
        repository?.comment?.({ number: 1, body: 'not for others' }),
      ]);
      clearInterval(watch);
      const grown = Math.round((most - before) / 1024 / 1024);
      const refused = failed.filter(({ status }) => status === 'rejected').length;
      return {
        figure: `${grown} MB more memory, ${refused} of 2 answers refused, ${reached} requests reached the other host`,
        withstood: grown <= MOST_MB && reached === 0 && refused === 2,
      };
    } finally {
      for (const server of [api, elsewhere]) server.close().closeAllConnections();
    }
  },
};

async function packed(megabytes: number): Promise<Buffer> {
  const gzip = createGzip({ level: 1 });
  const chunks: Buffer[] = [];
  gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve) => gzip.on('end', resolve));
  const zeros = Buffer.alloc(1024 * 1024);
  for (let i = 0; i < megabytes; i += 1)
    if (!gzip.write(zeros)) await new Promise<void>((resolve) => gzip.once('drain', resolve));
  gzip.end();
  await ended;
  return Buffer.concat(chunks);
}

async function listening(answer: Parameters<typeof createServer>[1]): Promise<Server> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
