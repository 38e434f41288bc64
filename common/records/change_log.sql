-- Numbers of the change log that go on after a restore into another cluster.

CREATE OR REPLACE FUNCTION public.cluster_identity()
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
    SELECT format(
        '%s-%s-%s',
        (SELECT system_identifier FROM pg_control_system()),
        left(pg_walfile_name(pg_current_wal_lsn()), 8),
        (SELECT oid FROM pg_database WHERE datname = current_database())
    )
$function$;

CREATE OR REPLACE FUNCTION public.change_offset()
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
DECLARE
    here CONSTANT text := public.cluster_identity();
    found bigint;
BEGIN
    SELECT first INTO found FROM public.common_clusteroffset WHERE identity = here;
    IF found IS NULL THEN
        INSERT INTO public.common_clusteroffset (identity, first, since)
        SELECT here,
               CASE WHEN max(first) IS NULL THEN 0 ELSE greatest(
                   max(first) + 10000000000000,
                   floor(extract(epoch FROM now()) / 3600)::bigint * 10000000000000
               ) END,
               now()
        FROM public.common_clusteroffset
        ON CONFLICT (identity) DO NOTHING;
        SELECT first INTO found FROM public.common_clusteroffset WHERE identity = here;
    END IF;
    RETURN found;
END $function$;

CREATE OR REPLACE FUNCTION public.change_number()
 RETURNS xid8
 LANGUAGE sql
AS $function$
    SELECT (public.change_offset() + pg_current_xact_id()::text::bigint)::text::xid8
$function$;

CREATE OR REPLACE FUNCTION public.change_horizon()
 RETURNS xid8
 LANGUAGE sql
 STABLE
AS $function$
    SELECT coalesce(
        (SELECT first + pg_snapshot_xmin(pg_current_snapshot())::text::bigint
         FROM public.common_clusteroffset WHERE identity = public.cluster_identity()),
        (SELECT max(first) + 10000000000000 FROM public.common_clusteroffset),
        0
    )::text::xid8
$function$;

SELECT public.change_offset();
