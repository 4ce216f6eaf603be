import { statfs } from 'node:fs/promises';
import { Gauge, Registry } from 'prom-client';

/** Returns what exposes how much room the data folder's disk has, in Prometheus' text format. `look` tells it. */
export function createDiskMetric(
  folder: string,
  look: (folder: string) => Promise<{ bavail: number; blocks: number; bsize: number }> = statfs,
): () => Promise<string> {
  const registry = new Registry();
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const free = gauge(
    'hookyard_data_free_bytes',
    'Room that is left for Hookyard on the disk that the data folder lies on.',
  );
  const size = gauge('hookyard_data_size_bytes', 'Size of the disk that the data folder lies on.');
  return async () => {
    const { bavail, blocks, bsize } = await look(folder);
    free.set(bavail * bsize);
    size.set(blocks * bsize);
    return registry.metrics();
  };
}
