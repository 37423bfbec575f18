import {
  Hover,
  l10n,
  languages,
  MarkdownString,
  type HoverProvider,
  type Position,
  type TextDocument,
} from 'vscode';
import type { PolicyAbout, PolicyMember } from '../../trail/policyHelpApi.js';
import { Disposable } from '../base/disposable.js';
import type { Log } from '../base/log.js';
import type { Sessions } from '../session/sessions.js';
import { helpAt, policySelector, rangeOf } from './policyPlaces.js';

/** Says who or what a name of the policy is, and how many prompts a glob matches. */
export class PolicyHover extends Disposable implements HoverProvider {
  constructor(
    readonly sessions: Sessions,
    readonly log: Log,
  ) {
    super();
    this._register(languages.registerHoverProvider(policySelector, this));
  }

  async provideHover(document: TextDocument, position: Position): Promise<Hover | null> {
    const help = await helpAt(this, document, position);
    if (help?.about == null) {
      return null;
    }
    const [title, ...lines] = words(help.about);
    // Names and paths are text, never Markdown.
    const text = new MarkdownString().appendMarkdown('**').appendText(title ?? '');
    text.appendMarkdown('**');
    for (const line of lines) {
      text.appendMarkdown('\n\n').appendText(line);
    }
    return new Hover(text, rangeOf(document, help));
  }
}

/** A title and what stands below it. */
function words(about: PolicyAbout): readonly string[] {
  switch (about.kind) {
    case 'everybody':
      return [l10n.t('Everybody, whoever they are')];
    case 'role':
    case 'group':
      return listWords(about);
    case 'person':
      return personWords(about);
    case 'address':
      return [
        about.name === null ? about.email : `${about.name} <${about.email}>`,
        about.name === null
          ? l10n.t('Nobody has acted under this address yet.')
          : l10n.t('Has acted in the ledger.'),
        ...(about.person === null ? [] : [l10n.t('Is the person "{0}".', about.person)]),
        rolesWords(about.roles),
      ];
    case 'environment':
      return about.defined
        ? [
            l10n.t('Environment {0}', about.name),
            about.active === 1
              ? l10n.t('1 prompt is active there.')
              : l10n.t('{0} prompts are active there.', about.active),
          ]
        : [l10n.t('No environment has the name "{0}".', about.name)];
    case 'glob':
      return globWords(about);
  }
}

function listWords(about: Extract<PolicyAbout, { kind: 'role' | 'group' }>): readonly string[] {
  const { kind, name, defined, members } = about;
  if (!defined) {
    return [
      kind === 'role'
        ? l10n.t('No role has the name "{0}".', name)
        : l10n.t('No group has the name "{0}".', name),
    ];
  }
  const title = kind === 'role' ? l10n.t('Role {0}', name) : l10n.t('Group {0}', name);
  return [title, ...(members.length === 0 ? [l10n.t('Nobody')] : members.map(memberWords))];
}

function memberWords({ text, kind, names }: PolicyMember): string {
  switch (kind) {
    case 'everybody':
      return l10n.t('Everybody, whoever they are');
    case 'group':
      return l10n.t('{0} (group): {1}', text, names.join(', '));
    case 'person':
      return `${text}: ${names.join(', ')}`;
    case 'address':
      return names.length === 0 ? text : `${text}: ${names.join(', ')}`;
    case 'unknown':
      return l10n.t('{0}: nobody and nothing has this name', text);
  }
}

function personWords(about: Extract<PolicyAbout, { kind: 'person' }>): readonly string[] {
  const { name, emails, handles, isAgent, roles } = about;
  return [
    name,
    [...emails, ...handles].join(', '),
    ...(isAgent ? [l10n.t('No human: approvals never count.')] : []),
    rolesWords(roles),
  ].filter((line) => line !== '');
}

function rolesWords(roles: readonly string[]): string {
  return roles.length === 0
    ? l10n.t('Has no role.')
    : l10n.t('Has the roles: {0}', roles.join(', '));
}

function globWords(about: Extract<PolicyAbout, { kind: 'glob' }>): readonly string[] {
  const { matching, total, among, examples } = about;
  const counted =
    among === 'files'
      ? l10n.t('Matches {0} of {1} files.', matching, total)
      : l10n.t('Matches {0} of {1} prompts.', matching, total);
  const more = matching - examples.length;
  return [counted, ...examples, ...(more > 0 ? [l10n.t('and {0} more', more)] : [])];
}
