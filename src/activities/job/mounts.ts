import { readFile, realpath } from 'node:fs/promises';

/**
 * Returns where something is mounted below a folder, as this process sees it: what is there is not the folder's, and must not go with it.
 * None where the system does not tell.
 */
export async function mountsBelow(folder: string): Promise<readonly string[]> {
  const text = await readFile('/proc/self/mountinfo', 'latin1').catch(() => '');
  const real = await realpath(folder).catch(() => folder);
  return mountPointsIn(text).filter((place) => place.startsWith(`${real}/`));
}

/** Returns the mount points that `mountinfo` names. Source: `proc_pid_mountinfo(5)`; blanks and the like are octal there. */
export function mountPointsIn(mountinfo: string): readonly string[] {
  return mountinfo.split('\n').flatMap((line) => {
    const place = line.split(' ')[4];
    if (place === undefined) return [];
    const bytes = place.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
    return [Buffer.from(bytes, 'latin1').toString()];
  });
}
