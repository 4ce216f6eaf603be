import { Context } from '@temporalio/activity';
import { createApprovalToken } from '../../callback-token.js';
import type { Config } from '../../config/config.js';
import { rememberIssued } from '../../secrets/known-secrets.js';
import type { ApprovalLinks } from '../contract/index.js';
import { notConfigured, refused } from '../failures.js';

/**
 * Returns a text with links that carry answers where it has what stands for them. They are signed here, so that no history holds
 * one. Throws `NotConfigured` where nobody could reach them.
 */
export function withLinks(config: Pick<Config, 'server'>, text: string, links: ApprovalLinks = {}): string {
  const wanted = Object.entries(links).filter(([place]) => text.includes(place));
  return wanted.reduce((filled, [place, { name, nth, ...claims }]) => {
    const { publicUrl, callbackKey } = config.server;
    if (!publicUrl) throw notConfigured('server.publicUrl is not set: a link in a message has to lead somewhere');
    if (!callbackKey) throw notConfigured('server.callbackKey is not set: links in messages are signed with it');
    const run = Context.current().info.workflowExecution?.workflowId;
    if (run === undefined) throw refused('only a run waits for an approval');
    const token = createApprovalToken(callbackKey, { run, approval: name, nth, link: place, ...claims });
    // Whoever is sent it may quote it.
    rememberIssued('link', token, claims.expiresAt);
    return filled.replaceAll(place, `${publicUrl}/approvals/${token}`);
  }, text);
}
