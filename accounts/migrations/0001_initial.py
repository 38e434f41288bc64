import accounts.personal_data.models
import accounts.user.models
import common.mail.addresses
import common.schema.operations
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('common', '0001_functions'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        common.schema.operations.CreateTables(
            tables=[
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                        ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                        ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                        ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                        ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                        ('email', common.mail.addresses.AddressField(max_length=254, unique=True, verbose_name='e-mail address')),
                        ('language', models.CharField(choices=[('ar', 'عربي'), ('zh-hans', '中文'), ('en', 'English'), ('fr', 'Français'), ('ru', 'Русский'), ('es', 'Español')], default='en', max_length=8, verbose_name='language')),
                        ('time_zone', models.CharField(blank=True, default='', help_text='Empty when it was never chosen; it is then not UTC.', max_length=64, validators=[accounts.user.models.validate_time_zone], verbose_name='time zone')),
                        ('left_at', models.DateTimeField(editable=False, null=True, verbose_name='what waited was ended at')),
                        ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                        ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                    ],
                    options={
                        'verbose_name': 'user',
                        'verbose_name_plural': 'users',
                        'ordering': ['email'],
                        'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('email'), name='gin_trgm_ops'), name='user_email_trgm'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('last_name'), name='gin_trgm_ops'), name='user_last_name_trgm'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('first_name'), name='gin_trgm_ops'), name='user_first_name_trgm')],
                        'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_once_any_case'), models.CheckConstraint(condition=models.Q(('email__regex', '^[!-@\\[-~]+$')), name='user_email_one_spelling')],
                    },
                ),
                migrations.CreateModel(
                    name='ApiKey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_keys', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                        ('name', models.CharField(help_text='What it is used for, for example “nightly harvest”.', max_length=80, verbose_name='name')),
                        ('prefix', models.CharField(editable=False, max_length=20, unique=True, verbose_name='begins with')),
                        ('digest', models.CharField(editable=False, max_length=64, verbose_name='SHA-256 of the secret')),
                        ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('read', 'Read public data with a higher rate limit'), ('read:own', 'Read my own data, including what is not public'), ('write:projects', 'Start, change and submit my own projects'), ('write:positions', 'State the positions of my agency on milestones')], max_length=20), size=None, verbose_name='scopes')),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='made at')),
                        ('expires_at', models.DateTimeField(verbose_name='ends at')),
                        ('last_used_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last used at')),
                        ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='revoked at')),
                        ('revoked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='revoked by')),
                    ],
                    options={
                        'verbose_name': 'key of the API',
                        'verbose_name_plural': 'keys of the API',
                        'ordering': ['-created_at', '-pk'],
                        'indexes': [models.Index(fields=['user', '-created_at', '-id'], name='api_key_of_user')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('scopes__contained_by', ['read', 'read:own', 'write:projects', 'write:positions']), ('scopes__len__gt', 0)), name='api_key_known_scopes'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='api_key_ends_after_start')],
                    },
                ),
                migrations.CreateModel(
                    name='TextVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('terms', 'Terms of use'), ('privacy', 'Privacy notice')], max_length=10, verbose_name='text')),
                        ('version', models.CharField(max_length=20, verbose_name='version')),
                        ('summary', models.TextField(help_text='Shown when people are asked to agree.', max_length=1000, verbose_name='what has changed')),
                        ('summary_en', models.TextField(help_text='Shown when people are asked to agree.', max_length=1000, null=True, verbose_name='what has changed')),
                        ('summary_ar', models.TextField(help_text='Shown when people are asked to agree.', max_length=1000, null=True, verbose_name='what has changed')),
                        ('summary_zh_hans', models.TextField(help_text='Shown when people are asked to agree.', max_length=1000, null=True, verbose_name='what has changed')),
                        ('summary_fr', models.TextField(help_text='Shown when people are asked to agree.', max_length=1000, null=True, verbose_name='what has changed')),
                        ('summary_ru', models.TextField(help_text='Shown when people are asked to agree.', max_length=1000, null=True, verbose_name='what has changed')),
                        ('summary_es', models.TextField(help_text='Shown when people are asked to agree.', max_length=1000, null=True, verbose_name='what has changed')),
                        ('published_at', models.DateTimeField(verbose_name='in force from')),
                    ],
                    options={
                        'verbose_name': 'version of a text',
                        'verbose_name_plural': 'versions of texts',
                        'ordering': ['-published_at', '-pk'],
                        'constraints': [models.UniqueConstraint(fields=('kind', 'version'), name='text_version_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Consent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to=settings.AUTH_USER_MODEL)),
                        ('text', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='accounts.textversion')),
                        ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                    ],
                    options={
                        'verbose_name': 'consent',
                        'verbose_name_plural': 'consents',
                        'constraints': [models.UniqueConstraint(fields=('user', 'text'), name='consent_once')],
                    },
                ),
                migrations.CreateModel(
                    name='MailChoice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mail_choices', to=settings.AUTH_USER_MODEL)),
                        ('kind', models.CharField(choices=[('news', 'News of what I follow'), ('reminders', 'Reminders of drafts and returned projects, and the yearly check'), ('desk', 'What waits for the secretariat'), ('roles', 'Decisions on my roles in organizations'), ('projects', 'Decisions on my projects, and messages about them'), ('editions', 'New editions of reports that I want to be told of'), ('editing', 'Reports that I write: comments, and texts that were asked for'), ('reports', 'Reports that I have asked for or am asked to review'), ('panels', 'Invitations and reminders to the experts of the Prizes'), ('prizes', 'Decisions on my entries to the Prizes'), ('agenda', 'Changes of the agenda of the Forum'), ('forum_messages', 'Messages of the secretariat about the Forum'), ('reviewing', 'Reviews of proposals to the Forum: requests and reminders'), ('session_reports', 'Reports on my sessions at the Forum: requests and reminders'), ('forum', 'Decisions on my submissions and registrations at the Forum'), ('roadmap', 'Roadmap and consultations')], max_length=20, verbose_name='kind')),
                        ('delivery', models.CharField(choices=[('now', 'at once'), ('daily', 'once a day, together'), ('weekly', 'once a week, together'), ('off', 'never')], default='now', max_length=10, verbose_name='delivery')),
                    ],
                    options={
                        'verbose_name': 'choice of e-mail',
                        'verbose_name_plural': 'choices of e-mail',
                        'constraints': [models.UniqueConstraint(fields=('user', 'kind'), name='mail_choice_once')],
                    },
                ),
                migrations.CreateModel(
                    name='DataExport',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('state', models.CharField(choices=[('queued', 'waiting for a worker'), ('running', 'running'), ('done', 'done'), ('failed', 'failed'), ('cancelled', 'cancelled')], default='queued', max_length=10, verbose_name='state')),
                        ('step', models.CharField(blank=True, max_length=20, verbose_name='step')),
                        ('percent', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='percent')),
                        ('error', models.TextField(blank=True, max_length=2000, verbose_name='error')),
                        ('log', models.JSONField(blank=True, default=list, verbose_name='log')),
                        ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                        ('token', models.UUIDField(blank=True, editable=False, null=True, verbose_name='token of the worker')),
                        ('lease_until', models.DateTimeField(blank=True, null=True, verbose_name='leased until')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                        ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started at')),
                        ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished at')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exports', to=settings.AUTH_USER_MODEL)),
                        ('file', models.CharField(blank=True, max_length=200, verbose_name='file')),
                    ],
                    options={
                        'verbose_name': 'export of personal data',
                        'verbose_name_plural': 'exports of personal data',
                        'ordering': ['-created_at', '-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('queued', 'running'))), fields=('user',), name='data_export_one_live')],
                    },
                ),
                migrations.CreateModel(
                    name='Erasure',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='erasures', to=settings.AUTH_USER_MODEL)),
                        ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked at')),
                        ('due_at', models.DateTimeField(default=accounts.personal_data.models.two_weeks_on, verbose_name='due at')),
                        ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='cancelled at')),
                        ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done at')),
                    ],
                    options={
                        'verbose_name': 'erasure',
                        'verbose_name_plural': 'erasures',
                        'ordering': ['-asked_at', '-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('cancelled_at', None), ('done_at', None)), fields=('user',), name='erasure_one_waiting')],
                    },
                ),
                migrations.CreateModel(
                    name='FactorReset',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='factor_resets', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                        ('explanation', models.TextField(blank=True, max_length=1000, verbose_name='what happened')),
                        ('status', models.CharField(choices=[('asked', 'Waits for the first officer'), ('checked', 'Waits for the second officer'), ('approved', 'Approved; the waiting time runs'), ('done', 'Two-step verification was removed'), ('refused', 'Rejected'), ('stopped', 'Stopped from the account')], default='asked', editable=False, max_length=10, verbose_name='status')),
                        ('identity', models.TextField(blank=True, verbose_name='how the identity was checked (first officer)')),
                        ('identity_again', models.TextField(blank=True, verbose_name='how the identity was checked (second officer)')),
                        ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='asked at')),
                        ('due_at', models.DateTimeField(editable=False, null=True, verbose_name='the waiting time ends at')),
                        ('done_at', models.DateTimeField(editable=False, null=True, verbose_name='done at')),
                    ],
                    options={
                        'verbose_name': 'request to reset two-step verification',
                        'verbose_name_plural': 'requests to reset two-step verification',
                        'ordering': ['-asked_at', '-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['approved', 'asked', 'checked', 'done', 'refused', 'stopped'])), name='factor_reset_status'), models.UniqueConstraint(condition=models.Q(('status__in', ('asked', 'checked', 'approved'))), fields=('user',), name='factor_reset_one_open')],
                    },
                ),
                migrations.CreateModel(
                    name='SignIn',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sign_ins', to=settings.AUTH_USER_MODEL)),
                        ('at', models.DateTimeField(auto_now_add=True, db_index=True, verbose_name='at')),
                        ('ip', models.GenericIPAddressField(null=True, verbose_name='address')),
                        ('user_agent', models.CharField(blank=True, max_length=200, verbose_name='browser')),
                        ('method', models.CharField(blank=True, choices=[('password', 'password'), ('app', 'password and authenticator app'), ('recovery_code', 'password and recovery code'), ('security_key', 'password and security key'), ('passkey', 'passkey'), ('mailed_code', 'code sent by e-mail')], max_length=20, verbose_name='method')),
                    ],
                    options={
                        'verbose_name': 'sign-in',
                        'verbose_name_plural': 'sign-ins',
                        'ordering': ['-at', '-pk'],
                    },
                ),
            ],
        ),
    ]
