import picomatch from 'picomatch';

/** File formats by the names that their tools give them; the first match decides. */
const formats: readonly (readonly [id: string, ...globs: string[]])[] = [
  ['vscode-prompt', '**/*.prompt.md'],
  ['github-models', '**/*.prompt.{yml,yaml}'],
  ['prompty', '**/*.prompty'],
  ['dotprompt', '**/*.prompt'],
  ['vscode-instructions', '**/*.instructions.md', '.github/copilot-instructions.md'],
  ['vscode-agent', '**/*.{agent,chatmode}.md', '.github/agents/*.md'],
  ['claude-agent', '.claude/agents/*.md'],
  ['agents-md', '**/AGENTS.md'],
  ['claude-md', '**/CLAUDE.md'],
  ['skill', '**/SKILL.md'],
  ['cursor-rule', '.cursor/rules/**/*.mdc'],
  ['poml', '**/*.poml'],
  ['promptops', '.promptops/prompts/*.{yml,yaml}'],
];

const matchers = formats.map(([id, ...globs]) => ({
  id,
  matches: picomatch(globs, { dot: true }),
}));

/** The id of the format that a prompt's path shows; `text` where it shows none. */
export function formatOf(path: string): string {
  return matchers.find(({ matches }) => matches(path))?.id ?? 'text';
}
