-- What is served is compared with what was served when a transaction ends.

CREATE UNLOGGED TABLE common_touched (
    transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
    record_kind varchar(60) NOT NULL,
    record_id varchar(40) NOT NULL,
    PRIMARY KEY (transaction, record_kind, record_id)
);

CREATE OR REPLACE FUNCTION public.common_compare(kind text, ids text[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
DECLARE served text := 'served_' || replace(kind, '.', '_');
BEGIN
    IF to_regproc(served) IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO common_servedstate (record_kind, record_id, digest, examined_at)
    SELECT kind, id, '', now() FROM unnest(ids) AS id ON CONFLICT DO NOTHING;
    -- two transactions that touch one record are compared one after the other
    PERFORM FROM common_servedstate AS state
    WHERE state.record_kind = kind AND state.record_id = ANY(ids)
    ORDER BY state.record_id FOR UPDATE;
    EXECUTE format($query$
        WITH compared AS (
            SELECT state.id, state.record_id, state.digest AS old, state.changed_at AS before,
                   CASE WHEN now.content IS NULL THEN ''
                        ELSE encode(sha256(convert_to(now.content::text, 'UTF8')), 'hex')
                   END AS new,
                   (now.content -> 0 ->> 'version')::int AS version, now.successor
            FROM common_servedstate AS state LEFT JOIN %s($2) AS now USING (record_id)
            WHERE state.record_kind = $1 AND state.record_id = ANY($2)
        ), examined AS (
            UPDATE common_servedstate AS state
            SET digest = compared.new, examined_at = clock_timestamp(),
                changed_at = CASE WHEN compared.new = compared.old THEN state.changed_at
                                  ELSE clock_timestamp() END
            FROM compared WHERE state.id = compared.id
            RETURNING compared.*
        )
        INSERT INTO common_change
            (kind, record_kind, record_id, version, content_hash, "into", at)
        SELECT CASE WHEN new = '' AND successor IS NOT NULL THEN 'merge'
                    WHEN new = '' THEN 'delete'
                    WHEN old <> '' THEN 'update'
                    WHEN before IS NULL THEN 'create'
                    ELSE 'publish' END,
               $1, record_id,
               CASE WHEN new = '' THEN coalesce(last.version, 1)
                    WHEN examined.version IS NULL THEN coalesce(last.version, 0) + 1
                    ELSE greatest(examined.version, last.version, 1) END,
               CASE WHEN new = '' THEN old ELSE new END,
               CASE WHEN new = '' THEN coalesce(successor, '') ELSE '' END,
               clock_timestamp()
        FROM examined LEFT JOIN LATERAL (
            SELECT max(log.version) AS version FROM common_change AS log
            WHERE log.record_kind = $1 AND log.record_id = examined.record_id
        ) AS last ON true
        WHERE new <> old AND NOT EXISTS (
            SELECT FROM common_change AS log
            WHERE log.transaction = change_number()
                AND log.record_kind = $1 AND log.record_id = examined.record_id
        )
        ORDER BY record_id
    $query$, served) USING kind, ids;
END $function$;

CREATE OR REPLACE FUNCTION public.common_settle()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
DECLARE touched record;
BEGIN
    -- The first call of a transaction takes all its rows. Those that follow ask for their own
    -- alone: to look for any row of the transaction would read again all that are deleted.
    IF NOT EXISTS (
        SELECT FROM common_touched
        WHERE transaction = NEW.transaction
            AND record_kind = NEW.record_kind AND record_id = NEW.record_id
    ) THEN
        RETURN NULL;
    END IF;
    FOR touched IN
        WITH gone AS (
            DELETE FROM common_touched WHERE transaction = pg_current_xact_id()
            RETURNING record_kind, record_id
        ), numbered AS (
            SELECT record_kind, record_id,
                   row_number() OVER (PARTITION BY record_kind ORDER BY record_id) AS place
            FROM gone
        )
        -- a thousand at a time: joining them costs as much as their number squared
        SELECT record_kind::text AS kind, array_agg(record_id::text ORDER BY record_id) AS ids
        FROM numbered GROUP BY record_kind, (place - 1) / 1000 ORDER BY 1, min(place)
    LOOP
        PERFORM common_compare(touched.kind, touched.ids);
    END LOOP;
    RETURN NULL;
END $function$;

CREATE CONSTRAINT TRIGGER common_settle
    AFTER INSERT ON public.common_touched
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW
    EXECUTE FUNCTION common_settle();
