import { Command } from 'commander';
import { connectApi } from '../client/find-server.js';
import { jsonText } from '../format/control-characters.js';
import { harmless, print } from '../format/paint.js';
import { jsonOption, type ServerOptions, urlOption } from './options.js';

interface Options extends ServerOptions {
  readonly endpoint?: string;
}

/** `hookyard outbound retry`: has a message sent at once that waits for its next try. */
export const outbound = () => {
  const command = new Command('outbound').description('messages to endpoints');
  command
    .command('retry')
    .description('have a message sent at once that waits for its next try, with the same webhook-id')
    .argument('<message>', "the message's id, msg_…, as the page lists it under /outbound")
    .option('--endpoint <name>', 'needed where a message of this id was sent to several')
    .addOption(urlOption)
    .addOption(jsonOption)
    .action(async (message: string, { endpoint, ...options }: Options) => {
      const api = await connectApi(options);
      const retried = await api.retryMessage({ message, ...(endpoint !== undefined && { endpoint }) });
      if (options.json) print(jsonText(retried));
      else print(harmless(`${retried.message} to ${retried.endpoint}: ${retried.state}, by ${retried.run}`));
    });
  return command;
};
