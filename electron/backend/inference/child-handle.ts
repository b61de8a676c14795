/** The inference child as its supervisor sees it. The Electron shell and plain Node start it differently; both give this. */
export interface ChildHandle {
  readonly pid: number | undefined;
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: (code: number | null) => void): void;
  kill(): void;
}

/** Starts the inference child. */
export type SpawnInference = () => ChildHandle;
