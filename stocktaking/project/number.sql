-- The public number of a project is given once and never changes.

CREATE OR REPLACE FUNCTION public.project_number()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    NEW.number := 'WSIS-'
        || CASE WHEN NEW.year > 0 THEN NEW.year::int ELSE extract(year FROM now())::int END
        || '-' || CASE WHEN NEW.id < 1000000 THEN lpad(NEW.id::text, 6, '0') ELSE NEW.id::text END;
    RETURN NEW;
END $function$;

CREATE OR REPLACE FUNCTION public.project_number_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    RAISE EXCEPTION 'The number % of a project never changes.', OLD.number
        USING ERRCODE = 'check_violation', CONSTRAINT = 'project_number_stays';
END $function$;

CREATE TRIGGER project_number_new
    BEFORE INSERT ON public.stocktaking_project
    FOR EACH ROW
    EXECUTE FUNCTION project_number();

CREATE TRIGGER project_number_changed
    BEFORE UPDATE ON public.stocktaking_project
    FOR EACH ROW
    WHEN ((((old.number)::text IS DISTINCT FROM (new.number)::text) AND ((old.number)::text <> ''::text)))
    EXECUTE FUNCTION project_number_stays();
