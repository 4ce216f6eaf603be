// Sends the forms that change something without leaving the page: what the server answers takes the place of what is shown.
import { keepFresh } from './fresh.js';
import { askPage } from './read-page.js';
import { isDone, main, putBack, showPage, withoutDone } from './swap.js';

/** What is read aloud where it changes: it has to be there before. */
const said = document.createElement('p');
said.className = 'aloud';
said.setAttribute('role', 'status');

/** Sends the forms of the main part itself. Signing in and out is left to the browser: another page comes of it. */
export function sendForms() {
  document.body.append(said);
  if (putBack())
    say(['What you had changed is in the form again: send it once more to see what becomes of it.'], 'done');
  document.addEventListener('submit', (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || form.getAttribute('method') !== 'post' || !main().contains(form)) return;
    event.preventDefault();
    if (!form.hasAttribute('aria-busy')) send(form, submitter);
  });
}

/** What tells an act from others, by what it is on: of acts of which it is not known whether they were done. */
const inDoubt = new Map();

/** Gives an act that is sent once more what it was sent with before: the form may have been made anew since. Returns what it is on. */
function sameAgain(action, fields) {
  const act = JSON.stringify([action, ...[...fields].filter(([name]) => name !== 'once')]);
  if (fields.has('once')) fields.set('once', inDoubt.get(act) ?? fields.get('once'));
  return act;
}

async function send(form, submitter) {
  // Before fields are marked as busy, as they are then.
  const fields = new URLSearchParams(new FormData(form, submitter));
  const action = form.getAttribute('action');
  const act = sameAgain(action, fields);
  form.setAttribute('aria-busy', 'true');
  try {
    const answer = await askPage(action, fields);
    inDoubt.delete(act);
    form.removeAttribute('aria-busy');
    if (answer.status !== 200) {
      alertOf(answer);
      return;
    }
    // What changes nothing is shown at the address of its form.
    showPage(answer, isDone(answer.address) ? undefined : writtenIn(form, fields));
    said.textContent = main().querySelector('.done')?.textContent ?? '';
    keepFresh();
  } catch {
    if (fields.has('once')) inDoubt.set(act, fields.get('once'));
    form.removeAttribute('aria-busy');
    say([
      'The server did not answer, so it is not known whether this was done. Send it again to be sure: it is done once at most.',
    ]);
  }
}

/** Says what became of an act where no page can be shown. What was done leads to a page that says so, whether that can be shown or not. */
function alertOf({ page, address }) {
  const parts = [...page.querySelectorAll('main > :not(h1)')].map((part) => document.adoptNode(part));
  if (!isDone(address)) return say(parts);
  const link = document.createElement('a');
  link.href = withoutDone(address);
  link.textContent = 'See what came of it';
  const later = document.createElement('p');
  later.append('It was done, and only the page that shows it could not be read. ', link);
  say([...parts, later], 'done');
}

/** Says something above what is shown, and leaves what was filled in as it is. */
function say(parts, kind = 'refused') {
  for (const old of main().querySelectorAll(':scope > [role=alert]')) old.remove();
  const alert = document.createElement('div');
  alert.className = kind;
  alert.setAttribute('role', 'alert');
  alert.append(...parts);
  main().prepend(alert);
  alert.scrollIntoView({ block: 'nearest', behavior: 'instant' });
}

/** Returns what somebody has written that no field of one line holds. */
function writtenIn(form, fields) {
  const names = [...form.querySelectorAll('textarea')].map(({ name }) => name);
  return Object.fromEntries([...fields].filter(([name]) => names.includes(name)));
}
