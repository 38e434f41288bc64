import common.feed
from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("common", "0200_feed_by_triggers"),
        ('prizes', "0200_records_in_the_feed"),
        ('reference', '0200_names_in_the_feed'),
        ('reports', '0002_schedules_success_stories_and_roadmap_states'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='publication',
            constraint=common.feed.InFeed(columns=('id', 'series', 'region_id', 'contest_id', 'as_of', 'title', 'language', 'from_year', 'to_year', 'published_version', 'published_at'), name='feed_publication', parts=(('prizes_contest', 'changed."id" = record."contest_id"', 'SELECT jsonb_build_array(part."slug") FROM prizes_contest AS part WHERE part."id" = record."contest_id"'), ('reports_artefact', 'changed."publication_id" = record."id"', 'SELECT jsonb_agg(to_jsonb(shown) ORDER BY to_jsonb(shown)) FROM (SELECT part."format", part."file", part."size", part."sha256" FROM reports_artefact AS part WHERE part."publication_id" = record."id" AND (part.version = record.published_version)) AS shown')), public='record.published_version IS NOT NULL'),
        ),
    ]
