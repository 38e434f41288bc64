-- Nothing published vanishes: a project that has versions is archived, never deleted.

CREATE OR REPLACE FUNCTION public.project_kept()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    RAISE EXCEPTION 'The project % is or was public: archive it.', OLD.number
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'project_kept';
END $function$;

CREATE TRIGGER project_kept
    BEFORE DELETE ON public.stocktaking_project
    FOR EACH ROW
    WHEN (old.version > 0)
    EXECUTE FUNCTION project_kept();
