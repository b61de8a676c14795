import type { ColumnValue, EncodedRow } from '../../../shared/encoding/encode.ts';
import type { Manifest } from '../../../shared/encoding/manifest.ts';
import type { TensorData } from '../../../shared/encoding/pack.ts';

/** A model as stored in the database. */
export interface StoredModel {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest file's bytes. */
  readonly manifestSha256: string;
  readonly bytes: Uint8Array;
}

export interface ScoreResult {
  /** Probability of scam. */
  readonly score: number;
}

/** A batch of rows as a graph's inputs. */
export interface PackedRows {
  readonly rows: number;
  readonly inputs: TensorData[];
}

/** Scores of a batch, and for each bound column the scores with that column unknown in every row, when asked for. */
export interface PackedScores {
  readonly scores: Float64Array;
  readonly without: readonly Float64Array[];
}

export interface Contribution {
  readonly attribute: string;
  /** Signed change of the probability. */
  readonly value: number;
}

export interface ExplainResult {
  readonly base: number;
  readonly score: number;
  /** Every column, largest absolute value first; base + sum = score. */
  readonly contributions: readonly Contribution[];
  readonly changes: readonly { attribute: string; value: ColumnValue; score: number }[];
}

/**
 * The supervised inference process. A model is checked (hash, allowed ops, golden rows) before it scores;
 * errors are BAD_MODEL, BAD_MANIFEST or MODEL_FAILED. A killed child is started again by the next call.
 */
export interface Inference {
  /** Loads and checks; keeps up to two models loaded so that a dry run or a roll-out interrupts nothing. */
  load(model: StoredModel): Promise<void>;
  score(modelSha256: string, rows: readonly EncodedRow[]): Promise<ScoreResult[]>;
  /** `score` for a batch that is packed already, as long lists are; `without`: also with each bound column unknown. */
  scorePacked(modelSha256: string, batch: PackedRows, without: boolean): Promise<PackedScores>;
  explain(modelSha256: string, row: EncodedRow): Promise<ExplainResult>;
  close(): Promise<void>;
}
