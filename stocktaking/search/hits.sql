-- Which projects have some words, or names that sound alike.

-- Read as a whole: compressed vectors would cost more time than they save room.
ALTER TABLE stocktaking_projectwords ALTER COLUMN whole SET STORAGE EXTERNAL;

CREATE INDEX project_heading_trigrams ON public.stocktaking_project
    USING gin (search_fold((((title)::text || ' '::text) || (organization_name)::text)) gin_trgm_ops)
    WHERE ((status)::text = 'published'::text);

CREATE OR REPLACE FUNCTION public.project_hits(query tsquery)
 RETURNS bytea
 LANGUAGE sql
 STABLE STRICT
 SET enable_seqscan TO 'off'
 SET max_parallel_workers_per_gather TO '0'
 SET jit TO 'off'
AS $function$
    SELECT string_agg(int4send(project_id::int), '')
    FROM public.stocktaking_projectwords WHERE whole @@ query
$function$;

CREATE OR REPLACE FUNCTION public.project_heading_hits(query tsquery)
 RETURNS bytea
 LANGUAGE sql
 STABLE STRICT
 SET enable_seqscan TO 'off'
 SET max_parallel_workers_per_gather TO '0'
 SET jit TO 'off'
AS $function$
    SELECT string_agg(int4send(project_id::int), '')
    FROM public.stocktaking_projectwords WHERE heading @@ query
$function$;

-- Sounds and initials of names, by which a misspelt one is found.

CREATE OR REPLACE FUNCTION public.project_hints(names text, initialled text[])
 RETURNS tsvector
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN array_to_tsvector(ARRAY(SELECT DISTINCT hints.hint FROM (SELECT ('~'::text || search_sound(word.word)) AS "?column?" FROM regexp_split_to_table((search_fold(project_hints.names) COLLATE pg_c_utf8), '\W+'::text) word(word) WHERE ((char_length(word.word) > 2) AND (char_length(search_sound(word.word)) > 1)) UNION ALL SELECT search_initials(name.name) AS search_initials FROM unnest(project_hints.initialled) name(name)) hints(hint) WHERE (char_length(hints.hint) > 2)));

CREATE OR REPLACE FUNCTION public.project_hint_hits(query tsquery)
 RETURNS bytea
 LANGUAGE sql
 STABLE STRICT
 SET enable_seqscan TO 'off'
 SET max_parallel_workers_per_gather TO '0'
 SET jit TO 'off'
AS $function$
    SELECT string_agg(int4send(project_id::int), '')
    FROM public.stocktaking_projecthints WHERE hints @@ query
$function$;
