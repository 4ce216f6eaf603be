import { commandsIn } from '../events/comment-commands.js';
import type { CommentEvent, HookyardEvent } from '../events/event.js';
import type { Source } from '../providers/source.js';

/** The event with what its payload alone does not tell: whether we did it ourselves, and the commands of a comment. */
export function enrichEvent(event: HookyardEvent, source: Source): HookyardEvent {
  const account = 'api' in source ? source.api?.account : undefined;
  const known = event.kind === 'comment' ? withCommands(event) : event;
  if (account === undefined || !('sender' in known) || !isSame(known.sender.login, account)) return known;
  return { ...known, sender: { ...known.sender, own: true } };
}

/** Providers take logins in any case. */
function isSame(login: string, account: string): boolean {
  return login.toLowerCase() === account.toLowerCase();
}

/** Only of new ones: who edits a comment could put words into the mouth of whoever answered it. */
function withCommands(event: CommentEvent): CommentEvent {
  if (event.action !== 'created' || event.on !== 'pull_request') return event;
  const commands = commandsIn(event.comment.body);
  return commands.length > 0 ? { ...event, commands } : event;
}
