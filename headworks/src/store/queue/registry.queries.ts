// The queries of registry.sql, with the types that their headers declare. Written by npm run queries.

import type { Criticality } from "../../domain/criticality.ts";
import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("registry.sql", import.meta.url));

export interface ProcessorRow {
  name: string;
  pipeline: string;
  phase: string;
  phase_index: number;
  position: number;
  criticality: Criticality;
  priority: number;
  queue: string;
  definition: unknown;
}

export interface DeclaredQueue {
  name: string;
  rate: number | null;
  burst: number;
  max_concurrent: number | null;
}

export interface LockRegistryParams {
  namespace: string;
}

/** One process at a time plans or registers in a namespace. */
export const lockRegistry = queries.exec<LockRegistryParams>("lockRegistry");

export interface UpsertProcessorsParams {
  namespace: string;
  processors: readonly ProcessorRow[];
}

export interface UpsertProcessorsRow {
  name: string;
}

/** The snapshot of a namespace's registry; gives the processors whose needs or partitions changed. */
export const upsertProcessors = queries.many<UpsertProcessorsParams, UpsertProcessorsRow>("upsertProcessors");

export interface RetireProcessorsParams {
  namespace: string;
  kept: readonly string[];
}

export interface RetireProcessorsRow {
  name: string;
}

/** Processors that the configuration no longer has: their tasks go, their history stays. */
export const retireProcessors = queries.many<RetireProcessorsParams, RetireProcessorsRow>("retireProcessors");

export interface MoveQueuedTasksParams {
  namespace: string;
}

/** The tasks of a namespace follow their processor to another queue, and to another priority unless theirs was set by hand. */
export const moveQueuedTasks = queries.exec<MoveQueuedTasksParams>("moveQueuedTasks");

export interface UpsertQueuesParams {
  queues: readonly DeclaredQueue[];
}

/** Limits as declared; tokens are kept, so that a restart gives no second burst. */
export const upsertQueues = queries.exec<UpsertQueuesParams>("upsertQueues");

export interface InsertMissingQueuesParams {
  queues: readonly DeclaredQueue[];
}

/** Queues that only another namespace than `prod` has; where `prod` has one, its limits hold. */
export const insertMissingQueues = queries.exec<InsertMissingQueuesParams>("insertMissingQueues");

export interface SetCodeVersionParams {
  namespace: string;
  code_version: string;
}

/** From now on only runners of this code version claim in the namespace. */
export const setCodeVersion = queries.exec<SetCodeVersionParams>("setCodeVersion");

export interface FindCodeVersionParams {
  namespace: string;
}

export interface FindCodeVersionRow {
  code_version: string;
}

/** The code version that may claim in a namespace. */
export const findCodeVersion = queries.maybe<FindCodeVersionParams, FindCodeVersionRow>("findCodeVersion");

export interface CreateNamespaceParams {
  name: string;
  kind: string;
}

/** A namespace that overlays `prod`; one that is there stays as it is. */
export const createNamespace = queries.exec<CreateNamespaceParams>("createNamespace");

export interface ListNamespaceNamesRow {
  name: string;
}

/** Every namespace, `prod` first. */
export const listNamespaceNames = queries.many<void, ListNamespaceNamesRow>("listNamespaceNames");
