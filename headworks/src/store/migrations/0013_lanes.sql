-- Lanes: sub-queues with a rate and a weight of their own inside one queue.

alter table headworks.tasks add column lane text not null default 'live';
create index tasks_ready_in_lane on headworks.tasks (queue, lane, priority, due_at, id) where state = 'ready' and lane <> 'live';

create table headworks.lanes (
  queue text not null references headworks.queues on delete cascade,
  name text not null,
  weight double precision not null check (weight > 0),
  rate double precision check (rate > 0),
  burst double precision not null default 1 check (burst >= 1),
  tokens double precision not null default 0,
  refilled_at timestamptz not null default 'epoch',
  -- Where its last claim ended in the queue's virtual time: the finish tag of start-time fair queueing.
  pass double precision not null default 0,
  primary key (queue, name)
) with (fillfactor = 50);
