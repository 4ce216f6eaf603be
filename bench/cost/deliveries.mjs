import { randomUUID } from 'node:crypto';
import { decide } from '../../dist/intake/decide.js';
import { readDelivery } from '../../dist/intake/delivery.js';
import { readEvents } from '../../dist/intake/read-events.js';
import { knownSources } from '../../dist/providers/known-sources.js';

/** A function that makes rows for the store out of a payload, each a delivery of its own, as the receiver does. */
export function createRows({ config, automations }) {
  const sources = knownSources(config.sources);
  const name = 'demo';
  return (payload, { id = randomUUID() } = {}) => {
    const body = Buffer.from(JSON.stringify(payload));
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/044aadd',
      'x-github-event': 'push',
      'x-github-delivery': id,
      'x-github-hook-id': '292430182',
      'x-github-hook-installation-target-id': '79929171',
      'x-github-hook-installation-target-type': 'repository',
    };
    const sender = { ...sources[name], name, headers };
    const delivery = readDelivery(sender, { body, payload, receivedAt: Date.now() }, config.inbox);
    return { ...delivery, ...decide(readEvents(payload, sender, delivery), { sender, delivery }, { automations }) };
  };
}
