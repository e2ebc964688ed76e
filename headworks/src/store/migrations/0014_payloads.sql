-- What was handed over for the runs of an output, as the JSON text that it was given as. It stays until another is given:
-- a run that is repeated gets it again. Apart from tasks, since few have one.
create table headworks.payloads (
  output_id bigint primary key,
  payload json not null,
  given_at timestamptz not null default now()
);
