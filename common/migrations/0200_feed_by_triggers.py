"""The state of each public record, and the comparison that writes the log of changes."""

from django.db import migrations, models

TOUCHED = """
-- Records that a running transaction has written; empty whenever none runs.
CREATE UNLOGGED TABLE common_touched (
    transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
    record_kind varchar(60) NOT NULL,
    record_id varchar(40) NOT NULL,
    PRIMARY KEY (transaction, record_kind, record_id)
);

-- Compare what these records say with what they said, and log each that says something else.
CREATE FUNCTION common_compare(kind text, ids text[]) RETURNS void LANGUAGE plpgsql AS $$
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
END $$;

CREATE FUNCTION common_settle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched record;
BEGIN
    FOR touched IN
        WITH gone AS (
            DELETE FROM common_touched WHERE transaction = pg_current_xact_id()
            RETURNING record_kind, record_id
        )
        SELECT record_kind::text AS kind, array_agg(record_id::text ORDER BY record_id) AS ids
        FROM gone GROUP BY record_kind ORDER BY record_kind
    LOOP
        PERFORM common_compare(touched.kind, touched.ids);
    END LOOP;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER common_settle AFTER INSERT ON common_touched
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION common_settle();
"""

GONE = """
DROP TABLE common_touched;
DROP FUNCTION common_settle();
DROP FUNCTION common_compare(text, text[]);
"""


class Migration(migrations.Migration):

    dependencies = [("common", "0195_change_log_across_clusters")]

    operations = [
        migrations.CreateModel(
            name="ServedState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_kind", models.CharField(max_length=60, verbose_name="kind of record")),
                ("record_id", models.CharField(max_length=40, verbose_name="record")),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="SHA-256 of the content")),
                ("changed_at", models.DateTimeField(null=True, verbose_name="changed at")),
                ("examined_at", models.DateTimeField(verbose_name="examined at")),
            ],
            options={
                "verbose_name": "state of a public record",
                "verbose_name_plural": "states of public records",
                "constraints": [
                    models.UniqueConstraint(fields=("record_kind", "record_id"), name="served_state_once")
                ],
            },
        ),
        migrations.RunSQL(TOUCHED, GONE),
    ]
