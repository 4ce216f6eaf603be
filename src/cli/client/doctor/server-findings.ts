import type { Config } from '../../../config/config.js';
import { leadsElsewhere } from '../../../config/reached-as.js';
import type { ReadinessAnswer } from '../../../server/api/contract.js';
import { fine, problem, type Remark, warn } from '../../../server/api/findings/finding.js';
import { createIsProxy } from '../../../server/http/peer.js';
import { counted } from '../../format/counted.js';

/** Says what the running server reports about itself. `away`: why none could be asked. `url`: `''` where none is known to ask. */
export function serverFindings(url: string, ready: ReadinessAnswer | { readonly away: string }): Remark[] {
  if ('away' in ready)
    return [
      warn(
        `deliveries, store and Temporal were not looked at: ${ready.away}`,
        url === '' ? undefined : 'start it, or name it with --url',
      ),
    ];
  const { store, temporal, waiting = 0, failed = 0 } = ready;
  const findings = [
    storeFinding(url, store),
    temporal === 'answers'
      ? fine('Temporal answers')
      : problem(
          `Temporal does not answer: deliveries are stored, and nothing starts (${waiting} waiting)`,
          'start Temporal, or correct TEMPORAL_ADDRESS; what waits starts by itself then',
        ),
  ];
  if (ready.worker === 'away')
    findings.push(
      problem(
        `the worker process has ended (since ${ready.workerSince}): deliveries are stored, and nothing runs (${waiting} waiting)`,
        'the log of the server says what ended it; it is started again, with growing pauses',
      ),
    );
  if (ready.workerCareful)
    findings.push(
      warn(
        `the worker process died at its work: the next does one thing after the other (since ${ready.workerSince}), and is slow`,
        'it works at many things again by itself; npx hookyard runs --stuck names a run that takes it down twice',
      ),
    );
  if (failed > 0)
    findings.push(
      warn(
        `${counted(failed, 'run')} could not be started`,
        'npx hookyard deliveries --failed lists them, hookyard replay starts them',
      ),
    );
  return findings;
}

function storeFinding(url: string, store: ReadinessAnswer['store']): Remark {
  switch (store) {
    case 'answers':
      return fine(`${url} answers, and so does its store`);
    case 'away':
      return problem(
        `${url} answers, but its store does not: deliveries are refused with 503`,
        'look at the log of the server',
      );
    case 'damaged':
      return problem(
        `${url} answers, but its database is damaged: deliveries are refused with 503`,
        'stop it, keep a copy of the database, and restore a backup or repair it; the log of the server names the file',
      );
    default:
      return store satisfies never;
  }
}

/** Checks that it is known how others reach the server. Builds over HTTP need that for their callback URLs. */
export function addressFindings({ server, builds }: Pick<Config, 'server' | 'builds'>): Remark[] {
  if (server.publicUrl) return [fine(`others reach it at ${server.publicUrl}`)];
  const names = Object.keys(builds).filter((name) => needsCallbacks(builds[name]));
  if (names.length === 0)
    return [warn('server.publicUrl is not set: webhooks are recognised by the end of their address', SET_PUBLIC_URL)];
  return [
    problem(
      `server.publicUrl is not set, and the builds ${names.join(', ')} need it for their callback URLs`,
      SET_PUBLIC_URL,
    ),
  ];
}

function needsCallbacks(build: Config['builds'][string] | undefined): boolean {
  return build?.kind === 'http' || build?.callback !== undefined;
}

/** Checks who is an operator of the page without a sign-in. `reachedAs`: the address that webhooks were given, where a command has noted it. */
export function pageFindings(
  { server: { signIn, publicUrl, trustedProxies } }: Pick<Config, 'server'>,
  reachedAs: string | undefined,
): Remark[] {
  if (signIn.loopback === 'required') return [fine('whoever opens the page has to sign in, also on this machine')];
  const isReached = reachedAs !== undefined || (publicUrl !== undefined && leadsElsewhere(publicUrl));
  if (signIn.loopback === undefined && (isReached || createIsProxy(trustedProxies)('127.0.0.1'))) return [];
  const who = 'whoever may open a connection on this machine is an operator of the page, without a sign-in';
  return [
    isReached
      ? problem(`${who}, and so is everybody whom a proxy here passes on without saying so`, `set ${REQUIRE}`)
      : warn(`${who}: do not put a tunnel or a proxy in front as it is`, `${SET_PUBLIC_URL}, or ${REQUIRE}`),
  ];
}

const REQUIRE = "server.signIn.loopback to 'required'";
const SET_PUBLIC_URL = 'set server.publicUrl (or HOOKYARD_PUBLIC_URL) to https://<your host>';
