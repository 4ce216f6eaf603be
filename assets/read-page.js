// Asks the server for pages, as those who look through them do.

/** In ms: for whoever waits before the screen. */
const DEADLINE_MS = 15_000;

/**
 * Asks for a page as a document, in which nothing runs, and returns it with its status and its address. Rejects where nothing answers
 * in time, or no page does. `form`: the fields that are sent; without them nothing is.
 */
export function askPage(address, form) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(form ? 'POST' : 'GET', address);
    request.responseType = 'document';
    request.timeout = DEADLINE_MS;
    request.setRequestHeader('Accept', 'text/html');
    request.onload = () => {
      const { response: page, status, responseURL } = request;
      if (page?.querySelector('main')) resolve({ page, status, address: responseURL });
      else reject(new Error('no page was answered'));
    };
    request.onerror = () => reject(new Error('nothing answers'));
    request.ontimeout = () => reject(new Error('nothing answers in time'));
    request.send(form);
  });
}

/** Reads a page. Rejects where it is not there, too. */
export async function readPage(address) {
  const { page, status } = await askPage(address);
  if (status !== 200) throw new Error(`it was answered ${status}`);
  return page;
}
