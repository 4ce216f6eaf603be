import { type Answer, type LocalServer, startServer } from './harness/http-server.js';

/** A login authority that issues tokens to one application. */
export interface OauthServer extends LocalServer {
  /** What it has issued, oldest first. */
  readonly issued: string[];
  /** In seconds, of the tokens that it issues next. */
  lifetime: number;
  /** Answers the next requests in place of a token. */
  insteadOf(...answers: Answer[]): void;
}

export const TENANT = '5f2c1a34-0000-4000-8000-00000000abcd';
export const CLIENT = '0b1d9c77-0000-4000-8000-00000000ef01';
export const CLIENT_SECRET = 'canary-client-secret~with.odd&chars=';

/**
 * Starts a stand-in of Microsoft Entra's token endpoint that checks what it gets. Source:
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export async function startOauthServer(): Promise<OauthServer> {
  const planned: Answer[] = [];
  const issued: string[] = [];
  const server = await startServer(({ method, path, body, headers }) => {
    const instead = planned.shift();
    if (instead) return instead;
    const isRight = method === 'POST' && path === `/${TENANT}/oauth2/v2.0/token` && headers.authorization === undefined;
    if (!isRight) return { status: 404 };
    const fields = body as Record<string, string>;
    const expected = {
      grant_type: 'client_credentials',
      client_id: CLIENT,
      client_secret: CLIENT_SECRET,
      scope: '499b84ac-1321-427f-aa17-267ca6975798/.default',
    };
    for (const [name, value] of Object.entries(expected))
      if (fields[name] !== value)
        return { status: 400, body: { error: name === 'client_secret' ? 'invalid_client' : 'invalid_request' } };
    const token = tokenNumber(issued.length + 1);
    issued.push(token);
    return { status: 200, body: { token_type: 'Bearer', expires_in: state.lifetime, access_token: token } };
  });
  const state: OauthServer = Object.assign(server, {
    issued,
    lifetime: 3_599,
    insteadOf: (...answers: Answer[]) => void planned.push(...answers),
  });
  return state;
}

/** As long as Entra's, which have about 1,500 characters. */
function tokenNumber(number: number): string {
  const part = (text: string) => Buffer.from(text).toString('base64url');
  return `${part('{"typ":"JWT","alg":"RS256"}')}.${part(JSON.stringify({ number, claims: 'x'.repeat(800) }))}.${part('s'.repeat(256))}`;
}
