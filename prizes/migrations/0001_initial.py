import accounts.user.models
import common.records.feed
import common.schema.operations
import common.search.fields
import common.text.collation
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import prizes.entry.models
import prizes.entry.readiness
from django.conf import settings
from common.schema.operations import run_file
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('common', '0002_initial'),
        ('reference', '0001_initial'),
        ('stocktaking', '0001_initial'),
    ]

    operations = [
        common.schema.operations.CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Contest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('slug', models.SlugField(help_text='The year of a regular edition; part of the address of its pages.', max_length=20, unique=True, verbose_name='address')),
                        ('year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2012), django.core.validators.MaxValueValidator(2100)], verbose_name='year')),
                        ('title', models.CharField(max_length=120, verbose_name='title')),
                        ('is_demonstration', models.BooleanField(default=False, help_text='For trying the portal only: its dates and entries are made up.', verbose_name='demonstration')),
                        ('time_zone', models.CharField(default='Europe/Zurich', max_length=64, validators=[accounts.user.models.validate_time_zone], verbose_name='time zone of the deadlines')),
                        ('words_min', models.PositiveSmallIntegerField(default=150, verbose_name='words of a description, at least')),
                        ('words_max', models.PositiveSmallIntegerField(default=200, verbose_name='words of a description, at most')),
                        ('one_per_organization', models.BooleanField(default=True, verbose_name='one entry per organization and category')),
                        ('nominee_cap', models.PositiveSmallIntegerField(default=20, verbose_name='nominees per category, at most')),
                        ('votes_per_category', models.PositiveSmallIntegerField(default=1, verbose_name='votes per category')),
                        ('all_categories_required', models.BooleanField(default=False, verbose_name='a ballot counts only if every category has a vote')),
                        ('own_organization_barred', models.BooleanField(default=True, verbose_name='nobody votes for their own organization')),
                        ('officials_barred', models.BooleanField(default=True, verbose_name='the secretariat and the experts of the panels do not vote')),
                        ('champions_per_category', models.PositiveSmallIntegerField(default=5, verbose_name='champions per category')),
                        ('sealed', models.BooleanField(default=True, help_text='Until then only its owner and the co-editors of the project can read an entry; the secretariat cannot.', verbose_name='entries cannot be read until submission closes')),
                        ('champions_at', models.DateTimeField(blank=True, help_text='Leave empty to keep it private. It becomes public automatically at this time.', null=True, verbose_name='champions are public from')),
                        ('winners_at', models.DateTimeField(blank=True, null=True, verbose_name='winners are public from')),
                        ('counted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='votes counted at')),
                        ('unconfirmed_rules', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, default=list, help_text='Names of rules, such as “nominee_cap”, that no source confirms.', size=None, verbose_name='rules that are unconfirmed')),
                        ('rules_note', models.TextField(blank=True, max_length=2000, verbose_name='what is known about the rules')),
                        ('source', models.TextField(blank=True, max_length=2000, verbose_name='source')),
                        ('source_note', models.TextField(blank=True, max_length=2000, verbose_name='inferred or unconfirmed')),
                    ],
                    options={
                        'verbose_name': 'contest',
                        'verbose_name_plural': 'contests',
                        'ordering': ['-year', '-pk'],
                        'indexes': [models.Index(fields=['-year', '-id'], name='contest_order')],
                        'constraints': [common.records.feed.InFeed(columns=('slug', 'year', 'title', 'is_demonstration', 'time_zone', 'words_min', 'words_max', 'one_per_organization', 'nominee_cap', 'votes_per_category', 'all_categories_required', 'own_organization_barred', 'champions_per_category', 'unconfirmed_rules', 'champions_at', 'winners_at', 'rules_note', 'source', 'source_note'), key='slug', name='feed_contest', parts=(('prizes_phase', 'changed."contest_id" = record.{own}', 'SELECT jsonb_agg(to_jsonb(shown) ORDER BY to_jsonb(shown)) FROM (SELECT part."kind", part."number", part."opens_at", part."closes_at", part."hour_known", part."note", part."source" FROM prizes_phase AS part WHERE part."contest_id" = record.{own} AND (true)) AS shown', 'contest_id'), ('prizes_extension', 'record.id IN (SELECT contest_id FROM prizes_phase WHERE id = changed.phase_id)', 'SELECT jsonb_agg(jsonb_build_array(phase.kind, part.old_end, part.new_end, part.reason, part.at, part.source) ORDER BY part.id) FROM prizes_extension AS part JOIN prizes_phase AS phase ON phase.id = part.phase_id WHERE phase.contest_id = record.id', ''), ('prizes_category', 'changed."contest_id" = record.{own}', 'SELECT jsonb_agg(to_jsonb(shown) ORDER BY to_jsonb(shown)) FROM (SELECT part."action_line_id", part."number" FROM prizes_category AS part WHERE part."contest_id" = record.{own} AND (true)) AS shown', 'contest_id'), ('reference_actionline', 'record.{own} IN (SELECT link."contest_id" FROM prizes_category AS link WHERE link."action_line_id" = changed."code")', 'SELECT jsonb_agg(jsonb_build_array(part."name_en", part."name_ar", part."name_es", part."name_fr", part."name_ru", part."name_zh_hans") ORDER BY part."code") FROM reference_actionline AS part WHERE part."code" IN (SELECT link."action_line_id" FROM prizes_category AS link WHERE link."contest_id" = record.{own})', ''), ('prizes_figure', 'changed."contest_id" = record.{own}', 'SELECT jsonb_agg(to_jsonb(shown) ORDER BY to_jsonb(shown)) FROM (SELECT part."kind", part."by", part."code", part."value", part."note", part."source", part."source_date", part."unconfirmed" FROM prizes_figure AS part WHERE part."contest_id" = record.{own} AND (true)) AS shown', 'contest_id'))), models.UniqueConstraint(condition=models.Q(('is_demonstration', False)), fields=('year',), name='contest_year_once'), models.CheckConstraint(condition=models.Q(('words_min__lte', models.F('words_max'))), name='contest_words_in_order', violation_error_message='The minimum number of words is above the maximum.'), models.CheckConstraint(condition=models.Q(('votes_per_category', 1)), name='contest_one_vote_per_category', violation_error_message='A ballot can contain one vote per category.'), models.CheckConstraint(condition=models.Q(('winners_at__gte', models.F('champions_at')), ('winners_at', None), ('champions_at', None), _connector='OR'), name='contest_champions_before_winners', violation_error_message='Winners cannot be public before the champions.')],
                    },
                ),
                migrations.CreateModel(
                    name='Category',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='categories', to='prizes.contest', verbose_name='contest')),
                        ('action_line', models.ForeignKey(limit_choices_to={'number__isnull': False}, on_delete=django.db.models.deletion.PROTECT, related_name='prize_categories', to='reference.actionline', verbose_name='action line')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                    ],
                    options={
                        'verbose_name': 'category',
                        'verbose_name_plural': 'categories',
                        'ordering': ['contest', 'number'],
                        'constraints': [models.UniqueConstraint(fields=('contest', 'action_line'), name='category_once'), models.UniqueConstraint(fields=('contest', 'number'), name='category_number_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Phase',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='phases', to='prizes.contest', verbose_name='contest')),
                        ('kind', models.CharField(choices=[('submission', 'Submission'), ('nomination', 'Nomination by expert groups'), ('voting', 'Public voting'), ('selection', 'Selection of winners'), ('announcement', 'Announcement')], max_length=12, verbose_name='phase')),
                        ('number', models.PositiveSmallIntegerField(editable=False, verbose_name='order')),
                        ('opens_at', models.DateTimeField(blank=True, null=True, verbose_name='opens')),
                        ('closes_at', models.DateTimeField(blank=True, null=True, verbose_name='closes')),
                        ('hour_known', models.BooleanField(default=True, help_text='Without it the pages show only days: the source gives no time.', verbose_name='the hour is known')),
                        ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                        ('source', models.CharField(blank=True, max_length=300, verbose_name='source')),
                    ],
                    options={
                        'verbose_name': 'phase',
                        'verbose_name_plural': 'phases',
                        'ordering': ['contest', 'number'],
                        'indexes': [models.Index(fields=['kind', 'opens_at', 'closes_at'], name='phase_window')],
                        'constraints': [models.UniqueConstraint(fields=('contest', 'kind'), name='phase_once'), models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at')), ('opens_at', None), ('closes_at', None), _connector='OR'), name='phase_ends_after_start', violation_error_message='The phase closes before it opens.')],
                    },
                ),
                migrations.CreateModel(
                    name='Extension',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('phase', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='prizes.phase', verbose_name='phase')),
                        ('old_end', models.DateTimeField(verbose_name='old end')),
                        ('new_end', models.DateTimeField(verbose_name='new end')),
                        ('reason', models.TextField(blank=True, max_length=2000, verbose_name='reason')),
                        ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                        ('at', models.DateTimeField(blank=True, help_text='Leave empty if a source does not say when.', null=True, verbose_name='at')),
                        ('source', models.CharField(blank=True, max_length=300, verbose_name='source')),
                    ],
                    options={
                        'verbose_name': 'extension',
                        'verbose_name_plural': 'extensions',
                        'ordering': ['phase', 'new_end'],
                        'constraints': [models.UniqueConstraint(fields=('phase', 'new_end'), name='extension_once'), models.CheckConstraint(condition=models.Q(('new_end__gt', models.F('old_end'))), name='extension_extends')],
                    },
                ),
                migrations.CreateModel(
                    name='Question',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('contest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='prizes.contest', verbose_name='contest')),
                        ('order', models.PositiveSmallIntegerField(verbose_name='order')),
                        ('text', models.CharField(max_length=300, verbose_name='question')),
                        ('refusal', models.CharField(max_length=300, verbose_name='what is shown after a “no”')),
                    ],
                    options={
                        'verbose_name': 'question of eligibility',
                        'verbose_name_plural': 'questions of eligibility',
                        'ordering': ['contest', 'order'],
                        'constraints': [models.UniqueConstraint(fields=('contest', 'order'), name='question_order_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Criterion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='criteria', to='prizes.contest', verbose_name='contest')),
                        ('order', models.PositiveSmallIntegerField(verbose_name='order')),
                        ('text', models.CharField(max_length=150, verbose_name='criterion')),
                        ('guidance', models.CharField(blank=True, max_length=500, verbose_name='guidance')),
                        ('weight', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='weight')),
                        ('scale', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)], verbose_name='highest score')),
                    ],
                    options={
                        'verbose_name': 'criterion',
                        'verbose_name_plural': 'criteria',
                        'ordering': ['contest', 'order'],
                        'constraints': [models.UniqueConstraint(fields=('contest', 'order'), name='criterion_order_once'), models.CheckConstraint(condition=models.Q(('scale__gte', 1), ('weight__gte', 1)), name='criterion_counts')],
                    },
                ),
                migrations.CreateModel(
                    name='Figure',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='prizes.contest', verbose_name='contest')),
                        ('kind', models.CharField(choices=[('submitted', 'Entries submitted'), ('nominated', 'Entries nominated'), ('countries', 'Countries'), ('votes', 'Votes'), ('champions', 'Champions'), ('winners', 'Winners')], max_length=10, verbose_name='figure')),
                        ('by', models.CharField(blank=True, choices=[('', 'in all'), ('action_line', 'by category'), ('stakeholder_type', 'by stakeholder type'), ('region', 'by region')], default='', max_length=16, verbose_name='breakdown')),
                        ('code', models.CharField(blank=True, help_text='A code.', max_length=12, verbose_name='part')),
                        ('value', models.CharField(help_text='As in the source, such as “1.1 million”.', max_length=60, verbose_name='value')),
                        ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                        ('source', models.CharField(max_length=300, verbose_name='source')),
                        ('source_date', models.CharField(blank=True, help_text='As far as known.', max_length=20, verbose_name='date of the source')),
                        ('unconfirmed', models.BooleanField(default=False, verbose_name='unconfirmed')),
                    ],
                    options={
                        'verbose_name': 'figure',
                        'verbose_name_plural': 'figures',
                        'ordering': ['contest', 'kind', 'by', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('contest', 'kind', 'by', 'code', 'value', 'source'), name='figure_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Remark',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('change', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='prize_remark', to='common.statuschange', verbose_name='decision')),
                        ('text', models.TextField(max_length=2000, verbose_name='text')),
                    ],
                    options={
                        'verbose_name': 'remark on a decision',
                        'verbose_name_plural': 'remarks on decisions',
                        'ordering': ['-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Entry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='prizes.contest', verbose_name='contest')),
                        ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='prizes.category', verbose_name='category')),
                        ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='prize_entries', to='stocktaking.project', verbose_name='project')),
                        ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='prize_entries', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                        ('title', models.CharField(blank=True, max_length=250, verbose_name='title')),
                        ('language', models.CharField(choices=[('ar', 'عربي'), ('zh-hans', '中文'), ('en', 'English'), ('fr', 'Français'), ('ru', 'Русский'), ('es', 'Español')], default='en', max_length=8, verbose_name='language of the text')),
                        ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='prize_entries', to='stocktaking.organization', verbose_name='organization')),
                        ('organization_name', models.CharField(blank=True, max_length=250, verbose_name='organization')),
                        ('country', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='prize_entries', to='reference.country', verbose_name='country')),
                        ('stakeholder_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='prize_entries', to='reference.stakeholdertype', verbose_name='stakeholder type')),
                        ('description', models.TextField(blank=True, max_length=4000, verbose_name='short description')),
                        ('answers', models.JSONField(blank=True, default=list, verbose_name='answers on eligibility')),
                        ('exclusive', models.BooleanField(default=True, editable=False, verbose_name='one per organization and category')),
                        ('is_distinct', models.BooleanField(default=False, help_text='The secretariat compares the entries after submission closes.', verbose_name='My organization is another one than those with a similar name')),
                        ('word_count', models.PositiveIntegerField(default=0, editable=False, verbose_name='words of the description')),
                        ('status', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('returned', 'Returned for changes'), ('refused', 'Not eligible'), ('accepted', 'Accepted for review'), ('nominated', 'Nominated'), ('not_nominated', 'Not nominated'), ('champion', 'Champion'), ('winner', 'Winner'), ('withdrawn', 'Withdrawn')], default='draft', editable=False, max_length=13, verbose_name='status')),
                        ('announced', models.CharField(blank=True, editable=False, help_text='What the change log and the e-mails have already announced.', max_length=13, verbose_name='outcome announced')),
                        ('code', models.CharField(default=prizes.entry.models.new_code, editable=False, max_length=16, unique=True, verbose_name='code of the certificate')),
                        ('source', models.TextField(blank=True, max_length=2000, verbose_name='source')),
                        ('source_note', models.TextField(blank=True, max_length=2000, verbose_name='inferred or unconfirmed')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                        ('submitted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='submitted at')),
                        ('winner_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='chosen at')),
                        ('words', models.GeneratedField(db_persist=True, expression=common.search.fields.Words('title', 'organization_name', 'description'), output_field=django.contrib.postgres.search.SearchVectorField())),
                    ],
                    options={
                        'verbose_name': 'prize entry',
                        'verbose_name_plural': 'prize entries',
                        'ordering': ['-created_at', '-pk'],
                        'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['words'], name='entry_words'), models.Index(fields=['contest', 'category', 'status'], name='entry_of_category'), models.Index(fields=['owner', '-updated_at'], name='entry_of_owner'), models.Index(fields=['-created_at', '-id'], name='entry_order')],
                        'constraints': [common.records.feed.InFeed(columns=('id', 'title', 'language', 'organization_name', 'country_id', 'stakeholder_type_id', 'description', 'source', 'source_note', 'project_id'), name='feed_entry', parts=(('prizes_contest', 'changed.id = record.contest_id', "SELECT jsonb_build_array(contest.slug, CASE WHEN record.source <> '' THEN record.status\n    WHEN record.status IN ('winner') AND contest.winners_at <= now() THEN 'winner'\n    WHEN record.status IN ('champion', 'winner') AND contest.champions_at <= now() THEN 'champion'\n    ELSE 'nominated' END) FROM prizes_contest AS contest WHERE contest.id = record.contest_id", ''), ('prizes_phase', "changed.contest_id = record.contest_id AND changed.kind = 'voting'", 'SELECT NULL::jsonb', ''), ('prizes_category', 'changed."id" = record."category_id"', 'SELECT jsonb_build_array(part."action_line_id") FROM prizes_category AS part WHERE part."id" = record."category_id"', ''), ('reference_actionline', 'record.category_id IN (SELECT id FROM prizes_category WHERE action_line_id = changed.code)', 'SELECT jsonb_build_array(line.name_en, line.name_ar, line.name_es, line.name_fr, line.name_ru, line.name_zh_hans) FROM reference_actionline AS line JOIN prizes_category AS category ON category.action_line_id = line.code WHERE category.id = record.category_id', ''), ('reference_country', 'changed."code" = record."country_id"', 'SELECT jsonb_build_array(part."name_en", part."name_ar", part."name_es", part."name_fr", part."name_ru", part."name_zh_hans") FROM reference_country AS part WHERE part."code" = record."country_id"', ''), ('reference_stakeholdertype', 'changed."code" = record."stakeholder_type_id"', 'SELECT jsonb_build_array(part."name_en", part."name_ar", part."name_es", part."name_fr", part."name_ru", part."name_zh_hans") FROM reference_stakeholdertype AS part WHERE part."code" = record."stakeholder_type_id"', '')), public="(record.source <> '' OR\n    (record.status IN ('nominated', 'champion', 'winner') AND EXISTS (SELECT FROM prizes_phase AS phase WHERE phase.contest_id = record.contest_id\n    AND phase.kind = 'voting' AND phase.opens_at <= now())))"), common.records.feed.InFeed(columns=('id', 'title', 'language', 'organization_name', 'country_id', 'stakeholder_type_id', 'description', 'source', 'source_note', 'project_id'), kind='prizes.result', name='feed_result', parts=(('prizes_contest', 'changed.id = record.contest_id', "SELECT jsonb_build_array(contest.slug, CASE WHEN record.source <> '' THEN record.status\n    WHEN record.status IN ('winner') AND contest.winners_at <= now() THEN 'winner'\n    WHEN record.status IN ('champion', 'winner') AND contest.champions_at <= now() THEN 'champion'\n    ELSE 'nominated' END) FROM prizes_contest AS contest WHERE contest.id = record.contest_id", ''), ('prizes_phase', "changed.contest_id = record.contest_id AND changed.kind = 'voting'", 'SELECT NULL::jsonb', ''), ('prizes_category', 'changed."id" = record."category_id"', 'SELECT jsonb_build_array(part."action_line_id") FROM prizes_category AS part WHERE part."id" = record."category_id"', ''), ('reference_actionline', 'record.category_id IN (SELECT id FROM prizes_category WHERE action_line_id = changed.code)', 'SELECT jsonb_build_array(line.name_en, line.name_ar, line.name_es, line.name_fr, line.name_ru, line.name_zh_hans) FROM reference_actionline AS line JOIN prizes_category AS category ON category.action_line_id = line.code WHERE category.id = record.category_id', ''), ('reference_country', 'changed."code" = record."country_id"', 'SELECT jsonb_build_array(part."name_en", part."name_ar", part."name_es", part."name_fr", part."name_ru", part."name_zh_hans") FROM reference_country AS part WHERE part."code" = record."country_id"', ''), ('reference_stakeholdertype', 'changed."code" = record."stakeholder_type_id"', 'SELECT jsonb_build_array(part."name_en", part."name_ar", part."name_es", part."name_fr", part."name_ru", part."name_zh_hans") FROM reference_stakeholdertype AS part WHERE part."code" = record."stakeholder_type_id"', ''), ('prizes_result', 'changed.entry_id = record.id', 'SELECT jsonb_agg(jsonb_build_array(part.votes, part.rank)) FROM prizes_result AS part JOIN prizes_contest AS contest ON contest.id = record.contest_id WHERE part.entry_id = record.id AND contest.champions_at <= now()', '')), public="(record.source <> '' OR\n    (record.status IN ('nominated', 'champion', 'winner') AND EXISTS (SELECT FROM prizes_phase AS phase WHERE phase.contest_id = record.contest_id\n    AND phase.kind = 'voting' AND phase.opens_at <= now()))) AND EXISTS (SELECT FROM prizes_contest AS contest\n    WHERE contest.id = record.contest_id AND CASE WHEN record.source <> '' THEN record.status\n    WHEN record.status IN ('winner') AND contest.winners_at <= now() THEN 'winner'\n    WHEN record.status IN ('champion', 'winner') AND contest.champions_at <= now() THEN 'champion'\n    ELSE 'nominated' END IN ('champion', 'winner'))"), models.CheckConstraint(condition=models.Q(('status__in', ['accepted', 'champion', 'draft', 'nominated', 'not_nominated', 'refused', 'returned', 'submitted', 'winner', 'withdrawn'])), name='entry_status'), models.CheckConstraint(condition=models.Q(models.Q(('source', ''), _negated=True), models.Q(('category__isnull', False), ('project__isnull', False)), _connector='OR'), name='entry_has_category_and_project'), models.UniqueConstraint(condition=models.Q(('source', ''), models.Q(('status__in', ('refused', 'withdrawn')), _negated=True)), fields=('contest', 'project'), name='entry_project_once', violation_error_message='This project already takes part in this contest.'), models.UniqueConstraint(condition=models.Q(('source', ''), models.Q(('status__in', ('refused', 'withdrawn')), _negated=True), models.Q(('status', 'draft'), _negated=True), ('exclusive', True)), fields=('category', 'organization'), name='entry_organization_once', violation_error_message='Your organization already has an entry in this category: one is allowed.'), models.UniqueConstraint(models.F('category'), common.text.collation.Trimmed('organization_name'), django.db.models.functions.comparison.Coalesce('country', models.Value(''), output_field=models.CharField()), condition=models.Q(('source', ''), models.Q(('status__in', ('refused', 'withdrawn')), _negated=True), models.Q(('status', 'draft'), _negated=True), ('exclusive', True), ('organization', None), models.Q(('organization_name', ''), _negated=True)), name='entry_organization_name_once', violation_error_message='Your organization already has an entry in this category: one is allowed.'), models.UniqueConstraint(condition=models.Q(('source', ''), ('status', 'winner')), fields=('category',), name='entry_one_winner', violation_error_message='This category already has a winner.'), models.UniqueConstraint(condition=models.Q(('source', ''), _negated=True), fields=('contest', 'category', 'title', 'organization_name'), name='entry_imported_once', nulls_distinct=False)],
                    },
                    bases=(prizes.entry.readiness.Readiness, models.Model),
                ),
                migrations.CreateModel(
                    name='Voter',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('contest', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='voters', to='prizes.contest', verbose_name='contest')),
                        ('key', models.CharField(max_length=64, verbose_name='voter')),
                        ('events', models.PositiveIntegerField(default=0, verbose_name='events')),
                    ],
                    options={
                        'verbose_name': 'voter',
                        'verbose_name_plural': 'voters',
                        'ordering': ['contest', 'key'],
                        'constraints': [models.UniqueConstraint(fields=('contest', 'key'), name='voter_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Mailbox',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('contest', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='mailboxes', to='prizes.contest', verbose_name='contest')),
                        ('digest', models.CharField(max_length=64, verbose_name='mailbox')),
                        ('key', models.CharField(max_length=64, verbose_name='voter')),
                    ],
                    options={
                        'verbose_name': 'mailbox of a voter',
                        'verbose_name_plural': 'mailboxes of voters',
                        'ordering': ['contest', 'digest'],
                        'constraints': [models.UniqueConstraint(fields=('contest', 'digest'), name='mailbox_once')],
                    },
                ),
                migrations.CreateModel(
                    name='FormerMembership',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stocktaking.organization', verbose_name='organization')),
                        ('until', models.DateTimeField(verbose_name='until')),
                    ],
                    options={
                        'verbose_name': 'former organization of a member',
                        'verbose_name_plural': 'former organizations of members',
                        'ordering': ['-until', '-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='ChainHead',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='chains', to='prizes.contest', verbose_name='contest')),
                        ('shard', models.PositiveSmallIntegerField(verbose_name='chain')),
                        ('number', models.PositiveIntegerField(default=0, verbose_name='events')),
                        ('hash', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', max_length=64, verbose_name='hash of the last event')),
                        ('voting_closes_at', models.DateTimeField(blank=True, null=True, verbose_name='end of the vote when the chain began')),
                    ],
                    options={
                        'verbose_name': 'head of a chain',
                        'verbose_name_plural': 'heads of chains',
                        'ordering': ['contest', 'shard'],
                        'constraints': [models.UniqueConstraint(fields=('contest', 'shard'), name='chain_once')],
                    },
                ),
                migrations.CreateModel(
                    name='BallotEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('contest', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='prizes.contest')),
                        ('category', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='prizes.category')),
                        ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='prizes.entry')),
                        ('voter', models.CharField(max_length=64, verbose_name='voter')),
                        ('kind', models.CharField(choices=[('cast', 'cast'), ('change', 'changed'), ('withdraw', 'withdrawn'), ('voiding', 'void')], max_length=8, verbose_name='kind')),
                        ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                        ('shard', models.PositiveSmallIntegerField(db_default=0, verbose_name='chain')),
                        ('number', models.PositiveIntegerField(db_default=0, verbose_name='number')),
                        ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), help_text='The full hour: an exact time could be joined with records of visits.', verbose_name='hour')),
                        ('previous', models.CharField(db_default='', max_length=64, verbose_name='hash of the event before')),
                        ('hash', models.CharField(db_default='', max_length=64, verbose_name='hash')),
                        ('receipt_number', models.BigIntegerField(blank=True, help_text='Four words, written as a number. Only votes have a receipt.', null=True, verbose_name='number of the receipt')),
                    ],
                    options={
                        'verbose_name': 'event of the ballot',
                        'verbose_name_plural': 'events of the ballot',
                        'ordering': ['contest', 'shard', 'number'],
                        'indexes': [models.Index(fields=['category', 'voter', '-number'], name='ballot_event_of_voter')],
                        'constraints': [models.UniqueConstraint(fields=('contest', 'shard', 'number'), name='ballot_event_link_once'), models.UniqueConstraint(fields=('contest', 'receipt_number'), name='ballot_event_receipt_once'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('cast', 'change')), ('receipt_number__range', (0, 17592186044415))), models.Q(models.Q(('kind__in', ('cast', 'change')), _negated=True), ('receipt_number__isnull', True)), _connector='OR'), name='ballot_event_receipt_of_votes')],
                    },
                ),
                migrations.CreateModel(
                    name='Vote',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='prizes.category', verbose_name='category')),
                        ('voter', models.CharField(max_length=64, verbose_name='voter')),
                        ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='prizes.entry', verbose_name='entry')),
                        ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='vote', to='prizes.ballotevent', verbose_name='event')),
                        ('voided', models.BooleanField(default=False, verbose_name='void')),
                    ],
                    options={
                        'verbose_name': 'vote',
                        'verbose_name_plural': 'votes',
                        'ordering': ['category', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('category', 'voter'), name='vote_once', violation_error_message='You have one vote in each category.')],
                    },
                ),
                migrations.CreateModel(
                    name='Voiding',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voidings', to='prizes.ballotevent', verbose_name='vote')),
                        ('reason', models.CharField(help_text='Only the secretariat reads it.', max_length=500, verbose_name='reason for the file')),
                        ('told', models.CharField(help_text='The voter reads it under “My votes” once the vote is void.', max_length=500, verbose_name='reason for the voter')),
                        ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                        ('proposed_at', models.DateTimeField(auto_now_add=True, verbose_name='proposed at')),
                        ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                        ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed at')),
                        ('dismissed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dismissed by')),
                        ('dismissed_at', models.DateTimeField(blank=True, null=True, verbose_name='dismissed at')),
                        ('voided_by', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='case', to='prizes.ballotevent', verbose_name='event that voids it')),
                    ],
                    options={
                        'verbose_name': 'void of a vote',
                        'verbose_name_plural': 'voids of votes',
                        'ordering': ['-proposed_at', '-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('confirmed_by', models.F('proposed_by')), _negated=True), ('confirmed_by', None), _connector='OR'), name='voiding_by_two', violation_error_message='A second person must confirm.'), models.CheckConstraint(condition=models.Q(('confirmed_at', None), ('dismissed_at', None), _connector='OR'), name='voiding_ends_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Result',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='prizes.category', verbose_name='category')),
                        ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='result', to='prizes.entry', verbose_name='entry')),
                        ('rank', models.PositiveSmallIntegerField(verbose_name='rank')),
                        ('votes', models.PositiveIntegerField(verbose_name='valid votes')),
                        ('champion', models.BooleanField(default=False, verbose_name='champion')),
                        ('frozen_at', models.DateTimeField(verbose_name='frozen at')),
                        ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                    ],
                    options={
                        'verbose_name': 'result',
                        'verbose_name_plural': 'results',
                        'ordering': ['category', 'rank', 'pk'],
                        'indexes': [models.Index(fields=['category', 'rank'], name='result_order')],
                    },
                ),
                migrations.CreateModel(
                    name='CountProposal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('contest', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='count_proposals', to='prizes.contest', verbose_name='contest')),
                        ('digest', models.CharField(max_length=64, verbose_name='hash of what was shown')),
                        ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                        ('proposed_at', models.DateTimeField(auto_now_add=True, verbose_name='proposed at')),
                        ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                        ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed at')),
                    ],
                    options={
                        'verbose_name': 'proposal to count the votes',
                        'verbose_name_plural': 'proposals to count the votes',
                        'ordering': ['-proposed_at', '-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('confirmed_by', models.F('proposed_by')), _negated=True), ('confirmed_by', None), _connector='OR'), name='count_by_two', violation_error_message='A second person must confirm.'), models.UniqueConstraint(fields=('contest', 'digest', 'proposed_by'), name='count_proposed_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Removal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                        ('reached', models.BigIntegerField(default=0, verbose_name='last account looked at')),
                        ('told', models.PositiveIntegerField(default=0, verbose_name='voters told')),
                        ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='all were told at')),
                        ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='removals', to='prizes.entry', verbose_name='entry')),
                    ],
                    options={
                        'verbose_name': 'removal of a nominee',
                        'verbose_name_plural': 'removals of nominees',
                        'ordering': ['-at', '-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Panel',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('category', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='panel', to='prizes.category', verbose_name='category')),
                        ('reviews_per_entry', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='reviews of each entry')),
                        ('load_cap', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000)], verbose_name='entries per expert, at most')),
                        ('experts', models.ManyToManyField(related_name='prize_panels', through='prizes.PanelMember', to=settings.AUTH_USER_MODEL, verbose_name='experts')),
                    ],
                    options={
                        'verbose_name': 'panel',
                        'verbose_name_plural': 'panels',
                        'ordering': ['category'],
                    },
                ),
                migrations.CreateModel(
                    name='PanelMember',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('panel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='prizes.panel', verbose_name='panel')),
                        ('expert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='panel_seats', to=settings.AUTH_USER_MODEL, verbose_name='expert')),
                        ('is_chair', models.BooleanField(default=False, verbose_name='chair')),
                        ('reminded_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='reminded at')),
                    ],
                    options={
                        'verbose_name': 'seat on a panel',
                        'verbose_name_plural': 'seats on panels',
                        'ordering': ['panel', '-is_chair', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('panel', 'expert'), name='seat_once'), models.UniqueConstraint(condition=models.Q(('is_chair', True)), fields=('panel',), name='panel_one_chair', violation_error_message='The panel already has a chair.')],
                    },
                ),
                migrations.CreateModel(
                    name='Conflict',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to='prizes.entry', verbose_name='entry')),
                        ('expert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prize_conflicts', to=settings.AUTH_USER_MODEL, verbose_name='expert')),
                        ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                        ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                    ],
                    options={
                        'verbose_name': 'conflict of interest',
                        'verbose_name_plural': 'conflicts of interest',
                        'ordering': ['-at', '-pk'],
                        'constraints': [models.UniqueConstraint(fields=('entry', 'expert'), name='conflict_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Review',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='prizes.entry', verbose_name='entry')),
                        ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prize_reviews', to=settings.AUTH_USER_MODEL, verbose_name='expert')),
                        ('state', models.CharField(choices=[('draft', 'Draft'), ('done', 'Submitted'), ('abstained', 'Abstained')], default='draft', max_length=10, verbose_name='state')),
                        ('comment', models.TextField(blank=True, max_length=4000, verbose_name='comment')),
                        ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed at')),
                    ],
                    options={
                        'verbose_name': 'review',
                        'verbose_name_plural': 'reviews',
                        'ordering': ['entry', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('entry', 'reviewer'), name='review_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Score',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='prizes.review', verbose_name='review')),
                        ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scores', to='prizes.criterion', verbose_name='criterion')),
                        ('value', models.PositiveSmallIntegerField(verbose_name='score')),
                    ],
                    options={
                        'verbose_name': 'score',
                        'verbose_name_plural': 'scores',
                        'ordering': ['review', 'criterion'],
                        'constraints': [models.UniqueConstraint(fields=('review', 'criterion'), name='score_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Assignment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='prizes.entry', verbose_name='entry')),
                        ('expert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prize_assignments', to=settings.AUTH_USER_MODEL, verbose_name='expert')),
                        ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                    ],
                    options={
                        'verbose_name': 'assignment of an entry',
                        'verbose_name_plural': 'assignments of entries',
                        'ordering': ['entry', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('entry', 'expert'), name='assignment_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Choice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('panel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='prizes.panel', verbose_name='panel')),
                        ('expert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prize_choices', to=settings.AUTH_USER_MODEL, verbose_name='expert')),
                        ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='prizes.entry', verbose_name='entry')),
                        ('reason', models.CharField(max_length=500, verbose_name='reason')),
                        ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                        ('standing', models.BooleanField(default=True, verbose_name='valid')),
                    ],
                    options={
                        'verbose_name': 'choice of a winner',
                        'verbose_name_plural': 'choices of winners',
                        'ordering': ['panel', '-at', '-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('standing', True)), fields=('panel', 'expert'), name='choice_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Invitation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('panel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='prizes.panel', verbose_name='panel')),
                        ('expert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='panel_invitations', to=settings.AUTH_USER_MODEL, verbose_name='expert')),
                        ('is_chair', models.BooleanField(default=False, verbose_name='chair')),
                        ('asked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='asked last at')),
                        ('answered_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='answered at')),
                        ('accepted', models.BooleanField(blank=True, editable=False, null=True, verbose_name='accepted')),
                    ],
                    options={
                        'verbose_name': 'invitation to a panel',
                        'verbose_name_plural': 'invitations to panels',
                        'ordering': ['panel', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('panel', 'expert'), name='invitation_once', violation_error_message='This person is invited to the panel already.'), models.CheckConstraint(condition=models.Q(models.Q(('accepted', None), ('answered_at', None)), models.Q(('accepted__isnull', False), ('answered_at__isnull', False)), _connector='OR'), name='invitation_answer_has_time')],
                    },
                ),
                migrations.CreateModel(
                    name='Turn',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('contest', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='turns', to='prizes.contest', verbose_name='contest')),
                        ('key', models.CharField(max_length=64, verbose_name='voter')),
                    ],
                    options={
                        'verbose_name': 'turn of a voter',
                        'verbose_name_plural': 'turns of voters',
                        'ordering': ['contest', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('contest', 'key'), name='turn_once')],
                    },
                ),
                migrations.CreateModel(
                    name='VoidNotice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                        ('reached', models.BigIntegerField(default=0, verbose_name='last account looked at')),
                        ('told', models.PositiveIntegerField(default=0, verbose_name='voters told')),
                        ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='all were told at')),
                        ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='notice', to='prizes.voiding', verbose_name='void of a vote')),
                    ],
                    options={
                        'verbose_name': 'notice of a void',
                        'verbose_name_plural': 'notices of voids',
                        'ordering': ['-at', '-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='VoteListWish',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('contest', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='prizes.contest', verbose_name='contest')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                        ('asked_at', models.DateTimeField(auto_now_add=True, verbose_name='asked at')),
                        ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                    ],
                    options={
                        'verbose_name': 'wish for the list of votes',
                        'verbose_name_plural': 'wishes for the list of votes',
                        'ordering': ['-asked_at', '-pk'],
                        'indexes': [models.Index(condition=models.Q(('sent_at', None)), fields=['contest'], name='vote_list_wish_waiting')],
                        'constraints': [models.UniqueConstraint(fields=('contest', 'user'), name='vote_list_wish_once')],
                    },
                ),
            ],
        ),
        run_file("prizes/result/ties.sql"),
        run_file("prizes/ballot/receipt.sql"),
        run_file("prizes/ballot/box.sql"),
        run_file("prizes/ballot/vote.sql"),
        run_file("prizes/ballot/former_membership.sql"),
        run_file("prizes/panel/criteria.sql"),
    ]
