import common.feed
from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("common", "0200_feed_by_triggers"),
        ('reference', '0200_names_in_the_feed'),
        ('roadmap', '0195_announced_since_and_words_that_agree'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='actionlinereview',
            constraint=common.feed.InFeed(columns=('id', 'version', 'action_line_id', 'section', 'agency_id', 'text', 'language', 'source'), name='feed_review'),
        ),
        migrations.AddConstraint(
            model_name='agency',
            constraint=common.feed.InFeed(columns=('code', 'short', 'name', 'kind', 'website', 'source'), name='feed_agency'),
        ),
        migrations.AddConstraint(
            model_name='body',
            constraint=common.feed.InFeed(columns=('code', 'version', 'short', 'name', 'description', 'website', 'since', 'source'), name='feed_body', parts=(('roadmap_office', 'changed."body_id" = record."code"', 'SELECT jsonb_agg(to_jsonb(shown) ORDER BY to_jsonb(shown)) FROM (SELECT part."agency_id", part."role", part."of", part."from_date", part."until_date", part."source" FROM roadmap_office AS part WHERE part."body_id" = record."code" AND (true)) AS shown'),)),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=common.feed.InFeed(columns=('id', 'version', 'title', 'issuer_id', 'milestone_id', 'note', 'source'), name='feed_document', parts=(('roadmap_issue', 'changed."document_id" = record."id"', 'SELECT jsonb_agg(to_jsonb(shown) ORDER BY to_jsonb(shown)) FROM (SELECT part."label", part."date", part."language", part."link", part."source" FROM roadmap_issue AS part WHERE part."document_id" = record."id" AND (true)) AS shown'),)),
        ),
        migrations.AddConstraint(
            model_name='figure',
            constraint=common.feed.InFeed(columns=('id', 'version', 'subject', 'as_of', 'value', 'written', 'note', 'link', 'source'), name='feed_figure'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=common.feed.InFeed(columns=('id', 'version', 'title', 'body_id', 'start', 'end', 'place', 'link', 'agenda', 'participants', 'minutes', 'outcome', 'outcome_link', 'milestone_id', 'source'), name='feed_meeting'),
        ),
        migrations.AddConstraint(
            model_name='milestone',
            constraint=common.feed.InFeed(columns=('id', 'version', 'roadmap_id', 'title', 'summary', 'kind', 'body_id', 'lead_id', 'start', 'end', 'starts_on', 'ends_on', 'announced', 'baseline_start', 'baseline_end', 'progress', 'link', 'source', 'published_at'), name='feed_milestone', parts=(('roadmap_partner', 'changed."milestone_id" = record."id"', 'SELECT jsonb_agg(to_jsonb(shown) ORDER BY to_jsonb(shown)) FROM (SELECT part."agency_id", part."role" FROM roadmap_partner AS part WHERE part."milestone_id" = record."id" AND (true)) AS shown'), ('roadmap_agency', 'record.{own} IN (SELECT link."milestone_id" FROM roadmap_partner AS link WHERE link."agency_id" = changed."code")', 'SELECT jsonb_agg(jsonb_build_array(part."short") ORDER BY part."code") FROM roadmap_agency AS part WHERE part."code" IN (SELECT link."agency_id" FROM roadmap_partner AS link WHERE link."milestone_id" = record.{own})'), ('roadmap_agency', 'changed."code" = record."lead_id"', 'SELECT jsonb_build_array(part."short") FROM roadmap_agency AS part WHERE part."code" = record."lead_id"'), ('roadmap_body', 'changed."code" = record."body_id"', 'SELECT jsonb_build_array(part."short") FROM roadmap_body AS part WHERE part."code" = record."body_id"'), ('roadmap_roadmap', 'changed."code" = record."roadmap_id"', 'SELECT jsonb_build_array(part."name") FROM roadmap_roadmap AS part WHERE part."code" = record."roadmap_id"'), ('roadmap_milestone_action_lines', 'changed."milestone_id" = record."id"', 'SELECT jsonb_agg(to_jsonb(shown) ORDER BY to_jsonb(shown)) FROM (SELECT part."actionline_id" FROM roadmap_milestone_action_lines AS part WHERE part."milestone_id" = record."id" AND (true)) AS shown'), ('roadmap_milestone_sdgs', 'changed."milestone_id" = record."id"', 'SELECT jsonb_agg(to_jsonb(shown) ORDER BY to_jsonb(shown)) FROM (SELECT part."sdg_id" FROM roadmap_milestone_sdgs AS part WHERE part."milestone_id" = record."id" AND (true)) AS shown'), ('roadmap_milestone_resolutions', 'changed."milestone_id" = record."id"', 'SELECT jsonb_agg(to_jsonb(shown) ORDER BY to_jsonb(shown)) FROM (SELECT part."resolution_id" FROM roadmap_milestone_resolutions AS part WHERE part."milestone_id" = record."id" AND (true)) AS shown'), ('roadmap_milestone_paragraphs', 'changed."milestone_id" = record."id"', 'SELECT jsonb_agg(to_jsonb(shown) ORDER BY to_jsonb(shown)) FROM (SELECT part."paragraph_id" FROM roadmap_milestone_paragraphs AS part WHERE part."milestone_id" = record."id" AND (true)) AS shown'), ('roadmap_dependency', 'changed."milestone_id" = record."id"', 'SELECT jsonb_agg(to_jsonb(shown) ORDER BY to_jsonb(shown)) FROM (SELECT part."needs_id" FROM roadmap_dependency AS part WHERE part."milestone_id" = record."id" AND (true)) AS shown'), ('roadmap_reconciliationnote', 'changed."milestone_id" = record."id"', 'SELECT jsonb_agg(to_jsonb(shown) ORDER BY to_jsonb(shown)) FROM (SELECT part."text", part."at" FROM roadmap_reconciliationnote AS part WHERE part."milestone_id" = record."id" AND (true)) AS shown'), ('roadmap_positionversion', 'changed.milestone_id = record.id', "SELECT jsonb_agg(part.completion ORDER BY part.agency_id) FROM roadmap_positionversion AS part WHERE part.milestone_id = record.id AND part.status IN ('published')")), public="record.status IN ('published')"),
        ),
        migrations.AddConstraint(
            model_name='positionversion',
            constraint=common.feed.InFeed(columns=('id', 'version', 'milestone_id', 'agency_id', 'completion', 'text', 'language', 'expected', 'status', 'created_at', 'cleared_at', 'published_at', 'superseded_at', 'withdrawn_at'), moments="SELECT position.id::text, position.published_at + ages.age FROM roadmap_positionversion AS position, (VALUES (interval '365 days'), (interval '730 days')) AS ages (age) WHERE position.published_at IS NOT NULL", name='feed_position', parts=(('roadmap_agency', 'changed."code" = record."agency_id"', 'SELECT jsonb_build_array(part."short") FROM roadmap_agency AS part WHERE part."code" = record."agency_id"'), ('roadmap_evidence', 'changed.position_id = record.id', 'SELECT jsonb_agg(jsonb_build_array(part.label, part.link, part.file, issue.link) ORDER BY part.id) FROM roadmap_evidence AS part LEFT JOIN roadmap_issue AS issue ON issue.id = part.issue_id WHERE part.position_id = record.id'), ('roadmap_issue', 'record.id IN (SELECT position_id FROM roadmap_evidence WHERE issue_id = changed.id)', "SELECT to_jsonb(count(*)) FROM (VALUES (interval '365 days'), (interval '730 days')) AS ages (age) WHERE now() - record.published_at > ages.age")), public='record.published_at IS NOT NULL'),
        ),
        migrations.AddConstraint(
            model_name='resolution',
            constraint=common.feed.InFeed(columns=('code', 'version', 'symbol', 'title', 'body_id', 'adopted', 'summary', 'link', 'source'), name='feed_resolution', parts=(('roadmap_relation', 'changed."resolution_id" = record."code"', 'SELECT jsonb_agg(to_jsonb(shown) ORDER BY to_jsonb(shown)) FROM (SELECT part."kind", part."target_id", part."source" FROM roadmap_relation AS part WHERE part."resolution_id" = record."code" AND (true)) AS shown'), ('roadmap_paragraph', 'changed."resolution_id" = record."code"', 'SELECT jsonb_agg(to_jsonb(shown) ORDER BY to_jsonb(shown)) FROM (SELECT part."id", part."number", part."summary", part."source" FROM roadmap_paragraph AS part WHERE part."resolution_id" = record."code" AND (true)) AS shown'), ('roadmap_paragraph_asked', 'record.code IN (SELECT resolution_id FROM roadmap_paragraph WHERE id = changed.paragraph_id)', 'SELECT jsonb_agg(jsonb_build_array(part.paragraph_id, part.agency_id) ORDER BY part.paragraph_id, part.agency_id) FROM roadmap_paragraph_asked AS part JOIN roadmap_paragraph AS paragraph ON paragraph.id = part.paragraph_id WHERE paragraph.resolution_id = record.code'), ('roadmap_resolution_action_lines', 'changed."resolution_id" = record."code"', 'SELECT jsonb_agg(to_jsonb(shown) ORDER BY to_jsonb(shown)) FROM (SELECT part."actionline_id" FROM roadmap_resolution_action_lines AS part WHERE part."resolution_id" = record."code" AND (true)) AS shown'))),
        ),
        migrations.AddConstraint(
            model_name='roadmap',
            constraint=common.feed.InFeed(columns=('code', 'short', 'name', 'owner_id', 'description', 'link', 'source'), name='feed_roadmap'),
        ),
    ]
