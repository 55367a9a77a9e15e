/**
 * Parameters of Postgres of which RDS takes fewer values, in the form of parameter-facts.txt, by AWS's documentation and by
 * what describe-db-parameters says of a default group. `list` is words with commas between them.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.html
 */
export const NARROWED_BY_RDS = `
krb_caseins_users|16-18|sighup|enum||||true,false
log_connections|18-18|sighup|list||||receipt,authentication,authorization,setup_durations,all,off
log_destination|16-18|sighup|list||||stderr,csvlog,jsonlog
log_filename|16-18|sighup|enum||||postgresql.log.%Y-%m-%d,postgresql.log.%Y-%m-%d-%H,postgresql.log.%Y-%m-%d-%H%M
log_line_prefix|16-18|sighup|enum||||%t:%r:%u@%d:[%p]:,%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a,%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a:
log_rotation_age|16-18|sighup|integer|min|1|1440|
max_connections|16-18|postmaster|integer||6|262143|
synchronous_commit|16-18|user|enum||||local,remote_write,on,off
`;

/**
 * RDS's own parameters, in the same form: no server here has them.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Parameters.html
 */
export const OF_RDS = `
rds.accepted_password_auth_method|16-18|sighup|enum||||md5+scram,scram
rds.adaptive_autovacuum|16-18|sighup|bool||||
rds.allowed_delegated_extensions|16-18|sighup|string||||
rds.allowed_extensions|16-18|sighup|string||||
rds.custom_dns_resolution|16-18|postmaster|bool||||
rds.delegated_extension_allow_drop_cascade|16-18|sighup|bool||||
rds.force_admin_logging_level|16-18|sighup|enum||||disabled,debug5,debug4,debug3,debug2,debug1,info,notice,warning,error,log,fatal,panic
rds.force_autovacuum_logging_level|16-18|sighup|enum||||disabled,debug5,debug4,debug3,debug2,debug1,info,notice,warning,error,log,fatal,panic
rds.force_ssl|16-18|sighup|bool||||
rds.log_retention_period|16-18|sighup|integer|min|1440|10080|
rds.logical_replication|16-18|postmaster|bool||||
rds.pg_stat_ramdisk_size|16-18|postmaster|integer||0||
rds.restrict_password_commands|16-18|postmaster|bool||||
`;

/**
 * What extensions add, in the same form: auto_explain as the servers say it, the others by their documentation and RDS's.
 * @see https://www.postgresql.org/docs/current/pgstatstatements.html
 * @see https://github.com/pgaudit/pgaudit
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL_pg_cron.html
 */
export const OF_EXTENSIONS = `
auto_explain.log_analyze|16-18|superuser|bool||||
auto_explain.log_buffers|16-18|superuser|bool||||
auto_explain.log_format|16-18|superuser|enum||||text,xml,json,yaml
auto_explain.log_level|16-18|superuser|enum||||debug5,debug4,debug3,debug2,debug1,info,notice,warning,log
auto_explain.log_min_duration|16-18|superuser|integer|ms|-1|2147483647|
auto_explain.log_nested_statements|16-18|superuser|bool||||
auto_explain.log_parameter_max_length|16-18|superuser|integer|B|-1|2147483647|
auto_explain.log_settings|16-18|superuser|bool||||
auto_explain.log_timing|16-18|superuser|bool||||
auto_explain.log_triggers|16-18|superuser|bool||||
auto_explain.log_verbose|16-18|superuser|bool||||
auto_explain.log_wal|16-18|superuser|bool||||
auto_explain.sample_rate|16-18|superuser|real||0|1|
cron.database_name|16-18|postmaster|string||||
cron.log_min_messages|16-18|postmaster|enum||||debug5,debug4,debug3,debug2,debug1,info,notice,warning,error,log,fatal,panic
cron.log_run|16-18|postmaster|bool||||
cron.log_statement|16-18|postmaster|bool||||
cron.max_running_jobs|16-18|postmaster|integer||0|1000|
cron.timezone|16-18|postmaster|string||||
pg_stat_statements.max|16-18|postmaster|integer||100|1073741823|
pg_stat_statements.save|16-18|sighup|bool||||
pg_stat_statements.track|16-18|superuser|enum||||NONE,TOP,ALL
pg_stat_statements.track_planning|16-18|superuser|bool||||
pg_stat_statements.track_utility|16-18|superuser|bool||||
pgaudit.log|16-18|superuser|list||||all,ddl,function,misc,misc_set,none,read,role,write,-all,-ddl,-function,-misc,-misc_set,-read,-role,-write
pgaudit.log_catalog|16-18|superuser|bool||||
pgaudit.log_client|16-18|superuser|bool||||
pgaudit.log_level|16-18|superuser|enum||||debug5,debug4,debug3,debug2,debug1,info,notice,warning,log
pgaudit.log_parameter|16-18|superuser|bool||||
pgaudit.log_parameter_max_size|16-18|superuser|integer||0|1073741823|
pgaudit.log_relation|16-18|superuser|bool||||
pgaudit.log_rows|16-18|superuser|bool||||
pgaudit.log_statement|16-18|superuser|bool||||
pgaudit.log_statement_once|16-18|superuser|bool||||
pgaudit.role|16-18|superuser|enum||||rds_pgaudit
`;

/** The libraries that the server has to load for an extension's parameters to mean anything, by what their names begin with. */
export const LIBRARY_OF: Readonly<Record<string, string>> = {
  auto_explain: "auto_explain",
  cron: "pg_cron",
  pg_stat_statements: "pg_stat_statements",
  pgaudit: "pgaudit",
};

/** Extensions of RDS with parameters that are not listed here: their names and values are AWS's to judge, in the deploy. */
export const UNLISTED_EXTENSIONS: readonly string[] = [
  ..."babelfishpg_tsql orafce pg_bigm pg_hint_plan pg_prewarm pg_similarity pg_tle pg_transport pgactive".split(
    " ",
  ),
  ..."pglogical pgtle plrust plv8 postgis rdkit".split(" "),
];

/**
 * Libraries that RDS has some server load. Each version takes its own of them, and RDS adds others: a name that is not here
 * is RDS's to judge, unless one of these is likely meant.
 */
export const LIBRARIES: readonly string[] =
  `auto_explain orafce pg_bigm pg_cron pg_hint_plan pg_overexplain pg_prewarm pg_similarity pg_stat_monitor
   pg_stat_statements pg_tle pg_transport pgactive pgaudit pglogical plprofiler plrust`.split(/\s+/);

/** What RDS has a server load where nobody says otherwise. */
export const PRELOADED_BY_DEFAULT = "pg_stat_statements";

/**
 * What RDS sets itself, or has no parameter for: where the server keeps its files and listens, how it writes and archives
 * its log of changes, what only its operator turns. A group that names one is refused, halfway through a deploy.
 */
export const OPERATED: ReadonlySet<string> = new Set(
  `allow_alter_system allow_in_place_tablespaces allow_system_table_mods archive_cleanup_command archive_command
   archive_library archive_mode archive_timeout backtrace_functions bonjour bonjour_name cluster_name config_file
   data_directory data_sync_retry debug_discard_caches debug_io_direct dynamic_library_path
   dynamic_shared_memory_type event_source exit_on_error extension_control_path external_pid_file fsync
   full_page_writes hba_file hot_standby ident_file ignore_checksum_failure ignore_invalid_pages
   ignore_system_indexes jit_provider krb_server_keyfile listen_addresses lo_compat_privileges
   local_preload_libraries log_directory log_file_mode log_truncate_on_rotation logging_collector
   oauth_validator_libraries port post_auth_delay pre_auth_delay primary_conninfo primary_slot_name
   recovery_end_command recovery_init_sync_method recovery_min_apply_delay recovery_target recovery_target_action
   recovery_target_inclusive recovery_target_lsn recovery_target_name recovery_target_time
   recovery_target_timeline recovery_target_xid rds.rds_superuser_reserved_connections remove_temp_files_after_crash
   restart_after_crash restore_command send_abort_for_crash send_abort_for_kill session_preload_libraries
   shared_memory_type ssl_ca_file ssl_cert_file ssl_crl_dir ssl_crl_file ssl_dh_params_file ssl_key_file
   ssl_passphrase_command ssl_passphrase_command_supports_reload summarize_wal superuser_reserved_connections
   syslog_facility syslog_ident syslog_sequence_numbers syslog_split_messages unix_socket_directories
   unix_socket_group unix_socket_permissions wal_consistency_checking wal_level wal_sync_method
   zero_damaged_pages`.split(/\s+/),
);

/**
 * Values that RDS gives parameters which Postgres changes while it runs, as far as they are known here, or likely, from
 * default groups. One that is not RDS's after all waits for a reboot, and does no harm.
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/39252
 */
export const SET_BY_RDS: Readonly<Record<string, string>> = {
  autovacuum_analyze_scale_factor: "0.05",
  autovacuum_naptime: "15",
  autovacuum_vacuum_cost_limit: "GREATEST({log(DBInstanceClassMemory/21474836480)*600},200)",
  autovacuum_vacuum_scale_factor: "0.1",
  checkpoint_completion_target: "0.9",
  client_encoding: "UTF8",
  effective_cache_size: "{DBInstanceClassMemory/16384}",
  idle_in_transaction_session_timeout: "86400000",
  log_autovacuum_min_duration: "10000",
  log_checkpoints: "1",
  log_destination: "stderr",
  log_line_prefix: "%t:%r:%u@%d:[%p]:",
  log_rotation_age: "60",
  maintenance_work_mem: "GREATEST({DBInstanceClassMemory*1024/63963136},65536)",
  max_stack_depth: "6144",
  max_wal_size: "2048",
  min_wal_size: "192",
  "rds.accepted_password_auth_method": "md5+scram",
  "rds.adaptive_autovacuum": "1",
  "rds.log_retention_period": "4320",
  ssl: "1",
  synchronous_commit: "on",
  timezone: "UTC",
  track_functions: "pl",
  track_io_timing: "1",
  wal_receiver_timeout: "30000",
  wal_sender_timeout: "30000",
};

/** What is of one transaction, though the server lists it, and the parameter that is the server's own. */
export const OF_TRANSACTIONS: Readonly<Record<string, string>> = {
  transaction_deferrable: "default_transaction_deferrable",
  transaction_isolation: "default_transaction_isolation",
  transaction_read_only: "default_transaction_read_only",
};
