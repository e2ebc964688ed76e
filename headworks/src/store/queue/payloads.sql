-- name: savePayload :exec
-- hands this over for the next runs of these outputs, in place of what there was
-- params: output_ids int8[], payload text
insert into headworks.payloads (output_id, payload)
select id, $payload::text::json from unnest($output_ids::bigint[]) as given (id) order by id
on conflict (output_id) do update set payload = excluded.payload, given_at = now();

-- name: findPayload :maybe
-- what was handed over for an output, as text
-- params: output_id int8
-- returns: payload text
select payload::text as payload from headworks.payloads where output_id = $output_id;
