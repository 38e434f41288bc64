"""Words are found however they are spelt: joined or split, with a dot, in any Arabic spelling.

`search_fold` and `search_vector` take the place of those of 0002; the calls stay the same.
"""

from importlib import import_module

from django.db import migrations

first = import_module("common.migrations.0002_search_functions")

# Marks between words, also those that PostgreSQL would read as a tag or an entity.
MARKS = first.MARKS + "<>&"
# Vowel signs, the lengthening stroke, soft hyphens and signs of direction say nothing.
SIGNS = first.SIGNS + "\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069"
# What joins the parts of a compound, an address or a name ("Wi-Fi", "Kedesa.id", "a_b"). PostgreSQL
# would take a name with a dot for a host and "covid-19" for a negative number.
JOINERS = "-.@_:\u2010-\u2015\u2212"
# One form of each Arabic letter that is written in several ways; digits of three alphabets.
LETTERS = (
    "أإآٱىیةہۀکؤئ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹",
    "اااايي" "هههك" "ءء01234567890123456789",
)
# The article, also behind "and", "in", "as" and "to": the stemmer treats a word with it otherwise than one without.
ARTICLE = "\\m(?:[وبفك]?ال|لل)(?=[ء-ي]{3})"

FOLD = f"""
CREATE OR REPLACE FUNCTION search_fold(content text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN
' ' || regexp_replace(translate(lower(
    public.unaccent('public.unaccent'::regdictionary,
        regexp_replace(regexp_replace(regexp_replace(regexp_replace(
            (CASE WHEN content IS NFKC NORMALIZED THEN content ELSE normalize(content, NFKC) END)
                COLLATE pg_c_utf8,
            'https?://|\\mwww\\.', ' ', 'gi'),
            '[{MARKS}]', ' ', 'g'),
            '[{SIGNS}]', '', 'g'),
            '(?<=\\w)[{JOINERS}]+(?=\\w)', ' ', 'g')
    ) COLLATE pg_c_utf8
), '{LETTERS[0]}', '{LETTERS[1]}'), '{ARTICLE}', '', 'g');
"""

# "Wi-Fi" is also wifi, "Kedesa.id" also kedesaid, "FuturePolicy" also future policy.
JOINED = f"""
CREATE FUNCTION search_joined(content text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN (
    SELECT coalesce(string_agg(DISTINCT form, ' '), '')
    FROM (
        SELECT regexp_replace(hit[1], '[{JOINERS}]+', '', 'g')
        FROM regexp_matches(
            regexp_replace(content COLLATE pg_c_utf8, 'https?://|\\mwww\\.', ' ', 'gi'),
            '([^\\W_]+(?:[{JOINERS}]+[^\\W_]+)+)', 'g'
        ) AS hit
        WHERE hit[1] COLLATE pg_c_utf8 ~ '[[:alpha:]]'
        UNION ALL
        SELECT regexp_replace(hit[1] COLLATE pg_c_utf8,
            '(?<=[[:lower:]])(?=[[:upper:]])|(?<=[[:alpha:]])(?=\\d)|(?<=\\d)(?=[[:alpha:]])',
            ' ', 'g')
        FROM regexp_matches(content COLLATE pg_c_utf8,
            '(\\w*(?:[[:lower:]][[:upper:]]|[[:alpha:]]\\d|\\d[[:alpha:]])\\w*)', 'g') AS hit
    ) AS forms (form)
);
"""

HAN = "㐀-䶿一-鿿"
VECTOR = f"""
CREATE OR REPLACE FUNCTION search_vector(language text, content text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    folded text := public.search_fold(content);
    joined text := public.search_joined(content);
    configuration regconfig := CASE language
        WHEN 'en' THEN 'english' WHEN 'fr' THEN 'french' WHEN 'ru' THEN 'russian'
        WHEN 'es' THEN 'spanish' WHEN 'ar' THEN 'arabic' ELSE 'simple' END;
    words tsvector;
BEGIN
    IF folded ~ '[{HAN}]' THEN
        folded := regexp_replace(folded, '([{HAN}]+)', ' \\1 ', 'g');
        folded := regexp_replace(folded, '([{HAN}])', ' \\1 ', 'g') || ' '
            || regexp_replace(folded, '([{HAN}]{{2}})', ' \\1 ', 'g') || ' '
            || regexp_replace(
                regexp_replace(folded, '(?<![{HAN}])[{HAN}]', ' ', 'g'),
                '([{HAN}]{{2}})', ' \\1 ', 'g');
    END IF;
    words := to_tsvector(configuration, folded);
    IF joined <> '' THEN
        words := words || to_tsvector(configuration, public.search_fold(joined));
    END IF;
    RETURN words;
END $$;
"""

# What a word may be a part of ("teleme", "التعل"), and the two words of which it may be made
# ("opendata"). A split whose one half is a stop word would find its other half alone.
FORMS = f"""
CREATE FUNCTION search_forms(content text, configurations regconfig[]) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    word text := btrim(public.search_fold(content));
    readings text[];
    size int := char_length(word);
BEGIN
    IF size < 3 OR word !~ '^[[:alnum:]]+$' COLLATE pg_c_utf8 OR word ~ '[{HAN}]' THEN
        RETURN NULL;
    END IF;
    readings := ARRAY['''' || word || ''':*'];
    IF 'arabic'::regconfig = ANY(configurations) THEN
        readings := readings || to_tsquery('arabic', word || ':*')::text;
    END IF;
    IF size BETWEEN 4 AND 30 THEN
        readings := readings || ARRAY(
            SELECT DISTINCT phrase::text
            FROM generate_series(2, size - 2) AS at,
                unnest(configurations) AS configuration,
                phraseto_tsquery(configuration, left(word, at) || ' ' || substr(word, at + 1))
                    AS phrase
            WHERE numnode(phrase) = 3
        );
    END IF;
    RETURN (
        SELECT string_agg('(' || reading || ')', ' | ') FROM unnest(readings) AS reading
        WHERE reading <> ''
    )::tsquery;
END $$;
"""

# The consonants that a word is written with in any of three alphabets, so that نور, Нур and Noor
# are one. Vowels are dropped, as Arabic does not write them; letters that transliterations mix up
# are one letter.
ARABIC = ("ابتثجحخدذرزسشصضطظعغفقكلمنهويءپچژگ", "-bttghhddrzsSsdtz-gfkklmnh---bSzg")
CYRILLIC = ("абвгґджзклмнпрстфхцчшщ", "-bfggdzzklmnbrstfhsSSS")
LATIN = ("vpjqc", "fbgkk")
SOUND = f"""
CREATE FUNCTION search_sound(content text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN
regexp_replace(regexp_replace(regexp_replace(translate(translate(translate(
    replace(replace(replace(replace(replace(replace(replace(replace(replace(
        translate(btrim(public.search_fold(content)), '3795', '-hsh'),
        'sch', 'S'), 'sh', 'S'), 'ch', 'S'), 'kh', 'h'), 'gh', 'g'), 'th', 't'), 'dh', 'd'),
        'ph', 'f'), 'x', 'ks'),
    '{ARABIC[0]}', '{ARABIC[1]}'), '{CYRILLIC[0]}', '{CYRILLIC[1]}'), '{LATIN[0]}', '{LATIN[1]}'),
    'h$', ''), '[^bfghdklmnrstzS]', '', 'g'), '(.)\\1+', '\\1', 'g');
"""

# The first letters of the capitalized words of a name: "World Blind Union" is also wbu.
INITIALS = """
CREATE FUNCTION search_initials(content text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN (
    SELECT lower(string_agg(hit[1], '' ORDER BY place) COLLATE pg_c_utf8)
    FROM regexp_matches(
        regexp_replace(content COLLATE pg_c_utf8, '\\([^)]*\\)', ' ', 'g'),
        '\\m([[:upper:]])[[:alpha:]]*', 'g'
    ) WITH ORDINALITY AS hits (hit, place)
);
"""


class Migration(migrations.Migration):

    dependencies = [("common", "0005_mail_that_waits_for_undo")]

    operations = [
        migrations.RunSQL(JOINED, "DROP FUNCTION search_joined(text)"),
        migrations.RunSQL(FOLD, first.FOLD.replace("CREATE", "CREATE OR REPLACE", 1)),
        migrations.RunSQL(VECTOR, first.VECTOR.replace("CREATE", "CREATE OR REPLACE", 1)),
        migrations.RunSQL(FORMS, "DROP FUNCTION search_forms(text, regconfig[])"),
        migrations.RunSQL(SOUND, "DROP FUNCTION search_sound(text)"),
        migrations.RunSQL(INITIALS, "DROP FUNCTION search_initials(text)"),
    ]
