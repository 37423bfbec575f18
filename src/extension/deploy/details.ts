import { l10n } from 'vscode';
import type { DeployInput } from '../../trail/deployApi.js';
import { askText, goBack, pickOne } from '../ui/quickInput.js';

/** What few deployments need, so that it stands behind a button. */
export interface DeployDetails {
  readonly outcome: 'succeeded' | 'failed';
  readonly release: string;
  readonly pipeline: string;
}

export const noDetails: DeployDetails = { outcome: 'succeeded', release: '', pipeline: '' };

/** The part of a deployment's input that they are; nothing where nothing was said. */
export function detailsInput({
  outcome,
  release,
  pipeline,
}: DeployDetails): Pick<DeployInput, 'outcome' | 'release' | 'pipeline'> {
  return {
    ...(outcome === 'failed' ? { outcome } : {}),
    ...(release === '' ? {} : { release }),
    ...(pipeline === '' ? {} : { pipeline }),
  };
}

/** `failed · release 1.4`; empty where nothing was said. */
export function detailsText({ outcome, release, pipeline }: DeployDetails): string {
  return [
    ...(outcome === 'failed' ? [l10n.t('it failed')] : []),
    ...(release === '' ? [] : [l10n.t('release {0}', release)]),
    ...(pipeline === '' ? [] : [l10n.t('pipeline {0}', pipeline)]),
  ].join(' · ');
}

/** Asks for outcome, release and pipeline in any order, until the person goes back. */
export async function askDetails(title: string, known: DeployDetails): Promise<DeployDetails> {
  let details = known;
  for (;;) {
    const key = await pickOne<keyof DeployDetails>({
      title,
      canGoBack: true,
      placeholder: l10n.t('What else is there to record? Go back when you are done'),
      items: [
        {
          label: l10n.t('Outcome'),
          description:
            details.outcome === 'failed' ? `$(error) ${l10n.t('failed')}` : l10n.t('succeeded'),
          detail: l10n.t('A deployment that failed changes nothing of what is active.'),
          value: 'outcome',
        },
        {
          label: l10n.t('Release'),
          description: details.release,
          detail: l10n.t('The release it is part of: a name or an address.'),
          value: 'release',
        },
        {
          label: l10n.t('Pipeline run'),
          description: details.pipeline,
          detail: l10n.t('The run that made it: a name or an address.'),
          value: 'pipeline',
        },
      ],
    });
    if (key === undefined || key === goBack) {
      return details;
    }
    if (key === 'outcome') {
      details = { ...details, outcome: details.outcome === 'failed' ? 'succeeded' : 'failed' };
      continue;
    }
    const text = await askText({
      title,
      canGoBack: true,
      value: details[key],
      prompt:
        key === 'release'
          ? l10n.t('Name or address of the release')
          : l10n.t('Name or address of the pipeline run'),
    });
    details = typeof text === 'string' ? { ...details, [key]: text } : details;
  }
}
