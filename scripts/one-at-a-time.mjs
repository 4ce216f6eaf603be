import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const LONGEST_WAIT_MS = 15 * 60_000;
/** The file is there before its process has written the id. */
const WRITING_MS = 1_000;

/**
 * Runs `work` while no other process does so with the same file, which holds the id of the one that does. What a process
 * has left that was killed is taken over. Throws when another has been at it for a quarter of an hour.
 */
export async function oneAtATime(file, work, onWait) {
  await take(file, onWait);
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

async function take(file, onWait) {
  const end = Date.now() + LONGEST_WAIT_MS;
  let told = false;
  for (;;) {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = holderOf(file);
    if (holder === undefined) continue;
    if (holder === 0 && ageOf(file) < WRITING_MS) {
      await sleep(20);
      continue;
    }
    if (!isAlive(holder)) {
      takeAway(file, holder);
      continue;
    }
    if (Date.now() > end) throw new Error(`process ${holder} holds ${file}: end it, or remove the file`);
    if (!told) onWait(holder);
    told = true;
    await sleep(200);
  }
}

/** Returns the id of the process that holds the file, 0 for what names none, undefined where the file is gone. */
function holderOf(file) {
  try {
    const holder = Number(readFileSync(file, 'utf8'));
    return Number.isSafeInteger(holder) && holder > 0 ? holder : 0;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Returns how long ago the file was written, in milliseconds. */
function ageOf(file) {
  return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
}

/** Removes the file of a process that is gone: moved first, since meanwhile it may be that of another which lives. */
function takeAway(file, holder) {
  const away = `${file}.${process.pid}`;
  try {
    renameSync(file, away);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (holderOf(away) === holder) rmSync(away);
  else renameSync(away, file);
}

/** In a container each first process has the same id: what names this one was left by one before. */
function isAlive(id) {
  if (id === 0 || id === process.pid) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
