import { type Duration, msToNumber } from '@temporalio/common/lib/time.js';
import type { ArtifactAsked, ArtifactNeeded, ArtifactOptions } from '../../activities/contract/index.js';
import { isArtifactName } from '../../runs/artifact-name.js';
import { isKeptGlob, problemOfKeptGlob, problemOfKeptPath } from '../../runs/kept-path.js';
import { listOf, type OptionCheck, readOptions, yesOrNo } from '../../triggers/options.js';

/** How many a job may keep or need. */
const MOST = 20;
const MOST_PATHS = 50;
const DAY_MS = 24 * 3_600_000;
const MOST_DAYS = 400;

/** Returns the artifacts that an author wants kept of a job. Throws a `TriggerError` that says which option of which is wrong. */
export function readArtifacts(artifacts: ArtifactOptions | readonly ArtifactOptions[]): readonly ArtifactAsked[] {
  const isOne = !Array.isArray(artifacts);
  const all = (isOne ? [artifacts] : artifacts) as readonly ArtifactOptions[];
  if (all.length > MOST) throw new Error(`runJob(): "artifacts" has ${all.length} artifacts, more than ${MOST}`);
  const read = all.map((given, i) => {
    const called = isOne ? 'artifacts' : `artifacts[${i}]`;
    const { name, paths, expires } = readOptions('runJob', given, ARTIFACT, called);
    if (name === undefined || paths === undefined) throw new Error(`runJob(): "${called}" needs a "name" and "paths"`);
    return { name, paths, ...(expires !== undefined && { expiresMs: msToNumber(expires) }) };
  });
  const twice = read.find(({ name }, i) => read.findIndex((one) => one.name === name) < i);
  if (twice) throw new Error(`runJob(): "artifacts" has two that are called ${JSON.stringify(twice.name)}`);
  return read;
}

/** Returns the artifacts that a job needs, as `artifact.get` has made them. Throws what is wrong with them. */
export function readNeeds(needs: readonly ArtifactNeeded[]): readonly ArtifactNeeded[] {
  if (!Array.isArray(needs) || needs.length > MOST)
    throw new Error(`runJob(): "needs" must be a list of at most ${MOST} of artifact.get('name')`);
  return needs.map((given, i) => readNeed('runJob', given, `needs[${i}]`));
}

/** Returns an artifact that is needed, with what is set alone. Throws a `TriggerError` that says what is wrong. */
export function readNeed(owner: string, given: ArtifactNeeded, within?: string): ArtifactNeeded {
  const { untrusted, ...need } = readOptions(owner, given, NEEDED, within);
  return { ...need, ...(untrusted && { untrusted }) };
}

const name: OptionCheck = (value) =>
  typeof value === 'string' && isArtifactName(value)
    ? undefined
    : '1 to 100 letters, digits, ".", "_" and "-", the first none of the last two or a dot';

const path: OptionCheck = (value) => {
  const problem = typeof value === 'string' ? (problemOfKeptPath(value) ?? problemOfHome(value)) : 'is no text';
  return problem === undefined ? undefined : `a path below the checkout (and ${JSON.stringify(value)} ${problem})`;
};

function problemOfHome(value: string): string | undefined {
  return value.startsWith('~') ? 'is not below the checkout' : undefined;
}

const paths: OptionCheck = (value) => {
  const wrong = listOf()(value);
  if (wrong) return `${wrong}: files and folders below the checkout, or globs`;
  const all = value as readonly string[];
  if (all.length > MOST_PATHS) return `a list of at most ${MOST_PATHS} paths`;
  if (all.every((one) => one.startsWith('!'))) return 'a list of more than what is taken away';
  const problems = all.map((one) => [
    one,
    isKeptGlob(one) ? problemOfKeptGlob(one) : (problemOfKeptPath(one) ?? problemOfHome(one)),
  ]);
  const bad = problems.find(([, problem]) => problem !== undefined);
  return bad && `a list: ${JSON.stringify(bad[0])} ${bad[1]}`;
};

const expires: OptionCheck = (value) => {
  try {
    const ms = msToNumber(value as Duration);
    if (ms > 0 && ms <= MOST_DAYS * DAY_MS) return undefined;
  } catch {
    // Said below.
  }
  return `a time in milliseconds or in words, "30 days", of ${MOST_DAYS} days at most`;
};

const ARTIFACT = { name, paths, expires };

const NEEDED = {
  name,
  run: (value: unknown) =>
    typeof value === 'string' && value !== '' && value.length <= 1_000 ? undefined : "a run's workflow id",
  dir: path,
  untrusted: yesOrNo,
};
