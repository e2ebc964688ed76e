// What a run gathers while it goes on: rows, metrics, discoveries, files. Large amounts of rows are staged as they come.

import type { Dataset } from "../define/dataset.ts";
import type { Database } from "../store/database.ts";
import { stageRows } from "../store/dataset-merge.ts";
import type {
  DiscoveredPartition,
  Measurement,
  RejectedRow,
  WrittenArtifact,
  WrittenRows,
} from "./finished-run.ts";

/** Rows of one dataset that are held in memory before they are staged. */
const ROWS_HELD = 5_000;
/** Rejected rows that are kept per run, with their errors; more are counted only. */
const REJECTED_KEPT = 1_000;

export class RunRecord {
  readonly written = new Map<string, WrittenRows>();
  readonly rejected: RejectedRow[] = [];
  readonly metrics: Measurement[] = [];
  readonly discovered = new Map<string, DiscoveredPartition[]>();
  readonly artifacts: WrittenArtifact[] = [];
  rejectedCount = 0;
  rowCount = 0;
  requests = 0;
  progress: { done: number; total: number | null } | null = null;
  /** The state of everything upstream when a dataset was first read. */
  readSet: string | null = null;
  /** Whether something was read that the read-set doesn't cover. */
  readBeyondNeeds = false;

  readonly #database: Database;
  readonly #run: string;

  constructor(database: Database, run: string) {
    this.#database = database;
    this.#run = run;
  }

  async addRows(
    dataset: Dataset,
    accepted: readonly string[],
    rejected: readonly Omit<RejectedRow, "dataset">[],
  ) {
    const written = this.written.get(dataset.name) ?? { rows: [], staged: 0 };
    this.written.set(dataset.name, written);
    for (const row of accepted) written.rows.push(row);
    this.rowCount += accepted.length;
    this.rejectedCount += rejected.length;
    for (const each of rejected.slice(0, REJECTED_KEPT - this.rejected.length)) {
      this.rejected.push({ dataset: dataset.name, ...each });
    }
    if (written.rows.length > ROWS_HELD) await this.#stage(dataset, written);
  }

  addDiscovered(set: string, partitions: readonly DiscoveredPartition[]): void {
    const known = this.discovered.get(set) ?? [];
    this.discovered.set(set, [...known, ...partitions]);
  }

  async #stage(dataset: Dataset, written: WrittenRows): Promise<void> {
    const rows = written.rows.splice(0);
    await stageRows(this.#database, this.#run, dataset, rows);
    written.staged += rows.length;
  }
}
