import type { LedgerEvent } from '../core/event.js';
import type { FactKeyInput } from '../core/historyPlan.js';

/** What a commit did to a prompt. */
export type CommittedAct = FactKeyInput & { readonly commit: string };

/** As an event says; null where that names no commit, and where its body is gone. */
export function committedAct(event: LedgerEvent): CommittedAct | null {
  if (!event.known || event.body === null) return null;
  if (event.type === 'revision.observed') {
    const { path, commit } = event.body;
    return { kind: 'revision', path, digest: event.header.refs.digest, commit };
  }
  if (event.type === 'prompt.moved' && event.body.commit != null) {
    const { from, to, commit } = event.body;
    return { kind: 'moved', from, path: to, commit };
  }
  if (event.type === 'prompt.removed' && event.body.commit !== null) {
    const { path, commit } = event.body;
    return { kind: 'removed', path, commit };
  }
  return null;
}
