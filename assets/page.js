// What the page does with script: it reads itself again while it is looked at, and listens to keys. All else works without.

const main = () => document.querySelector('main');
document.documentElement.classList.add('scripted');

/** Reads an address as a document, in which nothing runs. Rejects where the server does not answer with a page. */
function readPage(address) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('GET', address);
    request.responseType = 'document';
    request.timeout = 15_000;
    request.setRequestHeader('Accept', 'text/html');
    request.onload = () => (request.status === 200 && request.response ? resolve(request.response) : reject());
    request.onerror = reject;
    request.ontimeout = reject;
    request.send();
  });
}

/** A press that has begun, and is to end on the same element. */
let isPressed = false;
addEventListener('pointerdown', () => {
  isPressed = true;
});
for (const over of ['pointerup', 'pointercancel', 'blur'])
  addEventListener(over, () => {
    isPressed = false;
  });

/**
 * Nothing is replaced that somebody is at: a field, a button that has the focus or is below the pointer, since another may take its place
 * at the moment when it is pressed, an open question, a selection.
 */
function isBusy() {
  const at = document.activeElement;
  const isIn = at?.matches('input, select, textarea, button') && main().contains(at);
  // A finger leaves a trace of itself as a pointer that stays.
  const isOver = matchMedia('(hover: hover)').matches && main().querySelector('button:hover, summary:hover') !== null;
  const isAsked = main().querySelector('details.ask[open]') !== null;
  const isSelected = !document.getSelection().isCollapsed;
  return isIn || isOver || isPressed || isAsked || isSelected || document.querySelector('dialog[open]') !== null;
}

/** What a link or a summary is known by on the page that takes the place of this one: its number there may be another's. */
function nameOf(element) {
  return element.matches('a') ? `link ${element.getAttribute('href')}` : `summary ${element.textContent}`;
}

/** Puts a newer main part in place of this one, with what is open as it is, and the focus where the same link still is. */
function replaceMain(next) {
  const before = main();
  const at = document.activeElement;
  const focused = before.contains(at) && at.matches('a, summary') ? nameOf(at) : undefined;
  const open = new Set([...before.querySelectorAll('details[open] > summary')].map((summary) => summary.textContent));
  const after = document.adoptNode(next);
  for (const summary of after.querySelectorAll('details:not([open]) > summary'))
    if (open.has(summary.textContent)) summary.parentElement.open = true;
  const scrolled = [...before.querySelectorAll('pre, .scroll')].map((part) => [part.scrollLeft, part.scrollTop]);
  before.replaceWith(after);
  [...after.querySelectorAll('pre, .scroll')].forEach((part, index) => {
    [part.scrollLeft, part.scrollTop] = scrolled[index] ?? [0, 0];
  });
  const same = [...after.querySelectorAll('a, summary')].find((one) => nameOf(one) === focused);
  same?.focus({ preventScroll: true });
}

/** Reads the page again as often as it says, at most every two seconds, and seldom while the server does not answer. */
async function keepFresh() {
  let failures = 0;
  for (;;) {
    const seconds = Number(main().dataset.every ?? 0);
    if (!(seconds > 0)) return;
    await new Promise((resolve) => setTimeout(resolve, Math.max(2, seconds) * 1000 * Math.min(8, 2 ** failures)));
    if (document.hidden || isBusy()) continue;
    try {
      const page = await readPage(withoutDone());
      const [next, footer] = [page.querySelector('main'), page.querySelector('footer')];
      if (!next || isBusy()) continue;
      // The script of logs has to begin with it.
      if (next.querySelector('.log') && !main().querySelector('.log')) return location.reload();
      replaceMain(next);
      if (footer) document.querySelector('footer')?.replaceWith(document.adoptNode(footer));
      failures = 0;
    } catch {
      failures += 1;
    }
  }
}

/** What has just been done is said once. */
function withoutDone() {
  const address = new URL(location.href);
  address.searchParams.delete('done');
  return address.href;
}

/** Keys that are said on the page itself, by `aria-keyshortcuts`: they follow a link, or put the focus on what does something. */
function press(element) {
  if (!element) return false;
  if (element.matches('a')) element.click();
  else element.focus();
  if (element.matches('input')) element.select();
  return true;
}

function shortcut(keys) {
  return [...document.querySelectorAll('[aria-keyshortcuts]')].find(
    (one) => one.getAttribute('aria-keyshortcuts') === keys,
  );
}

/** Goes to the link of the next row of a table, or of the one before. */
function goRow(step) {
  const rows = [...main().querySelectorAll('tbody tr')].filter((row) => row.querySelector('a'));
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
  next?.querySelector('a').focus();
}

/** Shows which keys there are on this page. */
function showKeys() {
  const dialog = document.createElement('dialog');
  const title = document.createElement('h2');
  title.textContent = 'Keys';
  const list = document.createElement('dl');
  list.className = 'facts';
  const add = (keys, what) => {
    const row = document.createElement('div');
    const [name, meaning] = [document.createElement('dt'), document.createElement('dd')];
    for (const key of keys.split(' ')) {
      const kbd = document.createElement('kbd');
      kbd.textContent = key;
      name.append(kbd, ' ');
    }
    meaning.textContent = what;
    row.append(name, meaning);
    list.append(row);
  };
  add('j', 'next row');
  add('k', 'row before');
  for (const one of document.querySelectorAll('[aria-keyshortcuts]')) {
    const said = one.textContent.trim() || one.closest('label')?.textContent.trim() || '';
    add(one.getAttribute('aria-keyshortcuts'), said.replace(/\s*…$/, ''));
  }
  const close = document.createElement('button');
  close.textContent = 'Close';
  close.addEventListener('click', () => dialog.close());
  dialog.setAttribute('aria-label', 'Keys');
  dialog.append(title, list, close);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

let first = '';
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest?.('input, select, textarea, dialog')) {
    if (event.key === 'Escape') event.target.blur?.();
    return;
  }
  const keys = first === '' ? event.key : `${first} ${event.key}`;
  first = '';
  if (event.key === '?') showKeys();
  else if (keys === 'j') goRow(1);
  else if (keys === 'k') goRow(-1);
  else if (keys === 'g') {
    first = 'g';
    setTimeout(() => {
      first = '';
    }, 1500);
    return;
  } else if (!press(shortcut(keys))) return;
  event.preventDefault();
});

if (location.search.includes('done=')) history.replaceState(null, '', withoutDone());
keepFresh();
