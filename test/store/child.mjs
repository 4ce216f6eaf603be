// A second process on a store. Arguments: what to do, the store's compiled module, the name of what opens it there, and
// the options for that as JSON.
import { createInterface } from 'node:readline';

const [, , role, module, open, options] = process.argv;
const store = await (await import(module))[open](JSON.parse(options));

/** Accepts deliveries without end, 20 at a time, and prints the key of each that was answered. */
async function accept() {
  let last = 0;
  const one = async () => {
    for (;;) {
      last += 1;
      const key = `k${last}`;
      await store.inbox.accept({
        id: `id-${key}`,
        source: 'hub',
        key,
        bodyHash: key,
        repeatedSince: 0,
        eventName: 'push',
        receivedAt: Date.now(),
        headers: {},
        body: Buffer.alloc(15_000, key),
        events: [],
        verdicts: [{ automation: 'ci', outcome: 'start', because: 'all', workflowId: `ci/hub/${key}` }],
      });
      process.stdout.write(`${key}\n`);
    }
  };
  await Promise.all(Array.from({ length: 20 }, one));
}

/** Claims until nothing is left, and prints what it got. Waits for a line on its input, so that two begin together. */
async function claim() {
  process.stdout.write('ready\n');
  for await (const _ of createInterface({ input: process.stdin })) break;
  for (;;) {
    const claimed = await store.inbox.claim({ limit: 3, leaseMs: 600_000 });
    if (claimed.length === 0) break;
    for (const { id } of claimed) process.stdout.write(`${id}\n`);
  }
  await store.close();
  process.exit(0);
}

await (role === 'accept' ? accept() : claim());
