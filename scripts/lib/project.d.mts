export const root: string;
export function packageJson(): { readonly name: string; readonly version: string };
export function vsixName(manifest: { readonly name: string; readonly version: string }): string;
