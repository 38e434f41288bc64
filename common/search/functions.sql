-- How all searches fold, join and stem words, in every script.

CREATE OR REPLACE FUNCTION public.search_fold(content text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (' '::text || regexp_replace(translate(lower((unaccent('unaccent'::regdictionary, regexp_replace(regexp_replace(regexp_replace(regexp_replace((CASE WHEN (content IS NFKC NORMALIZED) THEN content ELSE NORMALIZE(content, NFKC) END COLLATE pg_c_utf8), 'https?://|\mwww\.'::text, ' '::text, 'gi'::text), '[،؛؟。、；：（）《》「」“”«»/<>&]'::text, ' '::text, 'g'::text), '[ًٌٍَُِّْٰـ­​-‏‪-‮⁦-⁩]'::text, ''::text, 'g'::text), '(?<=\w)[-.@_:‐-―−]+(?=\w)'::text, ' '::text, 'g'::text)) COLLATE pg_c_utf8)), 'أإآٱىیةہۀکؤئ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹'::text, 'ااااييهههكءء01234567890123456789'::text), '\m(?:[وبفك]?ال|لل)(?=[ء-ي]{3})'::text, ''::text, 'g'::text));

CREATE OR REPLACE FUNCTION public.search_joined(content text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (SELECT COALESCE(string_agg(DISTINCT forms.form, ' '::text), ''::text) AS "coalesce" FROM (SELECT regexp_replace(hit.hit[1], '[-.@_:‐-―−]+'::text, ''::text, 'g'::text) AS regexp_replace FROM regexp_matches(regexp_replace((search_joined.content COLLATE pg_c_utf8), 'https?://|\mwww\.'::text, ' '::text, 'gi'::text), '([^\W_]+(?:[-.@_:‐-―−]+[^\W_]+)+)'::text, 'g'::text) hit(hit) WHERE ((hit.hit[1] COLLATE pg_c_utf8) ~ '[[:alpha:]]'::text) UNION ALL SELECT regexp_replace((hit.hit[1] COLLATE pg_c_utf8), '(?<=[[:lower:]])(?=[[:upper:]])|(?<=[[:alpha:]])(?=\d)|(?<=\d)(?=[[:alpha:]])'::text, ' '::text, 'g'::text) AS regexp_replace FROM regexp_matches((search_joined.content COLLATE pg_c_utf8), '(\w*(?:[[:lower:]][[:upper:]]|[[:alpha:]]\d|\d[[:alpha:]])\w*)'::text, 'g'::text) hit(hit)) forms(form));

CREATE OR REPLACE FUNCTION public.search_forms(content text, configurations regconfig[])
 RETURNS tsquery
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
DECLARE
    word text := btrim(public.search_fold(content));
    readings text[];
    size int := char_length(word);
BEGIN
    IF size < 3 OR word !~ '^[[:alnum:]]+$' COLLATE pg_c_utf8 OR word ~ '[㐀-䶿一-鿿]' THEN
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
END $function$;

CREATE OR REPLACE FUNCTION public.search_query(content text, configurations regconfig[])
 RETURNS tsquery
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
    SELECT coalesce(string_agg(DISTINCT '(' || said || ')', ' | '), '')::tsquery
    FROM (
        SELECT nullif(websearch_to_tsquery(configuration, public.search_fold(content))::text, '')
        FROM unnest(configurations) AS configuration
    ) AS readings (said)
$function$;

CREATE OR REPLACE FUNCTION public.search_sound(content text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN regexp_replace(regexp_replace(regexp_replace(translate(translate(translate(replace(replace(replace(replace(replace(replace(replace(replace(replace(translate(btrim(search_fold(content)), '3795'::text, '-hsh'::text), 'sch'::text, 'S'::text), 'sh'::text, 'S'::text), 'ch'::text, 'S'::text), 'kh'::text, 'h'::text), 'gh'::text, 'g'::text), 'th'::text, 't'::text), 'dh'::text, 'd'::text), 'ph'::text, 'f'::text), 'x'::text, 'ks'::text), 'ابتثجحخدذرزسشصضطظعغفقكلمنهويءپچژگ'::text, '-bttghhddrzsSsdtz-gfkklmnh---bSzg'::text), 'абвгґджзклмнпрстфхцчшщ'::text, '-bfggdzzklmnbrstfhsSSS'::text), 'vpjqc'::text, 'fbgkk'::text), 'h$'::text, ''::text), '[^bfghdklmnrstzS]'::text, ''::text, 'g'::text), '(.)\1+'::text, '\1'::text, 'g'::text);

CREATE OR REPLACE FUNCTION public.search_initials(content text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (SELECT lower((string_agg(hits.hit[1], ''::text ORDER BY hits.place) COLLATE pg_c_utf8)) AS lower FROM regexp_matches(regexp_replace((search_initials.content COLLATE pg_c_utf8), '\([^)]*\)'::text, ' '::text, 'g'::text), '\m([[:upper:]])[[:alpha:]]*'::text, 'g'::text) WITH ORDINALITY hits(hit, place));

CREATE OR REPLACE FUNCTION public.search_vector(language text, content text)
 RETURNS tsvector
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
DECLARE
    folded text := public.search_fold(content);
    joined text := public.search_joined(content);
    configuration regconfig := CASE language
        WHEN 'en' THEN 'english' WHEN 'fr' THEN 'french' WHEN 'ru' THEN 'russian'
        WHEN 'es' THEN 'spanish' WHEN 'ar' THEN 'arabic' ELSE 'simple' END;
    words tsvector;
BEGIN
    IF folded ~ '[㐀-䶿一-鿿]' THEN
        folded := regexp_replace(folded, '([㐀-䶿一-鿿]+)', ' \1 ', 'g');
        folded := regexp_replace(folded, '([㐀-䶿一-鿿])', ' \1 ', 'g') || ' '
            || regexp_replace(folded, '([㐀-䶿一-鿿]{2})', ' \1 ', 'g') || ' '
            || regexp_replace(
                regexp_replace(folded, '(?<![㐀-䶿一-鿿])[㐀-䶿一-鿿]', ' ', 'g'),
                '([㐀-䶿一-鿿]{2})', ' \1 ', 'g');
    END IF;
    words := to_tsvector(configuration, folded);
    IF joined <> '' THEN
        words := words || to_tsvector(configuration, public.search_fold(joined));
    END IF;
    RETURN words;
END $function$;
