import { redactionProblems } from './redaction.js';
import { factText } from './reasons.js';
import type { Finding } from './rows.js';
import type { LedgerState } from './state.js';

/**
 * Redactions that do not count, because what their writer had seen did not allow them. A warning: they
 * remove nothing, and what is missing all the same is reported where it is missing.
 */
export function redactionFindings(state: LedgerState): readonly Finding[] {
  return state.redactions.flatMap((redaction) => {
    const problems = redactionProblems(state, redaction);
    if (problems.length === 0) return [];
    const { seq, event } = redaction;
    const who = state.persons.ref(event.header.who, (other) => other <= seq).name;
    return [
      {
        code: 'redaction.unauthorised',
        severity: 'warning',
        seq,
        event: event.id,
        message: `Event ${seq}, by ${who}, redacts what it may not: ${problems.map((p) => factText(p.code)).join('; ')}.`,
        expected: 'what the policy allows, by the events before it',
        found: problems.map((p) => p.code).join(', '),
        remedy:
          'It removes nothing. Ask its author; no version of this program writes such an event.',
      },
    ];
  });
}
