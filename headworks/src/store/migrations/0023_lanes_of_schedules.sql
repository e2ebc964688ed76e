-- The lane of the tasks that a schedule makes.
alter table headworks.schedules add column lane text not null default 'live';
