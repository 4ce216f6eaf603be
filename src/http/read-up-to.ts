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

/** Statuses of answers that have no body (RFC 9110, 15.3.5 and 15.3.6). */
const WITHOUT_BODY = [204, 205];

/**
 * Returns the beginning of an answer's body. Where its status says enough, what is wrong with the body does not count: what was asked for
 * is done where one comes that can't have any, and refused where a refusal's breaks off.
 */
export async function readAnswer(
  maxBytes: number,
  { statusCode, body }: { readonly statusCode: number; readonly body: AsyncIterable<Uint8Array> },
): ReturnType<typeof readUpTo> {
  const reading = readUpTo(maxBytes, body);
  const isWithout = WITHOUT_BODY.includes(statusCode);
  if (statusCode >= 200 && statusCode < 300 && !isWithout) return reading;
  const read = await reading.catch(() => ({ text: '', complete: false }));
  return isWithout ? { text: '', complete: true } : read;
}
