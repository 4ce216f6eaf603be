import type { CommentEvent, HookyardEvent } from '../events/event.js';
import type { Source } from '../providers/source.js';
import { commandsIn } from './comments/commands-in.js';

/** Adds to an event what its payload alone does not say: whether Hookyard did it itself, and the commands of a comment. */
export function enrichEvent(event: HookyardEvent, source: Source): HookyardEvent {
  const account = 'api' in source ? source.api?.account : undefined;
  const known = event.kind === 'comment' ? withCommands(event) : event;
  if (account === undefined || !('sender' in known) || !isSame(known.sender.login, account)) return known;
  return { ...known, sender: { ...known.sender, own: true } };
}

/** Whether two logins are the same: no provider tells upper from lower case in them. */
function isSame(login: string, account: string): boolean {
  return login.toLowerCase() === account.toLowerCase();
}

/** Reads commands of new comments only: an edited one could turn an answer that others gave into something else. */
function withCommands(event: CommentEvent): CommentEvent {
  if (event.action !== 'created' || event.on !== 'pull_request') return event;
  const commands = commandsIn(event.comment.body);
  return commands.length > 0 ? { ...event, commands } : event;
}
