import common.feed
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("common", "0200_feed_by_triggers"),
        ('reference', '0190_countries_in_readers_order'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='actionline',
            constraint=common.feed.InFeed(columns=('code', 'order', 'name_en', 'name_ar', 'name_es', 'name_fr', 'name_ru', 'name_zh_hans', 'parent_id', 'number'), name='feed_codelist_action_line', whole='action_line'),
        ),
        migrations.AddConstraint(
            model_name='activitytype',
            constraint=common.feed.InFeed(columns=('code', 'order', 'name_en', 'name_ar', 'name_es', 'name_fr', 'name_ru', 'name_zh_hans'), name='feed_codelist_activity_type', whole='activity_type'),
        ),
        migrations.AddConstraint(
            model_name='commission',
            constraint=common.feed.InFeed(columns=('code', 'order', 'name_en', 'name_ar', 'name_es', 'name_fr', 'name_ru', 'name_zh_hans'), name='feed_codelist_commission', whole='commission'),
        ),
        migrations.AddConstraint(
            model_name='country',
            constraint=common.feed.InFeed(columns=('code', 'order', 'name_en', 'name_ar', 'name_es', 'name_fr', 'name_ru', 'name_zh_hans', 'iso3', 'm49', 'region_id', 'is_ldc'), name='feed_codelist_country', parts=(('reference_country_commissions', 'true', 'SELECT jsonb_agg(jsonb_build_array(part.country_id, part.commission_id) ORDER BY part.country_id, part.commission_id) FROM reference_country_commissions AS part'),), whole='country'),
        ),
        migrations.AddConstraint(
            model_name='coveragelevel',
            constraint=common.feed.InFeed(columns=('code', 'order', 'name_en', 'name_ar', 'name_es', 'name_fr', 'name_ru', 'name_zh_hans'), name='feed_codelist_coverage', whole='coverage'),
        ),
        migrations.AddConstraint(
            model_name='region',
            constraint=common.feed.InFeed(columns=('code', 'order', 'name_en', 'name_ar', 'name_es', 'name_fr', 'name_ru', 'name_zh_hans'), name='feed_codelist_region', whole='region'),
        ),
        migrations.AddConstraint(
            model_name='sdg',
            constraint=common.feed.InFeed(columns=('code', 'order', 'name_en', 'name_ar', 'name_es', 'name_fr', 'name_ru', 'name_zh_hans', 'colour'), name='feed_codelist_sdg', whole='sdg'),
        ),
        migrations.AddConstraint(
            model_name='stakeholdertype',
            constraint=common.feed.InFeed(columns=('code', 'order', 'name_en', 'name_ar', 'name_es', 'name_fr', 'name_ru', 'name_zh_hans'), name='feed_codelist_stakeholder_type', whole='stakeholder_type'),
        ),
        migrations.AddConstraint(
            model_name='targetgroup',
            constraint=common.feed.InFeed(columns=('code', 'order', 'name_en', 'name_ar', 'name_es', 'name_fr', 'name_ru', 'name_zh_hans'), name='feed_codelist_target_group', whole='target_group'),
        ),
        migrations.AddConstraint(
            model_name='technology',
            constraint=common.feed.InFeed(columns=('code', 'order', 'name_en', 'name_ar', 'name_es', 'name_fr', 'name_ru', 'name_zh_hans'), name='feed_codelist_technology', whole='technology'),
        ),
    ]
