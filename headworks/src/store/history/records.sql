-- name: insertAuditRow :exec
-- what a person did
-- params: text, text, text, jsonb
insert into headworks.audit_log (actor, action, subject, details) values ($1, $2, $3, $4);

-- name: insertEvent :exec
-- what the engine noticed of itself
-- params: text, text, text, jsonb
insert into headworks.events (kind, subject, message, details) values ($1, $2, $3, $4);
