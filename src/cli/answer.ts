import type { Finding, LedgerPoint } from '../core/rows.js';
import type { Invocation } from './command.js';
import { printableJson, printable } from './printable.js';
import { tool } from './tool.js';

/** What a command found out, for both kinds of reader. */
export interface Answer {
  /** What was asked, as it was understood. */
  readonly query: Readonly<Record<string, unknown>>;
  /** The ledger that the answer stands on; null where it cannot be read. */
  readonly ledger: LedgerPoint | null;
  readonly rows: readonly unknown[];
  readonly counts?: Readonly<Record<string, number>>;
  /** What a reader must know to not read too much into the rows, one sentence each. */
  readonly caveats?: readonly string[];
  /** Says itself, and in its exit status, what is wrong with the ledger. */
  readonly tellsDamage?: boolean;
  /** What else a program may want, beside the members that all answers have. */
  readonly more?: Readonly<Record<string, unknown>>;
  /** Made only when people read. Must be safe to print. */
  human(): string;
}

/** Prints an answer: the envelope of DESIGN.md §8 with `--json`, else text with the caveats below. */
export async function print(invocation: Invocation, answer: Answer): Promise<void> {
  const { terminal, json, paint } = invocation;
  const damage = answer.tellsDamage === true ? null : await invocation.damage();
  const caveats = [...(damage === null ? [] : [damageCaveat(damage)]), ...(answer.caveats ?? [])];
  if (!json) {
    const notes = caveats.map((caveat) => `${paint('dim', `Note: ${printable(caveat)}`)}\n`);
    await terminal.out(answer.human() + notes.join(''));
    return;
  }
  const envelope = {
    query: answer.query,
    ledger:
      answer.ledger === null
        ? null
        : { id: answer.ledger.id, size: answer.ledger.size, root: answer.ledger.root },
    generatedAt: terminal.now().toISOString(),
    tool,
    rows: answer.rows,
    counts: { rows: answer.rows.length, ...answer.counts },
    caveats,
    ...answer.more,
  };
  await terminal.out(`${printableJson(envelope)}\n`);
}

/** Whatever was answered from damaged files: it may lack what they lost. */
const damageCaveat = ({ message, remedy }: Finding): string =>
  `The ledger here is damaged: ${message} The answer may lack or misstate something. ${remedy}`;
