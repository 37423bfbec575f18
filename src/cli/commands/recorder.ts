import { print } from '../answer.js';
import type { Command } from '../command.js';
import { recorderText } from '../recorderText.js';
import { usageError } from '../usageError.js';

const actions = ['pause', 'resume', 'status'] as const;

export const recorder: Command = {
  name: 'recorder',
  summary: 'Pause or resume recording in this clone; both are events.',
  usage: 'pause -m REASON | resume [-m TEXT] | status [--json]',
  details: [
    'While it is paused, saves and what others committed are not recorded by this clone. What somebody',
    'acts on (propose) still is, and "coverage" lists the times. All worktrees of a clone are one.',
    'Exit status of status: 0 it records, 1 it is paused.',
  ],
  options: {
    message: { type: 'string', short: 'm', value: 'TEXT', help: 'Why. pause needs it.' },
  },
  examples: [
    { line: 'recorder pause -m "Moving all prompts to another folder"', does: 'stops recording' },
    { line: 'recorder resume', does: 'goes on' },
  ],
  positionals: [1, 1],
  writes: true,
  async run(invocation) {
    const action = actions.find((one) => one === invocation.positionals[0]);
    const reason = invocation.text('message');
    if (action === undefined)
      throw usageError('recorder takes pause, resume or status.', `Usage: ${usageLine}`);
    if (action === 'status' && reason !== undefined)
      throw usageError('recorder status takes no -m.', `Usage: ${usageLine}`);
    const trail = await invocation.trail();
    const result =
      action === 'status'
        ? { outcome: null, event: null, ...(await trail.recorder()) }
        : action === 'pause'
          ? await trail.pauseRecorder({ reason: reason ?? '' })
          : await trail.resumeRecorder(reason === undefined ? {} : { reason });
    await print(invocation, {
      query: { command: 'recorder', action },
      ledger: await trail.point(),
      rows: [result],
      human: () =>
        `${result.outcome === 'unchanged' ? 'As before: ' : ''}${recorderText(result.paused)}\n`,
    });
    return action === 'status' && result.paused !== null ? 1 : 0;
  },
};

const usageLine = 'prompt-audit recorder pause -m REASON | resume [-m TEXT] | status';
