-- The words of a project and of its texts in other languages. The class WordsTriggers (models.py)
-- puts the columns in braces in.

CREATE FUNCTION public.project_words_write(key bigint)
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
    named := {named};
    told := {told};
    names := concat_ws(' ', entry.title, entry.organization_name);
    FOR other IN
        SELECT * FROM public.stocktaking_projecttext
        WHERE project_id = key AND status = 'approved' ORDER BY language
    LOOP
        named := named || {named_in_other};
        names := concat_ws(' ', names, other.title);
        told := told || {told_in_other};
    END LOOP;
    INSERT INTO public.stocktaking_projectwords (project_id, heading, whole, sort_title)
    VALUES (key, named, named || told, left(ltrim(public.search_fold(entry.title)), 120))
    ON CONFLICT (project_id) DO UPDATE SET
        heading = excluded.heading, whole = excluded.whole, sort_title = excluded.sort_title;
    INSERT INTO public.stocktaking_projecthints (project_id, hints)
    VALUES (key, public.project_hints(names, ARRAY[entry.title, entry.organization_name]))
    ON CONFLICT (project_id) DO UPDATE SET hints = excluded.hints;
END $function$;

CREATE FUNCTION public.project_words()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    PERFORM public.project_words_write(NEW.id);
    RETURN NULL;
END $function$;

CREATE FUNCTION public.project_text_words()
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

CREATE TRIGGER project_words_changed
    AFTER UPDATE ON public.stocktaking_project
    FOR EACH ROW
    WHEN (({old}) IS DISTINCT FROM ({new}))
    EXECUTE FUNCTION project_words();

CREATE TRIGGER project_words_new
    AFTER INSERT ON public.stocktaking_project
    FOR EACH ROW
    EXECUTE FUNCTION project_words();

CREATE TRIGGER project_text_words
    AFTER INSERT OR DELETE OR UPDATE ON public.stocktaking_projecttext
    FOR EACH ROW
    EXECUTE FUNCTION project_text_words();

-- What stands in the table already is written anew.
SELECT public.project_words_write(id) FROM public.stocktaking_project;
