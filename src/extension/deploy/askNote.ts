import { l10n, ThemeIcon } from 'vscode';
import type { DeployInput } from '../../trail/deployApi.js';
import { askTextOrMore, type Answer, type StepFrame } from '../ui/quickInput.js';
import { askDetails, detailsInput, detailsText, noDetails, type DeployDetails } from './details.js';
import { splitNote } from './splitNote.js';

/** What somebody says of a deployment. */
export interface Said {
  readonly line: string;
  readonly details: DeployDetails;
}

export const nothingSaid: Said = { line: '', details: noDetails };

/** Asks for a note, and by a button beside it for what few deployments need. */
export async function askNote(frame: StepFrame, known: Said): Promise<Answer<Said>> {
  let said = known;
  for (;;) {
    const more = detailsText(said.details);
    const about = l10n.t('Note, with the address of the ticket or pipeline run if there is one.');
    const answer = await askTextOrMore(
      {
        ...frame,
        value: said.line,
        prompt: more === '' ? about : `${about} ${l10n.t('Recorded with it: {0}.', more)}`,
        placeholder: l10n.t('Note or address (optional)'),
      },
      {
        iconPath: new ThemeIcon('ellipsis'),
        tooltip: l10n.t('Failed, Release, Pipeline Run…'),
      },
    );
    if (typeof answer !== 'object') {
      return typeof answer === 'string' ? { ...said, line: answer } : answer;
    }
    said = { line: answer.written, details: await askDetails(frame.title, said.details) };
  }
}

/** The part of a deployment's input that was said. */
export function saidInput({ line, details }: Said): Partial<DeployInput> {
  return { ...splitNote(line), ...detailsInput(details) };
}

/** The same for a confirmation, one line each. */
export function saidLines({ line, details }: Said): readonly string[] {
  const more = detailsText(details);
  return [
    ...(line === '' ? [] : [l10n.t('Note: {0}', line)]),
    ...(more === '' ? [] : [l10n.t('Recorded with it: {0}.', more)]),
  ];
}
