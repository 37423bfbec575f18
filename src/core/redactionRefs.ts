import { authorisedRedactions, type Redaction, type RedactionTarget } from './redaction.js';
import type { RedactionRef } from './rows.js';
import { isDigest } from './ids.js';
import type { LedgerState } from './state.js';

/** Who redacted these bodies and contents and why, for those of them that were. */
export function redactionRefs(
  state: LedgerState,
  targets: readonly (RedactionTarget | null)[],
): readonly RedactionRef[] {
  const redacted = authorisedRedactions(state);
  if (redacted.size === 0) return [];
  return targets.flatMap((target) => {
    const found = target === null ? undefined : redacted.get(target);
    return found === undefined ? [] : [redactionRef(state, found)];
  });
}

/** The member of a row that tells of redactions; absent where there is none. */
export function withRedactions(
  state: LedgerState,
  targets: readonly (RedactionTarget | null)[],
): { readonly redactions?: readonly RedactionRef[] } {
  const redactions = redactionRefs(state, targets);
  return redactions.length === 0 ? {} : { redactions };
}

/** `redacted by Rosa on 2026-11-21 because a key leaked`, the date in UTC. */
export function redactionText({ by, at, reason }: RedactionRef): string {
  const because = reason.trim().replace(/\s+/g, ' ').replace(/\.$/, '');
  return `redacted by ${by.name} on ${at.slice(0, 10)} because ${because}`;
}

/** What was redacted, by whom and why, as a sentence: "The text was redacted by …". */
export function redactionSentence(ref: RedactionRef): string {
  const what = ref.part === 'content' ? 'The text was' : 'The details were';
  return `${what} ${redactionText(ref)}.`;
}

function redactionRef(state: LedgerState, { seq, event }: Redaction): RedactionRef {
  const { who, at, refs } = event.header;
  return {
    part: isDigest(refs.target) ? 'content' : 'body',
    event: event.id,
    by: state.persons.ref(who, (other) => other <= seq),
    at,
    reason: event.body?.reason ?? '',
  };
}
