// Listens to keys: those that go through a list, those that show the others, and those that the page itself says.
import { main } from './swap.js';

/** What has keys says them: a key by `aria-keyshortcuts`, and two that are pressed one after the other by `data-keys`. */
const KEYED = '[aria-keyshortcuts], [data-keys]';
const keysOf = (element) => element.dataset.keys ?? element.getAttribute('aria-keyshortcuts');

/** Keys that are said on the page itself: they follow a link, or put the focus on what does something. */
function press(element) {
  if (!element) return false;
  if (element.matches('a')) element.click();
  else element.focus();
  if (element.matches('input')) element.select();
  return true;
}

function shortcut(keys) {
  return [...document.querySelectorAll(KEYED)].find((one) => keysOf(one) === keys);
}

/** Goes to the link of the next row of a table, or of the one before. */
function goRow(step) {
  const rows = [...main().querySelectorAll('tbody tr')].filter((row) => row.querySelector('a'));
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
  next?.querySelector('a').focus();
}

/** What a browser keeps for those whom single keys are in the way of: who speaks to a machine presses many. */
const OFF = 'hookyard-keys-off';
function isOff() {
  try {
    return localStorage.getItem(OFF) === 'true';
  } catch {
    return false;
  }
}

/** Shows which keys there are on this page, and whether they are listened to. */
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
  for (const one of document.querySelectorAll(KEYED)) {
    const said = one.textContent.trim() || one.closest('label')?.textContent.trim() || '';
    add(keysOf(one), said.replace(/\s*…$/, ''));
  }
  const [label, box] = [document.createElement('label'), document.createElement('input')];
  box.type = 'checkbox';
  box.checked = !isOff();
  box.addEventListener('change', () => localStorage.setItem(OFF, String(!box.checked)));
  label.append(box, ' Listen to keys');
  const close = document.createElement('button');
  close.autofocus = true;
  close.textContent = 'Close';
  close.addEventListener('click', () => dialog.close());
  dialog.setAttribute('aria-label', 'Keys');
  const foot = document.createElement('div');
  foot.className = 'head';
  foot.append(label, close);
  dialog.append(title, list, foot);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** The first of two keys, for as long as the second is waited for. */
let first = '';
/** Listens to keys, but for those that somebody writes with. */
export function listenToKeys() {
  document.addEventListener('keydown', onKey);
  document.addEventListener('click', ({ target }) => target.closest('.keys-hint') && showKeys());
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isOff()) return;
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
