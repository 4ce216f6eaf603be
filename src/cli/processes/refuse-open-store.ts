import { isOpenElsewhere } from '../../store/sqlite/is-open-elsewhere.js';
import { UserError } from '../user-error.js';

/**
 * Throws {@link UserError} while another process has a store's file open. A worker of its own does not own the data folder,
 * and would go on writing to what nobody reads any more.
 */
export function refuseOpenStore(path: string): void {
  if (isOpenElsewhere(path))
    throw new UserError(`${path} is open in another process, such as a hookyard worker: stop it first`);
}
