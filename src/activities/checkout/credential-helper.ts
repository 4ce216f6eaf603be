import { createConnection } from 'node:net';

/*
 * The program that git in a job's steps asks for credentials: `credential-helper.js <socket> get`, with the question on stdin. It
 * hands the question to the worker, and prints the answer. Once the job has ended, nobody listens, and git gets nothing.
 */

const [socket = '', operation] = process.argv.slice(2);
// Git also tells helpers what to store and what to forget.
if (operation === 'get') {
  const connection = createConnection(socket);
  connection.on('error', () => process.exit(0));
  process.stdin.pipe(connection).pipe(process.stdout);
}
