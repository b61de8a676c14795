/** A file the release metadata lists: path, SHA-256 and length in bytes. */
export interface ListedFile {
  readonly path: string;
  readonly sha256: string;
  readonly length: number;
}

/** Where release files come from: the registry over HTTP, or a courier file. What comes is not trusted yet. */
export interface ReleaseSource {
  readonly kind: 'registry' | 'courier';
  /** Metadata file by name, null when there is none; errors OFFLINE, BAD_RELEASE. */
  metadata(name: string, maxBytes: number): Promise<Uint8Array | null>;
  /** Bytes of a target, checked against its length and hash; errors OFFLINE, BAD_RELEASE, CANCELLED. */
  target(file: ListedFile, onProgress: (done: number) => void): Promise<Uint8Array>;
}
