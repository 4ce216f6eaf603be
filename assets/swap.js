// Puts what was read in place of what is shown.

export const main = () => document.querySelector('main');

/**
 * What a link or a summary is known by on the page that takes the place of this one: its number there may be another's, and its text
 * may have changed, where it tells how long ago something was.
 */
function nameOf(element) {
  if (element.matches('a')) return `link ${element.getAttribute('href')}`;
  return element.parentElement.dataset.key ?? `summary ${element.textContent}`;
}

/** Puts a page's main part in place of this one, with what is open or folded as it is, and the focus where the same link still is. */
export function replaceMain(page) {
  const before = main();
  const at = document.activeElement;
  const focused = before.contains(at) && at.matches('a, summary') ? nameOf(at) : undefined;
  // A question that was open has been answered: elsewhere nothing is replaced below one.
  const folds = (part) => [...part.querySelectorAll('details:not(.ask) > summary')];
  const open = new Map(folds(before).map((summary) => [nameOf(summary), summary.parentElement.open]));
  const after = document.adoptNode(page.querySelector('main'));
  // What was refused is said until something else is done.
  for (const refused of before.querySelectorAll(':scope > [role=alert]')) after.prepend(refused);
  for (const summary of folds(after)) {
    const { parentElement: fold } = summary;
    fold.open = open.get(nameOf(summary)) ?? fold.open;
  }
  const scrolled = [...before.querySelectorAll('pre, .scroll')].map((part) => [
    part.scrollLeft,
    part.scrollTop,
    part === at,
  ]);
  before.replaceWith(after);
  document.title = page.title;
  [...after.querySelectorAll('pre, .scroll')].forEach((part, index) => {
    const [left, top, isAt] = scrolled[index] ?? [0, 0];
    [part.scrollLeft, part.scrollTop] = [left, top];
    if (isAt) part.focus({ preventScroll: true });
  });
  const same = [...after.querySelectorAll('a, summary')].find((one) => nameOf(one) === focused);
  same?.focus({ preventScroll: true });
  for (const part of ['.bar nav', 'footer']) {
    const [old, newer] = [document.querySelector(part), page.querySelector(part)];
    if (newer && !old?.contains(document.activeElement)) old?.replaceWith(document.adoptNode(newer));
    else {
      // A button there has the focus: what tells of when all is does not.
      const [was, is] = [old, newer].map((one) => one?.querySelector('span'));
      if (is) was?.replaceWith(document.adoptNode(is));
    }
  }
}

/** The script of logs begins with its page, and ends with it. */
const hasLog = (part) => part.querySelector('.log') !== null;

/** The address that is shown: another is gone to by reading it. */
let shown = location.pathname + location.search;
addEventListener('popstate', () => {
  if (location.pathname + location.search !== shown) location.reload();
});

/** Returns whether a page can take the place of this one, as it is. */
export function canTakePlace(page) {
  return hasLog(page) === hasLog(document);
}

/**
 * Shows a page that an action has led to, as if it had been gone to. The focus is where a page that is loaded has it. `sent`: what was
 * filled in, where the address alone leads to the form without it.
 */
export function showPage({ page, address }, sent) {
  if (!canTakePlace(page)) {
    location.assign(address);
    return;
  }
  const isElsewhere = new URL(address).pathname !== location.pathname;
  history[isElsewhere ? 'pushState' : 'replaceState'](sent ? { sent } : null, '', withoutDone(address));
  shown = location.pathname + location.search;
  for (const refused of main().querySelectorAll(':scope > [role=alert]')) refused.remove();
  replaceMain(page);
  main().focus({ preventScroll: true });
  if (isElsewhere) scrollTo({ top: 0, behavior: 'instant' });
  else main().querySelector('.done')?.scrollIntoView({ block: 'nearest', behavior: 'instant' });
}

/** Puts back what was filled in and sent where a page is read again that was shown with it. Returns whether there was something to. */
export function putBack() {
  const { sent = {} } = history.state ?? {};
  const others = [...main().querySelectorAll('textarea')].filter(({ name, value }) => (sent[name] ?? value) !== value);
  for (const field of others) field.value = sent[field.name];
  return others.length > 0;
}

/** Returns whether an address says that something has been done: an act leads to such a one, and nothing else does. */
export function isDone(address) {
  return new URL(address).searchParams.has('done');
}

/** What has just been done is said once: it is no part of an address. */
export function withoutDone(address) {
  const url = new URL(address);
  url.searchParams.delete('done');
  return url.href;
}
