-- What is ready, by queue and lane: a lane finds its own, whatever the others have piled up.
drop index headworks.tasks_ready;
drop index headworks.tasks_ready_in_lane;
create index tasks_ready on headworks.tasks (queue, lane, priority, due_at, id) where state = 'ready' and not alone;
