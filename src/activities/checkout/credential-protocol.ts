import type { GitRemote } from '../git/remote.js';

/**
 * Returns what a credential helper answers git: the credentials, or nothing where it is asked about another host.
 * Source: https://git-scm.com/docs/git-credential
 */
export async function answerTo(
  question: string,
  { own, renew }: { own: { readonly protocol: string; readonly host: string }; renew: () => Promise<GitRemote> },
): Promise<string> {
  const lines = question.split('\n').filter((line) => line.includes('='));
  const asked = (name: string) => lines.findLast((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
  const origin = originOf({ protocol: asked('protocol'), host: asked('host') });
  if (origin === undefined || origin !== originOf(own)) return '';
  const { username, token } = await renew();
  if (!token) return '';
  const value = token.reveal();
  if (/[\n\0]/.test(`${username}${value}`)) return '';
  // Git of 2.46 and newer; to others the token is a password, which the services that issue such take too.
  if (username === undefined && lines.includes('capability[]=authtype'))
    return `capability[]=authtype\nauthtype=Bearer\ncredential=${value}\nephemeral=1\n`;
  return `username=${username ?? 'hookyard'}\npassword=${value}\n`;
}

/** Returns what git asks about as URLs have it: git names the host as the address did, in any case, and with its port. */
function originOf({ protocol = '', host = '' }: { protocol?: string | undefined; host?: string | undefined }) {
  const address = `${protocol}://${host}`;
  if (!/^https?$/.test(protocol) || !/^[^\s/?#@\\]+$/.test(host) || !URL.canParse(address)) return undefined;
  return new URL(address).origin;
}
