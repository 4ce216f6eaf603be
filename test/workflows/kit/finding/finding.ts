import { automation, push, runJob, sync } from 'hookyard/workflow';

const UNTIL_GO = 'i=0; while [ ! -e "$GO" ] && [ $i -lt 400 ]; do sleep 0.05; i=$((i+1)); done';

export const found = automation({ on: push() }, async (event) => {
  const result = await runJob(event, {
    name: 'unit',
    env: { GO: event.commit.message ?? '' },
    steps: [
      { name: 'lint', run: 'echo "word.txt:1:7: warning: odd"', continueOnError: true },
      { name: 'test', run: `echo "not ok 1 - adds"; ${UNTIL_GO}; echo "word.txt:2:1: error: broken"`, tests: 'tap' },
    ],
  });
  await sync.upsert('found', event.deliveryId, result, { version: 1 });
});

export const retried = automation({ on: push() }, async (event) => {
  const run = 'test -e tried && { echo "ok 1 - adds"; exit 0; }; touch tried; echo "not ok 1 - adds"; exit 1';
  const result = await runJob(event, {
    name: 'unit',
    steps: [{ name: 'test', run, tests: 'tap', retries: { limit: 1 } }],
  });
  await sync.upsert('found', event.deliveryId, result, { version: 1 });
});

/** Finds a problem until a file is there. */
export const mended = automation({ on: push() }, async (event) => {
  const run = 'test -e "$GO" || { echo "word.txt:2:1: error: broken"; exit 1; }';
  await runJob(event, { name: 'unit', env: { GO: event.commit.message ?? '' }, steps: [run], attempts: 2 });
});

const THIRD_TIME =
  'n=$(cat "$GO" 2>/dev/null || echo 0); n=$((n+1)); echo $n > "$GO"; [ $n = 3 ] && echo "ok 1 - adds" || { echo "not ok 1 - adds"; echo "word.txt:2:1: error: broken"; }';

export const tried = automation({ on: push() }, async (event) => {
  const steps = [{ name: 'test', run: THIRD_TIME, tests: 'tap' }];
  const result = await runJob(event, { name: 'unit', env: { GO: event.commit.message ?? '' }, steps, attempts: 3 });
  await sync.upsert('found', event.deliveryId, result, { version: 1 });
});
