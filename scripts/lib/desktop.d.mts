export function canDownloadDesktop(): Promise<boolean>;
export function downloadDesktop(version?: string): Promise<string>;
