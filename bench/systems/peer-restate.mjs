import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Pool } from 'undici';
import { serve } from '../lib/serve.mjs';
import { startHandReceiver } from './hand-receiver.mjs';
import { step } from './steps.mjs';

const CONNECTIONS = 128;

/** Restate behind a receiver as everybody writes it, which answers once Restate's ingress has taken the delivery. */
serve({
  async begin({ packages, secret, port, servicePort, ingressPort }) {
    // The SDK needs it, and Node 20 has none.
    Promise.withResolvers ??= withResolvers;
    const entry = createRequire(join(packages, 'package.json')).resolve('@restatedev/restate-sdk');
    const restate = await import(pathToFileURL(entry).href);
    const handlers = {
      ci: async (context, payload) => {
        await context.run('step', () => step({ sha: payload.after, number: 1 }));
      },
    };
    await restate.serve({ services: [restate.service({ name: 'hooks', handlers })], port: servicePort });
    const ingress = new Pool(`http://127.0.0.1:${ingressPort}`, { connections: CONNECTIONS });
    const receiver = await startHandReceiver({
      secret,
      port,
      async start(delivery, payload) {
        const { statusCode, body } = await ingress.request({
          method: 'POST',
          path: '/hooks/ci/send',
          headers: { 'content-type': 'application/json', 'idempotency-key': delivery },
          body: JSON.stringify(payload),
        });
        const answer = await body.json();
        if (statusCode !== 202 && statusCode !== 200) throw new Error(`Restate answers ${statusCode}`);
        return answer.invocationId;
      },
    });
    return { port: receiver.port };
  },
});

function withResolvers() {
  let settle;
  const promise = new Promise((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}
