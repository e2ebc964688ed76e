-- name: insertAuditRow :exec
-- what a person did
-- params: text, text, text, jsonb
insert into headworks.audit_log (actor, action, subject, details) values ($1, $2, $3, $4);

-- name: insertEvent :exec
-- what the engine noticed of itself
-- params: text, text, text, jsonb
insert into headworks.events (kind, subject, message, details) values ($1, $2, $3, $4);

-- name: insertEventOnce :exec
-- what the engine noticed of itself, unless there is such an event with the same details
-- params: text, text, text, jsonb
insert into headworks.events (kind, subject, message, details)
select $1, $2, $3, $4
where not exists (select from headworks.events e where e.kind = $1 and e.subject = $2 and e.details = $4);
