import { eventLine } from '../report/jsonLines.js';
import { parts } from '../report/parts.js';
import type { ExportFolder } from './exportFolder.js';
import type { Gathered } from './exportGather.js';
import type { Pace } from './exportPace.js';

/** Adds the exact texts of the chosen events, the hashes of the leaves of all, the checkpoint, and the policies. */
export async function addChain(
  folder: ExportFolder,
  { view, totals, method }: Gathered,
  events: readonly number[],
  pace: Pace,
): Promise<void> {
  const { state } = view;
  const lines = await pace.map(events, (seq) => {
    const event = state.event(seq);
    const attached = state.signatures.get(event.id) ?? [];
    const digests = attached.map((one) => one.event.header.refs.signature);
    return eventLine(
      seq,
      event,
      digests.flatMap((digest) => state.readSignature(digest) ?? []),
    );
  });
  for (const { path, bytes, rows } of parts('events.jsonl', lines))
    await folder.add(path, bytes, { mediaType: 'application/x-ndjson', rows });
  const leaves = totals.leaves.map((leaf) => `${leaf}\n`);
  for (const { path, bytes, rows } of parts('leaves.txt', leaves))
    await folder.add(path, bytes, { mediaType: 'text/plain; charset=utf-8', rows });
  if (method.checkpoint !== null)
    await folder.add('checkpoint', method.checkpoint, { mediaType: 'text/plain; charset=utf-8' });
  const added = new Set<string>();
  for (const { event } of state.policies) {
    if (event.body === null) continue;
    const { policy, allowedSigners, mailmap, codeowners } = event.body;
    const name = `policy/${event.header.refs.policy.replace('sha256:', '')}.jsonc`;
    if (!added.has(name))
      await folder.add(name, policy, { mediaType: 'text/plain; charset=utf-8' });
    added.add(name);
    for (const [kind, text] of Object.entries({ allowedSigners, mailmap, codeowners }))
      if (text !== null)
        await folder.add(`policy/${event.id}.${kind.toLowerCase()}`, text, {
          mediaType: 'text/plain; charset=utf-8',
        });
  }
}
