import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { median, medianOf } from '../lib/figures.mjs';
import { interleaved } from '../lib/interleaved.mjs';
import { rowOf } from '../lib/row.mjs';
import { atLeast } from '../lib/target.mjs';
import { PACKAGES, peerPackages } from '../peers/packages.mjs';
import { startTestPostgres } from '../peers/postgres.mjs';
import { dbos, hookyard, restate } from '../peers/systems.mjs';

const version = (name) => PACKAGES[name];
const SYSTEMS = {
  hookyard: { begin: hookyard, what: 'hookyard start' },
  restate: { begin: restate, what: `Restate ${version('@restatedev/restate-server')}` },
  dbos: { begin: dbos, what: `DBOS ${version('@dbos-inc/dbos-sdk')} on Postgres` },
};
const names = Object.keys(SYSTEMS);

/** Restate's answers, by connections: what ours are held to. */
const WANTED = { 1: 2, 32: 2.5, 128: 2 };
const EVERY_MS = 250;
const WARM_UP = { connections: 8, count: 200 };
/** So many are sent to a system that is killed on the way. */
const SENT = 3_000;
const CONNECTIONS_OF_LOSS = 32;
const LOOK_MS = 500;

/**
 * j. The same work by others: each system verifies GitHub's signature, answers when the delivery is synced to the disk, and
 * runs one step. All begin a run as soon as they can, so that answers and steps share the machine.
 */
export async function peers(bench) {
  const size = bench.quick
    ? { rounds: 1, seconds: 2, single: 12, killAfterMs: 500, patienceS: 120 }
    : { rounds: 3, seconds: 4, single: 40, killAfterMs: 800, patienceS: 300 };
  const generator = await bench.generator();
  const packages = await peerPackages(bench.say);
  const postgres = await startTestPostgres(bench.say);
  bench.onEnd(() => postgres.stop());
  let last = 0;
  /** Begins a system on data of its own, warms it up, measures it, and ends it. */
  const turn = (begin, measure) => async () => {
    const name = `peer-${++last}`;
    const file = join(bench.folder, `${name}.steps`);
    const system = await begin(bench, { name, file, packages, postgres: postgres.url });
    const running = { ...(await system.start()), again: system.start, file };
    const send = async (how) => {
      await generator.ask('prepare', { count: how.count ?? how.seconds * 3_000 });
      return generator.ask('run', { port: running.port, tell: true, ...how });
    };
    try {
      const warm = await send(WARM_UP);
      await untilBegun(file, warm.acknowledged, size.patienceS);
      return await measure(send, running);
    } finally {
      await running.kill();
    }
  };
  const measureAll = (what, measure, rounds) => {
    bench.say(`peers: ${what}`);
    const things = names.map((name) => [name, turn(SYSTEMS[name].begin, measure)]);
    return interleaved(Object.fromEntries(things), { rounds, say: bench.say });
  };

  const targets = [];
  const rows = [];
  for (const connections of [1, 32, 128]) {
    const answered = (send) => send({ connections, seconds: size.seconds }).then(allTaken);
    const rounds = await measureAll(`answers over ${connections} connections`, answered, size.rounds);
    const rate = (other) => medianOf(rounds, (round) => round.hookyard.rate / round[other].rate);
    targets.push(
      atLeast(`j. answers a second / Restate, at ${connections}`, WANTED[connections], rate('restate')),
      atLeast(`j. answers a second / DBOS, at ${connections}`, undefined, rate('dbos')),
    );
    for (const name of names)
      rows.push(
        rowOf(
          `j. ${SYSTEMS[name].what}: answers`,
          connections,
          rounds.map((round) => round[name]),
        ),
      );
  }
  const firsts = await measureAll('POST to first step', firstSteps(size), size.rounds);
  for (const name of names)
    rows.push(
      rowOf(
        `j. ${SYSTEMS[name].what}: POST to first step`,
        1,
        firsts.map((round) => round[name]),
      ),
    );
  const [losses] = await measureAll('acknowledged and lost after SIGKILL', lost(size), 1);
  for (const name of names)
    rows.push({
      what: `j. ${SYSTEMS[name].what}: SIGKILL under load`,
      connections: CONNECTIONS_OF_LOSS,
      note: inWords(losses[name]),
    });
  targets.push(noneLost(losses.hookyard));
  return { targets, rows };
}

function allTaken(run) {
  const odd = Object.keys(run.statuses).filter((status) => !status.startsWith('2'));
  if (odd.length > 0) throw new Error(`not all were answered with 2xx: ${JSON.stringify(run.statuses)}`);
  return run;
}

const firstSteps =
  ({ single, patienceS }) =>
  async (send, { file }) => {
    const { sent, acknowledged } = await send({ connections: 1, count: single, everyMs: EVERY_MS });
    const began = await untilBegun(file, acknowledged, patienceS);
    const delays = sent.map(([sha, at]) => began.get(sha).at - at).sort((a, b) => a - b);
    return { p50: median(delays), p99: delays.at(-1) };
  };

/** Kills all of a system while it is sent to, starts it again, and waits for the runs of what it had acknowledged. */
const lost =
  ({ killAfterMs, patienceS }) =>
  async (send, running) => {
    const sending = send({ connections: CONNECTIONS_OF_LOSS, count: SENT, untilError: true });
    await wait(killAfterMs);
    await running.kill();
    const { acknowledged } = await sending;
    Object.assign(running, await running.again());
    const began = await untilBegun(running.file, acknowledged, patienceS);
    const missing = acknowledged.filter((sha) => !began.has(sha)).length;
    const twice = acknowledged.filter((sha) => began.get(sha)?.times > 1).length;
    return { acknowledged: acknowledged.length, missing, twice };
  };

function inWords({ acknowledged, missing, twice }) {
  return `${acknowledged} acknowledged, ${missing} never run, ${twice} begun twice`;
}

function noneLost({ missing }) {
  return { name: 'j. acknowledged, and never run after SIGKILL', value: missing, wanted: '0', pass: missing === 0 };
}

/** Waits until the first step of each has begun, or nothing more begins; returns when, and how often, by commit. */
async function untilBegun(file, shas, seconds) {
  for (const until = Date.now() + seconds * 1_000; ; await wait(LOOK_MS)) {
    const began = stepsIn(file);
    if (Date.now() > until || shas.every((sha) => began.has(sha))) return began;
  }
}

function stepsIn(file) {
  const began = new Map();
  if (!existsSync(file)) return began;
  // The last line may be half written.
  for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
    const { sha, at } = JSON.parse(line);
    const known = began.get(sha);
    began.set(sha, { at: known?.at ?? at, times: (known?.times ?? 0) + 1 });
  }
  return began;
}
