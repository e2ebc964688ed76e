-- Without the parent first, this index looked as good as the key to a planner that knows nothing of a young table, and a look for
-- one member read all of its set.
drop index headworks.partitions_parent;
create index partitions_parent on headworks.partitions (parent, set_name, namespace);
