// Listens to keys: those that go through a list, those that show the others, and those that the page itself says.
import { main } from './swap.js';

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

/** The first of two keys, for as long as the second is waited for. */
let first = '';
/** Listens to keys, but for those that somebody writes with. */
export function listenToKeys() {
  document.addEventListener('keydown', onKey);
}

function onKey(event) {
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
}
