import type { Identified, IdentifyInput } from '../../trail/identifyApi.js';
import type { Trail } from '../../trail/api.js';
import { print } from '../answer.js';
import { arePushed, clockCaveat, trustCaveat } from '../caveats.js';
import type { Command, Invocation } from '../command.js';
import { readBytes } from '../files.js';
import { identifiedText } from '../identifiedText.js';
import { isPath } from '../paths.js';
import { pathContext } from '../target.js';
import { usageError } from '../usageError.js';
import { plural } from '../words.js';

/** More than any prompt may have, so that the engine says what it takes. */
const mostBytes = 4 * 1024 * 1024 + 1;

export const identify: Command = {
  name: 'identify',
  summary: 'Which prompt and version a text is, and where and when it was active.',
  usage: 'TEXT | --file FILE | --digest DIGEST | - [--near N] [--json]',
  details: [
    'Looked for are the same bytes; then the same text with other line ends, byte order mark or newline at the',
    'end, which is said; then versions in which it stands, or that stand in it; then those that are most alike,',
    'with what differs. - is standard input. The exit status is 0 where the text itself was found, else 1.',
  ],
  options: {
    file: { type: 'string', value: 'FILE', help: 'The text of a file, whatever its name.' },
    digest: {
      type: 'string',
      value: 'DIGEST',
      help: 'SHA-256 of the text, or its first digits: "sha256:" may stand before them.',
    },
    near: { type: 'string', value: 'N', help: 'At most so many that are only alike; default 3.' },
  },
  examples: [
    { line: 'identify --file incident/prompt.txt', does: 'which version made this' },
    { line: 'identify --digest sha256:3f9c21d --json', does: 'by what a log carries' },
    { line: 'identify "Answer with one word."', does: 'the versions in which these words stand' },
  ],
  positionals: [0, 1],
  takesText: true,
  writes: false,
  async run(invocation) {
    const { input, query } = await inputOf(invocation);
    const trail = await invocation.trail();
    const found = await trail.identify(input);
    const { rows, compared, notCompared } = found;
    await print(invocation, {
      query: { command: 'identify', ...query, digest: found.digest, size: found.size },
      ledger: await trail.point(),
      rows,
      counts: { found: found.found, compared, ...notCompared },
      caveats: await caveatsOf(found, trail, invocation),
      human: () => identifiedText(found, invocation.paint),
    });
    return rows.some(({ match }) => match === 'exact' || match === 'same-text') ? 0 : 1;
  },
};

type Query = Readonly<Record<string, unknown>>;

async function inputOf(
  invocation: Invocation,
): Promise<{ readonly input: IdentifyInput; readonly query: Query }> {
  const [text] = invocation.positionals;
  const [file, digest] = [invocation.text('file'), invocation.text('digest')];
  if ([text, file, digest].filter((one) => one !== undefined).length !== 1)
    throw usageError(
      'identify needs one of TEXT, --file FILE, --digest DIGEST and -.',
      'Type "prompt-audit help identify".',
    );
  const near = nearOf(invocation.text('near'));
  if (digest !== undefined) return { input: { digest }, query: { by: 'digest' } };
  if (text !== undefined && /^sha256:[0-9a-f]{64}$/i.test(text))
    return { input: { digest: text }, query: { by: 'digest' } };
  const name = file ?? (text === '-' ? '-' : undefined);
  const given = name === undefined ? (text ?? '') : await readBytes(invocation, name, mostBytes);
  // A file may be empty, and so may a version; nothing is alike to that.
  if (given.length === 0 && name !== undefined)
    return { input: { text: given, near: 0 }, query: { by: 'file', file: name } };
  if (given.length === 0)
    throw usageError('There is nothing to identify: the text is empty.', 'Give the text itself.');
  const query = name === undefined ? { by: 'text' } : { by: 'file', file: name };
  return { input: { text: given, ...near }, query };
}

function nearOf(given: string | undefined): { readonly near?: number } {
  if (given === undefined) return {};
  if (/^\d{1,2}$/.test(given) && Number(given) <= 20) return { near: Number(given) };
  throw usageError(`--near "${given}" is no number from 0 to 20.`, 'Give --near 5, say.');
}

async function caveatsOf(
  { rows, found, notCompared }: Identified,
  trail: Trail,
  invocation: Invocation,
): Promise<string[]> {
  const caveats: string[] = [];
  const [text] = invocation.positionals;
  const isName =
    text !== undefined && rows.length === 0 && text.length < 4096 && !text.includes('\0');
  if (
    isName &&
    text !== '-' &&
    (await isPath(text, pathContext(invocation, trail)).catch(() => false))
  )
    caveats.push(`These words were looked for. To look for the text of the file: --file ${text}`);
  if (isName && /^[0-9a-f]{64}$/i.test(text))
    caveats.push(`These digits were looked for as words. To look for a digest: --digest ${text}`);
  if (found > rows.length && rows.length > 0)
    caveats.push(`${plural(found - rows.length, 'other text')} of versions fit, too: see --near.`);
  const { redacted, missing, beyondLimits } = notCompared;
  if (redacted > 0)
    caveats.push(`${plural(redacted, 'text')} of versions could not be compared: redacted.`);
  if (missing > 0)
    caveats.push(
      `${plural(missing, 'text')} of versions could not be compared: not in this clone.`,
    );
  if (beyondLimits > 0)
    caveats.push(`${plural(beyondLimits, 'older text')} of versions were not compared: too many.`);
  const deployments = rows.flatMap(({ active }) => active.map(({ deployment }) => deployment));
  if (deployments.length > 0)
    caveats.push(
      clockCaveat,
      ...(await trail.clockDoubts({ deployments })),
      trustCaveat(await arePushed(trail, deployments)),
    );
  return caveats;
}
