-- Conflicts of interest between experts and entries, with the kind of each: one rule for lists,
-- assignments, scores and choices. Domains of public mail providers say nothing about an employer.

CREATE OR REPLACE FUNCTION public.prize_conflicts(people bigint[], public_mail text[])
 RETURNS TABLE(entry_id bigint, user_id bigint, kind text)
 LANGUAGE sql
 STABLE
AS $function$
WITH entry AS MATERIALIZED (
    SELECT e.id, e.contest_id, e.owner_id, e.organization_id, e.organization_name, e.country_id,
           e.project_id, p.organization_id AS project_organization_id, p.contact_email,
           p.partners
    FROM public.prizes_entry e
    LEFT JOIN public.stocktaking_project p ON p.id = e.project_id
    WHERE e.source = ''
), writer AS MATERIALIZED (  -- those who wrote the entry
    SELECT e.id AS entry_id, e.owner_id AS user_id FROM entry e WHERE e.owner_id IS NOT NULL
    UNION
    SELECT e.id, w.user_id FROM entry e
    JOIN public.stocktaking_coeditor w ON w.project_id = e.project_id
        AND w.user_id IS NOT NULL AND w.revoked_at IS NULL
), house AS MATERIALIZED (  -- organizations of the experts, those of the last year too
    SELECT m.user_id, m.organization_id FROM public.stocktaking_member m
    WHERE m.user_id = ANY(people) AND m.organization_id IS NOT NULL
    UNION
    SELECT m.user_id, r.organization_id FROM public.stocktaking_organizationrole r
    JOIN public.stocktaking_member m ON m.id = r.member_id
    WHERE m.user_id = ANY(people) AND r.status IN ('asked', 'verified')
    UNION
    SELECT f.user_id, f.organization_id FROM public.prizes_formermembership f
    WHERE f.user_id = ANY(people)
), relative AS (
    SELECT h.user_id, t.other_id AS organization_id FROM house h
    JOIN public.prizes_organizationtie t ON t.organization_id = h.organization_id
    UNION
    SELECT h.user_id, t.organization_id FROM house h
    JOIN public.prizes_organizationtie t ON t.other_id = h.organization_id
), entry_house AS MATERIALIZED (
    SELECT e.id AS entry_id, e.organization_id FROM entry e WHERE e.organization_id IS NOT NULL
    UNION
    SELECT e.id, e.project_organization_id FROM entry e
    WHERE e.project_organization_id IS NOT NULL
), name AS MATERIALIZED (  -- words of a name between single spaces
    SELECT DISTINCT h.user_id, ' ' || trim(regexp_replace(lower(known.name), '[^[:alnum:]]+', ' ', 'g')) || ' ' AS words
    FROM house h
    JOIN public.stocktaking_organization o ON o.id = h.organization_id
    CROSS JOIN LATERAL unnest(array_append(o.aliases::text[], o.name::text)) AS known(name)
    WHERE length(known.name) > 2
), typed AS MATERIALIZED (
    SELECT e.id AS entry_id,
           e.organization_id IS NULL AS unlinked,
           ' ' || trim(regexp_replace(lower(e.organization_name), '[^[:alnum:]]+', ' ', 'g')) || ' ' AS organization,
           ' ' || trim(regexp_replace(lower(coalesce(e.partners, '')), '[^[:alnum:]]+', ' ', 'g')) || ' ' AS partners
    FROM entry e
), expert_domain AS MATERIALIZED (
    SELECT a.user_id, lower(split_part(a.email, '@', 2)) AS domain FROM (
        SELECT u.id AS user_id, u.email::text FROM public.accounts_user u WHERE u.id = ANY(people)
        UNION
        SELECT s.user_id, s.email::text FROM public.account_emailaddress s
        WHERE s.user_id = ANY(people)
    ) a
), entry_domain AS MATERIALIZED (
    SELECT DISTINCT a.entry_id, lower(split_part(a.email, '@', 2)) AS domain FROM (
        SELECT w.entry_id, u.email::text FROM writer w
        JOIN public.accounts_user u ON u.id = w.user_id
        UNION
        SELECT w.entry_id, s.email::text FROM writer w
        JOIN public.account_emailaddress s ON s.user_id = w.user_id
        UNION
        SELECT e.id, e.contact_email::text FROM entry e WHERE e.contact_email <> ''
        UNION
        SELECT h.entry_id, '@' || d.domain FROM entry_house h
        JOIN public.stocktaking_organizationdomain d ON d.organization_id = h.organization_id
    ) a
), same_domain AS MATERIALIZED (  -- one of them is the other, above it or below it
    SELECT x.user_id, d.domain FROM (
        SELECT DISTINCT domain FROM entry_domain WHERE domain <> ''
    ) d
    JOIN expert_domain x ON x.domain <> '' AND x.domain <> ALL(public_mail) AND (
        x.domain = d.domain
        OR (position('.' IN d.domain) > 0
            AND right(x.domain, length(d.domain) + 1) = '.' || d.domain)
        OR (position('.' IN x.domain) > 0
            AND right(d.domain, length(x.domain) + 1) = '.' || x.domain))
)
SELECT c.entry_id, c.expert_id, 'declared' FROM public.prizes_conflict c
WHERE c.expert_id = ANY(people)
UNION ALL
SELECT w.entry_id, w.user_id, 'own' FROM writer w WHERE w.user_id = ANY(people)
UNION ALL
SELECT e.entry_id, h.user_id, 'organization' FROM house h
JOIN entry_house e ON e.organization_id = h.organization_id
UNION ALL
SELECT e.entry_id, r.user_id, 'relative' FROM relative r
JOIN entry_house e ON e.organization_id = r.organization_id
UNION ALL
SELECT t.entry_id, n.user_id, 'organization' FROM name n
JOIN typed t ON t.unlinked AND t.organization = n.words
UNION ALL
SELECT t.entry_id, n.user_id, 'partner' FROM name n
JOIN typed t ON strpos(t.partners, n.words) > 0
UNION ALL
SELECT e.entry_id, s.user_id, 'domain' FROM same_domain s
JOIN entry_domain e ON e.domain = s.domain
UNION ALL
SELECT e.id, m.user_id, 'country' FROM entry e
JOIN public.prizes_contest c ON c.id = e.contest_id AND c.country_barred
JOIN public.stocktaking_member m ON m.country_id = e.country_id AND m.user_id = ANY(people)
$function$;
