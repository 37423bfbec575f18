import type { EventType } from './event.js';

/**
 * Types whose bodies are never redacted (docs/LEDGER.md, "Redaction"): they hold no free text, or what
 * the trail says depends on them. `policy.adopted` and `person.declared` have rules of their own.
 */
const kept: ReadonlySet<string> = new Set<EventType>([
  'ledger.created',
  'person.joined',
  'prompt.registered',
  'prompt.moved',
  'prompt.removed',
  'attempt.denied',
  'signature.attached',
  'redacted',
  'history.purged',
]);

/** Whether the body of such an event can be redacted at all; what stands in the way of one, redact says. */
export function hasRedactableBody(type: string): boolean {
  return !kept.has(type);
}
