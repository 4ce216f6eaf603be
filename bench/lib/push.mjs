import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';

/** GitHub's own example of a push, made as large as an ordinary one is. */
const WANTED_BYTES = 15_000;
/** Stands in the template where each delivery has its own head commit; found by it, so it must not occur otherwise. */
const PLACE = 'feedc0de'.repeat(5);
const FILES_OF_A_COMMIT = 4;

/**
 * A function that makes one whole HTTP request after the other: a signed push as GitHub sends it, each with a delivery
 * id and a head commit of its own. Only the places of the commit are written anew, so that many are made quickly.
 */
export function createPushRequests({ path, secret, host = '127.0.0.1' }) {
  const template = Buffer.from(JSON.stringify(payload(PLACE)));
  const places = placesOf(template);
  return () => {
    const body = Buffer.from(template);
    const sha = randomBytes(20).toString('hex');
    for (const at of places) body.write(sha, at, 'latin1');
    const head = [
      `POST ${path} HTTP/1.1`,
      `host: ${host}`,
      'accept: */*',
      'user-agent: GitHub-Hookshot/044aadd',
      'content-type: application/json',
      `content-length: ${body.length}`,
      'x-github-event: push',
      `x-github-delivery: ${randomUUID()}`,
      'x-github-hook-id: 292430182',
      'x-github-hook-installation-target-id: 79929171',
      'x-github-hook-installation-target-type: repository',
      `x-hub-signature-256: sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      '\r\n',
    ].join('\r\n');
    return { sha, bytes: Buffer.concat([Buffer.from(head, 'latin1'), body]) };
  };
}

/** The payload of a push whose head commit is `sha`. */
export function payload(sha) {
  const examples = createRequire(import.meta.url)('@octokit/webhooks-examples/api.github.com/index.json');
  const example = examples
    .find(({ name }) => name === 'push')
    .examples.find(({ ref }) => ref.startsWith('refs/heads/'));
  const old = example.head_commit;
  // What is pushed to is the default branch, as most often; that of the example is in no repository of a benchmark.
  const repository = { ...example.repository, default_branch: 'main', master_branch: 'main' };
  const commits = [];
  // The head is the last of the commits, and is there a second time by itself.
  const body = () => {
    const head = commit(old, { id: sha, number: commits.length });
    return {
      ...example,
      repository,
      ref: 'refs/heads/main',
      created: false,
      forced: false,
      // The example is of a new branch, whose changed files nobody knows; ordinary pushes follow another commit.
      before: nameOf('before'),
      after: sha,
      commits: [...commits, head],
      head_commit: head,
    };
  };
  while (JSON.stringify(body()).length < WANTED_BYTES) {
    commits.push(commit(old, { id: nameOf(commits.length), number: commits.length }));
  }
  return body();
}

/** As git names commits. */
function nameOf(seed) {
  return createHash('sha1').update(`bench ${seed}`).digest('hex');
}

function commit(like, { id, number }) {
  const files = Array.from({ length: FILES_OF_A_COMMIT }, (_, n) => `packages/server/src/part-${number}/file-${n}.ts`);
  const url = like.url.replace(like.id, id);
  return { ...like, id, url, message: `Change part ${number} of the server`, added: [], removed: [], modified: files };
}

function placesOf(template) {
  const places = [];
  for (let at = template.indexOf(PLACE); at >= 0; at = template.indexOf(PLACE, at + PLACE.length)) places.push(at);
  return places;
}
