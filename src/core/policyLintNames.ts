import type { JSONPath, Node } from 'jsonc-parser';
import { parseCodeowners } from './codeowners.js';
import { askedRules } from './policyLintApprovals.js';
import type { LintContext } from './policyLintContext.js';

/** Names that nobody uses, roles without members, and what stands twice in a list. */
export function lintNames(context: LintContext): void {
  const { policy, people } = context;
  const usedRoles = new Set([
    ...policy.redaction.roles,
    ...policy.environments.flatMap(({ deployers, breakGlass }) => [
      ...deployers,
      ...(breakGlass?.roles ?? []),
      ...(breakGlass?.reviewers ?? []),
    ]),
    ...askedRules(context).flatMap(({ rule }) => [
      ...rule.roles,
      ...rule.allOf.flatMap(({ roles }) => roles),
    ]),
  ]);
  for (const role of Object.keys(policy.roles)) {
    if (context.isFull) return;
    const path: JSONPath = ['roles', role];
    if (!usedRoles.has(role))
      context.add({
        code: 'lint.unusedRole',
        severity: 'warning',
        at: context.key(path),
        message: `no rule asks for the role "${role}"`,
        fix: () => context.removal('Remove the role', path),
      });
    if (people.withRoles([role]).length === 0)
      context.add({
        code: 'lint.emptyRole',
        severity: usedRoles.has(role) ? 'error' : 'warning',
        at: context.place(path),
        message: `nobody has the role "${role}"`,
      });
  }
  lintGroups(context);
  lintPeople(context);
  lintDuplicates(context);
}

function lintGroups(context: LintContext): void {
  const { policy, input } = context;
  const inRoles = new Set(Object.values(policy.roles).flat());
  const { sections } = parseCodeowners(input.codeowners ?? '');
  const owners = new Set(sections.flat().flatMap((rule) => rule.owners));
  for (const [key, members] of Object.entries(policy.groups)) {
    if (context.isFull) return;
    const path = pathOfGroup(context, key);
    if (!inRoles.has(key) && !owners.has(key))
      context.add({
        code: 'lint.unusedGroup',
        severity: 'warning',
        at: context.key(path),
        message: `no role ${key.startsWith('@') ? 'and no line of CODEOWNERS ' : ''}names the group "${key}"`,
        fix: () => context.removal('Remove the group', path),
      });
    else if (members.length === 0)
      context.add({
        code: 'lint.emptyRole',
        severity: 'warning',
        at: context.place(path),
        message: `nobody is in the group "${key}"`,
      });
  }
}

/** Teams may be written with capital letters. */
function pathOfGroup(context: LintContext, key: string): JSONPath {
  const keys = (context.node(['groups'])?.children ?? []).map((one) =>
    String(one.children?.[0]?.value),
  );
  return ['groups', keys.find((one) => one === key || one.toLowerCase() === key) ?? key];
}

/** An entry that joins no addresses, names no handle, and stands in no list says nothing. */
function lintPeople(context: LintContext): void {
  const { policy } = context;
  const named = new Set([...Object.values(policy.roles), ...Object.values(policy.groups)].flat());
  for (const { name, emails, handles, kind } of policy.people) {
    if (emails.length > 1 || handles.length > 0 || kind !== 'person' || named.has(name)) continue;
    if (emails.some((email) => named.has(email)) || context.isFull) continue;
    context.add({
      code: 'lint.unusedPerson',
      severity: 'info',
      at: context.key(['people', name]),
      message: `no role and no group names "${name}"`,
      fix: () => context.removal('Remove the person', ['people', name]),
    });
  }
}

function lintDuplicates(context: LintContext): void {
  const lists: JSONPath[] = [
    ['prompts', 'include'],
    ['prompts', 'exclude'],
    ...under(context, ['roles']),
    ...under(context, ['groups']),
    ...under(context, ['people']).flatMap((path) => [
      [...path, 'emails'],
      [...path, 'handles'],
    ]),
    ...under(context, ['environments']).flatMap((path) => [
      [...path, 'deployers'],
      [...path, 'breakGlass', 'roles'],
      [...path, 'breakGlass', 'reviewers'],
    ]),
    ['redaction', 'roles'],
    ...context.policy.rules.flatMap((_, i) =>
      ['paths', 'environments', 'changes'].map((key): JSONPath => ['rules', i, key]),
    ),
    ...askedRules(context).flatMap(({ path, rule }) => [
      [...path, 'roles'],
      [...path, 'meanings'],
      ...rule.allOf.map((_, i): JSONPath => [...path, 'allOf', i, 'roles']),
    ]),
  ];
  for (const path of lists) {
    if (context.isFull) return;
    const isFolded = path[0] === 'roles' || path[0] === 'groups' || path[0] === 'people';
    const seen = new Set<string>();
    for (const [i, item] of (context.node(path)?.children ?? []).entries()) {
      if (item.type !== 'string') continue;
      const text = textOf(item, isFolded);
      if (seen.has(text))
        context.add({
          code: 'lint.duplicate',
          severity: 'warning',
          at: item,
          message: `"${String(item.value)}" stands in this list twice`,
          fix: () => context.removal('Remove it here', [...path, i]),
        });
      seen.add(text);
    }
  }
}

function textOf({ value }: Node, isFolded: boolean): string {
  const text = String(value);
  return isFolded && text.includes('@') ? text.toLowerCase() : text;
}

function under(context: LintContext, path: JSONPath): JSONPath[] {
  return (context.node(path)?.children ?? []).flatMap(({ children }) =>
    children?.[0] === undefined ? [] : [[...path, String(children[0].value)]],
  );
}
