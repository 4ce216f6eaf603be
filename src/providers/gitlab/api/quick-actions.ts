/**
 * Returns a comment in which no line is a quick action. GitLab executes `/merge` or `/approve` at the beginning of a
 * line with the rights of the comment's author, and our comments quote strangers. The slash is escaped, which Markdown
 * shows as a slash. Carriage returns are removed, because GitLab drops them before it looks for actions.
 *
 * Source: https://docs.gitlab.com/user/project/quick_actions/
 */
export function withoutQuickActions(body: string): string {
  return body.replaceAll('\r', '').replace(/^([^\S\n]{0,3})\/(?=[a-z_]+(?:\s|$))/gim, '$1\\/');
}
