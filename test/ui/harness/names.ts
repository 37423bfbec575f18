/** VS Code adds words to accessible names (`, recently used`, ` - 2 pending`); the first ones count. */
export function startsWithWords(words: string): RegExp {
  const literal = words.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
  return new RegExp(`^${literal}(?![\\p{L}\\p{N}])`, 'u');
}
