/** Buffers that were taken before. One that a thread has taken looks empty, and only some time later. */
const taken = new WeakSet<ArrayBuffer>();

/**
 * Returns a body's bytes for a thread to take with their buffer: the bytes themselves if they are all of the buffer, a
 * copy if they are part of it or if it can be resized. Throws a TypeError for bytes that were taken before, because
 * they may be gone.
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
