import { automation, matrix, pullRequest, push, runJob, secret, sync } from 'hookyard/workflow';

/** Fails the first time with an exit code that means so. */
const FLAKY = 'test -e tried && exit 0; touch tried; echo "not this time"; exit 75';

export const stepped = automation({ on: push() }, async (event) => {
  const result = await runJob(event, {
    name: 'build',
    steps: [
      { name: 'flaky', run: FLAKY, retries: { on: ['exit:75'], limit: 2 } },
      { name: 'lint', run: 'printf "\\033[31ma blank too many\\n"; exit 1', continueOnError: true },
      { name: 'pack', run: 'echo "version=1.2" >> "$HOOKYARD_OUTPUT"; echo "**packed**" >> "$HOOKYARD_SUMMARY"' },
      { name: 'publish', run: 'echo "publishes $HOOKYARD_OUTPUT_VERSION"' },
      { name: 'mourn', run: 'echo mourns', if: 'failure' },
      { name: 'clean', run: 'echo cleans', if: 'always' },
    ],
  });
  await sync.upsert('stepped', event.deliveryId, result, { version: 1 });
});

export const breaks = automation({ on: push() }, async (event) => {
  const result = await runJob(event, {
    name: 'build',
    steps: [
      { name: 'compile', run: 'echo "the reason"; exit 3', retries: { on: ['lost', 'timeout'], limit: 2 } },
      { name: 'test', run: 'echo tests' },
      { name: 'mourn', run: 'echo mourns', if: 'failure' },
      { name: 'clean', run: 'echo cleans', if: 'always' },
    ],
  });
  await sync.upsert('stepped', event.deliveryId, result, { version: 1 });
});

/** Cleans up after what has no end by itself. */
const ENDLESS = [
  'echo begun; sleep 300',
  { name: 'mourn', run: 'echo mourns', if: 'failure' },
  { name: 'clean', run: 'echo "cleans $HOOKYARD_COMMIT"', if: 'always' },
] as const;

export const endless = automation({ on: push() }, async (event) => {
  await runJob(event, { name: 'build', steps: ENDLESS });
});

/** Ends once the file is there that the commit's message names. */
const UNTIL_GO = 'until [ -e "$GO" ]; do sleep 0.05; done';

/** Cleans up for longer than a run takes to hear that it is cancelled. */
export const tidies = automation({ on: push() }, async (event) => {
  const always = (name: string, run: string) => ({ name, run, if: 'always' }) as const;
  const tidy = always('tidy', `echo tidies; ${UNTIL_GO}; sleep 3; echo "is tidy"`);
  const env = { GO: event.commit.message ?? '' };
  await runJob(event, { name: 'build', steps: ['true', tidy, always('last', 'echo last'), 'echo more'], env });
});

export const late = automation({ on: push() }, async (event) => {
  const result = await runJob(event, { name: 'build', steps: ENDLESS, timeout: '6 seconds' });
  await sync.upsert('stepped', event.deliveryId, result, { version: 1 });
});

export const naps = automation({ on: push() }, async (event) => {
  await runJob(event, { name: 'build', steps: [`echo begun; ${UNTIL_GO}`], env: { GO: event.commit.message ?? '' } });
});

export const both = automation({ on: push() }, async (event) => {
  const of = (name: string) => runJob(event, { name, steps: ['sleep 0.3', 'sleep 0.3'] });
  await Promise.all([of('one'), of('two'), of('three')]);
});

export const misspelt = automation({ on: push() }, async (event) => {
  await runJob(event, { name: 'build', steps: [{ name: 'x', run: 'true', ifs: 'always' } as never] });
});

/** Fails until somebody starts it again. */
export const mended = automation({ on: push() }, async (event) => {
  const result = await runJob(event, {
    name: 'build',
    steps: [
      { name: 'make', run: 'echo made > made; echo once; echo "version=7" >> "$HOOKYARD_OUTPUT"' },
      {
        name: 'use',
        run: 'case "$HOOKYARD_RUN" in again*) echo "uses $(cat made) $HOOKYARD_OUTPUT_VERSION";; *) exit 5;; esac',
      },
      { name: 'clean', run: 'rm made', if: 'always' },
    ],
  });
  await sync.upsert('stepped', event.deliveryId, result, { version: 1 });
});

/** Two jobs of one name, in which different steps fail at first, the second of them at each of its tries. */
export const twins = automation({ on: push() }, async (event) => {
  const results = [];
  for (const [i, fails] of ['use', 'make'].entries()) {
    const step = (name: string) => {
      const stops = name === fails ? 'case "$HOOKYARD_RUN" in again*) ;; *) exit 5;; esac; ' : '';
      return { name, run: `${stops}echo ${name} $NODE >> made; cat made` };
    };
    const env = { NODE: `${20 + i}` };
    results.push(await runJob(event, { name: 'build', env, steps: ['make', 'use'].map(step), attempts: 2 }));
  }
  const steps = results.flatMap((one) => one.steps);
  await sync.upsert('stepped', event.deliveryId, { ...results[1], steps }, { version: 1 });
});

/** Passes only in a workspace that is of the run itself. */
export const stale = automation({ on: push() }, async (event) => {
  const steps = [
    { name: 'make', run: 'echo "$HOOKYARD_RUN" > made' },
    { name: 'use', run: 'case "$HOOKYARD_RUN" in again*) grep again made;; *) exit 5;; esac' },
  ];
  const result = await runJob(event, { name: 'build', steps, attempts: 2 });
  await sync.upsert('stepped', event.deliveryId, result, { version: 1 });
});

export const resumed = automation({ on: push() }, async (event) => {
  const steps = ['echo first', 'echo "attempt $HOOKYARD_ATTEMPT"; test "$HOOKYARD_ATTEMPT" = 2 || sleep 300'];
  const result = await runJob(event, { name: 'build', steps });
  await sync.upsert('stepped', event.deliveryId, result, { version: 1 });
});

/** Does not pass in a run that nobody has started again. */
const RED_AT_FIRST = 'case "$HOOKYARD_RUN" in again*) ;; *) exit 5;; esac';

/** Wants both of its steps each time, the second of which does not pass at first. */
export const deployed = automation({ on: push() }, async (event) => {
  const steps = [
    { name: 'deploy', run: 'echo deploys' },
    { name: 'check', run: RED_AT_FIRST },
  ];
  const result = await runJob(event, { name: 'build', steps, rerunPassed: true });
  await sync.upsert('stepped', event.deliveryId, result, { version: 1 });
});

/** One job after the other, cells, and jobs beside each other: of each some pass, and one does not at first. */
export const halves = automation({ on: push() }, async (event) => {
  const build = await runJob(event, {
    name: 'build',
    steps: [
      { name: 'database', run: 'sleep 300', background: true },
      {
        name: 'make',
        run: 'echo made; echo "version=7" >> "$HOOKYARD_OUTPUT"; echo "**made**" >> "$HOOKYARD_SUMMARY"',
      },
      { name: 'check', run: 'test -e tried || { touch tried; exit 75; }', retries: { limit: 1 } },
      { name: 'lint', run: 'exit 1', continueOnError: true },
      { name: 'mourn', run: 'echo mourns', if: 'failure' },
    ],
  });
  const tests = await matrix(
    { node: [20, 24] },
    ({ node }) =>
      runJob(event, {
        name: 'test',
        steps: [{ name: 'unit', run: node === 24 ? RED_AT_FIRST : 'true' }],
        env: { NODE: `${node}`, VERSION: build.outputs.version ?? '' },
      }),
    { failFast: false },
  );
  const beside = ['docs', 'site'].map((name) =>
    runJob(event, { name, steps: [name === 'site' ? RED_AT_FIRST : 'echo docs'] }),
  );
  await Promise.all(beside);
  await sync.upsert('stepped', event.deliveryId, build, { version: 1 });
  await sync.upsert('cells', event.deliveryId, tests, { version: 1 });
});

/** Builds what merging comes to: a job that passes, and one that does not at first. */
export const merged = automation({ on: pullRequest() }, async (event) => {
  const checkout = { merge: true };
  await runJob(event, { name: 'build', steps: ['echo "builds $(cat *.txt)"'], checkout });
  await runJob(event, { name: 'test', steps: [RED_AT_FIRST], checkout });
});

export const asking = automation({ on: pullRequest({ forks: true }) }, async (event) => {
  const steps = ['echo begun', { name: 'publish', run: 'echo "$T"', env: { T: secret('npm') } }];
  await runJob(event, { name: 'build', steps });
});

/** A job that counts as it did, and one whose effect is wanted each time. */
export const deploys = automation({ on: push() }, async (event) => {
  await runJob(event, { name: 'build', steps: ['echo builds'] });
  await runJob(event, { name: 'deploy', steps: ['echo deploys'], rerunPassed: true });
  await runJob(event, { name: 'test', steps: [RED_AT_FIRST] });
});

/** Its jobs are held by a file for as long as it is there. */
export const held = automation({ on: push() }, async (event) => {
  await runJob(event, { name: 'build', steps: ['echo builds'] });
  const made = { name: 'make', run: 'echo makes; echo made > made' };
  const use = 'case "$HOOKYARD_RUN" in again*|stopped*) cat made;; *) exit 5;; esac';
  const stop = 'case "$HOOKYARD_RUN" in stopped*) sleep 300;; esac';
  await runJob(event, { name: 'test', steps: [made, use, stop] });
});

const long = 'x'.repeat(60_000);

/** Steps of which there is more than is told at once. */
export const lengthy = automation({ on: push() }, async (event) => {
  const steps = Array.from({ length: 40 }, (_, i) => ({ name: `step ${i + 1}`, run: `true # ${long}` }));
  await runJob(event, { name: 'build', steps: ['true', ...steps.slice(1)], timeout: '10 minutes' });
  const [first, ...others] = steps;
  await runJob(event, {
    name: 'test',
    steps: [{ name: 'fails', run: `${RED_AT_FIRST} # ${long}` }, ...others],
    timeout: '10 minutes',
  });
  await sync.upsert('stepped', event.deliveryId, first, { version: 1 });
});

export const oversized = automation({ on: push() }, async (event) => {
  const value = { A: 'x'.repeat(1024 * 1024 - 7) };
  const env = event.branch === 'step' ? {} : value;
  await runJob(event, {
    name: 'build',
    steps: [{ name: 'x', run: 'true', env: event.branch === 'step' ? value : {} }],
    env,
  });
});
