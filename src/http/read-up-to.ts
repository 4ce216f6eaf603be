/**
 * Returns the first `maxBytes` of a response's body as UTF-8. Nothing more is waited for; `complete` says that the body was
 * shorter.
 */
export async function readUpTo(
  maxBytes: number,
  body: AsyncIterable<Uint8Array>,
): Promise<{ readonly text: string; readonly complete: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= maxBytes) break;
  }
  return { text: Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8'), complete: size < maxBytes };
}
