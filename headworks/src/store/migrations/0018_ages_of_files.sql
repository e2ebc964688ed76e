-- Ages of responses and files: what is old is marked first, and removed from the disk only when that has been committed.

-- Bodies in the archive that no response names any more. They stay for a while: a writer may have just found one there.
create table headworks.archive_garbage (
  hash text primary key,
  since timestamptz not null default clock_timestamp()
);
create index archive_garbage_since on headworks.archive_garbage (since);
create index raw_documents_hash on headworks.raw_documents (hash);

-- Nobody reads the file of an expired artifact; its row goes after it.
alter table headworks.artifacts drop constraint artifacts_state_check;
alter table headworks.artifacts add constraint artifacts_state_check check (state in ('settled', 'published', 'expired'));
create index artifacts_expired on headworks.artifacts (namespace, path) where state = 'expired';

-- Walks through what mostly stays, once a day for the whole fleet.
create table headworks.retention_walks (
  name text primary key,
  began_at timestamptz not null
);
