import { request } from 'node:http';

/** Returns the status that an address answers with to a GET under another `Host`, as after DNS rebinding. */
export function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
