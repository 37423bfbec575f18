import type { Node } from 'jsonc-parser';
import {
  changeKinds,
  type ApprovalRule,
  type BreakGlassRule,
  type ChangeKind,
  type EnvironmentRule,
  type ExtraRule,
  type RedactionRule,
  type RoleQuota,
} from './policy.js';
import { noRedaction } from './policyDefaults.js';
import { policyKeys, policyLimits } from './policyKeys.js';
import type { PolicyReader } from './policyReader.js';
import { environmentPattern } from './shapeChecks.js';
import { globRule, isGlob } from './policyTexts.js';

/** Reads what a policy asks for, by the roles that it defines. */
export class RuleReader {
  readonly #reader: PolicyReader;
  readonly #roles: ReadonlySet<string>;

  constructor(reader: PolicyReader, roles: Readonly<Record<string, unknown>>) {
    this.#reader = reader;
    this.#roles = new Set(Object.keys(roles));
  }

  /** What is left out is as in `base`. */
  approvals(node: Node | undefined, base: ApprovalRule): ApprovalRule {
    if (node === undefined) return base;
    const members = this.#reader.members(node, policyKeys.approvals);
    const flag = (name: FlagName): boolean => this.#reader.flag(members.get(name), base[name]);
    return {
      required: this.#reader.count(members.get('required'), {
        name: 'required',
        from: 0,
        to: 20,
        fallback: base.required,
        parent: node,
      }),
      roles: this.#roleNames(members.get('roles')) ?? base.roles,
      allOf: members.has('allOf') ? this.#quotas(members.get('allOf')!) : base.allOf,
      codeowners: flag('codeowners'),
      contributors: flag('contributors'),
      unattended: flag('unattended'),
      signed: flag('signed'),
      sameClone: flag('sameClone'),
      expires: members.has('expires') ? this.#duration(members.get('expires')!) : base.expires,
      reason: flag('reason'),
      meanings: members.has('meanings') ? this.#meanings(members.get('meanings')) : base.meanings,
      otherPolicy: flag('otherPolicy'),
      scoped: flag('scoped'),
      openComments: flag('openComments'),
    };
  }

  environments(node: Node | undefined, approvals: ApprovalRule): EnvironmentRule[] {
    const found = this.#reader.properties(node);
    const names = new Set(found.keys());
    const rules = [...found].map(([name, { key, value }]) => {
      if (!environmentPattern.test(name)) {
        const message = `"${name}" is no environment name: use a-z, 0-9, ".", "_" and "-"`;
        this.#reader.wrong(key, 'policy.value', message);
      }
      const members = this.#reader.members(value, policyKeys.environment);
      const deployers = this.#roleNames(members.get('deployers')) ?? [];
      return {
        name,
        approvals: this.approvals(members.get('approvals'), approvals),
        deployers,
        approverMayDeploy: this.#reader.flag(members.get('approverMayDeploy'), true),
        contributorMayDeploy: this.#reader.flag(members.get('contributorMayDeploy'), true),
        breakGlass: this.#breakGlass(members.get('breakGlass'), deployers),
        after: this.#environmentBefore(members.get('after'), name, names),
      };
    });
    for (const name of inCircles(rules)) {
      const message = `"after" leads from ${name} back to it, so nothing could ever be deployed there`;
      this.#reader.wrong(found.get(name)!.value, 'policy.value', message);
    }
    if (rules.length === 0 && node?.type === 'object')
      this.#reader.wrong(node, 'policy.missingKey', 'at least one environment is needed');
    return rules;
  }

  /** `true`: who may deploy may use it, and no review falls due. */
  #breakGlass(node: Node | undefined, deployers: readonly string[]): BreakGlassRule | null {
    if (node?.type !== 'object') {
      if (node === undefined || node.type === 'boolean')
        return node?.value === true ? { roles: deployers, review: null, reviewers: [] } : null;
      this.#reader.wrong(node, 'policy.value', 'true, false or an object is expected here');
      return null;
    }
    const members = this.#reader.members(node, policyKeys.breakGlass);
    const roles = this.#roleNames(members.get('roles')) ?? deployers;
    // Who goes against the rules is named: an empty list must not open it for everybody.
    if (members.has('roles') && roles.length === 0)
      this.#reader.wrong(
        members.get('roles')!,
        'policy.missingKey',
        '"roles" must name the roles that may; without it those are who may deploy',
      );
    return {
      roles,
      review: members.has('review') ? this.#duration(members.get('review')!) : null,
      reviewers: this.#roleNames(members.get('reviewers')) ?? [],
    };
  }

  #environmentBefore(
    node: Node | undefined,
    own: string,
    defined: ReadonlySet<string>,
  ): string | null {
    const name = this.#reader.text(node, 'the name of another environment', (t) => t !== own);
    if (node === undefined || name === undefined) return null;
    if (!defined.has(name)) {
      const message = `the environment "${name}" is not defined under "environments"`;
      this.#reader.unknownName(node, message, name, defined);
    }
    return name;
  }

  /** Each asks for at least one approval, unless it says otherwise. */
  extraRules(
    node: Node | undefined,
    approvals: ApprovalRule,
    environments: readonly EnvironmentRule[],
  ): ExtraRule[] {
    const base = { ...approvals, required: 1 };
    const names = new Set<string>();
    return this.#reader.items(node, policyLimits.rules).map((item) => {
      const members = this.#reader.members(item, policyKeys.rule);
      return {
        name: this.#ruleName(item, members.get('name'), names),
        paths: this.#texts(members.get('paths'), globRule, isGlob, policyLimits.pathsOfRule),
        environments: this.#environmentNames(members.get('environments'), environments),
        changes: this.#texts(
          members.get('changes'),
          changeKinds.map((kind) => `"${kind}"`).join(' or '),
          (t) => changeKinds.includes(t as ChangeKind),
          changeKinds.length,
        ) as ChangeKind[],
        approvals: this.approvals(members.get('approvals'), base),
      };
    });
  }

  redaction(node: Node | undefined): RedactionRule {
    if (node === undefined) return noRedaction;
    const members = this.#reader.members(node, policyKeys.redaction);
    const roles = this.#roleNames(members.get('roles')) ?? [];
    // An empty list means "everybody" elsewhere; for what cannot be undone that must be said.
    if (roles.length === 0 && node.type === 'object')
      this.#reader.wrong(
        members.get('roles') ?? node,
        'policy.missingKey',
        '"roles" must name the role that may redact; a role with the member "*" is everybody',
      );
    return {
      roles,
      unattended: this.#reader.flag(members.get('unattended'), noRedaction.unattended),
    };
  }

  #quotas(node: Node): readonly RoleQuota[] {
    return this.#reader.items(node, policyLimits.quotas).map((item) => {
      const members = this.#reader.members(item, policyKeys.quota);
      const roles = this.#roleNames(members.get('roles')) ?? [];
      if (roles.length === 0 && item.type === 'object')
        this.#reader.wrong(
          members.get('roles') ?? item,
          'policy.missingKey',
          '"roles" must name at least one role',
        );
      const required = this.#reader.count(members.get('required'), {
        name: 'required',
        from: 1,
        to: 20,
        fallback: 1,
        parent: item,
      });
      return { required, roles };
    });
  }

  /** Null: for ever. */
  #duration(node: Node): number | null {
    if (node.type === 'null') return null;
    const text = this.#reader.strictText(
      node,
      'null or a time such as "30d", "12h" or "90m"',
      (t) => durationPattern.test(t),
    );
    const [, count, unit] = durationPattern.exec(text ?? '') ?? [];
    return unit === undefined
      ? null
      : Number(count) * milliseconds[unit as keyof typeof milliseconds];
  }

  #meanings(node: Node | undefined): readonly string[] {
    const what = `a text of 1 to ${policyLimits.nameLength} characters`;
    return this.#texts(node, what, isShort, policyLimits.meanings);
  }

  #ruleName(item: Node, node: Node | undefined, names: Set<string>): string {
    if (node === undefined) {
      if (item.type === 'object')
        this.#reader.wrong(item, 'policy.missingKey', '"name" is missing: refusals show it');
      return '';
    }
    const what = `a text of 1 to ${policyLimits.nameLength} characters`;
    const name = this.#reader.strictText(node, what, isShort) ?? '';
    if (names.has(name))
      this.#reader.wrong(node, 'policy.ambiguous', `another rule has the name "${name}"`);
    if (name !== '') names.add(name);
    return name;
  }

  #environmentNames(
    node: Node | undefined,
    environments: readonly EnvironmentRule[],
  ): readonly string[] {
    const defined = new Set(environments.map(({ name }) => name));
    const found = this.#reader.strictTexts(node, 'the name of an environment', {
      fits: (t) => t.length > 0,
      atMost: policyLimits.environmentsOfRule,
    });
    for (const { text, node: place } of found) {
      if (defined.has(text)) continue;
      const message = `the environment "${text}" is not defined under "environments"`;
      this.#reader.unknownName(place, message, text, defined);
    }
    return found.map(({ text }) => text);
  }

  #texts(
    node: Node | undefined,
    what: string,
    fits: (t: string) => boolean,
    atMost: number,
  ): readonly string[] {
    return this.#reader.strictTexts(node, what, { fits, atMost }).map(({ text }) => text);
  }

  #roleNames(node: Node | undefined): readonly string[] | undefined {
    const names = this.#reader.texts(node, 'the name of a role');
    if (node?.type !== 'array') return names;
    for (const child of node.children ?? []) {
      if (child.type !== 'string' || child.value === '') continue;
      const name = child.value as string;
      if (this.#roles.has(name)) continue;
      const message = `the role "${name}" is not defined under "roles"`;
      this.#reader.unknownName(child, message, name, this.#roles);
    }
    return names;
  }
}

type FlagName = {
  [K in keyof ApprovalRule]: ApprovalRule[K] extends boolean ? K : never;
}[keyof ApprovalRule];

/** Names of the environments whose `after` leads back to them. */
function inCircles(rules: readonly EnvironmentRule[]): readonly string[] {
  const before = new Map(rules.map(({ name, after }) => [name, after]));
  const done = new Set<string>();
  const circles: string[] = [];
  for (const { name } of rules) {
    const way = new Set<string>();
    let at: string | null = name;
    while (at !== null && !way.has(at) && !done.has(at)) {
      way.add(at);
      at = before.get(at) ?? null;
    }
    if (at !== null && way.has(at)) {
      const all = [...way];
      circles.push(...all.slice(all.indexOf(at)));
    }
    for (const one of way) done.add(one);
  }
  return circles;
}

const durationPattern = /^([1-9][0-9]{0,5})([dhm])$/;
const milliseconds = { d: 86_400_000, h: 3_600_000, m: 60_000 };

function isShort(text: string): boolean {
  return text.trim().length > 0 && text.length <= policyLimits.nameLength;
}
