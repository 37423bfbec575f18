import type { Progress } from '../../core/watch.js';
import type { ImportInput, ImportReport } from '../../trail/importApi.js';
import { print } from '../answer.js';
import type { Command, Invocation } from '../command.js';
import { importText } from '../importText.js';
import { untilInterrupted } from '../untilInterrupted.js';
import { usageError } from '../usageError.js';

export const importCommand: Command = {
  name: 'import',
  summary: "Build the trail of what was before it from git's history.",
  usage: '[--branch NAME]... [--tags GLOB --env ENV] [--dry-run]',
  details: [
    'Records who registered, changed, renamed and removed the tracked prompts, as the commits claim it, marked as',
    'imported. What the ledger knows is left out: it can be run again, and goes on where it was ended. Texts stay',
    'in git. With --tags the matching tags become deployments to ENV: recorded, but neither approved nor judged.',
  ],
  options: {
    branch: {
      type: 'string',
      multiple: true,
      value: 'NAME',
      help: 'Only this branch or tag; may be repeated. Default: all.',
    },
    tags: {
      type: 'string',
      multiple: true,
      value: 'GLOB',
      help: 'Tags that were deployed, such as "v*".',
    },
    env: { type: 'string', value: 'ENV', help: 'Where they were deployed to.' },
    'dry-run': { type: 'boolean', help: 'Only print what it would record.' },
  },
  examples: [
    { line: 'import --dry-run', does: 'what is there to import' },
    { line: 'import', does: 'all branches and tags' },
    { line: 'import --tags "v*" --env production', does: 'also what was deployed' },
  ],
  positionals: [0, 0],
  writes: true,
  async run(invocation) {
    const asked = askedFor(invocation);
    const trail = await invocation.trail();
    const { terminal } = invocation;
    const progress = ({ what, done, total }: Progress): void => {
      if (what === 'import' && total !== null)
        terminal.err(`\rImporting: ${done} of ${total} commits`);
    };
    const shown = terminal.showsProgress ? { progress } : {};
    const report = await untilInterrupted((isCancelled) =>
      trail.importHistory({ ...asked, watch: { ...shown, isCancelled } }),
    ).finally(() => {
      if (terminal.showsProgress) terminal.err('\r\u001b[K');
    });
    await print(invocation, {
      query: {
        command: 'import',
        refs: asked.refs ?? null,
        tags: asked.tags ?? null,
        ...envOf(asked),
      },
      ledger: await trail.point(),
      rows: [report],
      counts: countsOf(report),
      caveats: report.caveats,
      human: () => importText(report),
    });
    return 0;
  },
};

function askedFor(invocation: Invocation): ImportInput {
  const refs = invocation.texts('branch');
  const tags = invocation.texts('tags');
  const env = invocation.text('env');
  if (tags.length > 0 !== (env !== undefined)) {
    throw usageError(
      '--tags and --env go together.',
      'Say which tags were deployed, and where to.',
    );
  }
  return {
    ...(refs.length > 0 ? { refs } : {}),
    ...(env === undefined ? {} : { tags, env }),
    ...(invocation.flag('dry-run') ? { dryRun: true } : {}),
  };
}

const envOf = ({ env, dryRun }: ImportInput): { env: string | null; dryRun: boolean } => ({
  env: env ?? null,
  dryRun: dryRun === true,
});

function countsOf(report: ImportReport): Record<string, number> {
  const { totals, versions, people, alreadyKnown, copies } = report;
  return { ...totals, versions, people, alreadyKnown, copies };
}
