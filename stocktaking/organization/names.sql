-- All names by which an organization is known, in one text.

CREATE OR REPLACE FUNCTION public.organization_names(name character varying, aliases character varying[])
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT upper(name || ' ' || array_to_string(aliases, ' '))
$function$;
