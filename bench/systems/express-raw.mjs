import { createServer } from 'node:http';
import express from 'express';
import { PATH } from '../lib/path.mjs';
import { serve } from '../lib/serve.mjs';

/** b. The ceiling: Express reads the body and answers. Nothing is verified, kept or started. */
let server;

serve({
  async begin() {
    const app = express();
    app.disable('x-powered-by').disable('etag');
    app.post(PATH, express.raw({ type: '*/*', limit: '25mb' }), (_req, res) => {
      res.status(202).json({ accepted: true });
    });
    server = createServer(app);
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { port: server.address().port };
  },
  end: () => new Promise((resolve) => server.close(resolve)),
});
