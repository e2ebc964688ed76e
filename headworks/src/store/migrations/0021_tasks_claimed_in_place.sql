-- The tasks of a page are claimed together: there is room for what they become beside them, so that no other page is looked for.
alter table headworks.tasks set (fillfactor = 40);
