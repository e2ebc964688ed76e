// What a run gathers while it goes on: rows, metrics, discoveries, files. Large amounts of rows are staged as they come.

import type { Dataset } from "../../define/dataset.ts";
import { ArtifactNames } from "../../domain/artifact-path.ts";
import type { Progress } from "../../domain/settlement/run-record.ts";
import type { Database } from "../../store/database.ts";
import { stageRows } from "../../store/dataset/merge.ts";
import type { ValidatedRows } from "../../store/dataset/rows.ts";
import type { Usage } from "../../targets/usage.ts";
import type {
  DiscoveredPartition,
  Measurement,
  RejectedRow,
  WrittenArtifact,
  WrittenRows,
} from "./finished-run.ts";
import type { RunLimits } from "./limits.ts";

/** Rows of one dataset that are held in memory before they are staged: so many, or so many characters of JSON. */
const ROWS_HELD = 5_000;
const CHARACTERS_HELD = 8_388_608;
/** Rejected rows that are kept per run, with their errors; more are counted only. */
const REJECTED_KEPT = 1_000;

/** Rows of one dataset by their key: of two with the same key, the later one counts. */
interface HeldRows {
  dataset: Dataset;
  rows: Map<string, string>;
  /** Characters of these rows, as JSON. */
  characters: number;
  staged: number;
  stagedKeys: Set<string>;
}

/** Shared by all runs that have none. */
const NO_ROWS: ReadonlyMap<string, WrittenRows> = new Map();
const NO_DISCOVERIES: ReadonlyMap<string, DiscoveredPartition[]> = new Map();

export class RunRecord {
  readonly rejected: RejectedRow[] = [];
  readonly metrics: Measurement[] = [];
  discovered = NO_DISCOVERIES;
  readonly artifacts: WrittenArtifact[] = [];
  rejectedCount = 0;
  /** Rows of different keys. */
  rowCount = 0;
  requests = 0;
  /** What a command used. */
  usage: Usage | undefined;
  progress: Progress | null = null;
  /** The state of everything upstream when a dataset was first read. */
  readSet: string | null = null;
  /** Whether something was read that the read-set doesn't cover. */
  readBeyondNeeds = false;

  #artifactNames: ArtifactNames | undefined;
  #held: Map<string, HeldRows> | undefined;
  #underWay: Set<Promise<unknown>> | undefined;
  readonly #database: Database;
  readonly #run: string;
  readonly #outlast: RunLimits["outlast"];

  /** `outlast` asks the database again when it is away. */
  constructor(database: Database, run: string, outlast: RunLimits["outlast"]) {
    this.#outlast = outlast;
    this.#database = database;
    this.#run = run;
  }

  /** The names that were asked for, also of artifacts that are being written. */
  get artifactNames(): ArtifactNames {
    this.#artifactNames ??= new ArtifactNames();
    return this.#artifactNames;
  }

  /** Gives the keys of those that this run had written before: the later row counts. */
  async addRows(dataset: Dataset, { accepted, keys, rejected }: ValidatedRows): Promise<string[]> {
    const held = this.#heldOf(dataset);
    const again: string[] = [];
    for (const [index, text] of accepted.entries()) {
      const key = keys[index] ?? "";
      if (held.rows.has(key) || held.stagedKeys.has(key)) again.push(key);
      held.characters += text.length - (held.rows.get(key)?.length ?? 0);
      held.rows.set(key, text);
      if (held.rows.size > ROWS_HELD || held.characters > CHARACTERS_HELD) await this.#stage(held);
    }
    this.rowCount += accepted.length - again.length;
    this.rejectedCount += rejected.length;
    for (const each of rejected.slice(0, REJECTED_KEPT - this.rejected.length)) {
      this.rejected.push({ dataset: dataset.name, ...each });
    }
    return again;
  }

  /** What is merged at settlement: rows still in memory, and how many are staged. */
  get written(): ReadonlyMap<string, WrittenRows> {
    if (this.#held === undefined) return NO_ROWS;
    return new Map(
      [...this.#held].map(([name, held]) => [name, { rows: [...held.rows.values()], staged: held.staged }]),
    );
  }

  /** Work of the run itself that its handler may not have waited for: the run isn't over before it is done. */
  async within<T>(work: Promise<T>): Promise<T> {
    this.#underWay ??= new Set();
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }

  /** Whether such work is still going on. */
  get isBusy(): boolean {
    return this.#underWay !== undefined && this.#underWay.size > 0;
  }

  /** Throws what that work threw. */
  async done(): Promise<void> {
    while (this.isBusy) await Promise.all(this.#underWay ?? []);
  }

  /** Of a partition that is named twice, the later word counts. */
  addDiscovered(set: string, partitions: readonly DiscoveredPartition[]): void {
    const known = this.discovered.get(set) ?? [];
    const byKey = new Map([...known, ...partitions].map((each) => [each.key, each]));
    this.discovered = new Map(this.discovered).set(set, [...byKey.values()]);
  }

  #heldOf(dataset: Dataset): HeldRows {
    this.#held ??= new Map();
    const known = this.#held.get(dataset.name);
    if (known !== undefined) return known;
    const held = {
      dataset,
      rows: new Map<string, string>(),
      characters: 0,
      staged: 0,
      stagedKeys: new Set<string>(),
    };
    this.#held.set(dataset.name, held);
    return held;
  }

  async #stage(held: HeldRows): Promise<void> {
    const rows = [...held.rows.values()];
    for (const key of held.rows.keys()) held.stagedKeys.add(key);
    held.rows.clear();
    held.characters = 0;
    await this.#outlast(() => stageRows(this.#database, this.#run, held.dataset, rows));
    held.staged += rows.length;
  }
}
