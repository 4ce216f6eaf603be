import { connect } from 'node:net';

const ANSWER_MS = 60_000;
const END_OF_HEAD = Buffer.from('\r\n\r\n');

/**
 * A kept-alive connection that has one request under way at a time. It reads no more of an answer than its status and
 * its end, so that the generator leaves the machine to whom it measures. Answers must say their length.
 */
export async function openConnection(port) {
  let socket;
  let held = Buffer.alloc(0);
  let waiting;
  const settle = (how, value) => {
    clearTimeout(waiting?.timer);
    const { [how]: done } = waiting ?? {};
    waiting = undefined;
    done?.(value);
  };
  const onData = (chunk) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const end = held.indexOf(END_OF_HEAD);
    if (end < 0) return;
    const head = held.latin1Slice(0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (held.length < end + 4 + length) return;
    held = held.subarray(end + 4 + length);
    if (/\r\nconnection: close/i.test(head)) socket.destroy();
    settle('resolve', Number(head.slice(9, 12)));
  };
  const open = () =>
    new Promise((resolve, reject) => {
      held = Buffer.alloc(0);
      socket = connect({ port, host: '127.0.0.1', noDelay: true });
      socket.on('data', onData).once('connect', resolve);
      socket.on('error', (error) => {
        reject(error);
        settle('reject', error);
      });
      socket.on('close', () => settle('reject', new Error('the connection was closed')));
    });
  await open();
  return {
    /** Sends a whole request; resolves with the status of the answer. */
    async send(bytes) {
      // A server may close a connection after many requests.
      if (socket.destroyed) await open();
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => settle('reject', new Error('no answer in time')), ANSWER_MS);
        waiting = { resolve, reject, timer };
        socket.write(bytes);
      });
    },
    close: () => socket.destroy(),
  };
}
