import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { whyNoSandbox } from '../../dist/activities/job/runners/sandbox/requirements.js';
import { openCheckouts } from '../lib/checkouts.mjs';
import { cliFolder, runCli } from '../lib/cli.mjs';
import { median } from '../lib/figures.mjs';
import { openPhases } from '../lib/phases.mjs';
import { untilQuiet } from '../lib/quiet.mjs';
import { git, makeRepository } from '../lib/repository.mjs';
import { sendPush } from '../lib/send-push.mjs';
import { atMost } from '../lib/target.mjs';

const FEW = 30;
const MANY = 20_000;
const BUILDS = 5_000;
/** The repository of GitHub's own example of a push. */
const PUSHED = 'Codertocat/Hello-World';
const OUTPUT_MS = 120_000;
/** From the first note of the automation `steady` to its last. */
const STEPS = 50;

/** l. From delivery to a step's first output, what a job and a step of it cost over the step, and checkouts beside git's own. */
export async function jobs(bench) {
  const first = await toFirstOutput(bench);
  const small = await checkouts(bench, { name: 'small', files: FEW, rounds: bench.quick ? 5 : 15 });
  const large = await checkouts(bench, { name: 'large', files: MANY, rounds: bench.quick ? 1 : 3 });
  return {
    targets: [
      atMost(`l. delivery to first output, ${FEW} files, p50 in ms`, 300, first.toFirst),
      atMost(`l. the same after ${BUILDS} builds`, 300, first.toFirstLater),
      atMost(
        `l. price of a step, of ${STEPS} short ones, over the same by hand, ms`,
        40,
        first.step - first.stepByHand,
      ),
      atMost(`l. warm checkout of a new commit, ${FEW} files, ms`, 120, small.warm.ms),
      atMost(`l. the same after ${BUILDS} builds`, 120, small.later.ms),
      atMost(`l. warm checkout, ${MANY} files of which one has changed, ms`, 1_000, large.warm.ms),
      atMost(`l. the same after ${BUILDS} builds`, 1_000, large.later.ms),
    ],
    rows: [
      row('l. delivery to first output', first.toFirst),
      row('l. of that: until Temporal has the run', first.untilRun),
      row('l. of that: until its job begins', first.untilJob),
      row('l. of that: until its commit is checked out', first.untilReady),
      row('l. of that: until its step has written', first.untilOutput),
      row('l. one job of one step more: from output to output', first.more),
      row('l. the step by hand', first.byHand),
      row(`l. a short step, of ${STEPS} one after the other`, first.step),
      row('l. the same by hand', first.stepByHand),
      row('l. short steps / the same by hand, ratio', first.step / first.stepByHand),
      row('l. short steps a second', 1_000 / first.step),
      ...(first.sandboxed === undefined
        ? []
        : [
            row('l. a short step in the sandbox', first.sandboxed),
            row('l. the same / on the host, ratio', first.sandboxed / first.step),
          ]),
      row(`l. from delivery to the end of ${STEPS} short steps`, first.toLast),
      ...rowsOf(`${FEW} files`, small),
      ...rowsOf(`${MANY} files`, large),
    ],
  };
}

function row(what, p50) {
  return { what, p50 };
}

function rowsOf(files, { cold, fresh, same, warm, later, clone, worktree }) {
  return [
    row(`l. ${files}: the first checkout, mirror and all`, cold.ms),
    row(`l. ${files}: a new workspace (as strangers have it)`, fresh.ms),
    row(`l. ${files}: a kept one, the same commit`, same.ms),
    row(`l. ${files}: a kept one, a new commit`, warm.ms),
    row(`l. ${files}: the same after ${BUILDS} builds`, later.ms),
    row(`l. ${files}: giving a workspace back, new`, fresh.releaseMs),
    row(`l. ${files}: giving it back, kept`, warm.releaseMs),
    row(`l. ${files}: git clone by hand`, clone),
    row(`l. ${files}: git worktree add by hand`, worktree),
  ];
}

/** As users have it: `hookyard start` with its own Temporal, one push after the other. */
async function toFirstOutput(bench) {
  const out = join(bench.folder, 'outputs');
  mkdirSync(out);
  const repository = makeRepository(join(bench.folder, 'pushed', `${PUSHED}.git`), {
    files: FEW,
    others: { 'bench-folder': `${out}\n` },
  });
  const clone = { url: join(bench.folder, 'pushed', '{fullName}.git') };
  const folder = await cliFolder(bench, {
    name: 'jobs',
    automations: 'jobs',
    taskQueue: 'jobs',
    source: () => ({ clone }),
  });
  folder.env.HOOKYARD_WORKSPACES = join(bench.folder, 'workspaces');
  const cli = runCli(bench, { command: 'start', ...folder });
  const { port } = await cli.untilListening();
  const inOut = async () => [out];
  const inWorkspaces = async () => {
    const names = await readdir(folder.env.HOOKYARD_WORKSPACES).catch(() => []);
    return names.map((name) => join(folder.env.HOOKYARD_WORKSPACES, name, 'tmp'));
  };
  const phases = await openPhases(folder.data);
  bench.onEnd(() => phases?.close());
  const deliver = async () => {
    const [sha, id] = [repository.commit(), randomUUID()];
    const sent = await sendPush({ port, secret: bench.secret, sha, id });
    const [began, again] = [await outputOf(`${sha}.first`, inOut), await outputOf(`${sha}.second`, inOut)];
    const { started = NaN, job = NaN, ready = NaN } = (await phases?.of(`jobs/github/${id}`)) ?? {};
    return {
      toFirst: began - sent,
      more: again - began,
      untilRun: started - sent,
      untilJob: job - started,
      untilReady: ready - job,
      untilOutput: began - ready,
    };
  };
  const deliverMany = async (branch, find) => {
    const sha = repository.commit();
    git(['update-ref', `refs/heads/${branch}`, sha], { cwd: repository.bare });
    const sent = await sendPush({ port, secret: bench.secret, sha, branch });
    const [begun, done] = [await outputOf(`${sha}.begun`, find), await outputOf(`${sha}.done`, find)];
    return { step: (done - begun) / STEPS, toLast: done - sent };
  };
  for (let n = 0; n < 3; n++) await deliver();
  const measure = async (once, rounds) => {
    const found = [];
    for (let n = 0; n < rounds; n++) {
      await untilQuiet();
      found.push(await once());
    }
    return found;
  };
  const rounds = bench.quick ? 5 : 20;
  bench.say('jobs: delivery to first output');
  const soon = await measure(deliver, rounds);
  bench.say('jobs: price of a step');
  const steps = () => deliverMany('steps', inOut);
  await steps();
  const many = await measure(steps, bench.quick ? 2 : 7);
  const hasSandbox = (await whyNoSandbox()) === undefined;
  const shut = hasSandbox ? await measure(() => deliverMany('sandbox', inWorkspaces), bench.quick ? 2 : 7) : undefined;
  const mirror = await openCheckouts({ data: folder.data, url: repository.bare });
  await mirror.leaveRefs(repository.commits(BUILDS));
  for (let n = 0; n < 3; n++) await deliver();
  bench.say(`jobs: delivery to first output, after ${BUILDS} builds`);
  const later = await measure(deliver, rounds);
  await cli.stop();
  return {
    toFirst: medianOf(soon, 'toFirst'),
    untilRun: medianOf(soon, 'untilRun'),
    untilJob: medianOf(soon, 'untilJob'),
    untilReady: medianOf(soon, 'untilReady'),
    untilOutput: medianOf(soon, 'untilOutput'),
    more: medianOf(soon, 'more'),
    toFirstLater: medianOf(later, 'toFirst'),
    step: medianOf(many, 'step'),
    sandboxed: shut && medianOf(shut, 'step'),
    toLast: medianOf(many, 'toLast'),
    stepByHand:
      timed(() => {
        for (let n = 0; n < STEPS; n++) spawnSync('bash', ['-eo', 'pipefail', '-c', 'true']);
      }) / STEPS,
    byHand: median(Array.from({ length: 10 }, () => timed(() => spawnSync('bash', ['-c', `date +%s%N > ${out}/x`])))),
  };
}

/** When a step has run, Unix ms. `find`: returns the folders that its note may lie in. */
async function outputOf(name, find) {
  for (const until = Date.now() + OUTPUT_MS; Date.now() < until; await wait(5)) {
    for (const folder of await find()) {
      const text = await readFile(join(folder, name), 'utf8').catch(() => '');
      if (text.endsWith('\n')) return Number(text) / 1e6;
    }
  }
  throw new Error(`no step wrote ${name}`);
}

async function checkouts(bench, { name, files, rounds }) {
  const data = join(bench.folder, name);
  mkdirSync(data);
  const repository = makeRepository(join(data, 'repository.git'), { files });
  const { once, leaveRefs } = await openCheckouts({ data, url: repository.bare });
  const all = async (what, measure) => {
    bench.say(`jobs: ${files} files, ${what}`);
    const found = [];
    for (let n = 0; n < rounds; n++) {
      await untilQuiet();
      found.push(await measure());
    }
    return { ms: medianOf(found, 'ms'), releaseMs: medianOf(found, 'releaseMs') };
  };
  let head = repository.commit();
  const cold = await once(head);
  const fresh = await all('new workspaces', () => once(head, { trusted: false }));
  // The index of new files does not vouch for those of the same second: git looks into them once.
  await once(head);
  const same = await all('kept ones', () => once(head));
  const warm = await all('kept ones, new commits', () => once(repository.commit()));
  await leaveRefs(repository.commits(BUILDS));
  for (let n = 0; n < 3; n++) await once(repository.commit());
  const later = await all(`after ${BUILDS} builds`, () => once(repository.commit()));
  head = repository.commit();
  const byHand = (...args) => {
    const target = join(data, 'by-hand');
    const ms = timed(() => git([...args, target, ...(args[0] === 'clone' ? [] : [head])], { cwd: repository.bare }));
    rmSync(target, { recursive: true, force: true });
    git(['worktree', 'prune'], { cwd: repository.bare });
    return { ms, releaseMs: 0 };
  };
  const clone = await all('git clone', () => byHand('clone', '--quiet', repository.bare));
  const worktree = await all('git worktree add', () => byHand('worktree', 'add', '--quiet', '--detach'));
  return { cold, fresh, same, warm, later, clone: clone.ms, worktree: worktree.ms };
}

function timed(work) {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function medianOf(rounds, key) {
  return median(rounds.map((round) => round[key]));
}
