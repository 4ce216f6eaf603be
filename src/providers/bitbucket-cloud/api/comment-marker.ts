/**
 * Bitbucket, in the cloud and on servers, shows HTML comments as they are written. What Markdown has for it is a link's
 * definition that nothing refers to, which every renderer leaves out. Only our own markers are turned, and those that
 * are a whole line, so that turning them back gives what was written.
 * Source: https://confluence.atlassian.com/bitbucketserver/markdown-syntax-guide-776639995.html
 */

/** A comment's text with our markers as Bitbucket hides them. */
export function hidden(body: string): string {
  return body.replace(/^<!-- (hookyard:[^()\r\n]{1,200}?) -->$/gm, '[//]: # ($1)');
}

/** The text that {@link hidden} was given. */
export function unhidden(text: string): string {
  return text.replace(/^\[\/\/\]: # \((hookyard:[^()\r\n]{1,200})\)$/gm, '<!-- $1 -->');
}
