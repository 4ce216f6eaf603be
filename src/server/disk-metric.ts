import { stat, statfs } from 'node:fs/promises';
import { Gauge, Registry } from 'prom-client';

/** Folders that Hookyard fills. */
export interface FilledFolders {
  readonly data: string;
  /** Where workspaces may lie: the first that is there counts. Absent where no jobs run. */
  readonly workspaces?: readonly string[] | undefined;
}

/** How a disk is asked. */
export interface DiskLook {
  readonly room: (folder: string) => Promise<{ bavail: number; blocks: number; bsize: number }>;
  /** Resolves to what tells the disk of a folder from others; rejects where there is no such folder. */
  readonly disk: (folder: string) => Promise<number>;
}

const LOOK: DiskLook = { room: (folder) => statfs(folder), disk: async (folder) => (await stat(folder)).dev };

/**
 * Returns what exposes how much room the data folder's disk has, and the one of workspaces where that is another, in Prometheus'
 * text format.
 */
export function createDiskMetric({ data, workspaces = [] }: FilledFolders, look: DiskLook = LOOK) {
  const registry = new Registry();
  const gauge = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: ['folder'], registers: [registry] });
  const free = gauge(
    'hookyard_data_free_bytes',
    'Room that is left for Hookyard on the disk that the data folder lies on, and on the one of workspaces.',
  );
  const size = gauge('hookyard_data_size_bytes', 'Size of the disk that the folder lies on.');
  const show = async (folder: string, path: string) => {
    const { bavail, blocks, bsize } = await look.room(path);
    free.set({ folder }, bavail * bsize);
    size.set({ folder }, blocks * bsize);
  };
  const elsewhere = async () => {
    for (const path of workspaces) {
      const disk = await look.disk(path).catch(() => undefined);
      if (disk !== undefined) return disk === (await look.disk(data)) ? undefined : path;
    }
    return undefined;
  };
  return async (): Promise<string> => {
    await show('data', data);
    const other = await elsewhere();
    if (other !== undefined) await show('workspaces', other);
    return registry.metrics();
  };
}
