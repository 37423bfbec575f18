import type { Invocation, OptionSpec } from './command.js';
import { yesOption } from './confirm.js';
import { usageError } from './usageError.js';

/** Of a command by which somebody takes back what they did. */
export const takeBackOptions: Readonly<Record<string, OptionSpec>> = {
  message: { type: 'string', short: 'm', value: 'REASON', help: 'The reason. Needed.' },
  yes: yesOption,
};

/** Throws `usage` without one. */
export function givenReason(invocation: Invocation, command: string): string {
  const reason = invocation.text('message');
  if (reason === undefined)
    throw usageError(`${command} needs a reason.`, 'Say why with -m REASON.');
  return reason;
}
