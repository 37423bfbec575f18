import { jcsOf, type JsonValue } from '../core/canonicalJson.js';
import type { VersionParts } from '../core/event.js';
import { digestOf } from '../core/hash.js';
import { formatOf } from './format.js';
import { frontMatterOf } from './frontMatter.js';
import { jsonValue } from './jsonValue.js';
import { namedParts } from './partNames.js';
import { pomlParts } from './pomlParts.js';
import { splitParts } from './splitParts.js';
import { assertShort } from './valueBounds.js';
import { yamlValue } from './yamlValue.js';

/**
 * The digests of the parts of a prompt's text by the format that its path shows (docs/LEDGER.md, "Parts of a version").
 * Null where the text cannot be read as that, or nobody knows what would be its parts. Never throws; hostile bytes cost
 * little: metadata, levels and values are bounded.
 */
export function versionParts(path: string, bytes: Uint8Array): VersionParts | null {
  const read = readers[kindOf(path)];
  if (read === undefined) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return read(text, formatOf(path)) ?? onlyText(bytes);
  } catch {
    return null;
  }
}

type Kind = 'frontMatter' | 'json' | 'plain' | 'poml' | 'yaml' | 'unknown';
/** Null: all of it is text. */
type Read = (text: string, format: string) => VersionParts | null;

const kindByFormat: Readonly<Record<string, Kind>> = {
  'agents-md': 'plain',
  'claude-md': 'plain',
  'github-models': 'yaml',
  poml: 'poml',
  promptops: 'yaml',
};

/** Where a path shows no format of a tool: by the end of its name, in lower case. */
const kindByEnd: Readonly<Record<string, Kind>> = Object.fromEntries(
  (
    [
      ['frontMatter', 'md markdown mdc'],
      ['json', 'json'],
      ['yaml', 'yml yaml'],
      ['plain', ' txt text rst j2 jinja jinja2 njk hbs handlebars mustache liquid tmpl tpl'],
    ] as const
  ).flatMap(([kind, ends]) => ends.split(' ').map((end) => [end, kind])),
);

function kindOf(path: string): Kind {
  const format = formatOf(path);
  if (format !== 'text') return kindByFormat[format] ?? 'frontMatter';
  // A name that begins with its only dot, such as .cursorrules, has no end.
  const end = /[^/]\.([^./]*)$/.exec(path)?.[1] ?? '';
  return kindByEnd[end.toLowerCase()] ?? 'unknown';
}

const readers: Readonly<Partial<Record<Kind, Read>>> = {
  plain: () => null,
  frontMatter: (text, format) => {
    const found = frontMatterOf(withoutMark(text), format === 'dotprompt');
    return found && partsOf(format, found.metadata, found.body);
  },
  yaml: (text, format) => partsOf(format, yamlValue(bounded(text)) ?? null),
  json: (text) => partsOf('json', jsonValue(bounded(text))),
  poml: (text) => {
    const { model, tools, rest } = pomlParts(text);
    return {
      text: digestOf(rest),
      model: model.length === 0 ? null : digestOf(jcsOf(model)),
      tools: tools.length === 0 ? null : digestOf(jcsOf(tools)),
      permissions: null,
    };
  },
};

/** `body`: what stands beside the metadata, where the text is not all metadata. */
function partsOf(format: string, metadata: JsonValue, body?: string): VersionParts {
  const split = splitParts(format, metadata);
  const text = body === undefined ? split.rest : { body, metadata: split.rest };
  const [model, tools, permissions] = namedParts.map((part) => {
    const value = split[part];
    return value === undefined ? null : digestOf(jcsOf(value));
  });
  return { text: digestOf(jcsOf(text)), model: model!, tools: tools!, permissions: permissions! };
}

const onlyText = (bytes: Uint8Array): VersionParts => ({
  text: digestOf(bytes),
  model: null,
  tools: null,
  permissions: null,
});

/** Editors of Windows begin a file with a byte order mark. */
const withoutMark = (text: string): string => text.replace(/^\uFEFF/, '');

function bounded(text: string): string {
  assertShort(text);
  return withoutMark(text);
}
