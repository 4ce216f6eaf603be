// Sends the forms that change something without leaving the page: what the server answers takes the place of what is shown.
import { keepFresh } from './fresh.js';
import { askPage } from './read-page.js';
import { main, showPage } from './swap.js';

/** What is read aloud where it changes: it has to be there before. */
const said = document.createElement('p');
said.className = 'aloud';
said.setAttribute('role', 'status');

/** Sends the forms of the main part itself. Signing in and out is left to the browser: another page comes of it. */
export function sendForms() {
  document.body.append(said);
  document.addEventListener('submit', (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || form.getAttribute('method') !== 'post' || !main().contains(form)) return;
    event.preventDefault();
    if (!form.hasAttribute('aria-busy')) send(form, submitter);
  });
}

async function send(form, submitter) {
  // Before fields are marked as busy, as they are then.
  const fields = new URLSearchParams(new FormData(form, submitter));
  const action = submitter?.getAttribute('formaction') ?? form.getAttribute('action');
  form.setAttribute('aria-busy', 'true');
  try {
    const answer = await askPage(action, fields);
    form.removeAttribute('aria-busy');
    if (answer.status !== 200) {
      refuse([...answer.page.querySelectorAll('main > :not(h1)')].map((part) => document.adoptNode(part)));
      return;
    }
    showPage(answer);
    said.textContent = main().querySelector('.done')?.textContent ?? '';
    keepFresh();
  } catch {
    form.removeAttribute('aria-busy');
    refuse([
      'The server did not answer, so it is not known whether this was done. Look at it before you send it again.',
    ]);
  }
}

/** Says why nothing was done, and leaves what was filled in as it is. */
function refuse(parts) {
  for (const old of main().querySelectorAll(':scope > [role=alert]')) old.remove();
  const refused = document.createElement('div');
  refused.className = 'refused';
  refused.setAttribute('role', 'alert');
  refused.append(...parts);
  main().prepend(refused);
  refused.scrollIntoView({ block: 'nearest', behavior: 'instant' });
}
