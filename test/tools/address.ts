/** What the server's workbench opens; paths are absolute. */
export interface WorkbenchAddress {
  readonly folder: string;
  /** The project of an extension under development; left out: only what is installed. */
  readonly extension?: string;
  /** The bundle whose `run()` is called in the extension host. */
  readonly tests?: string;
}

/** The address of a workbench on 127.0.0.1:port. */
export function workbenchUrl(port: number, address: WorkbenchAddress): string {
  const remote = (file: string): string =>
    new URL(`vscode-remote://127.0.0.1:${port}${encodeURI(file)}`).href;
  const payload: [string, string][] = [['skipWelcome', 'true']];
  if (address.extension !== undefined)
    payload.push(['extensionDevelopmentPath', remote(address.extension)]);
  if (address.tests !== undefined) payload.push(['extensionTestsPath', remote(address.tests)]);
  const url = new URL(`http://127.0.0.1:${port}/`);
  url.searchParams.set('folder', address.folder);
  url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}
