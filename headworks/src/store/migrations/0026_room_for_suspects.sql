-- Until when this process starts nothing else, so that a suspect can run alone in it; it says so again every second.
alter table headworks.workers add column makes_room_until timestamptz;
