-- The words of a project and of its texts in other languages, and the projects that have some.

-- Read as a whole: compressed vectors would cost more time than they save room.
ALTER TABLE stocktaking_projectwords ALTER COLUMN whole SET STORAGE EXTERNAL;

CREATE OR REPLACE FUNCTION public.project_words_write(key bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
DECLARE
    entry public.stocktaking_project;
    other public.stocktaking_projecttext;
    named tsvector;
    told tsvector;
    names text;
BEGIN
    SELECT * INTO entry FROM public.stocktaking_project WHERE id = key;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    named := setweight(public.search_vector(entry.language, entry.title), 'A')
        || setweight(public.search_vector(entry.language, entry.organization_name), 'B');
    told := setweight(public.search_vector(entry.language, entry.summary), 'C')
        || setweight(public.search_vector(entry.language, concat_ws(
            E'\n', entry.partners, entry.results, entry.replicability, entry.sustainability
        )), 'D');
    names := concat_ws(' ', entry.title, entry.organization_name);
    FOR other IN
        SELECT * FROM public.stocktaking_projecttext
        WHERE project_id = key AND status = 'approved' ORDER BY language
    LOOP
        named := named || setweight(public.search_vector(other.language, other.title), 'A');
        names := concat_ws(' ', names, other.title);
        told := told || setweight(public.search_vector(other.language, other.summary), 'C')
            || setweight(public.search_vector(other.language, concat_ws(
                E'\n', other.partners, other.results, other.replicability, other.sustainability
            )), 'D');
    END LOOP;
    INSERT INTO public.stocktaking_projectwords (project_id, heading, whole, sort_title)
    VALUES (key, named, named || told, left(ltrim(public.search_fold(entry.title)), 120))
    ON CONFLICT (project_id) DO UPDATE SET
        heading = excluded.heading, whole = excluded.whole, sort_title = excluded.sort_title;
    INSERT INTO public.stocktaking_projecthints (project_id, hints)
    VALUES (key, public.project_hints(names, ARRAY[entry.title, entry.organization_name]))
    ON CONFLICT (project_id) DO UPDATE SET hints = excluded.hints;
END $function$;

CREATE OR REPLACE FUNCTION public.project_words()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    PERFORM public.project_words_write(NEW.id);
    RETURN NULL;
END $function$;

CREATE OR REPLACE FUNCTION public.project_text_words()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    IF (TG_OP <> 'INSERT' AND OLD.status = 'approved')
        OR (TG_OP <> 'DELETE' AND NEW.status = 'approved')
    THEN
        PERFORM public.project_words_write(coalesce(NEW.project_id, OLD.project_id));
    END IF;
    RETURN NULL;
END $function$;

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

CREATE TRIGGER project_words_changed
    AFTER UPDATE ON public.stocktaking_project
    FOR EACH ROW
    WHEN ((OLD.language, OLD.title, OLD.organization_name, OLD.summary,
         OLD.partners, OLD.results, OLD.replicability, OLD.sustainability)
        IS DISTINCT FROM
        (NEW.language, NEW.title, NEW.organization_name, NEW.summary,
         NEW.partners, NEW.results, NEW.replicability, NEW.sustainability))
    EXECUTE FUNCTION project_words();

CREATE TRIGGER project_words_new
    AFTER INSERT ON public.stocktaking_project
    FOR EACH ROW
    EXECUTE FUNCTION project_words();

CREATE TRIGGER project_text_words
    AFTER INSERT OR DELETE OR UPDATE ON public.stocktaking_projecttext
    FOR EACH ROW
    EXECUTE FUNCTION project_text_words();

CREATE INDEX project_heading_trigrams ON public.stocktaking_project
    USING gin (search_fold((((title)::text || ' '::text) || (organization_name)::text)) gin_trgm_ops)
    WHERE ((status)::text = 'published'::text);
