import common.records.models
import common.schema.operations
import django.contrib.postgres.functions
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from common.schema.operations import run_file
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('common', '0001_functions'),
        ('accounts', '__first__'),
    ]

    operations = [
        common.schema.operations.CreateTables(
            tables=[
                migrations.CreateModel(
                    name='ClusterOffset',
                    fields=[
                        ('identity', models.CharField(max_length=60, primary_key=True, serialize=False, verbose_name='cluster, timeline and database')),
                        ('first', models.BigIntegerField(unique=True, verbose_name='numbers begin above')),
                        ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='since')),
                    ],
                    options={
                        'verbose_name': 'cluster of the change log',
                        'verbose_name_plural': 'clusters of the change log',
                    },
                ),
            ],
        ),
        run_file("common/records/change_log.sql"),
        common.schema.operations.CreateTables(
            tables=[
                migrations.CreateModel(
                    name='StatusChange',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('record_kind', models.CharField(max_length=60, verbose_name='kind of record')),
                        ('record_id', models.BigIntegerField(verbose_name='record')),
                        ('move', models.CharField(max_length=40, verbose_name='move')),
                        ('source', models.CharField(max_length=20, verbose_name='from')),
                        ('target', models.CharField(max_length=20, verbose_name='to')),
                        ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                        ('note', models.TextField(blank=True, verbose_name='reason')),
                        ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                    ],
                    options={
                        'verbose_name': 'status change',
                        'verbose_name_plural': 'status changes',
                        'ordering': ['-at', '-pk'],
                        'indexes': [models.Index(fields=['record_kind', 'record_id', '-at'], name='status_change_record')],
                    },
                ),
                migrations.CreateModel(
                    name='Change',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('create', 'created'), ('update', 'updated'), ('publish', 'published'), ('merge', 'merged'), ('delete', 'removed')], max_length=10, verbose_name='change')),
                        ('record_kind', models.CharField(max_length=60, verbose_name='kind of record')),
                        ('record_id', models.CharField(max_length=40, verbose_name='record')),
                        ('version', models.PositiveIntegerField(verbose_name='version')),
                        ('content_hash', models.CharField(max_length=64, verbose_name='SHA-256 of the content')),
                        ('into', models.CharField(blank=True, max_length=40, verbose_name='merged into')),
                        ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                        ('transaction', common.records.models.TransactionId(db_default=models.Func(function='change_number'), editable=False)),
                    ],
                    options={
                        'verbose_name': 'change',
                        'verbose_name_plural': 'changes',
                        'ordering': ['transaction', 'pk'],
                        'indexes': [models.Index(fields=['transaction', 'id'], name='change_reading_order'), models.Index(fields=['record_kind', 'record_id', 'version'], name='change_record')],
                    },
                ),
                migrations.CreateModel(
                    name='RecordVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('record_kind', models.CharField(max_length=60, verbose_name='kind of record')),
                        ('record_id', models.CharField(max_length=40, verbose_name='record')),
                        ('version', models.PositiveIntegerField(verbose_name='version')),
                        ('kind', models.CharField(choices=[('create', 'created'), ('update', 'updated'), ('publish', 'published'), ('merge', 'merged'), ('delete', 'removed')], max_length=10, verbose_name='change')),
                        ('content', models.JSONField(verbose_name='content')),
                        ('content_hash', models.CharField(max_length=64, verbose_name='SHA-256 of the content')),
                        ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                        ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                    ],
                    options={
                        'verbose_name': 'version of a public record',
                        'verbose_name_plural': 'versions of public records',
                        'ordering': ['-at', '-pk'],
                        'indexes': [models.Index(fields=['-at', '-id'], name='record_version_newest')],
                        'constraints': [models.UniqueConstraint(fields=('record_kind', 'record_id', 'version'), name='record_version_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ServedState',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('record_kind', models.CharField(max_length=60, verbose_name='kind of record')),
                        ('record_id', models.CharField(max_length=40, verbose_name='record')),
                        ('digest', models.CharField(blank=True, max_length=64, verbose_name='SHA-256 of the content')),
                        ('changed_at', models.DateTimeField(null=True, verbose_name='changed at')),
                        ('examined_at', models.DateTimeField(verbose_name='examined at')),
                    ],
                    options={
                        'verbose_name': 'state of a public record',
                        'verbose_name_plural': 'states of public records',
                        'constraints': [models.UniqueConstraint(fields=('record_kind', 'record_id'), name='served_state_once')],
                    },
                ),
                migrations.CreateModel(
                    name='OutgoingMail',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('to', models.EmailField(max_length=254, verbose_name='to')),
                        ('subject', models.CharField(max_length=250, verbose_name='subject')),
                        ('body', models.TextField(verbose_name='text')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                        ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                        ('cause', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='common.statuschange', verbose_name='caused by')),
                        ('not_before', models.DateTimeField(blank=True, null=True, verbose_name='not before')),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                        ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                        ('error', models.CharField(blank=True, max_length=300, verbose_name='last error')),
                        ('digest', models.CharField(blank=True, max_length=10, verbose_name='kept for a digest')),
                        ('unsubscribe', models.CharField(blank=True, max_length=300, verbose_name='unsubscribe link')),
                        ('once', models.BooleanField(default=False, verbose_name='text is deleted once sent')),
                        ('urgent', models.BooleanField(db_default=False, default=False, verbose_name='about the account itself')),
                        ('leased_until', models.DateTimeField(blank=True, null=True, verbose_name='being sent until')),
                        ('leaves_no_trace', models.BooleanField(default=False, verbose_name='row goes when it is sent')),
                        ('reference', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='random part of its Message-ID')),
                        ('inside', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='common.outgoingmail', verbose_name='sent inside')),
                        ('came_back_at', models.DateTimeField(blank=True, null=True, verbose_name='came back at')),
                        ('answer_code', models.CharField(blank=True, db_default='', max_length=11, verbose_name='code of the answer')),
                        ('answer', models.CharField(blank=True, db_default='', max_length=300, verbose_name='answer of the other mail server')),
                    ],
                    options={
                        'verbose_name': 'outgoing e-mail',
                        'verbose_name_plural': 'outgoing e-mail',
                        'ordering': ['-created_at', '-pk'],
                        'indexes': [models.Index(condition=models.Q(('digest', ''), ('sent_at', None)), fields=['-urgent', 'created_at', 'id'], name='mail_waiting'), models.Index(condition=models.Q(('sent_at', None), models.Q(('digest', ''), _negated=True)), fields=['digest', 'to'], name='mail_kept'), models.Index(condition=models.Q(('came_back_at__isnull', False)), fields=['-created_at', '-id'], name='mail_came_back'), models.Index(condition=models.Q(('came_back_at__isnull', False)), fields=['to'], name='mail_came_back_from')],
                    },
                ),
                migrations.CreateModel(
                    name='KeptAnswer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('key', models.CharField(max_length=100)),
                        ('question', models.CharField(max_length=64)),
                        ('status', models.PositiveSmallIntegerField()),
                        ('data', models.JSONField()),
                        ('at', models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        'verbose_name': 'kept answer',
                        'verbose_name_plural': 'kept answers',
                        'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='answer_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ImportJob',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
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
                        ('kind', models.CharField(editable=False, max_length=30, verbose_name='kind')),
                        ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                        ('name', models.CharField(max_length=200, verbose_name='file')),
                        ('file', models.CharField(blank=True, editable=False, max_length=200, verbose_name='stored as')),
                        ('mapping', models.JSONField(blank=True, default=dict, verbose_name='columns')),
                        ('heading', models.PositiveSmallIntegerField(default=1, verbose_name='row that names the columns')),
                        ('encoding', models.CharField(blank=True, max_length=40, verbose_name='converted from')),
                        ('date_order', models.CharField(blank=True, choices=[('dmy', 'day before month'), ('mdy', 'month before day')], max_length=3, verbose_name='order of day and month')),
                        ('readings', models.JSONField(blank=True, default=dict, verbose_name='how the file was read')),
                        ('decisions', models.JSONField(blank=True, default=dict, verbose_name='what was decided about it')),
                        ('mode', models.CharField(choices=[('check', 'Check'), ('import', 'Import'), ('undo', 'Undo')], default='check', max_length=10, verbose_name='task')),
                        ('state', models.CharField(choices=[('new', 'Columns must be chosen'), ('queued', 'Waiting to be processed'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Could not be done'), ('cancelled', 'cancelled')], default='new', max_length=10, verbose_name='state')),
                        ('created', models.PositiveIntegerField(default=0, verbose_name='created')),
                        ('updated', models.PositiveIntegerField(default=0, verbose_name='updated')),
                        ('unchanged', models.PositiveIntegerField(default=0, verbose_name='unchanged')),
                        ('failed', models.PositiveIntegerField(default=0, verbose_name='failed')),
                        ('errors', models.JSONField(blank=True, default=list, verbose_name='errors')),
                        ('as_staff', models.BooleanField(default=False, editable=False, help_text='Whether its person had confirmed their second step.', verbose_name='with the powers of staff')),
                    ],
                    options={
                        'verbose_name': 'import',
                        'verbose_name_plural': 'imports',
                        'ordering': ['-created_at', '-pk'],
                        'indexes': [models.Index(fields=['by', '-created_at'], name='import_of_person')],
                    },
                ),
                migrations.CreateModel(
                    name='ImportedRecord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='records', to='common.importjob')),
                        ('record_kind', models.CharField(max_length=60, verbose_name='kind of record')),
                        ('record_id', models.BigIntegerField(verbose_name='record')),
                        ('is_new', models.BooleanField(verbose_name='created')),
                        ('before', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='before')),
                        ('stamp', models.CharField(max_length=64, verbose_name='SHA-256 of the content')),
                        ('put_back_at', models.DateTimeField(blank=True, null=True, verbose_name='put back at')),
                    ],
                    options={
                        'verbose_name': 'imported record',
                        'verbose_name_plural': 'imported records',
                        'indexes': [models.Index(fields=['record_kind', 'record_id'], name='imported_record')],
                        'constraints': [models.UniqueConstraint(fields=('job', 'record_kind', 'record_id'), name='imported_once_per_job')],
                    },
                ),
            ],
        ),
        run_file("common/records/feed.sql"),
    ]
