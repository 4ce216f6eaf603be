import { createServer } from 'node:http';
import { Webhooks } from '@octokit/webhooks';
import express from 'express';
import { PATH } from '../lib/path.mjs';

/**
 * A receiver as everybody writes it: Express reads the body, Octokit verifies it, and it is answered once `start` has seen
 * to its run. Listens on `port`, or on any.
 */
export async function startHandReceiver({ secret, port = 0, start }) {
  const webhooks = new Webhooks({ secret });
  const app = express();
  app.post(PATH, express.raw({ type: '*/*', limit: '25mb' }), async (req, res) => {
    const body = req.body.toString('utf8');
    if (!(await webhooks.verify(body, req.get('x-hub-signature-256') ?? ''))) {
      res.status(401).json({ error: 'bad signature' });
      return;
    }
    res.status(202).json({ run: await start(req.get('x-github-delivery'), JSON.parse(body)) });
  });
  const server = createServer(app);
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
