import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

import stocktaking.models.period

# What was known stays known: a year is a date of the precision of a year. New versions that were
# begun keep their years as well; versions that were public stay as they were hashed.
FILL = """
UPDATE stocktaking_project SET
    start_date = coalesce(start_year::text, ''), end_date = coalesce(end_year::text, '')
WHERE start_year IS NOT NULL OR end_year IS NOT NULL;
UPDATE stocktaking_revision SET
    base = (base - 'start_year' - 'end_year') || jsonb_build_object(
        'start_date', coalesce(base->>'start_year', ''),
        'end_date', coalesce(base->>'end_year', '')),
    content = (content - 'start_year' - 'end_year') || jsonb_build_object(
        'start_date', coalesce(content->>'start_year', ''),
        'end_date', coalesce(content->>'end_year', ''));
"""
UNFILL = """
UPDATE stocktaking_project SET
    start_year = nullif(left(start_date, 4), '')::smallint,
    end_year = nullif(left(end_date, 4), '')::smallint
WHERE start_date <> '' OR end_date <> '';
UPDATE stocktaking_revision SET
    base = (base - 'start_date' - 'end_date') || jsonb_build_object(
        'start_year', nullif(left(base->>'start_date', 4), '')::int,
        'end_year', nullif(left(base->>'end_date', 4), '')::int),
    content = (content - 'start_date' - 'end_date') || jsonb_build_object(
        'start_year', nullif(left(content->>'start_date', 4), '')::int,
        'end_year', nullif(left(content->>'end_date', 4), '')::int);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('stocktaking', '0050_entry_texts'),
    ]

    operations = [
        migrations.AddField(
            model_name='project',
            name='start_date',
            field=models.CharField(blank=True, db_default='', default='', max_length=10, validators=[stocktaking.models.period.validate_date], verbose_name='start'),
        ),
        migrations.AddField(
            model_name='project',
            name='end_date',
            field=models.CharField(blank=True, db_default='', default='', max_length=10, validators=[stocktaking.models.period.validate_date], verbose_name='end'),
        ),
        migrations.RunSQL(FILL, UNFILL),
        migrations.RemoveConstraint(
            model_name='project',
            name='project_ends_after_start',
        ),
        migrations.RemoveField(
            model_name='project',
            name='start_year',
        ),
        migrations.RemoveField(
            model_name='project',
            name='end_year',
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('end_date__regex', '^([0-9]{4}(-[0-9]{2}){0,2})?$'), ('start_date__regex', '^([0-9]{4}(-[0-9]{2}){0,2})?$')), name='project_dates_written'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.GreaterThanOrEqual(django.db.models.functions.text.Left('end_date', django.db.models.functions.comparison.Least(django.db.models.functions.text.Length('start_date'), django.db.models.functions.text.Length('end_date'))), django.db.models.functions.text.Left('start_date', django.db.models.functions.comparison.Least(django.db.models.functions.text.Length('start_date'), django.db.models.functions.text.Length('end_date')))), name='project_ends_after_start', violation_error_message='The end is before the start.'),
        ),
    ]
