import type { Readable } from 'node:stream';

/** In characters: paths of Linux have 4,096 bytes at most, and whoever made the commit chooses those of a tree. */
const MAX_RECORD = 1024 * 1024;

/**
 * Hands over what a program prints, each record that a zero byte ends, as it comes: listings of large repositories have hundreds of MB.
 * Rejects for a record of more than a million characters, and ends the stream then.
 */
export async function readRecords(
  stream: Readable,
  { encoding, onRecord }: { readonly encoding: 'utf8' | 'latin1'; readonly onRecord: (record: string) => void },
): Promise<void> {
  stream.setEncoding(encoding);
  let rest = '';
  for await (const text of stream) {
    const records = (rest + text).split('\0');
    rest = records.pop() ?? '';
    if (rest.length > MAX_RECORD) throw new Error(`it has printed a name of more than ${MAX_RECORD} characters`);
    for (const record of records) onRecord(record);
  }
  if (rest !== '') onRecord(rest);
}
