/** A browser to drive, and the environment variables that it needs. */
export interface BrowserProgram {
  readonly executablePath: string;
  readonly env: NodeJS.ProcessEnv;
}
