import {
  CompletionItem,
  CompletionItemKind,
  l10n,
  languages,
  SnippetString,
  type CompletionItemProvider,
  type Position,
  type TextDocument,
} from 'vscode';
import type { PolicyChoice } from '../../trail/policyHelpApi.js';
import { Disposable } from '../base/disposable.js';
import type { Log } from '../base/log.js';
import type { Sessions } from '../session/sessions.js';
import { helpAt, policySelector, rangeOf } from './policyPlaces.js';

/** Offers names of people, groups, roles, environments and prompts where the policy refers to them. */
export class PolicyCompletion extends Disposable implements CompletionItemProvider {
  constructor(
    readonly sessions: Sessions,
    readonly log: Log,
  ) {
    super();
    this._register(languages.registerCompletionItemProvider(policySelector, this, '"'));
  }

  async provideCompletionItems(
    document: TextDocument,
    position: Position,
  ): Promise<CompletionItem[]> {
    const help = await helpAt(this, document, position);
    if (help === null) {
      return [];
    }
    const range = rangeOf(document, help);
    return help.choices.map((choice, index) => {
      const item = itemOf(choice);
      item.range = range;
      // The order of the trail: what the policy names before what only the ledger knows.
      item.sortText = String(index).padStart(5, '0');
      return item;
    });
  }
}

function itemOf(choice: PolicyChoice): CompletionItem {
  const { kind, text, names } = choice;
  const quoted = JSON.stringify(text);
  const item = new CompletionItem({ label: text, description: description(choice) }, icons[kind]);
  // What is replaced has its quotes, so they are part of what is compared.
  item.filterText = kind === 'address' ? JSON.stringify(`${text} ${names.join(' ')}`) : quoted;
  item.insertText = quoted;
  item.detail = detail(choice);
  if (kind === 'newPerson') {
    const emails = names.map((email) => JSON.stringify(email)).join(', ');
    item.insertText = new SnippetString()
      .appendText('"')
      .appendPlaceholder(text)
      .appendText(`": { "emails": [${emails}] }`);
  }
  return item;
}

const icons: Readonly<Record<PolicyChoice['kind'], CompletionItemKind>> = {
  everybody: CompletionItemKind.Constant,
  role: CompletionItemKind.Class,
  group: CompletionItemKind.Module,
  person: CompletionItemKind.User,
  newPerson: CompletionItemKind.User,
  address: CompletionItemKind.User,
  environment: CompletionItemKind.EnumMember,
  prompt: CompletionItemKind.File,
  folder: CompletionItemKind.Folder,
};

/** Stands beside the name in the list. */
function description({ kind, names }: PolicyChoice): string {
  return kind === 'everybody' ? l10n.t('everybody') : names.slice(0, 3).join(', ');
}

function detail({ kind }: PolicyChoice): string {
  switch (kind) {
    case 'everybody':
      return l10n.t('Everybody, whoever they are');
    case 'role':
      return l10n.t('A role of this policy');
    case 'group':
      return l10n.t('A group of this policy');
    case 'person':
      return l10n.t('A person of this policy');
    case 'newPerson':
      return l10n.t('Somebody of the ledger who is not in the table yet');
    case 'address':
      return l10n.t('An address that acted in the ledger');
    case 'environment':
      return l10n.t('An environment of this policy');
    case 'prompt':
      return l10n.t('A tracked prompt');
    case 'folder':
      return l10n.t('All prompts below this folder');
  }
}
