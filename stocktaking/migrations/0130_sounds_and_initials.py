from importlib import import_module

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

before = import_module("stocktaking.migrations.0050_entry_texts")

# Beside the words of a project: how the words of its title and organisation sound ("~hkm" for
# Hukoomi), and the initials of both. Asked only when the words themselves find little; in a table
# of its own, because the rows that every search visits must be small.
HINTS = """
CREATE FUNCTION project_hints(names text, initialled text[]) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN array_to_tsvector(ARRAY(
    SELECT DISTINCT hint
    FROM (
        SELECT '~' || public.search_sound(word)
        FROM regexp_split_to_table(public.search_fold(names) COLLATE pg_c_utf8, '\\W+') AS word
        WHERE char_length(word) > 2 AND char_length(public.search_sound(word)) > 1
        UNION ALL
        SELECT public.search_initials(name) FROM unnest(initialled) AS name
    ) AS hints (hint)
    WHERE char_length(hint) > 2
));
CREATE FUNCTION project_hint_hits(query tsquery) RETURNS bytea
LANGUAGE sql STABLE STRICT
SET enable_seqscan = off SET max_parallel_workers_per_gather = 0 SET jit = off AS $$
    SELECT string_agg(int4send(project_id::int), '')
    FROM public.stocktaking_projecthints WHERE hints @@ query
$$;
"""
NO_HINTS = """
DROP FUNCTION project_hint_hits(tsquery);
DROP FUNCTION project_hints(text, text[]);
"""

WRITE = """
CREATE OR REPLACE FUNCTION project_words_write(key bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    entry public.stocktaking_project;
    other public.stocktaking_entrytext;
    named tsvector;
    told tsvector;
    names text;
BEGIN
    SELECT * INTO entry FROM public.stocktaking_project WHERE id = key;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    named := setweight(public.search_vector(entry.language, entry.title), 'A')
        || setweight(public.search_vector(entry.language, entry.organisation_name), 'B');
    told := setweight(public.search_vector(entry.language, entry.summary), 'C')
        || setweight(public.search_vector(entry.language, concat_ws(
            E'\\n', entry.partners, entry.results, entry.replicability, entry.sustainability
        )), 'D');
    names := concat_ws(' ', entry.title, entry.organisation_name);
    FOR other IN
        SELECT * FROM public.stocktaking_entrytext
        WHERE project_id = key AND status = 'approved' ORDER BY language
    LOOP
        named := named || setweight(public.search_vector(other.language, other.title), 'A');
        names := concat_ws(' ', names, other.title);
        told := told || setweight(public.search_vector(other.language, other.summary), 'C')
            || setweight(public.search_vector(other.language, concat_ws(
                E'\\n', other.partners, other.results, other.replicability, other.sustainability
            )), 'D');
    END LOOP;
    INSERT INTO public.stocktaking_projecttext (project_id, heading, whole, sort_title)
    VALUES (key, named, named || told, left(ltrim(public.search_fold(entry.title)), 120))
    ON CONFLICT (project_id) DO UPDATE SET
        heading = excluded.heading, whole = excluded.whole, sort_title = excluded.sort_title;
    INSERT INTO public.stocktaking_projecthints (project_id, hints)
    VALUES (key, public.project_hints(names, ARRAY[entry.title, entry.organisation_name]))
    ON CONFLICT (project_id) DO UPDATE SET hints = excluded.hints;
END $$;
"""
# project_words_write() of 0050_entry_texts again
UNWRITE = before.WRITE[: before.WRITE.index("CREATE OR REPLACE FUNCTION project_words()")].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)

# The index of trigrams holds folded texts as well.
ANEW = """
REINDEX INDEX project_heading_trigrams;
SELECT public.project_words_write(id) FROM public.stocktaking_project;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("common", "0130_words_in_every_spelling"),
        ("stocktaking", "0063_embargo"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProjectHints",
            fields=[
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="hints",
                        serialize=False,
                        to="stocktaking.project",
                        verbose_name="project",
                    ),
                ),
                (
                    "hints",
                    django.contrib.postgres.search.SearchVectorField(
                        verbose_name="sounds and initials of title and organization"
                    ),
                ),
            ],
            options={
                "verbose_name": "sounds of a project's names",
                "verbose_name_plural": "sounds of projects' names",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["hints"], name="project_hints"
                    )
                ],
            },
        ),
        migrations.RunSQL(HINTS, NO_HINTS),
        migrations.RunSQL(WRITE, UNWRITE),
        migrations.RunSQL(ANEW, migrations.RunSQL.noop),
    ]
