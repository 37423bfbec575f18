import { randomBytes } from 'node:crypto';

export interface PageInput {
  readonly cspSource: string;
  readonly script: string;
  readonly styles: readonly string[];
  /** BCP 47. */
  readonly language: string;
  readonly title: string;
  /** Read by screen readers until the first rows are there. */
  readonly loading: string;
}

/**
 * The page before its script runs: grey rows, no data. The policy allows our own styles and fonts
 * and one script by nonce; nothing inline, nothing from the network.
 */
export function timelineHtml(input: PageInput): string {
  const nonce = randomBytes(16).toString('base64url');
  const { cspSource } = input;
  const policy = [
    "default-src 'none'",
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const links = input.styles.map((style) => `<link rel="stylesheet" href="${escaped(style)}">`);
  const rows = '<div class="skeleton-row"></div>'.repeat(12);
  return `<!DOCTYPE html>
<html lang="${escaped(input.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(input.title)}</title>
${links.join('\n')}
</head>
<body>
<main id="timeline" class="timeline" aria-busy="true">
<div class="skeleton" role="status" aria-label="${escaped(input.loading)}">${rows}</div>
</main>
<script nonce="${nonce}" src="${escaped(input.script)}"></script>
</body>
</html>`;
}

/** A page without a script, for when the timeline can't be restored. */
export function messageHtml(input: { language: string; title: string; message: string }): string {
  return `<!DOCTYPE html>
<html lang="${escaped(input.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<title>${escaped(input.title)}</title>
</head>
<body>
<h1>${escaped(input.title)}</h1>
<p>${escaped(input.message)}</p>
</body>
</html>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
