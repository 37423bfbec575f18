import { standingCaveats } from '../core/standingCaveats.js';
import { activeVersions, onlyVersion, type ActiveVersion } from './activeVersions.js';
import { print } from './answer.js';
import { arePushed, clockCaveat, countUnsynced, trustCaveat, unsyncedCaveats } from './caveats.js';
import type { Invocation } from './command.js';
import { deployedHead, deployedRow } from './deployedRow.js';
import { promptPath } from './paths.js';
import { versionDetailText } from './showText.js';
import { table } from './table.js';
import { pathContext } from './target.js';
import { parseTime } from './time.js';
import { contentOf, type Content } from './versionContent.js';

/** `show PATH --env ENV [--at TIME]`: the text that is or was active, and who stands behind it. */
export async function showActive(invocation: Invocation, raw: boolean): Promise<0 | 1> {
  const [env = '', given] = [invocation.text('env'), invocation.text('at')];
  const at = given === undefined ? undefined : parseTime(given, '--at');
  const trail = await invocation.trail();
  const context = pathContext(invocation, trail);
  const path = await promptPath(invocation.positionals[0] ?? '', context);
  const found = await activeVersions(trail, path, env, at);
  if (raw) {
    await invocation.terminal.out(await trail.content(onlyVersion(found).digest));
    return 0;
  }
  const shown: (ActiveVersion & { readonly content: Content })[] = [];
  for (const one of found) shown.push({ ...one, content: await contentOf(trail, one.version) });
  const deployments = found.map(({ active }) => active.deployment);
  const problems = shown.flatMap(({ content }) => content.problem ?? []);
  const { paint } = invocation;
  await print(invocation, {
    query: { command: 'show', path, env, at: at ?? null },
    ledger: await trail.point(),
    rows: shown.map(({ active, version, content }) => ({
      ...version,
      content: content.json,
      active,
    })),
    caveats: [
      ...problems,
      ...found.flatMap(({ active }) => standingCaveats(active)),
      ...(found.length === 1 ? [] : ['By the clocks more than one version was active then.']),
      ...(at === undefined ? [] : [clockCaveat, ...(await trail.clockDoubts({ path, env, at }))]),
      trustCaveat(await arePushed(trail, deployments), {
        signed: found.filter(({ active }) => active.signed === true).length,
        of: found.length,
      }),
      ...unsyncedCaveats(await countUnsynced(trail, deployments)),
    ],
    human: () =>
      shown
        .map(
          ({ active, version, content }) =>
            `${table([deployedRow(active)], { paint, head: deployedHead })}\n` +
            versionDetailText(version, content.bytes, paint),
        )
        .join('\n'),
  });
  return problems.length === 0 ? 0 : 1;
}
