/** The parts of a prompt that its metadata may name; everything else is its text. */
export type NamedPart = 'model' | 'tools' | 'permissions';

export const namedParts: readonly NamedPart[] = ['model', 'tools', 'permissions'];

type Names = Readonly<Partial<Record<NamedPart, string>>>;

/** In all formats. Only names that say nothing else: what a part takes is no text any more. */
const everywhere: Names = {
  model: `model models modelId modelName modelParameters modelConfig modelSettings modelOptions temperature topP topK
    minP maxTokens maxOutputTokens maxCompletionTokens maxNewTokens frequencyPenalty presencePenalty
    repetitionPenalty stopSequences logitBias reasoningEffort responseFormat provider providers endpoint apiType
    apiVersion`,
  tools: `tools toolDefs toolDefinitions toolChoice toolConfig toolResources functions functionCall
    parallelToolCalls mcpServers`,
  permissions: `permissions permissionMode allowedTools disallowedTools applyTo excludeAgent alwaysApply handoffs
    hooks userInvocable userInvokable disableModelInvocation`,
};

/** Names that say it in one format only (format.ts); `json` is every JSON file without a format of its own. */
const byFormat: Readonly<Record<string, Names>> = {
  'vscode-prompt': { permissions: 'agent mode' },
  'vscode-agent': { model: 'advancedOptions', permissions: 'agents target infer github' },
  'claude-agent': {
    model: 'effort',
    tools: 'skills',
    permissions: 'memory background isolation maxTurns',
  },
  skill: { model: 'effort', permissions: 'agent context' },
  'cursor-rule': { permissions: 'globs' },
  dotprompt: { model: 'config' },
  'github-models': { model: 'jsonSchema' },
  json: { model: 'stop seed thinking reasoning' },
};

const tables = new Map<string, ReadonlyMap<string, NamedPart>>();

/** The part that a member belongs to with all that it holds; undefined: none. */
export function partOfName(format: string, name: string): NamedPart | undefined {
  return tableOf(format).get(plain(name));
}

/** All names of a part in a format, without capitals, `-` and `_`. */
export function namesOfPart(format: string, part: NamedPart): readonly string[] {
  return [...tableOf(format)].flatMap(([name, of]) => (of === part ? [name] : []));
}

/** Tools spell one name in many ways: `allowed-tools`, `allowedTools`, `allowed_tools`. */
const plain = (name: string): string => name.replace(/[-_]/g, '').toLowerCase();

function tableOf(format: string): ReadonlyMap<string, NamedPart> {
  const known = tables.get(format);
  if (known !== undefined) return known;
  const table = new Map(
    [everywhere, Object.hasOwn(byFormat, format) ? byFormat[format]! : {}].flatMap((names) =>
      namedParts.flatMap((part) =>
        (names[part] ?? '')
          .split(/\s+/)
          .filter((name) => name !== '')
          .map((name) => [plain(name), part] as const),
      ),
    ),
  );
  tables.set(format, table);
  return table;
}
