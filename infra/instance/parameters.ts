/** One parameter of the instance's parameter group. */
export interface DatabaseParameter {
  readonly name: string;
  readonly value: string;
  readonly applyMethod: "immediate" | "pending-reboot";
}

/**
 * The parameters that differ from the family's defaults in every stack; a stack's file may not set them.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
 */
export const PARAMETERS: readonly DatabaseParameter[] = [
  { name: "rds.force_ssl", value: "1", applyMethod: "immediate" },
];

/** What Postgres 16 to 18 reads when it starts and never again: RDS calls it static, and refuses to apply it at once. */
const STATIC = new Set(
  `archive_mode autovacuum_freeze_max_age autovacuum_max_workers autovacuum_multixact_freeze_max_age
   autovacuum_worker_slots bonjour bonjour_name cluster_name commit_timestamp_buffers config_file data_directory
   data_sync_retry debug_io_direct dynamic_shared_memory_type event_source external_pid_file hba_file hot_standby
   huge_page_size huge_pages ident_file ignore_invalid_pages io_max_combine_limit io_max_concurrency io_method
   jit_provider listen_addresses logging_collector max_active_replication_origins max_connections
   max_files_per_process max_locks_per_transaction max_logical_replication_workers max_notify_queue_pages
   max_pred_locks_per_transaction max_prepared_transactions max_replication_slots max_wal_senders
   max_worker_processes min_dynamic_shared_memory multixact_member_buffers multixact_offset_buffers notify_buffers
   old_snapshot_threshold port recovery_target recovery_target_action recovery_target_inclusive recovery_target_lsn
   recovery_target_name recovery_target_time recovery_target_timeline recovery_target_xid reserved_connections
   serializable_buffers shared_buffers shared_memory_type shared_preload_libraries subtransaction_buffers
   superuser_reserved_connections trace_connection_negotiation track_activity_query_size track_commit_timestamp
   transaction_buffers unix_socket_directories unix_socket_group unix_socket_permissions wal_buffers
   wal_decode_buffer_size wal_level wal_log_hints`.split(/\s+/),
);

/** Extensions all of whose settings can change while the server runs. */
const DYNAMIC_EXTENSIONS = ["auto_explain", "pgaudit"];

/** What has `on` and `off` among its words: RDS takes 1 and 0 of every other switch. */
const WORDED = new Set(
  `archive_mode backslash_quote compute_query_id constraint_exclusion debug_parallel_query huge_pages recovery_prefetch
   synchronous_commit wal_compression`.split(/\s+/),
);

/** A parameter's value as RDS takes it, of one as people and Postgres write it. */
export function parameterValue(name: string, value: string): string {
  const isOn = /^(on|yes|true)$/i.test(value);
  if (!isOn && !/^(off|no|false)$/i.test(value)) return value;
  if (WORDED.has(name)) return isOn ? "on" : "off";
  return isOn ? "1" : "0";
}

/** When a parameter is applied. Of one that may be static it is the next reboot, which RDS takes of every one. */
export function applyMethodOf(name: string): DatabaseParameter["applyMethod"] {
  const [extension = "", ...rest] = name.split(".");
  const isDynamic = rest.length === 0 ? !STATIC.has(name) : DYNAMIC_EXTENSIONS.includes(extension);
  return isDynamic ? "immediate" : "pending-reboot";
}

/** The rows of a parameter group: the project's own, then those of the stack's file by name. */
export function parametersOf(own: Readonly<Record<string, string>>): DatabaseParameter[] {
  const added = Object.entries(own)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value, applyMethod: applyMethodOf(name) }));
  return [...PARAMETERS.map((one) => ({ ...one })), ...added];
}
