import type { HookProgram } from './hooksApi.js';

/**
 * The script that hooks start: it knows where the program was at the installation, since graphical programs have
 * another PATH than terminals, and looks elsewhere when that is gone. It never stops git, unless asked to (`--strict`).
 */
export function launcherText({ node, script }: HookProgram): string {
  return `#!/bin/sh
# By "prompt-audit hooks install": where the program was then. The hooks of this clone call it.
node=${quoted(node)}
script=${quoted(script)}
[ -x "$node" ] || node=$(command -v node) || node=
${newerScripts(script)}if [ -n "$node" ] && [ -f "$script" ]; then
  ELECTRON_RUN_AS_NODE=1
  export ELECTRON_RUN_AS_NODE
  exec "$node" "$script" hooks run "$@"
fi
if command -v prompt-audit >/dev/null 2>&1; then
  exec prompt-audit hooks run "$@"
fi
echo "prompt-audit: the program was not found, so this $1 hook did nothing. Run again: prompt-audit hooks install" >&2
case " $* " in *' --strict '*) exit 1 ;; esac
exit 0
`;
}

/** VS Code puts each version of an extension into a folder of its own, and removes the old one. */
function newerScripts(script: string): string {
  const [, before, after] = /^(.*[\\/][^\\/]+-)\d+\.\d+\.\d+[^\\/]*([\\/].*)$/s.exec(script) ?? [];
  if (before === undefined || after === undefined) return '';
  return `if [ ! -f "$script" ]; then
  for one in ${quoted(before)}[0-9]*${quoted(after)}; do script=$one; done
fi
`;
}

/** As one word of a shell; Git for Windows takes paths with slashes. */
function quoted(path: string): string {
  const text = /^[A-Za-z]:\\/.test(path) ? path.replaceAll('\\', '/') : path;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
