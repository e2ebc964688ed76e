-- With the set in it, this index could be gone through for a member instead of the key. A parent's members are few.
drop index headworks.partitions_parent;
create index partitions_parent on headworks.partitions (parent);
