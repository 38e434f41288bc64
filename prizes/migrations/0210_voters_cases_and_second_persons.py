# The voters and cases of a ballot, and what two people decide about it.

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('common', '0200_feed_by_triggers'),
        ('prizes', '0200_records_in_the_feed'),
        ('stocktaking', '0190_organizations_in_readers_order'),
    ]

    operations = [
        migrations.DeleteModel(
            name='Strike',
        ),
        migrations.AddField(
            model_name='chainhead',
            name='voting_closes_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='end of the vote when the chain began'),
        ),
        migrations.AddField(
            model_name='contest',
            name='officials_barred',
            field=models.BooleanField(default=True, verbose_name='the secretariat and the experts of the panels do not vote'),
        ),
        migrations.AlterField(
            model_name='ballotevent',
            name='at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), help_text='The full hour: an exact time could be joined with records of visits.', verbose_name='hour'),
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
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stocktaking.organisation', verbose_name='organization')),
                ('until', models.DateTimeField(verbose_name='until')),
            ],
            options={
                'verbose_name': 'former organization of a member',
                'verbose_name_plural': 'former organizations of members',
                'ordering': ['-until', '-pk'],
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
            name='Removal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='removals', to='prizes.entry', verbose_name='entry')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                ('reached', models.BigIntegerField(default=0, verbose_name='last account looked at')),
                ('told', models.PositiveIntegerField(default=0, verbose_name='voters told')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='all were told at')),
            ],
            options={
                'verbose_name': 'removal of a nominee',
                'verbose_name_plural': 'removals of nominees',
                'ordering': ['-at', '-pk'],
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
            name='Strike',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='strikes', to='prizes.ballotevent', verbose_name='vote')),
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
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('confirmed_by', models.F('proposed_by')), _negated=True), ('confirmed_by', None), _connector='OR'), name='strike_by_two', violation_error_message='A second person must confirm.'), models.CheckConstraint(condition=models.Q(('confirmed_at', None), ('dismissed_at', None), _connector='OR'), name='strike_ends_once')],
            },
        ),
    ]
