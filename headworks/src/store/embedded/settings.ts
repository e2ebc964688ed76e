// The settings of the embedded server: one small machine, shared with the workers, that must not lose a commit.
//
// They are passed on the command line, so that a newer Headworks brings its own and nobody edits postgresql.conf.
// fsync, full_page_writes and synchronous_commit stay on, as PostgreSQL has them.

/** A socket's path must fit into 103 bytes on macOS, 107 on Linux; `/.s.PGSQL.65535` comes after the folder. */
const longestSocketFolder = 85;

const memoryAndConnections: Record<string, string> = {
  shared_buffers: "256MB", // holds the ledger and the queue of a season; a quarter of a 1 GB machine
  effective_cache_size: "1GB", // what the system's cache is likely to hold besides
  max_connections: "200", // a pool for each of a dozen processes; an idle connection costs about 2 MB
  work_mem: "8MB", // small enough that parallel sorts fit into a container's 64 MB of shared memory
};

const durabilityAndSpeed: Record<string, string> = {
  wal_level: "minimal", // nobody replicates an embedded server: bulk loads into new tables write less
  max_wal_senders: "0", // required by the above
  max_logical_replication_workers: "0", // saves the process that would look for some
  checkpoint_timeout: "15min", // each page is written to the log in full once per checkpoint: fewer of them
  max_wal_size: "1GB", // bounds both the disk used and how long a recovery after a crash takes
  random_page_cost: "1.1", // solid-state disks, where an index pays off early
  jit: "off", // compiling takes longer than our queries run
  autovacuum_naptime: "15s", // tables of tasks turn over many times a minute
  timezone: "UTC", // results must not depend on where the machine stands
};

const log: Record<string, string> = {
  logging_collector: "off", // goes to the file that Headworks opened and keeps small
  log_destination: "stderr",
  log_min_messages: "warning", // errors, warnings, starts and stops
  log_checkpoints: "off", // otherwise most of the file
  log_line_prefix: "%m [%p] %q%a ", // time, process, application
  log_timezone: "UTC",
};

/** The arguments for `postgres`. Settings of the caller come last, and win. */
export function serverArguments(
  cluster: string,
  port: number,
  settings: Record<string, string> = {},
): string[] {
  const network = {
    listen_addresses: "127.0.0.1", // nothing beyond this machine
    port: `${port}`,
    unix_socket_directories: socketFolder(cluster),
    unix_socket_permissions: "0700",
  };
  const all = { ...memoryAndConnections, ...durabilityAndSpeed, ...log, ...network, ...settings };
  return ["-D", cluster, ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}

/** Inside the cluster, which only its owner may enter; none when the path is too long or would need quotes. */
function socketFolder(cluster: string): string {
  return /^[\w/.+-]+$/.test(cluster) && Buffer.byteLength(cluster) <= longestSocketFolder ? cluster : "";
}
