import { print } from '../answer.js';
import type { Command, Invocation } from '../command.js';
import { confirmed, yesOption } from '../confirm.js';
import { resolveQuestion, resolveText } from '../resolveText.js';
import { usageError } from '../usageError.js';

export const resolve: Command = {
  name: 'resolve',
  summary: 'Go on after a ledger branch that was rewritten, by a decision of your team.',
  usage: '--keep ours|theirs -m REASON [--dry-run] [--remote NAME] [--yes]',
  details: [
    'For a branch that does not extend what this clone saw: set back, replaced, deleted, or of another ledger. Find',
    'out first who did it; both checkpoints are in the message, in status and in verify.',
    'ours: the branch is put back as this clone saw it (a push with force, over exactly the commit that was shown),',
    'then what is new and valid on the other side, then what was not sent yet. Never over another ledger.',
    'theirs: the branch is taken as it is; what is here is kept in copies, and what it lacks is recorded behind it.',
    'Both commits stay as evidence in refs/prompt-audit/evidence/. The trail says who decided, and why. Clones that',
    'saw the other history follow with --keep theirs.',
  ],
  options: {
    keep: { type: 'string', value: 'ours|theirs', help: 'Which side counts. Needed.' },
    message: { type: 'string', short: 'm', value: 'REASON', help: 'Why; stays for ever. Needed.' },
    'dry-run': { type: 'boolean', help: 'Only print both checkpoints and what would be done.' },
    remote: { type: 'string', value: 'NAME', help: 'The remote, where the ledger has none yet.' },
    yes: yesOption,
  },
  examples: [
    { line: 'resolve --keep ours --dry-run', does: 'what putting the branch back would do' },
    { line: 'resolve --keep theirs -m "The host was restored, INC-40"', does: 'follows the host' },
  ],
  positionals: [0, 0],
  writes: true,
  async run(invocation) {
    const keep = sideOf(invocation);
    const reason = invocation.text('message');
    const dryRun = invocation.flag('dry-run');
    if (reason === undefined && !dryRun)
      throw usageError('resolve needs a reason.', 'Give it with -m REASON.');
    const name = invocation.text('remote');
    const asked = { keep, ...(name === undefined ? {} : { remote: name }) };
    const trail = await invocation.trail();
    let report = await trail.resolveRemote({ ...asked, identity: 'git', dryRun: true });
    if (!dryRun) {
      const question = resolveQuestion(report, reason!);
      const identity = await confirmed(invocation, () => Promise.resolve(question));
      const looked = report.theirs?.commit ?? null;
      report = await trail.resolveRemote({ ...asked, reason: reason!, identity, looked });
    }
    await print(invocation, {
      query: { command: 'resolve', keep, dryRun },
      ledger: await trail.point(),
      rows: [report],
      counts: { added: report.added, left: report.left },
      human: () => resolveText(report),
    });
    return 0;
  },
};

function sideOf(invocation: Invocation): 'ours' | 'theirs' {
  const keep = invocation.text('keep');
  if (keep === 'ours' || keep === 'theirs') return keep;
  throw usageError(
    'resolve needs the side that counts.',
    'Say --keep ours (what this clone saw) or --keep theirs (what the branch shows).',
  );
}
