/** Taken before. A buffer that is given to a thread says no more than that it is empty, and some time later. */
const taken = new WeakSet<ArrayBuffer>();

/**
 * A body's bytes, which a thread may take with their buffer: as they are if they are all of it, otherwise a copy;
 * so too of a buffer that can be resized, which its owner will do.
 * Throws over bytes that have been taken before: by now they may be nothing.
 */
export function takeBytes(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = body;
  if (!(buffer instanceof ArrayBuffer) || buffer.resizable || byteOffset !== 0 || byteLength !== buffer.byteLength) {
    return new Uint8Array(body);
  }
  if (taken.has(buffer)) throw new TypeError('These bytes have been given to the store before. Give it a copy.');
  taken.add(buffer);
  return new Uint8Array(buffer);
}
