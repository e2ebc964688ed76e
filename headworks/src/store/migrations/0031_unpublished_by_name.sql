-- Files that have been renamed are told by their temporary names: each is looked up, not looked for among all files.
drop index headworks.artifacts_unpublished;
create index artifacts_unpublished on headworks.artifacts (temporary_name) where state = 'settled';
