export function findChromium(): string | null;
export function ensureChromium(log?: (message: string) => void): Promise<string>;
