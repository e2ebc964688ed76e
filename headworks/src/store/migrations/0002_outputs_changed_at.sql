-- When an output last came to other rows, or to be whole: what ran beside it before is outdated, a mere repetition outdates nothing.

alter table headworks.outputs add column changed_at timestamptz;
update headworks.outputs set changed_at = settled_at;
