import { PromptAuditError } from '../../core/errors.js';
import type { PolicyPreset } from '../../core/policy.js';
import type { InitResult } from '../../trail/api.js';
import { print } from '../answer.js';
import type { Command, Invocation } from '../command.js';
import { usageError } from '../usageError.js';
import { plural, shortDigest } from '../words.js';

const presets: readonly { name: PolicyPreset; says: string }[] = [
  { name: 'team', says: 'one approval by somebody who did not contribute; everybody may deploy' },
  { name: 'regulated', says: 'named reviewers and release managers, four eyes before production' },
  { name: 'gxp', says: 'two approvals, one by quality, each with a meaning and a reason' },
];

export const init: Command = {
  name: 'init',
  summary: 'Start an audit trail here, or join the one that the remote has.',
  usage: '[--preset team|regulated|gxp] [--yes]',
  details: [
    'Writes .prompt-audit/policy.jsonc, which you commit, and starts the ledger.',
    ...presets.map((preset) => `  ${preset.name.padEnd(10)} ${preset.says}`),
  ],
  options: {
    preset: {
      type: 'string',
      value: 'NAME',
      help: 'The policy to start with: team, regulated or gxp.',
    },
    yes: { type: 'boolean', short: 'y', help: 'Ask nothing; without --preset the policy is team.' },
  },
  examples: [
    { line: 'init', does: 'asks which policy' },
    { line: 'init --yes', does: 'starts with the policy for a team' },
  ],
  positionals: [0, 0],
  writes: true,
  async run(invocation) {
    const preset = await presetOf(invocation);
    const { engine, trailOptions } = invocation;
    const result = await engine.initTrail(trailOptions, { preset });
    const started = result.outcome === 'created';
    await print(invocation, {
      query: { command: 'init', preset },
      ledger: result.ledger,
      rows: [result],
      human: () =>
        (started
          ? `Started ledger ${shortDigest(result.ledger.id)} with ${policyOf(result, preset)}.\n`
          : `Joined ledger ${shortDigest(result.ledger.id)} of the remote, ` +
            `with ${plural(result.ledger.size, 'event')}.\n`) +
        `${plural(result.prompts, 'prompt')} tracked.\n` +
        nextOf(result),
    });
    return 0;
  },
};

/** What somebody wrote before stays, whatever preset was named. */
function policyOf({ written }: InitResult, preset: PolicyPreset): string {
  const isNew = written.some((path) => path.endsWith('policy.jsonc'));
  return isNew ? `the policy "${preset}"` : 'the policy that is there';
}

/** Two clones write the same bytes, which git merges once both have committed them, and not before. */
function nextOf({ outcome, written }: InitResult): string {
  if (written.length === 0) return 'Next: "prompt-audit status".\n';
  const why =
    outcome === 'created'
      ? ''
      : ' before your next git pull (git merges it with the same files of others)';
  return `Next: commit the folder .prompt-audit${why}, then "prompt-audit status".\n`;
}

async function presetOf(invocation: Invocation): Promise<PolicyPreset> {
  const given = invocation.text('preset');
  if (given !== undefined) return presetNamed(given);
  if (invocation.flag('yes')) return 'team';
  if (!invocation.terminal.canAsk) {
    throw new PromptAuditError({
      code: 'unattended.refused',
      message:
        'init asks which policy to start with, and nobody is at a terminal. Nothing was written.',
      remedy:
        'Name it with --preset team, --preset regulated or --preset gxp, or give --yes for team.',
    });
  }
  // Who has a trail here already should not be asked first and refused afterwards.
  const site = await invocation.engine.siteOf(invocation.cwd);
  if (site.initialized) return 'team';
  const list = presets.map((one, i) => `  ${i + 1}  ${one.name.padEnd(10)} ${one.says}\n`).join('');
  const answer = await invocation.terminal.ask(`Which policy?\n${list}Number or name [1] `);
  const chosen = answer.trim() === '' ? '1' : answer.trim();
  return presets[Number(chosen) - 1]?.name ?? presetNamed(chosen);
}

function presetNamed(name: string): PolicyPreset {
  const preset = presets.find((one) => one.name === name.toLowerCase());
  if (preset !== undefined) return preset.name;
  throw usageError(`There is no preset "${name}".`, 'Choose team, regulated or gxp.');
}
