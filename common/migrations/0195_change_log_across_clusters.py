"""Positions of the change log go on rising after a restore into another cluster of PostgreSQL.

Transaction ids begin anew there. What a row of the log carries is therefore the id plus the offset
of the cluster (table `common_clusteroffset`): 0 for the one where the log was begun, above all that
was written before for each further one.

- `cluster_identity()`: which cluster, timeline and database this is. A dump that is restored
  elsewhere, a base backup that is wound forward and a promoted copy are different ones.
- `change_number()`: what a row gets; the first one in a new cluster enters its offset.
- `change_horizon()`: rows below it are settled. Before the first entry in a new cluster these are
  all rows, as whoever wrote them has ended.

Offsets are hours since 1970 times 10¹³: two restores of the same dump do not give the same numbers.
"""

import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.models import Func

import common.models

FUNCTIONS = """
CREATE FUNCTION public.cluster_identity() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT format(
        '%s-%s-%s',
        (SELECT system_identifier FROM pg_control_system()),
        left(pg_walfile_name(pg_current_wal_lsn()), 8),
        (SELECT oid FROM pg_database WHERE datname = current_database())
    )
$$;

CREATE FUNCTION public.change_offset() RETURNS bigint LANGUAGE plpgsql AS $$
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
END $$;

CREATE FUNCTION public.change_number() RETURNS xid8 LANGUAGE sql AS $$
    SELECT (public.change_offset() + pg_current_xact_id()::text::bigint)::text::xid8
$$;

CREATE FUNCTION public.change_horizon() RETURNS xid8 LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT first + pg_snapshot_xmin(pg_current_snapshot())::text::bigint
         FROM public.common_clusteroffset WHERE identity = public.cluster_identity()),
        (SELECT max(first) + 10000000000000 FROM public.common_clusteroffset),
        0
    )::text::xid8
$$;

SELECT public.change_offset();
"""
BACK = """
DROP FUNCTION public.change_horizon();
DROP FUNCTION public.change_number();
DROP FUNCTION public.change_offset();
DROP FUNCTION public.cluster_identity();
"""


class Migration(migrations.Migration):
    dependencies = [("common", "0190_names_in_readers_order")]

    operations = [
        migrations.CreateModel(
            name="ClusterOffset",
            fields=[
                (
                    "identity",
                    models.CharField(
                        max_length=60,
                        primary_key=True,
                        serialize=False,
                        verbose_name="cluster, timeline and database",
                    ),
                ),
                ("first", models.BigIntegerField(unique=True, verbose_name="numbers begin above")),
                (
                    "since",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="since"
                    ),
                ),
            ],
            options={
                "verbose_name": "cluster of the change log",
                "verbose_name_plural": "clusters of the change log",
            },
        ),
        migrations.RunSQL(FUNCTIONS, BACK),
        migrations.AlterField(
            model_name="change",
            name="transaction",
            field=common.models.TransactionId(
                db_default=Func(function="change_number"), editable=False
            ),
        ),
    ]
