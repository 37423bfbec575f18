import { Clinic } from './clones.js';
import { serveGit, type GitServer, type Transport } from './gitServers.js';

export const bareName = 'remote.git';

/** Clones that share one ledger on one server: the first of them began it. */
export class Team {
  readonly clinic: Clinic;
  readonly server: GitServer;
  readonly names: readonly string[];

  /** Every prompt of the team is in the policy's folder `prompts`. */
  static async begin(transport: Transport, names: readonly string[]): Promise<Team> {
    const clinic = new Clinic();
    const server = await serveGit(transport, clinic.folder);
    const team = new Team(clinic, server, names);
    try {
      const [first = ''] = names;
      clinic.clone(first);
      clinic.write(first, 'prompts/first.prompt.md', 'first\n');
      await clinic.init(first);
      clinic.commit(first, 'The policy');
      for (const name of names.slice(1)) clinic.clone(name);
      for (const name of names) {
        for (const [key, value] of server.settings) clinic.git(name, 'config', key, value);
        team.direct(name);
        await clinic.open(name);
      }
    } catch (error) {
      await team.end();
      throw error;
    }
    return team;
  }

  private constructor(clinic: Clinic, server: GitServer, names: readonly string[]) {
    this.clinic = clinic;
    this.server = server;
    this.names = names;
  }

  /** Sends a clone through another port, such as that of a proxy; without one to the server itself. */
  direct(name: string, port?: number): void {
    this.clinic.git(name, 'remote', 'set-url', 'origin', this.server.url(bareName, port));
  }

  async end(): Promise<void> {
    await this.server.stop();
    await this.clinic.dispose();
  }
}
