-- Organizations to which officials of a contest are tied.

CREATE OR REPLACE FUNCTION public.prize_ties(the_contest bigint)
 RETURNS TABLE(entry_id bigint, user_id bigint)
 LANGUAGE sql
 STABLE
AS $function$
    SELECT e.id, e.owner_id FROM public.prizes_entry e
    JOIN public.prizes_contest c ON c.id = e.contest_id AND c.own_organization_barred
    WHERE e.contest_id = the_contest AND e.source = '' AND e.owner_id IS NOT NULL
    UNION ALL
    SELECT e.id, w.user_id FROM public.prizes_entry e
    JOIN public.prizes_contest c ON c.id = e.contest_id AND c.own_organization_barred
    JOIN public.stocktaking_coeditor w ON w.project_id = e.project_id
        AND w.user_id IS NOT NULL AND w.revoked_at IS NULL
    WHERE e.contest_id = the_contest AND e.source = ''
    UNION ALL
    SELECT e.id, m.user_id FROM public.prizes_entry e
    JOIN public.prizes_contest c ON c.id = e.contest_id AND c.own_organization_barred
    JOIN public.stocktaking_member m ON m.organization_id = e.organization_id
    WHERE e.contest_id = the_contest AND e.source = ''
    UNION ALL
    SELECT e.id, f.user_id FROM public.prizes_entry e
    JOIN public.prizes_contest c ON c.id = e.contest_id AND c.own_organization_barred
    JOIN public.prizes_formermembership f ON f.organization_id = e.organization_id
        AND f.until >= coalesce((SELECT min(p.opens_at) FROM public.prizes_phase p
                                 WHERE p.contest_id = the_contest), '-infinity')
    WHERE e.contest_id = the_contest AND e.source = ''
$function$;
