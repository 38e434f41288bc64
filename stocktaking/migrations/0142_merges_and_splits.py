import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reference', '0001_initial'),
        ('stocktaking', '0141_public_numbers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Restructuring',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('merge', 'Merge'), ('split', 'Split')], max_length=5, verbose_name='kind')),
                ('kept_name', models.CharField(max_length=250, verbose_name='its name then')),
                ('other_name', models.CharField(max_length=250, verbose_name='name of the other then')),
                ('is_new', models.BooleanField(default=False, verbose_name='the other was made by it')),
                ('rows', models.JSONField(default=dict, verbose_name='what went over')),
                ('before', models.JSONField(default=dict, verbose_name='what the organization said before')),
                ('after', models.JSONField(default=dict, verbose_name='what it said then')),
                ('other_before', models.JSONField(default=dict, verbose_name='what the other said before')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                ('undone_at', models.DateTimeField(null=True, verbose_name='undone at')),
            ],
            options={
                'verbose_name': 'merge or split of organizations',
                'verbose_name_plural': 'merges and splits of organizations',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='restructuring',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='restructuring',
            name='kept',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='stocktaking.organisation', verbose_name='organization'),
        ),
        migrations.AddField(
            model_name='restructuring',
            name='other',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='stocktaking.organisation', verbose_name='other organization'),
        ),
        migrations.AddField(
            model_name='restructuring',
            name='undone_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='undone by'),
        ),
        migrations.RemoveField(
            model_name='merge',
            name='follows',
        ),
        migrations.AddField(
            model_name='merge',
            name='rows',
            field=models.JSONField(default=dict, verbose_name='what went over'),
        ),
    ]
