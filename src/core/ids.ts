declare const brand: unique symbol;
type Branded<T extends string> = string & { readonly [brand]: T };

/** SHA-256 of an event's header bytes, 64 lower-case hex digits. */
export type EventId = Branded<'EventId'>;
/** 128 random bits, 32 lower-case hex digits. Says nothing about the person. */
export type PersonId = Branded<'PersonId'>;
/** 128 random bits, 32 lower-case hex digits. */
export type PromptId = Branded<'PromptId'>;
/** 128 random bits, 32 lower-case hex digits; one clone of the repository on one machine. */
export type WriterId = Branded<'WriterId'>;
/** 128 random bits, 32 lower-case hex digits; fixed by `ledger.created`. */
export type LedgerId = Branded<'LedgerId'>;
/** `sha256:` and 64 lower-case hex digits. */
export type Digest = Branded<'Digest'>;

const hex64 = /^[0-9a-f]{64}$/;
const hex32 = /^[0-9a-f]{32}$/;
const digestPattern = /^sha256:[0-9a-f]{64}$/;

export function isEventId(value: unknown): value is EventId {
  return typeof value === 'string' && hex64.test(value);
}

/** Whether `value` has the form that person, prompt, writer and ledger ids share. */
export function isRandomId(value: unknown): value is PersonId & PromptId & WriterId & LedgerId {
  return typeof value === 'string' && hex32.test(value);
}

export function isDigest(value: unknown): value is Digest {
  return typeof value === 'string' && digestPattern.test(value);
}
