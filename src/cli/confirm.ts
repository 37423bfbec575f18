import { PromptAuditError } from '../core/errors.js';
import type { IdentityAssertion } from '../core/event.js';
import type { Invocation, OptionSpec } from './command.js';
import { printable } from './printable.js';
import { cancelled } from './processTerminal.js';

/** For every command that asks by `confirmed`. */
export const yesOption: OptionSpec = {
  type: 'boolean',
  short: 'y',
  help: 'Do not ask; recorded as unattended.',
};

/**
 * Asks the person at the terminal, in one line or in several. `--yes` answers for them, and is recorded as unattended.
 * Throws `cancelled` on no, and `unattended.refused` where nobody can be asked.
 */
export async function confirmed(
  invocation: Invocation,
  question: () => Promise<string | readonly string[]>,
): Promise<IdentityAssertion> {
  const { terminal } = invocation;
  if (invocation.flag('yes')) return 'unattended';
  if (!terminal.canAsk) throw nobodyToAsk();
  const lines = [await question()].flat().map(printable);
  const answer = await terminal.ask(`${lines.join('\n')} Recorded permanently. [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw cancelled();
  return 'git';
}

function nobodyToAsk(): PromptAuditError {
  return new PromptAuditError({
    code: 'unattended.refused',
    message:
      'A decision is made by a person at a terminal, and there is none here. Nothing was recorded.',
    remedy:
      'Run it in a terminal, or give --yes: then it is recorded as unattended, which strict policies do not count.',
  });
}
