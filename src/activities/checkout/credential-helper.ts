import { createConnection } from 'node:net';

/*
 * The program that git in a job's steps asks for credentials: `credential-helper.js <socket> get`, with the question on stdin. It
 * hands the question to the worker, and prints the answer. Once the job has ended, nobody listens, and git gets nothing.
 */

const [given = '', operation] = process.argv.slice(2);
// A job that goes on in the workspace of another has what that one had in `~/.gitconfig`, and so the name of a socket that is gone.
const socket = process.env.HOOKYARD_GIT_SOCKET || given;
// Git also tells helpers what to store and what to forget.
if (operation === 'get') {
  const connection = createConnection(socket);
  connection.on('error', () => process.exit(0));
  process.stdin.pipe(connection).pipe(process.stdout);
}
