import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openPlace, type Place } from '../support/harness/place.js';
import { temporalAddress, unique } from '../support/temporal.js';

let place: Place;
beforeAll(async () => {
  place = await openPlace({
    automations: `import { automation, push } from 'hookyard/workflow';
import { home } from 'of-the-machine';
export const own = automation({ on: push() }, async () => void home);
`,
  });
  // A package that looks at the machine: it can be imported, and is none for the workflow sandbox.
  const folder = join(place.folder, 'node_modules/of-the-machine');
  await mkdir(folder, { recursive: true });
  await place.write('node_modules/of-the-machine/package.json', '{ "type": "module", "main": "index.js" }');
  await place.write(
    'node_modules/of-the-machine/index.js',
    "import os from 'node:os';\nexport const home = os.homedir;\n",
  );
});

test.each(['start', 'worker'])(
  'hookyard %s ends, and says why, when its automations are refused',
  async (command) => {
    const { code, out, err } = await place.hookyard([command], {
      TEMPORAL_ADDRESS: temporalAddress(),
      HOOKYARD_TASK_QUEUE: unique('refused'),
      HOOKYARD_PORT: '0',
      HOOKYARD_METRICS_PORT: '0',
    });
    expect(err).toContain("The automations can't be loaded");
    expect(err).toContain('node:os');
    expect(out).not.toContain('did not stop cleanly');
    // Not by the time limit of this test.
    expect(code).toBe(2);
  },
  150_000,
);
