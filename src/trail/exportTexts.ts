import { isPromptAuditError } from '../core/errors.js';
import type { Digest } from '../core/ids.js';
import { content } from './content.js';
import type { AnswerRow } from '../core/questions/question.js';
import { column, type EvidenceTable } from '../report/table.js';
import type { TrailContext } from './context.js';
import type { ExportFolder } from './exportFolder.js';
import type { Gathered } from './exportGather.js';
import type { Pace } from './exportPace.js';

/** A text, or why it is not here in one sentence. */
export type TextOrWhy =
  | { readonly bytes: Uint8Array }
  | { readonly status: 'missing' | 'redacted'; readonly why: string };

/** The text of a digest. What is missing or redacted is no error here: the evidence says so. */
export async function textOrWhy(context: TrailContext, digest: Digest): Promise<TextOrWhy> {
  try {
    return { bytes: await content(context, digest) };
  } catch (error) {
    if (isPromptAuditError(error, 'content.redacted'))
      return { status: 'redacted', why: error.message };
    if (isPromptAuditError(error, 'content.missing'))
      return { status: 'missing', why: error.message };
    throw error;
  }
}

/** Adds the texts of all versions in the scope as content/<SHA-256>; gives the table of them. */
export async function addTexts(
  context: TrailContext,
  folder: ExportFolder,
  { view, selection, versions, baselines }: Gathered,
  pace: Pace,
): Promise<EvidenceTable> {
  const names = new Map<Digest, Set<string>>();
  const name = (digest: Digest, text: string): void => {
    const known = names.get(digest);
    if (known === undefined) names.set(digest, new Set([text]));
    else known.add(text);
  };
  for (const { digest, path, label } of versions) name(digest, `${path}@${label}`);
  for (const { rows } of baselines)
    for (const { digest, path, version } of rows) name(digest, `${path}@${version}`);
  for (const { record, prompt } of selection.deployments) {
    const { digest, version } = record.event.header.refs;
    const number = view.state.versions.get(version)?.number;
    name(digest, `${prompt.path ?? '(redacted path)'}@v${number ?? '?'}`);
  }
  const rows: AnswerRow[] = [];
  for (const [digest, of] of names) {
    const found = await textOrWhy(context, digest);
    const path = `content/${digest.replace('sha256:', '')}`;
    const versionsOf = [...of].join('; ');
    if ('bytes' in found) {
      await folder.add(path, found.bytes, { mediaType: 'application/octet-stream' });
      rows.push({
        digest,
        versions: versionsOf,
        status: 'here',
        file: path,
        bytes: found.bytes.length,
        why: null,
      });
    } else
      rows.push({
        digest,
        versions: versionsOf,
        status: found.status,
        file: null,
        bytes: null,
        why: found.why,
      });
    await pace.step();
  }
  return {
    name: 'texts',
    title: 'Texts',
    about: 'A row for each text of a version in the scope, or that was live at its ends.',
    columns: [
      column('digest', 'Digest', 'digest', 'SHA-256 of the text.'),
      column('versions', 'Versions', 'text', 'Which versions have it, separated by "; ".'),
      column('status', 'Status', 'text', 'here, missing in this clone, or redacted.'),
      column('file', 'File', 'text', 'Where it is in this export.'),
      column('bytes', 'Bytes', 'number', 'Its size.'),
      column('why', 'Why', 'text', 'Why it is not here.'),
    ],
    rows,
  };
}
