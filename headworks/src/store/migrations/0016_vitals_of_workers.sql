-- What each runner process says of itself, every few seconds.
alter table headworks.workers
  add column memory_bytes bigint,
  -- The longest that its event loop was held up since it said so last.
  add column loop_delay_ms double precision,
  add column pool_connections integer,
  add column pool_waiting integer,
  add column vitals_at timestamptz;
