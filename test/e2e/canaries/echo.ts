import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A server that quotes all that it is sent. */
export interface Echo {
  readonly url: string;
  /** All that it was sent, as text; what was sent in base64 is decoded too. */
  sent(): string;
  close(): Promise<void>;
}

const STATUSES = [403, 500, 200, 401, 404, 302, 422, 400, 503, 201, 429];
const MOST = 64 * 1024;

/** Starts an HTTP server that quotes each request in its answer: in the status line, in headers, in redirects and in the body. */
export async function startHttpEcho(): Promise<Echo> {
  const sent: string[] = [];
  let count = 0;
  const server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body = (body + chunk).slice(0, MOST);
    if (req.url?.endsWith('/.well-known/openid-configuration')) return res.end(discovery(req));
    const text = quoted(req, body);
    sent.push(text);
    answer(STATUSES[count++ % STATUSES.length] ?? 500, { req, res, text });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: () => sent.join('\n'),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Returns what a provider of OpenID Connect says of itself: without it nobody gets as far as to send it a secret. */
function discovery({ headers }: IncomingMessage): string {
  const issuer = `http://${headers.host}/oidc`;
  const [authorization_endpoint, token_endpoint] = [`${issuer}/authorize`, `${issuer}/token`];
  return JSON.stringify({ issuer, authorization_endpoint, token_endpoint, jwks_uri: `${issuer}/keys` });
}

function quoted(req: IncomingMessage, body: string): string {
  const basic = /^Basic (.+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';
  const decoded = Buffer.from(basic, 'base64').toString();
  return [
    `${req.method} ${req.url}`,
    JSON.stringify(req.headers),
    decoded,
    decodeURIComponent(req.url ?? ''),
    body,
  ].join(' ');
}

function answer(status: number, { req, res, text }: { req: IncomingMessage; res: ServerResponse; text: string }): void {
  const line = text.replace(/[^\x20-\x7e]/g, ' ');
  const isGit = req.url?.includes('.git') ?? false;
  const type = isGit ? 'text/plain' : 'application/json; charset=utf-8';
  const inBase64 = Buffer.from(text).toString('base64');
  const page = `http://us:them@127.0.0.1/${encodeURIComponent(text)}`;
  const fields = { id: line, url: page, name: line, login: line, title: line, state: line, token: 'issued-by-nobody' };
  res.writeHead(status, line.slice(0, 500), {
    'content-type': type,
    'x-echo': line.slice(0, 4_000),
    'www-authenticate': `Basic realm="${inBase64.slice(0, 2_000)}"`,
    ...(status === 302 && { location: `http://localhost/${encodeURIComponent(line).slice(0, 4_000)}` }),
  });
  res.end(
    isGit
      ? `${line}\n${inBase64}\n${page}\n`
      : JSON.stringify({
          ...fields,
          message: `${line} ${inBase64} ${page}`,
          error: line,
          error_description: line,
          errors: [{ message: line, field: inBase64 }],
          documentation_url: page,
          value: [fields],
          values: [fields],
        }),
  );
}

/** Starts a mail server that asks for a password and quotes it. */
export async function startSmtpEcho(): Promise<Echo> {
  const sent: string[] = [];
  const server = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth({ username = '', password = '' }, _, done) {
      sent.push(`${username}:${password}`);
      const inBase64 = Buffer.from(`\0${username}\0${password}`).toString('base64');
      done(Object.assign(new Error(`no to ${username}:${password} ${inBase64}`), { responseCode: 535 }));
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    sent: () => sent.join('\n'),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
