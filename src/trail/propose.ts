import { PromptAuditError } from '../core/errors.js';
import { digestOf } from '../core/hash.js';
import { shortHash } from '../core/labels.js';
import type { VersionRow } from '../core/rows.js';
import { versionRow } from '../core/versionRows.js';
import { versionParts } from '../prompts/versionParts.js';
import { declareActor } from './actor.js';
import type { ProposeInput } from './api.js';
import type { TrailContext } from './context.js';
import { record } from './record.js';
import { assertNotRedacted } from './redactedText.js';
import { promptAt } from './resolveVersion.js';
import { namingPolicy, reviewersNamed } from './reviewersNamed.js';
import { pathInSite, readText } from './site.js';

/**
 * Makes the file's bytes the prompt's next version, and its text part of the ledger.
 * Throws `note.missing`, `version.unchanged`, `person.unknown`, and what recording throws.
 */
export async function propose(context: TrailContext, input: ProposeInput): Promise<VersionRow> {
  const note = requiredText(input.note, 'note.missing', 'A version needs a change note.');
  const path = pathInSite(context.site, input.path);
  const bytes = await readText(context.site, path);
  const digest = digestOf(bytes);
  assertNotRedacted(
    context.state,
    digest,
    `Change ${path}: exactly these bytes cannot be a version.`,
  );
  const reviewers = input.reviewers ?? [];
  const policy = reviewers.length > 0 ? await namingPolicy(context) : null;
  if (policy !== null) reviewersNamed(context, reviewers, { who: null, version: null, policy });
  await record(context, [path], null);
  const who = await declareActor(context);
  const event = await context.transact((tx) => {
    const prompt = promptAt(context, path);
    const newest = prompt.versions.at(-1);
    if (newest?.event.header.refs.digest === digest && newest.withdrawals.length === 0) {
      throw new PromptAuditError({
        code: 'version.unchanged',
        message: `${path} is v${newest.number} (${shortHash(digest)}) already.`,
        remedy: 'Change the prompt before you propose the next version.',
      });
    }
    const revision = prompt.revisions.findLast((r) => r.digest === digest);
    if (revision === undefined) {
      throw new PromptAuditError({
        code: 'prompt.unreadable',
        message: `${path} changed while it was being proposed.`,
        remedy: 'Save the file and propose it again.',
      });
    }
    // Others may have redacted it since this clone looked.
    assertNotRedacted(context.state, digest, `Change ${path} before you propose it.`);
    tx.putContent(bytes);
    const named =
      policy === null ? null : reviewersNamed(context, reviewers, { who, version: null, policy });
    for (const draft of named?.drafts ?? []) tx.append(draft);
    const proposed = tx.append({
      type: 'version.proposed',
      who,
      prompt: prompt.id,
      refs: {
        digest,
        revision: revision.id,
        number: prompt.versions.length + 1,
        commit: null,
        parts: versionParts(path, bytes),
      },
      body: { path, note },
      identity: 'git',
    });
    if (named !== null)
      tx.append({
        type: 'review.requested',
        who,
        prompt: prompt.id,
        refs: { version: proposed.id, persons: named.persons },
        body: { note: null },
        identity: 'git',
      });
    return proposed;
  });
  return versionRow(context.view, context.state.versions.get(event.id)!);
}

/** `text` without space around it; throws `code` when nothing is left. */
export function requiredText(
  text: string | undefined,
  code: 'note.missing' | 'reason.missing',
  message: string,
): string {
  const trimmed = (text ?? '').trim();
  if (trimmed !== '') return trimmed;
  throw new PromptAuditError({ code, message, remedy: 'Say in a few words what and why.' });
}
