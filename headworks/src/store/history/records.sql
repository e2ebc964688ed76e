-- name: insertAuditRow :exec
-- what a person did
-- params: actor text, action text, subject text, details jsonb
insert into headworks.audit_log (actor, action, subject, details) values ($actor, $action, $subject, $details);

-- name: insertEvent :exec
-- what the engine noticed of itself
-- params: kind text, subject text, message text, details jsonb
insert into headworks.events (kind, subject, message, details) values ($kind, $subject, $message, $details);
