import path from 'node:path';
import ts from 'typescript';

/** One import of a source file. `from` is the file, relative to src, such as `core/ids.ts`. */
export interface Import {
  readonly from: string;
  readonly specifier: string;
  /** Nothing of it is there at run time. */
  readonly typeOnly: boolean;
}

/** DESIGN §9: a layer imports itself and the layers before it. */
const order = [
  'core',
  'prompts',
  'ledger',
  'signing',
  'git',
  'report',
  'trail',
  'worker',
  'cli',
  'extension',
];

/** What computes on ledgers: the extension host must not (DESIGN §11). */
const engineLayers: ReadonlySet<string> = new Set([
  'prompts',
  'ledger',
  'signing',
  'git',
  'trail',
  'report',
]);

const webviewPackages = /^lit(\/|$)/u;

/** Reads all imports, re-exports and import() calls of one file. */
export function importsOf(from: string, text: string): Import[] {
  const source = ts.createSourceFile(from, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (node: ts.Node | undefined, typeOnly: boolean): void => {
    if (node !== undefined && ts.isStringLiteralLike(node))
      found.push({ from, specifier: node.text, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node))
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, true);
    else if (ts.isImportEqualsDeclaration(node)) {
      if (ts.isExternalModuleReference(node.moduleReference))
        add(node.moduleReference.expression, node.isTypeOnly);
    } else if (
      ts.isCallExpression(node) &&
      (node.expression.kind === ts.SyntaxKind.ImportKeyword ||
        (ts.isIdentifier(node.expression) && node.expression.text === 'require'))
    )
      add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Says which rule an import breaks; null when it breaks none. */
export function brokenRule(one: Import): string | null {
  const layer = layerOf(one.from);
  if (!one.specifier.startsWith('.')) return brokenByPackage(layer, one);
  const target = path.posix.join(path.posix.dirname(one.from), one.specifier);
  if (target === '../package.json') return null;
  if (target.startsWith('..')) return 'src imports nothing of the project outside src';
  return brokenByLayer(layer, layerOf(target), one);
}

function layerOf(file: string): string {
  return file.split('/')[0] ?? '';
}

function brokenByPackage(layer: string, { specifier }: Import): string | null {
  if (specifier === 'vscode' && layer !== 'extension') return 'only extension imports vscode';
  const ofNode = specifier.startsWith('node:');
  if (layer === 'core' && ofNode && specifier !== 'node:crypto')
    return 'core imports nothing of Node but node:crypto';
  if (layer === 'webview' && !webviewPackages.test(specifier)) return 'webview imports only lit';
  if (!ofNode && isBuiltin(specifier)) return 'modules of Node are imported as node:…';
  return null;
}

function isBuiltin(specifier: string): boolean {
  return /^(assert|buffer|child_process|crypto|fs|http|https|net|os|path|process|stream|url|util|zlib)(\/|$)/u.test(
    specifier,
  );
}

function brokenByLayer(layer: string, target: string, one: Import): string | null {
  if (layer === target) return null;
  if (layer === 'webview') {
    const isProtocol = one.from === 'webview/protocol.ts';
    return isProtocol && target === 'core' && one.typeOnly
      ? null
      : 'webview imports only its own folder; protocol.ts also types of core';
  }
  if (target === 'webview') {
    const isProtocol = /\/protocol\.js$/u.test(one.specifier);
    return layer === 'extension' && isProtocol ? null : 'only extension imports webview/protocol';
  }
  if (layer === 'extension' && target === 'cli') return 'extension does not import cli';
  if (layer === 'extension' && engineLayers.has(target) && !one.typeOnly)
    return 'extension reaches the engine through worker, and imports only types of it';
  const isHost = layer === 'worker' && one.from !== 'worker/main.ts';
  if (isHost && engineLayers.has(target) && !one.typeOnly)
    return 'only worker/main.ts imports the engine: the rest of worker runs in the host, too';
  const here = order.indexOf(layer);
  const there = order.indexOf(target);
  if (here < 0 || there < 0) return `${here < 0 ? layer : target} is no layer of DESIGN §9`;
  return there < here ? null : `${layer} comes before ${target}`;
}
