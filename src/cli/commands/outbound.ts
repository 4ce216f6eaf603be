import { Command } from 'commander';
import type { ResendMessageAnswer, RetryMessageAnswer } from '../../server/api/contract.js';
import type { Api } from '../client/api.js';
import { connectApi } from '../client/find-server.js';
import { jsonText } from '../format/control-characters.js';
import { harmless, print } from '../format/paint.js';
import { jsonOption, type ServerOptions, urlOption } from './options.js';

/** Which message is meant. */
interface Named {
  readonly message: string;
  readonly endpoint?: string;
}

type Told = RetryMessageAnswer | ResendMessageAnswer;

interface Options extends ServerOptions {
  readonly endpoint?: string;
}

/** `hookyard outbound`: has a message sent at once that waits for its next try, or anew that was given up. */
export const outbound = () => {
  const command = new Command('outbound').description('messages to endpoints');
  const ofMessage = (name: string, says: string, ask: (api: Api, body: Named) => Promise<Told>) =>
    command
      .command(name)
      .description(says)
      .argument('<message>', "the message's id, msg_…, as the page lists it under /outbound")
      .option('--endpoint <name>', 'needed where a message of this id was sent to several')
      .addOption(urlOption)
      .addOption(jsonOption)
      .action(async (message: string, { endpoint, ...options }: Options) => {
        const told = await ask(await connectApi(options), { message, ...(endpoint !== undefined && { endpoint }) });
        if (options.json) print(jsonText(told));
        else print(harmless(`${told.message} to ${told.endpoint}: ${told.state}, by ${told.run}`));
      });
  ofMessage('retry', 'have a message sent at once that waits for its next try, with the same webhook-id', (api, body) =>
    api.retryMessage(body),
  );
  ofMessage(
    'resend',
    'send a message anew that was given up, with the same content and the same webhook-id',
    (api, body) => api.resendMessage(body),
  );
  return command;
};
