import common.feed
from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("common", "0200_feed_by_triggers"),
        ('forum', '0190_people_and_rooms_in_readers_order'),
        ('reference', '0200_names_in_the_feed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='document',
            constraint=common.feed.InFeed(columns=('id', 'edition_id', 'session_id', 'kind', 'title', 'language', 'version', 'link', 'file', 'size', 'source', 'source_note'), name='feed_forum_document', parts=(('forum_edition', 'changed."id" = record."edition_id"', 'SELECT jsonb_build_array(part."slug") FROM forum_edition AS part WHERE part."id" = record."edition_id"'),), public='record.is_public'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=common.feed.InFeed(columns=('slug', 'kind', 'title', 'theme', 'first_year', 'last_year', 'start_date', 'end_date', 'time_zone', 'venue', 'host', 'co_organisers', 'chair', 'participants', 'countries', 'sessions_held', 'ministers', 'source', 'notes'), key='slug', name='feed_edition'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=common.feed.InFeed(columns=('slug',), key='slug', kind='forum.consultation', moments="SELECT edition.slug, moment::timestamp AT TIME ZONE 'Europe/Zurich' FROM forum_phase AS phase JOIN forum_edition AS edition ON edition.id = phase.edition_id, LATERAL (VALUES (phase.opens_on), (phase.closes_on + 1)) AS days (moment) WHERE moment IS NOT NULL", name='feed_consultation', parts=(('forum_phase', 'changed.edition_id = record.id', "SELECT jsonb_agg(jsonb_build_array(part.number, part.name, part.opens_on, part.closes_on, part.takes_submissions, part.source, coalesce(part.opens_on, part.closes_on) <= (now() AT TIME ZONE 'Europe/Zurich')::date AND part.closes_on >= (now() AT TIME ZONE 'Europe/Zurich')::date) ORDER BY part.number, part.id) FROM forum_phase AS part WHERE part.edition_id = record.id"), ('forum_submission', 'changed.edition_id = record.id', "SELECT jsonb_object_agg(counted.code, counted.n) FROM (SELECT coalesce(part.kind, '') AS code, count(*) AS n FROM forum_submission AS part WHERE part.edition_id = record.id AND part.status NOT IN ('draft', 'returned') GROUP BY 1) AS counted"), ('forum_submission', 'changed.edition_id = record.id', "SELECT jsonb_object_agg(counted.code, counted.n) FROM (SELECT coalesce(part.stakeholder_type_id, '') AS code, count(*) AS n FROM forum_submission AS part WHERE part.edition_id = record.id AND part.status NOT IN ('draft', 'returned') GROUP BY 1) AS counted"), ('forum_submission', 'changed.edition_id = record.id', "SELECT jsonb_object_agg(counted.code, counted.n) FROM (SELECT coalesce(part.country_id, '') AS code, count(*) AS n FROM forum_submission AS part WHERE part.edition_id = record.id AND part.status NOT IN ('draft', 'returned') GROUP BY 1) AS counted"))),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=common.feed.InFeed(columns=('slug',), key='slug', kind='forum.releases', name='feed_releases', parts=(('forum_agendarelease', 'changed."edition_id" = record."id"', 'SELECT jsonb_agg(to_jsonb(shown) ORDER BY to_jsonb(shown)) FROM (SELECT part."number", part."name", part."note", part."at" FROM forum_agendarelease AS part WHERE part."edition_id" = record."id" AND (true)) AS shown'),), public='EXISTS (SELECT FROM forum_agendarelease WHERE edition_id = record.id)'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=common.feed.InFeed(columns=('id', 'name', 'organisation', 'position', 'country_id', 'bio', 'bio_language', 'source'), leads_to='record.merged_into_id', name='feed_person', public='record.is_public AND record.merged_into_id IS NULL'),
        ),
        migrations.AddConstraint(
            model_name='releasedsession',
            constraint=common.feed.InFeed(columns=('session_id', 'number', 'title', 'language', 'description', 'type_id', 'track_id', 'mode', 'day', 'precision', 'start', 'end', 'interpretation', 'has_captions', 'link', 'recording', 'source', 'source_note', 'status', 'reason', 'action_line_codes', 'sdg_codes', 'organiser_names', 'people', 'room_name', 'building', 'type_names', 'track_names', 'marks', 'sequence', 'content_hash', 'changed_at'), kind='forum.session', moments='SELECT record.session_id::text, coalesce(record."end", record.start,\n    (record.day + 1)::timestamp AT TIME ZONE edition.time_zone) FROM forum_releasedsession AS record JOIN forum_edition AS edition ON edition.id = record.edition_id WHERE record.marks <> \'{}\'', name='feed_session', parts=(('forum_edition', 'changed.id = record.edition_id', 'SELECT jsonb_build_array(edition.slug, edition.time_zone, coalesce(record."end", record.start,\n    (record.day + 1)::timestamp AT TIME ZONE edition.time_zone) > now()) FROM forum_edition AS edition WHERE edition.id = record.edition_id'), ('reference_actionline', 'changed.code = ANY(record.action_line_codes)', 'SELECT jsonb_agg(jsonb_build_array(part.name_en, part.name_ar, part.name_es, part.name_fr, part.name_ru, part.name_zh_hans) ORDER BY part.code) FROM reference_actionline AS part WHERE part.code = ANY(record.action_line_codes)'), ('reference_sdg', 'changed.code = ANY(record.sdg_codes)', 'SELECT jsonb_agg(jsonb_build_array(part.name_en, part.name_ar, part.name_es, part.name_fr, part.name_ru, part.name_zh_hans) ORDER BY part.code) FROM reference_sdg AS part WHERE part.code = ANY(record.sdg_codes)'))),
        ),
    ]
