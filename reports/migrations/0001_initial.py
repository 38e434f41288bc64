import common.mail.addresses
import common.records.feed
import common.schema.operations
import datetime
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import reports.citation.models
import reports.publication.models
import reports.schedule.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('common', '0002_initial'),
        ('accounts', '__first__'),
        ('prizes', '0001_initial'),
        ('reference', '0001_initial'),
    ]

    operations = [
        common.schema.operations.CreateTables(
            tables=[
                migrations.CreateModel(
                    name='ArchivedEdition',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('isbn', models.CharField(blank=True, max_length=20, validators=[reports.citation.models.validate_isbn], verbose_name='ISBN')),
                        ('doi', models.CharField(blank=True, max_length=100, validators=[reports.citation.models.validate_doi], verbose_name='DOI')),
                        ('series', models.CharField(choices=[('global', 'Global stocktaking report'), ('regional', 'Regional stocktaking report'), ('success_stories', 'WSIS Prizes: success stories'), ('special', 'Special report')], max_length=20, verbose_name='series')),
                        ('title', models.CharField(max_length=300, verbose_name='title')),
                        ('year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2003), django.core.validators.MaxValueValidator(2100)], verbose_name='year')),
                        ('number', models.PositiveSmallIntegerField(blank=True, help_text='6 for the sixth edition. Leave empty if no source states it.', null=True, verbose_name='number in its series')),
                        ('publisher', models.CharField(default='International Telecommunication Union', max_length=200, verbose_name='publisher')),
                        ('link', models.URLField(blank=True, max_length=500, verbose_name='link')),
                        ('note', models.TextField(blank=True, max_length=2000, verbose_name='what it is')),
                        ('source', models.TextField(max_length=2000, verbose_name='source')),
                        ('source_note', models.TextField(blank=True, max_length=2000, verbose_name='inferred or unconfirmed')),
                        ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reference.region', verbose_name='region')),
                    ],
                    options={
                        'verbose_name': 'edition in the archive',
                        'verbose_name_plural': 'editions in the archive',
                        'ordering': ['-year', 'pk'],
                        'indexes': [models.Index(fields=['-year', 'id'], name='archivededition_order')],
                        'constraints': [common.records.feed.InFeed(columns=('id', 'series', 'title', 'year', 'number', 'region_id', 'publisher', 'isbn', 'doi', 'link', 'note', 'source', 'source_note'), name='feed_archivededition'), models.UniqueConstraint(fields=('series', 'year', 'title'), name='archivededition_once', violation_error_message='The archive has this edition already.'), models.CheckConstraint(condition=models.Q(('year__range', (2003, 2100))), name='archivededition_year')],
                    },
                ),
                migrations.CreateModel(
                    name='Build',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('state', models.CharField(choices=[('queued', 'waiting for a worker'), ('running', 'running'), ('done', 'done'), ('failed', 'failed'), ('cancelled', 'cancelled')], default='queued', max_length=10, verbose_name='state')),
                        ('percent', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='percent')),
                        ('error', models.TextField(blank=True, max_length=2000, verbose_name='error')),
                        ('log', models.JSONField(blank=True, default=list, verbose_name='log')),
                        ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                        ('token', models.UUIDField(blank=True, editable=False, null=True, verbose_name='token of the worker')),
                        ('lease_until', models.DateTimeField(blank=True, null=True, verbose_name='leased until')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                        ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started at')),
                        ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished at')),
                        ('version', models.PositiveIntegerField(verbose_name='version')),
                        ('step', models.CharField(blank=True, choices=[('snapshot', 'Collecting the data'), ('charts', 'Drawing the charts'), ('pdf', 'Creating the PDF'), ('docx', 'Writing the Word document'), ('xlsx', 'Writing the spreadsheet'), ('data', 'Writing the data files')], max_length=20, verbose_name='step')),
                        ('note', models.TextField(blank=True, help_text='Shown to readers beside the version.', verbose_name='note of the amendment')),
                        ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked for by')),
                        ('publication', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='builds', to='reports.publication', verbose_name='publication')),
                    ],
                    options={
                        'verbose_name': 'build',
                        'verbose_name_plural': 'builds',
                        'ordering': ['-created_at', '-pk'],
                        'indexes': [models.Index(condition=models.Q(('state__in', ('queued', 'running'))), fields=['lease_until'], name='build_live')],
                        'constraints': [models.UniqueConstraint(fields=('publication', 'version'), name='build_version_once'), models.UniqueConstraint(condition=models.Q(('state__in', ('queued', 'running'))), fields=('publication',), name='build_one_live'), models.CheckConstraint(condition=models.Q(('percent__lte', 100)), name='build_percent'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), _negated=True), models.Q(('lease_until__isnull', False), ('token__isnull', False)), _connector='OR'), name='build_running_is_leased')],
                    },
                ),
                migrations.CreateModel(
                    name='Snapshot',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.PositiveIntegerField(verbose_name='version')),
                        ('taken_at', models.DateTimeField(verbose_name='taken at')),
                        ('figures', models.JSONField(verbose_name='figures')),
                        ('texts', models.JSONField(verbose_name='texts')),
                        ('charts', models.JSONField(default=list, verbose_name='charts')),
                        ('content_hash', models.CharField(max_length=64, verbose_name='SHA-256 of figures and entries')),
                        ('published_at', models.DateTimeField(blank=True, help_text='Empty: never public.', null=True, verbose_name='published at')),
                        ('publication', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='snapshots', to='reports.publication', verbose_name='publication')),
                    ],
                    options={
                        'verbose_name': 'snapshot',
                        'verbose_name_plural': 'snapshots',
                        'ordering': ['publication', '-version'],
                        'constraints': [models.UniqueConstraint(fields=('publication', 'version'), name='snapshot_version_once')],
                    },
                ),
                migrations.CreateModel(
                    name='SnapshotRecord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveIntegerField(verbose_name='position')),
                        ('chapter', models.CharField(blank=True, max_length=20, verbose_name='chapter')),
                        ('content', models.JSONField(verbose_name='content')),
                        ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='records', to='reports.snapshot', verbose_name='snapshot')),
                    ],
                    options={
                        'verbose_name': 'record of a snapshot',
                        'verbose_name_plural': 'records of snapshots',
                        'ordering': ['snapshot', 'position'],
                        'indexes': [models.Index(fields=['snapshot', 'chapter', 'position'], name='snapshot_record_of_chapter')],
                        'constraints': [models.UniqueConstraint(fields=('snapshot', 'position'), name='snapshot_record_position_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Artefact',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.PositiveIntegerField(verbose_name='version')),
                        ('format', models.CharField(choices=[('pdf', 'PDF'), ('docx', 'DOCX'), ('xlsx', 'XLSX'), ('csv', 'CSV'), ('json', 'JSON')], max_length=5, verbose_name='format')),
                        ('file', models.FileField(max_length=200, upload_to='', verbose_name='file')),
                        ('size', models.PositiveBigIntegerField(verbose_name='size in bytes')),
                        ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                        ('publication', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='artefacts', to='reports.publication', verbose_name='publication')),
                    ],
                    options={
                        'verbose_name': 'file of a report',
                        'verbose_name_plural': 'files of reports',
                        'ordering': ['publication', '-version', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('publication', 'version', 'format'), name='artefact_format_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Publication',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('isbn', models.CharField(blank=True, max_length=20, validators=[reports.citation.models.validate_isbn], verbose_name='ISBN')),
                        ('doi', models.CharField(blank=True, max_length=100, validators=[reports.citation.models.validate_doi], verbose_name='DOI')),
                        ('series', models.CharField(choices=[('global', 'Global stocktaking report'), ('regional', 'Regional stocktaking report'), ('success_stories', 'WSIS Prizes: success stories'), ('roadmap_state', 'State of the WSIS+20 roadmap')], default='global', max_length=20, verbose_name='series')),
                        ('as_of', models.DateField(blank=True, help_text='For the state of the roadmap only: a day from 2003 to today.', null=True, validators=[reports.publication.models.validate_day], verbose_name='state at the end of')),
                        ('from_year', models.PositiveSmallIntegerField(blank=True, help_text='For stocktaking reports only. Leave empty to include projects of all years.', null=True, validators=[django.core.validators.MinValueValidator(2003), django.core.validators.MaxValueValidator(2100)], verbose_name='first year')),
                        ('to_year', models.PositiveSmallIntegerField(blank=True, help_text='For stocktaking reports only.', null=True, validators=[django.core.validators.MinValueValidator(2003), django.core.validators.MaxValueValidator(2100)], verbose_name='last year')),
                        ('language', models.CharField(choices=[('ar', 'عربي'), ('zh-hans', '中文'), ('en', 'English'), ('fr', 'Français'), ('ru', 'Русский'), ('es', 'Español')], default='en', max_length=8, verbose_name='language of the report')),
                        ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                        ('status', models.CharField(choices=[('draft', 'Requested'), ('building', 'Being built'), ('ready', 'Ready for approval'), ('approved', 'Approved'), ('published', 'Published'), ('failed', 'Failed'), ('withdrawn', 'Withdrawn')], default='draft', editable=False, max_length=10, verbose_name='status')),
                        ('version', models.PositiveIntegerField(default=0, editable=False, verbose_name='latest version')),
                        ('published_version', models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name='published version')),
                        ('due_on', models.DateField(blank=True, editable=False, null=True, verbose_name='drafted for')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                        ('published_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='published at')),
                        ('contest', models.ForeignKey(blank=True, help_text='For success stories only: an edition with published winners.', limit_choices_to={'is_demonstration': False}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='prizes.contest', verbose_name='prizes of the year')),
                        ('region', models.ForeignKey(blank=True, help_text='For a regional report only.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='reference.region', verbose_name='region')),
                        ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='publications', to=settings.AUTH_USER_MODEL, verbose_name='requested by')),
                        ('schedule', models.ForeignKey(blank=True, editable=False, help_text='The schedule that created this draft.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='reports.schedule', verbose_name='schedule')),
                        ('report', models.ForeignKey(blank=True, editable=False, help_text='The text that editors write for the publications of all languages.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='reports.report', verbose_name='edition of a report')),
                    ],
                    options={
                        'verbose_name': 'publication',
                        'verbose_name_plural': 'publications',
                        'ordering': ['-created_at', '-pk'],
                        'indexes': [models.Index(fields=['-created_at', '-id'], name='publication_newest'), models.Index(condition=models.Q(('published_version__isnull', False)), fields=['-created_at', '-id'], name='publication_online')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('report__isnull', False), ('series__in', ('global', 'regional'))), models.Q(models.Q(('series__in', ('global', 'regional')), _negated=True), ('report', None)), _connector='OR'), name='publication_report_of_stocktaking'), common.records.feed.InFeed(columns=('id', 'series', 'region_id', 'contest_id', 'as_of', 'title', 'language', 'from_year', 'to_year', 'published_version', 'published_at', 'isbn', 'doi'), name='feed_publication', parts=(('prizes_contest', 'changed."id" = record."contest_id"', 'SELECT jsonb_build_array(part."slug") FROM prizes_contest AS part WHERE part."id" = record."contest_id"', ''), ('reports_artefact', 'changed."publication_id" = record.{own}', 'SELECT jsonb_agg(to_jsonb(shown) ORDER BY to_jsonb(shown)) FROM (SELECT part."format", part."file", part."size", part."sha256" FROM reports_artefact AS part WHERE part."publication_id" = record.{own} AND (part.version = record.published_version)) AS shown', 'publication_id')), public='record.published_version IS NOT NULL'), models.CheckConstraint(condition=models.Q(('status__in', ['approved', 'building', 'draft', 'failed', 'published', 'ready', 'withdrawn'])), name='publication_status'), models.CheckConstraint(condition=models.Q(models.Q(('region__isnull', False), ('series', 'regional')), models.Q(models.Q(('series', 'regional'), _negated=True), ('region', None)), _connector='OR'), name='publication_region_of_regional', violation_error_message='A regional report needs a region; a global report must not have one.'), models.CheckConstraint(condition=models.Q(models.Q(('contest__isnull', False), ('series', 'success_stories')), models.Q(models.Q(('series', 'success_stories'), _negated=True), ('contest', None)), _connector='OR'), name='publication_contest_of_stories', violation_error_message='Success stories need the year of the prizes; other reports must have none.'), models.CheckConstraint(condition=models.Q(models.Q(('as_of__isnull', False), ('series', 'roadmap_state')), models.Q(models.Q(('series', 'roadmap_state'), _negated=True), ('as_of', None)), _connector='OR'), name='publication_day_of_roadmap', violation_error_message='The state of the roadmap needs a day; other reports must have none.'), models.CheckConstraint(condition=models.Q(('series__in', ('global', 'regional')), models.Q(('from_year', None), ('to_year', None)), _connector='OR'), name='publication_period_of_stocktaking', violation_error_message='Only stocktaking reports have a first and last year.'), models.CheckConstraint(condition=models.Q(('as_of', None), ('as_of__gte', datetime.date(2003, 1, 1)), _connector='OR'), name='publication_day_since_the_summit'), models.CheckConstraint(condition=models.Q(models.Q(('due_on', None), ('schedule', None)), models.Q(('due_on__isnull', False), ('schedule__isnull', False)), _connector='OR'), name='publication_drafted_for_a_day'), models.UniqueConstraint(condition=models.Q(('due_on__isnull', False)), fields=('series', 'region', 'from_year', 'to_year', 'language', 'due_on'), name='publication_drafted_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('to_year__gte', models.F('from_year')), ('to_year', None), ('from_year', None), _connector='OR'), name='publication_period_in_order', violation_error_message='The last year lies before the first year.')],
                    },
                ),
                migrations.CreateModel(
                    name='Schedule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('series', models.CharField(choices=[('global', 'Global stocktaking report'), ('regional', 'Regional stocktaking report'), ('roadmap_state', 'State of the WSIS+20 roadmap')], max_length=20, verbose_name='series')),
                        ('every_region', models.BooleanField(default=False, help_text='The six ITU regions, and one for international projects.', verbose_name='a report for each region')),
                        ('language', models.CharField(choices=[('ar', 'عربي'), ('zh-hans', '中文'), ('en', 'English'), ('fr', 'Français'), ('ru', 'Русский'), ('es', 'Español')], default='en', max_length=8, verbose_name='language of the report')),
                        ('every_months', models.PositiveSmallIntegerField(default=12, help_text='Enter 12 for yearly, 24 for every two years.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='interval in months')),
                        ('next_on', models.DateField(help_text='The draft is created within an hour of the start of this day (UTC).', validators=[reports.schedule.models.validate_due_day], verbose_name='next draft on')),
                        ('years_covered', models.PositiveSmallIntegerField(blank=True, help_text='Up to the year of the draft. Leave empty for all years. Not for the roadmap.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='years covered')),
                        ('is_active', models.BooleanField(default=True, verbose_name='active')),
                        ('source', models.TextField(blank=True, max_length=2000, verbose_name='source of the interval')),
                        ('source_note', models.TextField(blank=True, max_length=2000, verbose_name='inferred or unconfirmed')),
                        ('region', models.ForeignKey(blank=True, help_text='For regional reports, unless there is one for each region.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reference.region', verbose_name='region')),
                    ],
                    options={
                        'verbose_name': 'schedule',
                        'verbose_name_plural': 'schedules',
                        'ordering': ['next_on', 'pk'],
                        'indexes': [models.Index(fields=['next_on', 'id'], name='schedule_due')],
                        'constraints': [models.UniqueConstraint(fields=('series', 'region', 'every_region', 'language'), name='schedule_once', nulls_distinct=False, violation_error_message='There is already a schedule for these reports.'), models.CheckConstraint(condition=models.Q(models.Q(('every_region', True), ('region', None), ('series', 'regional')), models.Q(('every_region', False), ('region__isnull', False), ('series', 'regional')), models.Q(models.Q(('series', 'regional'), _negated=True), ('every_region', False), ('region', None)), _connector='OR'), name='schedule_region_of_regional', violation_error_message='Regional reports need one region or “each region”; others must have none.'), models.CheckConstraint(condition=models.Q(models.Q(('series', 'roadmap_state'), _negated=True), ('years_covered', None), _connector='OR'), name='schedule_years_of_stocktaking', violation_error_message='The state of the roadmap must not have years.')],
                    },
                ),
                migrations.CreateModel(
                    name='Block',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                        ('kind', models.CharField(choices=[('text', 'Text'), ('standard', 'Standard part'), ('key_number', 'Key number'), ('table', 'Table'), ('chart', 'Chart'), ('quote', 'Quotation'), ('picture', 'Picture'), ('boxes', 'Project boxes'), ('contribution', 'Contribution of an agency')], max_length=20, verbose_name='kind')),
                        ('settings', models.JSONField(blank=True, default=dict, verbose_name='settings')),
                        ('section', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blocks', to='reports.section', verbose_name='section')),
                    ],
                    options={
                        'verbose_name': 'block',
                        'verbose_name_plural': 'blocks',
                        'ordering': ['section', 'position'],
                        'constraints': [models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('section', 'position'), name='block_position_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Section',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                        ('level', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(2)], verbose_name='level')),
                        ('kind', models.CharField(choices=[('foreword', 'Foreword'), ('acknowledgements', 'Acknowledgements'), ('introduction', 'Introduction'), ('summary', 'Executive summary'), ('methodology', 'Methodology and statistics'), ('statistics', 'Statistics'), ('chapter', 'Action lines'), ('conclusions', 'Conclusions'), ('annex', 'Annexes'), ('disclaimer', 'Disclaimer'), ('text', 'Section with a heading of its own')], max_length=20, verbose_name='kind')),
                        ('action_line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reference.actionline', verbose_name='action line')),
                        ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='reports.report', verbose_name='report')),
                    ],
                    options={
                        'verbose_name': 'section',
                        'verbose_name_plural': 'sections',
                        'ordering': ['report', 'position'],
                        'constraints': [models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('report', 'position'), name='section_position_once'), models.CheckConstraint(condition=models.Q(('level__in', (1, 2))), name='section_level_is_1_or_2'), models.CheckConstraint(condition=models.Q(('kind', 'chapter'), ('action_line', None), _connector='OR'), name='section_line_of_chapter')],
                    },
                ),
                migrations.CreateModel(
                    name='Segment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('field', models.CharField(max_length=20, verbose_name='field')),
                        ('language', models.CharField(choices=[('ar', 'عربي'), ('zh-hans', '中文'), ('en', 'English'), ('fr', 'Français'), ('ru', 'Русский'), ('es', 'Español')], max_length=8, verbose_name='language')),
                        ('text', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(100000)], verbose_name='text')),
                        ('state', models.CharField(choices=[('original', 'Original'), ('machine', 'Machine translation'), ('translated', 'Translated'), ('approved', 'Translation approved')], max_length=10, verbose_name='state')),
                        ('original_hash', models.CharField(blank=True, help_text='Of the text that this translates; empty for the original itself.', max_length=64, verbose_name='SHA-256 of the original')),
                        ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                        ('block', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='segments', to='reports.block', verbose_name='block')),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                        ('section', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='segments', to='reports.section', verbose_name='section')),
                    ],
                    options={
                        'verbose_name': 'text of a report',
                        'verbose_name_plural': 'texts of reports',
                        'ordering': ['pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('block__isnull', False), ('section', None)), models.Q(('block', None), ('section__isnull', False)), _connector='OR'), name='segment_of_section_or_block'), models.UniqueConstraint(condition=models.Q(('block', None)), fields=('section', 'field', 'language'), name='segment_of_section_once'), models.UniqueConstraint(condition=models.Q(('section', None)), fields=('block', 'field', 'language'), name='segment_of_block_once'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('text'), 100000), name='segment_length')],
                    },
                ),
                migrations.CreateModel(
                    name='Comment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('text', models.TextField(max_length=5000, validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name='comment')),
                        ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                        ('resolved_at', models.DateTimeField(null=True, verbose_name='resolved at')),
                        ('block', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='reports.block', verbose_name='block')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                        ('resolved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='resolved by')),
                    ],
                    options={
                        'verbose_name': 'comment on a report',
                        'verbose_name_plural': 'comments on reports',
                        'ordering': ['pk'],
                        'indexes': [models.Index(condition=models.Q(('resolved_at', None)), fields=['block'], name='comment_open')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('resolved_at', None), ('resolved_by', None)), models.Q(('resolved_at__isnull', False), ('resolved_by__isnull', False)), _connector='OR'), name='comment_resolved_by_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='EarlierText',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('text', models.TextField(verbose_name='text')),
                        ('state', models.CharField(choices=[('original', 'Original'), ('machine', 'Machine translation'), ('translated', 'Translated'), ('approved', 'Translation approved')], max_length=10, verbose_name='state')),
                        ('at', models.DateTimeField(verbose_name='at')),
                        ('replaced_at', models.DateTimeField(auto_now_add=True, verbose_name='replaced at')),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                        ('segment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='earlier', to='reports.segment', verbose_name='text')),
                    ],
                    options={
                        'verbose_name': 'earlier text of a report',
                        'verbose_name_plural': 'earlier texts of reports',
                        'ordering': ['-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Editorship',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('since', models.DateTimeField(auto_now_add=True, verbose_name='since')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='editorships', to=settings.AUTH_USER_MODEL, verbose_name='editor')),
                        ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='editorships', to='reports.report', verbose_name='edition of a report')),
                    ],
                    options={
                        'verbose_name': 'editor of a report',
                        'verbose_name_plural': 'editors of reports',
                        'ordering': ['report', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('report', 'user'), name='editorship_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Report',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('series', models.CharField(choices=[('global', 'Global stocktaking report'), ('regional', 'Regional stocktaking report')], max_length=20, verbose_name='series')),
                        ('from_year', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(2003), django.core.validators.MaxValueValidator(2100)], verbose_name='first year')),
                        ('to_year', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(2003), django.core.validators.MaxValueValidator(2100)], verbose_name='last year')),
                        ('language', models.CharField(choices=[('ar', 'عربي'), ('zh-hans', '中文'), ('en', 'English'), ('fr', 'Français'), ('ru', 'Русский'), ('es', 'Español')], default='en', help_text='The language in which editors write; others are translations.', max_length=8, verbose_name='original language')),
                        ('planned_on', models.DateField(blank=True, null=True, verbose_name='planned for')),
                        ('next_on', models.DateField(blank=True, help_text='Shown to readers, so that they can plan.', null=True, verbose_name='next edition')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                        ('changed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='text changed at')),
                        ('editors', models.ManyToManyField(related_name='reports_edited', through='reports.Editorship', to=settings.AUTH_USER_MODEL, verbose_name='editors')),
                        ('region', models.ForeignKey(blank=True, help_text='For a regional report only.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='reference.region', verbose_name='region')),
                    ],
                    options={
                        'verbose_name': 'edition of a report',
                        'verbose_name_plural': 'editions of reports',
                        'ordering': ['-created_at', '-pk'],
                        'constraints': [models.UniqueConstraint(fields=('series', 'region', 'from_year', 'to_year'), name='report_once', nulls_distinct=False, violation_error_message='There is already a report on this scope.'), models.CheckConstraint(condition=models.Q(models.Q(('region__isnull', False), ('series', 'regional')), models.Q(('region', None), ('series', 'global')), _connector='OR'), name='report_region_of_regional', violation_error_message='A regional report needs a region; a global report must not have one.'), models.CheckConstraint(condition=models.Q(('to_year__gte', models.F('from_year')), ('to_year', None), ('from_year', None), _connector='OR'), name='report_period_in_order', violation_error_message='The last year lies before the first year.')],
                    },
                ),
                migrations.CreateModel(
                    name='Contribution',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=200, verbose_name='name')),
                        ('email', common.mail.addresses.AddressField(max_length=254, verbose_name='e-mail address')),
                        ('agency', models.CharField(help_text='Printed as the author.', max_length=200, verbose_name='agency')),
                        ('language', models.CharField(choices=[('ar', 'عربي'), ('zh-hans', '中文'), ('en', 'English'), ('fr', 'Français'), ('ru', 'Русский'), ('es', 'Español')], max_length=8, verbose_name='language of the e-mail')),
                        ('question', models.TextField(max_length=2000, validators=[django.core.validators.MaxLengthValidator(2000)], verbose_name='what is asked')),
                        ('words', models.PositiveSmallIntegerField(default=500, validators=[django.core.validators.MinValueValidator(50), django.core.validators.MaxValueValidator(5000)], verbose_name='length in words')),
                        ('deadline', models.DateField(verbose_name='deadline')),
                        ('ends_on', models.DateField(verbose_name='the link works until')),
                        ('tokens', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, editable=False, size=None, verbose_name='SHA-256 of the tokens')),
                        ('text', models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(40000)], verbose_name='draft')),
                        ('note', models.TextField(blank=True, help_text='Why the text was sent back.', max_length=2000, validators=[django.core.validators.MaxLengthValidator(2000)], verbose_name='note')),
                        ('asked_at', models.DateTimeField(auto_now_add=True, verbose_name='asked at')),
                        ('opened_at', models.DateTimeField(null=True, verbose_name='opened at')),
                        ('saved_at', models.DateTimeField(null=True, verbose_name='saved at')),
                        ('sent_at', models.DateTimeField(null=True, verbose_name='sent at')),
                        ('returned_at', models.DateTimeField(null=True, verbose_name='sent back at')),
                        ('accepted_at', models.DateTimeField(null=True, verbose_name='accepted at')),
                        ('withdrawn_at', models.DateTimeField(null=True, verbose_name='withdrawn at')),
                        ('reminded_at', models.DateTimeField(null=True, verbose_name='reminded at')),
                        ('late_reminded_at', models.DateTimeField(null=True, verbose_name='reminded after the deadline at')),
                        ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='accepted by')),
                        ('block', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contributions', to='reports.block', verbose_name='block')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                    ],
                    options={
                        'verbose_name': 'contribution',
                        'verbose_name_plural': 'contributions',
                        'ordering': ['pk'],
                        'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['tokens'], name='contribution_tokens')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('block',), name='contribution_once'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('deadline'))), name='contribution_dates_in_order', violation_error_message='The link ends before the deadline.'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at', None), ('accepted_by', None)), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), _connector='OR'), name='contribution_accepted_by_somebody'), models.CheckConstraint(condition=models.Q(('accepted_at', None), ('sent_at__isnull', False), _connector='OR'), name='contribution_accepted_when_sent')],
                    },
                ),
            ],
        ),
    ]
