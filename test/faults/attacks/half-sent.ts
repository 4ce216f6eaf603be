import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { push, sendPush } from '../../support/harness/send-push.js';
import type { Attack } from './attack.js';
import type { Scene } from './scene.js';

const PEERS = 591;
const SENT = 460_000;
const ANNOUNCED = 900_000;
const PUSHES = 30;
const AGAIN_MS = 200;
const WRONG = 200;
/** A busy machine may need many of the thirty seconds that a body has. */
const ANSWERED_MS = 20_000;

/** Bodies of one peer without a secret that are half sent, while signed pushes are sent. */
export const halfSent: Attack = {
  what: `${PEERS} half-sent bodies of one peer, sent again when they are cut off`,
  before: '0 of 30 signed pushes answered 202',
  async run(scene) {
    const signature = `x-hub-signature-256: sha256=${'0'.repeat(64)}`;
    const bodies = await holdHalfSent(scene, { count: PEERS, path: '/webhooks/github', header: signature });
    try {
      let stored = 0;
      for (let i = 0; i < PUSHES; i += 1) {
        const { status } = await sendPush(scene.url, {
          ...scene,
          source: 'github',
          branch: 'main',
          body: push('main'),
        });
        if (status === 202) stored += 1;
        await wait(50);
      }
      return { figure: `${stored} of ${PUSHES} signed pushes answered 202`, withstood: stored === PUSHES };
    } finally {
      bodies.end();
    }
  },
};

/** Bodies whose headers are enough to refuse them. */
export const wrongTokens: Attack = {
  what: '200 half-sent bodies each with a wrong token (kinds token and gitlab)',
  before: '0 of 400 refused before their bodies were there',
  async run(scene) {
    const kinds = [
      { path: '/webhooks/token', header: 'authorization: Bearer of-somebody-else' },
      { path: '/webhooks/gitlab', header: 'x-gitlab-token: of-somebody-else' },
    ];
    let refused = 0;
    for (const kind of kinds) {
      const bodies = await holdHalfSent(scene, { ...kind, count: WRONG, again: false });
      // A connection that is refused is read from for two seconds, so that its sender gets to read the answer.
      const isRefused = (answer: string) => answer.startsWith('HTTP/1.1 401');
      const count = () => bodies.answers().filter(isRefused).length;
      for (const until = Date.now() + ANSWERED_MS; count() < WRONG && Date.now() < until; ) await wait(50);
      refused += count();
      bodies.end();
    }
    return { figure: `${refused} of 400 refused before their bodies were there`, withstood: refused === 400 };
  },
};

interface HalfSent {
  /** What was answered to each of the first connections. */
  answers(): readonly string[];
  end(): void;
}

async function holdHalfSent(
  { port }: Scene,
  { count, path, header, again = true }: { count: number; path: string; header: string; again?: boolean },
): Promise<HalfSent> {
  const half = Buffer.concat([
    Buffer.from(
      `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-github-event: push\r\n${header}\r\ncontent-length: ${ANNOUNCED}\r\n\r\n`,
    ),
    Buffer.alloc(SENT, 'x'),
  ]);
  const open = new Set<Socket>();
  const answers: string[] = [];
  let hasEnded = false;
  const hold = (index: number): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      open.add(socket);
      socket.setEncoding('latin1').on('data', (text: string) => {
        answers[index] ??= text;
      });
      // A connection that was cut off ends in an error as often as not.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        resolve();
        if (again && !hasEnded) setTimeout(() => void (hasEnded || hold(index)), AGAIN_MS);
      });
      socket.write(half, () => resolve());
    });
  for (let index = 0; index < count; index += 1) await hold(index);
  return {
    answers: () => answers.filter((answer) => answer !== undefined),
    end() {
      hasEnded = true;
      for (const socket of open) socket.destroy();
    },
  };
}
