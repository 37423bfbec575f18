import type { Identified, IdentifiedRow, IdentifiedSpan } from '../trail/identifyApi.js';
import { diffText, unseenText } from './diffText.js';
import { printable } from './printable.js';
import { redactedTexts } from './redactText.js';
import type { Paint } from './style.js';
import { localTime } from './time.js';
import { fullPerson, quoted, shortDigest } from './words.js';

/** What a text was found to be, for people. */
export function identifiedText({ rows, digest, compared }: Identified, paint: Paint): string {
  if (rows.length > 0) return rows.map((row) => rowText(row, paint)).join('\n');
  const what = digest === null ? 'No text' : `No text (${shortDigest(digest)})`;
  return compared === 0
    ? `${what} of this ledger has this digest.\n`
    : `${what} of this ledger is this one, nor like it: ${compared} were compared.\n`;
}

function rowText(row: IdentifiedRow, paint: Paint): string {
  const { note, versions, difference } = row;
  const others = versions.slice(1).map(({ label }) => label);
  const lines = [
    `${paint('bold', printable(nameOf(row)))}: ${matchText(row)}`,
    printable(
      `  ${row.version === null ? 'Recorded' : 'First recorded'} ${localTime(row.at)} by ${fullPerson(row.by)}` +
        (note === null ? '' : `; ${quoted(note)}`),
    ),
    ...(row.retired === true ? ['  The prompt was retired'] : []),
    ...(others.length === 0 ? [] : [`  The same bytes: ${others.join(', ')}`]),
    ...redactedTexts(row).map((text) => printable(`  ${text}`)),
    ...(row.active.length === 0
      ? ['  Never active anywhere']
      : row.active.map((span) => printable(`  ${spanText(span, row)}`))),
  ];
  const changes =
    difference === null ? '' : `  From it to what was asked about:\n${diffText(difference, paint)}`;
  return `${lines.join('\n')}\n${changes}`;
}

function nameOf({ path, version, digest }: IdentifiedRow): string {
  return `${path} ${version ?? 'draft'} (${shortDigest(digest)})`;
}

function matchText({ match, similarity, lines, unseen, version }: IdentifiedRow): string {
  switch (match) {
    case 'exact':
      return version === null
        ? 'exactly these bytes, never proposed as a version'
        : 'exactly these bytes';
    case 'same-text':
      return `the same text, but for ${unseenText(unseen) || 'the ends of lines'}`;
    case 'part': {
      const { line = 1, endLine = line } = lines ?? {};
      const where = line === endLine ? `line ${line}` : `lines ${line} to ${endLine}`;
      return `it stands in ${where}`;
    }
    case 'whole':
      return 'its whole text stands in what was asked about';
    case 'near':
      // What differs must not read as the same.
      return `not the same: ${Math.min(99, Math.floor(similarity * 100))} % of the words are`;
  }
}

function spanText(
  { env, version, from, to, deployedBy }: IdentifiedSpan,
  row: IdentifiedRow,
): string {
  const as = version === row.version ? '' : ` as ${version}`;
  const until = to === null ? 'and is active there now' : `until ${localTime(to, 'milliseconds')}`;
  return `Active in ${env}${as} from ${localTime(from, 'milliseconds')} ${until}, deployed by ${deployedBy.name}`;
}
