-- name: savePayload :exec
-- hands this over for the next runs of these outputs, in place of what there was
-- params: _int8, json
insert into headworks.payloads (output_id, payload)
select id, $2::json from unnest($1::bigint[]) as given (id) order by id
on conflict (output_id) do update set payload = excluded.payload, given_at = now();

-- name: findPayload :one
-- what was handed over for an output, as text
-- params: int8
-- returns: payload text
select payload::text as payload from headworks.payloads where output_id = $1;
