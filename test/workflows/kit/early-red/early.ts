import { automation, pullRequest, push, runJob } from 'hookyard/workflow';

const UNTIL_GO = 'i=0; while [ ! -e "$GO" ] && [ $i -lt 400 ]; do sleep 0.05; i=$((i+1)); done';

export const fromOutput = automation({ on: push() }, async (event) => {
  const run = `echo "not ok 1 - adds"; ${UNTIL_GO}`;
  await runJob(event, {
    name: 'unit',
    env: { GO: event.commit.message ?? '' },
    steps: [{ name: 'test', run, tests: 'tap' }],
  });
});

const suite = (name: string, inner = '') =>
  `echo '<testsuite name="s"><testcase name="${name}">${inner}</testcase></testsuite>' > reports/${name}.xml`;

/** One file a suite, as many runners write them. */
export const fromReport = automation({ on: push() }, async (event) => {
  const run = ['mkdir reports', suite('fine'), suite('adds', '<failure message="no"/>'), UNTIL_GO, suite('late')].join(
    '; ',
  );
  await runJob(event, {
    name: 'unit',
    env: { GO: event.commit.message ?? '' },
    steps: [{ name: 'test', run, tests: 'reports/*.xml' }],
  });
});

/** Finds a problem until a file is there. */
export const onPullRequest = automation({ on: pullRequest() }, async (event) => {
  const run = 'test -e "$GO" || { echo "word.txt:2:1: error: <b>broken</b>"; exit 1; }';
  await runJob(event, { name: 'unit', env: { GO: event.commit.message ?? '' }, steps: [run] });
});

/** Releases under the version that a step has printed. */
export const released = automation({ on: push() }, async (event) => {
  const { outputs } = await runJob(event, { name: 'version', steps: ['echo "version=1.2.3" >> "$HOOKYARD_OUTPUT"'] });
  await runJob(event, {
    name: 'release',
    env: { VERSION: outputs.version ?? 'none', TO: event.commit.message ?? '' },
    steps: ['git tag "v$VERSION" && git push --quiet "$TO" "v$VERSION"'],
  });
});
