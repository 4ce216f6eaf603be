import { type GitCall, git } from './git.js';

/** As many packs as git itself suffers before it tidies (`gc.autoPackLimit`), and objects beside them (`gc.auto`). */
const MANY_PACKS = 50;
const MANY_LOOSE = 6_700;
/** Objects that no ref leads to are kept for so long: a job may just have looked whether it has them. */
const UNREACHABLE = '2.weeks.ago';
/** One core and little memory: builds go before. */
const GENTLY = ['-c', 'pack.threads=1', '-c', 'pack.windowMemory=64m'];

/**
 * Puts the objects of a mirror into one pack and drops those that nothing leads to, if there are many, or `always`. Each of
 * git's calls has its deadline. Whoever reads meanwhile finds every object. Returns whether it did.
 */
export async function repackIfScattered(call: GitCall, { always }: { always: boolean }): Promise<boolean> {
  const { stdout } = await git(call, 'count-objects', '-v');
  const count = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(stdout)?.[1] ?? 0);
  if (!always && count('packs') < MANY_PACKS && count('count') < MANY_LOOSE) return false;
  const repacked = await git(call, ...GENTLY, 'repack', '-A', '-d', '-q', `--unpack-unreachable=${UNREACHABLE}`);
  return repacked.ok && (await git(call, 'prune', `--expire=${UNREACHABLE}`)).ok;
}
