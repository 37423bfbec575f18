import { activeRow, deploymentSpans } from '../core/activeRows.js';
import { PromptAuditError } from '../core/errors.js';
import { changeKinds, type ChangeKind } from '../core/policy.js';
import type { PromptRecord, VersionRecord } from '../core/state.js';
import { textDiff } from '../core/textDiff.js';
import { versionRow } from '../core/versionRows.js';
import { versionParts } from '../prompts/versionParts.js';
import type { Compared, ComparedSide, CompareInput, VersionBetween } from './compareApi.js';
import type { TrailContext } from './context.js';
import { promptAt, resolveVersion } from './resolveVersion.js';
import { bytesOrWhy, utf8 } from './textIfHere.js';

/**
 * What differs between two versions, or between what was active at two times, and which versions led from one to the
 * other. Texts that are gone do not throw. Throws `version.ambiguous` where more than one version was active at a time,
 * and what resolving the versions throws.
 */
export async function compare(context: TrailContext, input: CompareInput): Promise<Compared> {
  const [before, after] =
    'env' in input
      ? [activeAt(context, input, input.from), activeAt(context, input, input.to)]
      : [named(context, input.before), named(context, input.after)];
  const texts = [await textOf(context, before), await textOf(context, after)] as const;
  const [older, newer] = [texts[0].text, texts[1].text];
  return {
    before: before && sideOf(context, before),
    after: after && sideOf(context, after),
    parts: partsOf([before, texts[0].bytes], [after, texts[1].bytes]),
    // Of nothing no text is the same.
    diff:
      older === undefined || newer === undefined || (before === null && after === null)
        ? null
        : textDiff(older, newer),
    between: betweenOf(context, [before, after], 'env' in input ? input : null),
    problems: [...new Set(texts.flatMap(({ problem }) => problem ?? []))],
  };
}

interface Side {
  readonly version: VersionRecord;
  readonly span: ReturnType<typeof deploymentSpans>[number] | null;
}

const named = (context: TrailContext, name: string): Side => ({
  version: resolveVersion(context, name, { forWriting: false }),
  span: null,
});

/** Null: nothing was active. Throws `version.ambiguous`. */
function activeAt(
  context: TrailContext,
  { path, env }: { readonly path: string; readonly env: string },
  at: string,
): Side | null {
  const spans = deploymentSpans(promptAt(context, path)).filter(
    (span) => span.env === env && span.from <= at && (span.to === null || span.to > at),
  );
  const sides = spans.flatMap((span): Side[] => {
    const version = context.state.versions.get(span.deployment.event.header.refs.version);
    return version === undefined ? [] : [{ version, span }];
  });
  const versions = [...new Set(sides.map(({ version }) => version))];
  if (versions.length > 1)
    throw new PromptAuditError({
      code: 'version.ambiguous',
      message:
        `By the clocks of those who deployed, ${versions.map(({ number }) => `v${number}`).join(' and ')} ` +
        `of ${path} were active in ${env} at ${at}.`,
      remedy: 'Compare the versions by their numbers.',
    });
  return sides.at(-1) ?? null;
}

function sideOf(context: TrailContext, { version, span }: Side): ComparedSide {
  const { state, finalSize, view } = context;
  return {
    version: versionRow(view, version),
    active: span === null ? null : activeRow(state, finalSize, span),
  };
}

interface Text {
  readonly bytes?: Uint8Array;
  readonly text?: string;
  readonly problem?: string;
}

async function textOf(context: TrailContext, side: Side | null): Promise<Text> {
  // Nothing was there: all of the other text is new.
  if (side === null) return { text: '' };
  const { event, prompt, number } = side.version;
  const name = `${prompt.path ?? 'The prompt'} v${number}`;
  const bytes = await bytesOrWhy(context, event.header.refs.digest);
  if (bytes instanceof PromptAuditError) return { problem: `${name}: ${bytes.message}` };
  const text = utf8(bytes);
  return text === undefined
    ? { bytes, problem: `${name}: its text is no UTF-8, so it can only be compared as a whole.` }
    : { bytes, text };
}

type PartsSide = readonly [side: Side | null, bytes: Uint8Array | undefined];

function partsOf(before: PartsSide, after: PartsSide): Compared['parts'] {
  const [older, newer] = [partDigests(before), partDigests(after)];
  const isNothing = before[0] === null && after[0] === null;
  const isSame = digestIn(before) === digestIn(after);
  const answer = (kind: ChangeKind): 'same' | 'changed' | null => {
    if (isNothing) return null;
    if (isSame) return 'same';
    if (older === null || newer === null) return null;
    return older[kind] === newer[kind] ? 'same' : 'changed';
  };
  return Object.fromEntries(changeKinds.map((kind) => [kind, answer(kind)])) as Compared['parts'];
}

const digestIn = ([side]: PartsSide): string | undefined => side?.version.event.header.refs.digest;

/** By the text where it is here, else as the proposal claims. */
function partDigests([side, bytes]: PartsSide): Readonly<Record<ChangeKind, unknown>> | null {
  if (side === null) return { text: null, model: null, tools: null, permissions: null };
  const { event, prompt } = side.version;
  const path = event.body?.path ?? prompt.path;
  if (bytes !== undefined && path !== null) return versionParts(path, bytes);
  return event.header.refs.parts ?? null;
}

function betweenOf(
  { state, view, finalSize }: TrailContext,
  [before, after]: readonly [Side | null, Side | null],
  period: { readonly env: string; readonly from: string; readonly to: string } | null,
): readonly VersionBetween[] {
  const prompt = promptOf(before, after);
  if (prompt === null) return [];
  const ends = [before?.version.number ?? 0, after?.version.number ?? 0];
  const [low, high] = after === null ? [0, 0] : [Math.min(...ends), Math.max(...ends)];
  const spans = deploymentSpans(prompt).filter(
    ({ env, from }) =>
      period !== null && env === period.env && from > period.from && from <= period.to,
  );
  return prompt.versions.flatMap((version): VersionBetween[] => {
    const own = spans.filter(
      ({ deployment }) => deployment.event.header.refs.version === version.event.id,
    );
    if ((version.number <= low || version.number > high) && own.length === 0) return [];
    return [
      {
        version: versionRow(view, version),
        active: own.map((span) => activeRow(state, finalSize, span)),
      },
    ];
  });
}

/** The prompt of both; null where they are two. */
function promptOf(before: Side | null, after: Side | null): PromptRecord | null {
  const [one, other] = [before?.version.prompt, after?.version.prompt];
  if (one !== undefined && other !== undefined && one !== other) return null;
  return one ?? other ?? null;
}
