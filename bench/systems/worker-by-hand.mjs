import { serve } from '../lib/serve.mjs';
import { startHandWorker } from './hand-worker.mjs';

/** The hand-written receiver's worker, in a process of its own. */
let stop;

serve({
  async begin(options) {
    stop = await startHandWorker(options);
    return {};
  },
  end: () => stop(),
});
