import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { execa } from 'execa';

export interface GitServer {
  readonly url: string;
  /** `Authorization` of every request, in order. */
  readonly authorizations: (string | undefined)[];
  /** Whether a request comes with what it must. */
  accepts: (authorization: string | undefined) => boolean;
  /** What is answered without it: 403 with these words, or else 401. */
  refusal: string;
  /** Where the repositories lie. */
  root: string;
  /** What Git LFS is given, by its name; by `owner/name:` before it, in one repository alone. */
  readonly kept: Map<string, string>;
  /** How many of the next requests are answered 503. */
  failing: number;
  /** Keeps requests without an answer; resolves when one has come. */
  hang(): Promise<void>;
  close(): Promise<void>;
}

/** Git's own smart HTTP server behind a check of the credentials. */
export async function openGitServer(authorization: string): Promise<GitServer> {
  const backend = `${(await execa('git', ['--exec-path'])).stdout}/git-http-backend`;
  let onHanging: (() => void) | undefined;
  const server = createServer((req, res) => {
    state.authorizations.push(req.headers.authorization);
    if (onHanging) return onHanging();
    if (state.failing > 0) {
      state.failing -= 1;
      return void res.writeHead(503).end();
    }
    if (!state.accepts(req.headers.authorization)) {
      const headers = { 'www-authenticate': 'Basic realm="git"', 'content-type': 'text/plain' };
      return void res.writeHead(state.refusal ? 403 : 401, headers).end(state.refusal);
    }
    if (req.url?.includes('/info/lfs/')) return void giveKept(state, req, res);
    serve(backend, { root: state.root, req, res });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const state: GitServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accepts: (given) => given === authorization,
    refusal: '',
    authorizations: [],
    root: '',
    kept: new Map(),
    failing: 0,
    hang: () =>
      new Promise((resolve) => {
        onHanging = resolve;
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return state;
}

/** Git LFS: the batch API, and downloads of what it names. Source: https://github.com/git-lfs/git-lfs/blob/main/docs/api */
async function giveKept({ url, kept }: GitServer, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const json = { 'content-type': 'application/vnd.git-lfs+json' };
  const [, repository = ''] = /^\/(.+?)\.git\/info\/lfs\//.exec(req.url ?? '') ?? [];
  const contentOf = (oid: string) => kept.get(`${repository}:${oid}`) ?? kept.get(oid);
  if (req.method === 'GET') return void res.writeHead(200).end(contentOf(req.url?.split('/').at(-1) ?? ''));
  const body: Buffer[] = [];
  for await (const part of req) body.push(part as Buffer);
  const { objects } = JSON.parse(Buffer.concat(body).toString()) as { objects: { oid: string; size: number }[] };
  const answers = objects.map(({ oid, size }) => {
    if (contentOf(oid) === undefined)
      return { oid, size, error: { code: 404, message: 'Object does not exist on the server' } };
    return { oid, size, actions: { download: { href: `${url}/${repository}.git/info/lfs/${oid}` } } };
  });
  res.writeHead(200, json).end(JSON.stringify({ transfer: 'basic', objects: answers }));
}

/** CGI: headers and a blank line, then the body. */
function serve(backend: string, { root, req, res }: { root: string; req: IncomingMessage; res: ServerResponse }): void {
  const { pathname, search } = new URL(req.url ?? '/', 'http://x');
  const child = spawn(backend, [], {
    env: {
      PATH: process.env.PATH ?? '',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      GIT_CONFIG_KEY_1: 'http.receivepack',
      GIT_CONFIG_VALUE_1: 'true',
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: req.method ?? '',
      CONTENT_TYPE: req.headers['content-type'] ?? '',
      ...(req.headers['content-length'] && { CONTENT_LENGTH: req.headers['content-length'] }),
      ...(req.headers['content-encoding'] && { HTTP_CONTENT_ENCODING: String(req.headers['content-encoding']) }),
      GIT_PROTOCOL: String(req.headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  req.pipe(child.stdin);
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.once('close', () => {
    const all = Buffer.concat(parts);
    const end = all.indexOf('\r\n\r\n');
    let status = 200;
    for (const line of all.subarray(0, end).toString().split('\r\n')) {
      const [name = '', value = ''] = line.split(/: (.*)/s);
      if (name === 'Status') status = Number.parseInt(value, 10);
      else res.setHeader(name, value);
    }
    res.writeHead(status).end(all.subarray(end + 4));
  });
}
