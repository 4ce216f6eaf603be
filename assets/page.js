// What the page does with script: views read themselves again, forms are sent without leaving, keys are listened to. All else works without.
import { sendForms } from './forms.js';
import { keepFresh } from './fresh.js';
import { listenToKeys } from './keys.js';
import { withoutDone } from './swap.js';

document.documentElement.classList.add('scripted');
if (location.search.includes('done=')) history.replaceState(null, '', withoutDone(location.href));
listenToKeys();
sendForms();
keepFresh();
