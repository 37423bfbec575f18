import { digestOf } from '../core/hash.js';
import { isDigest } from '../core/ids.js';
import type { RedactionTarget } from '../core/redaction.js';
import { versionRow } from '../core/versionRows.js';
import type { TrailContext } from './context.js';
import type { Mention } from './redactApi.js';
import { readTexts } from './site.js';

/** Where redacted bytes still are or may be, one sentence each: nobody should believe that they are gone. */
export async function whatStays(
  context: TrailContext,
  targets: readonly RedactionTarget[],
  input: { readonly person: boolean; readonly mentions: readonly Mention[] },
): Promise<readonly string[]> {
  const { site } = context;
  const remote = await context.remote();
  const contents = targets.filter((target) => isDigest(target));
  const stays: string[] = [];
  for (const digest of contents) stays.push(...(await textStays(context, digest)));
  if (input.mentions.length > 0) {
    const list = input.mentions.map(({ seq, what }) => `#${seq} (${what})`).join(', ');
    stays.push(
      `The trail still names the person in: ${list}. Redact those that may go, each by its event id.`,
    );
  }
  if (input.person) {
    stays.push(
      "Git's own history names the person as an author. Who records their commits again, or acts as them, declares them again.",
    );
  }
  if (site.git !== null) {
    stays.push(
      `Older commits of the ledger branch${remote === null ? '' : `, here and on ${remote},`} hold the bytes until: prompt-audit purge-history`,
    );
  }
  if (remote !== null) {
    stays.push(
      'Every other clone holds the bytes until it syncs; a clone that never does keeps them.',
    );
  }
  stays.push('Backups and copies made by hand are out of reach. Replace a leaked key in any case.');
  return stays;
}

async function textStays(context: TrailContext, digest: string): Promise<readonly string[]> {
  const { state, view, site } = context;
  const stays: string[] = [];
  const known = [...state.prompts.values()].filter((prompt) => prompt.path !== null);
  const mine = known.filter((prompt) => prompt.revisions.some((r) => r.digest === digest));
  for (const prompt of mine) {
    for (const version of prompt.versions) {
      if (version.event.header.refs.digest !== digest) continue;
      const { label, activeIn } = versionRow(view, version);
      if (activeIn.length > 0)
        stays.push(
          `${prompt.path} ${label} is active in ${activeIn.join(', ')}: this does not change what runs there.`,
        );
    }
  }
  const paths = mine.map((prompt) => prompt.path!);
  const texts = await readTexts(site, paths);
  for (const path of paths) {
    const text = texts.get(path);
    if (text instanceof Uint8Array && digestOf(text) === digest)
      stays.push(`The file ${path} has these bytes now. Change it.`);
  }
  if (mine.length > 0) {
    stays.push(
      `Other versions and drafts of ${paths.join(', ')} may hold the same words: each text is redacted by itself.`,
    );
    if (site.git !== null)
      stays.push(
        "Commits of the code that hold the file keep its text: git's own history is not changed.",
      );
  }
  return stays;
}
