"""SQL functions of the text search (docs/search.md): folding, vectors, queries.

common/search.py names the same configurations.
"""

from django.db import migrations

# NFKC joins accents to their letters and makes full-width and presentation forms ordinary;
# Arabic vowel signs and the lengthening stroke go, and the "and" that is written onto a word with
# its article (the stemmer leaves it); marks that stand between words become spaces, also the
# slash, which PostgreSQL would read as a file name ("education/training").
MARKS = "،؛؟。、；：（）《》「」“”«»/"
SIGNS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670\u0640"
FOLD = f"""
CREATE FUNCTION search_fold(content text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN
replace(' ' || lower(
    public.unaccent('public.unaccent'::regdictionary, regexp_replace(regexp_replace(
        CASE WHEN content IS NFKC NORMALIZED THEN content ELSE normalize(content, NFKC) END,
        '[{MARKS}]', ' ', 'g'), '[{SIGNS}]', '', 'g')
    ) COLLATE pg_c_utf8
), ' وال', ' ال');
"""

# Chinese has no spaces: each sign and each pair of neighbours is a word. Pairs are made in two
# passes, one beginning at the first sign of a run and one at the second.
VECTOR = """
CREATE FUNCTION search_vector(language text, content text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    folded text := public.search_fold(content);
    configuration regconfig := CASE language
        WHEN 'en' THEN 'english' WHEN 'fr' THEN 'french' WHEN 'ru' THEN 'russian'
        WHEN 'es' THEN 'spanish' WHEN 'ar' THEN 'arabic' ELSE 'simple' END;
BEGIN
    IF folded ~ '[㐀-䶿一-鿿]' THEN
        folded := regexp_replace(folded, '([㐀-䶿一-鿿]+)', ' \\1 ', 'g');
        folded := regexp_replace(folded, '([㐀-䶿一-鿿])', ' \\1 ', 'g') || ' '
            || regexp_replace(folded, '([㐀-䶿一-鿿]{2})', ' \\1 ', 'g') || ' '
            || regexp_replace(
                regexp_replace(folded, '(?<![㐀-䶿一-鿿])[㐀-䶿一-鿿]', ' ', 'g'),
                '([㐀-䶿一-鿿]{2})', ' \\1 ', 'g');
    END IF;
    RETURN to_tsvector(configuration, folded);
END $$;
"""

# One query of the distinct readings costs one look into the index; six conditions cost two.
QUERY = """
CREATE FUNCTION search_query(content text, configurations regconfig[]) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(string_agg(DISTINCT '(' || said || ')', ' | '), '')::tsquery
    FROM (
        SELECT nullif(websearch_to_tsquery(configuration, public.search_fold(content))::text, '')
        FROM unnest(configurations) AS configuration
    ) AS readings (said)
$$;
"""


class Migration(migrations.Migration):

    dependencies = [("common", "0001_initial")]

    operations = [
        migrations.RunSQL(FOLD, "DROP FUNCTION search_fold(text)"),
        migrations.RunSQL(VECTOR, "DROP FUNCTION search_vector(text, text)"),
        migrations.RunSQL(QUERY, "DROP FUNCTION search_query(text, regconfig[])"),
    ]
