import { userInfo } from 'node:os';

/** Returns who types here, as the system calls them: 100 characters at most. */
export function whoIsHere(): string {
  try {
    return userInfo().username.slice(0, 100) || 'an operator';
  } catch {
    // A container may run as a user without a name.
    return 'an operator';
  }
}
