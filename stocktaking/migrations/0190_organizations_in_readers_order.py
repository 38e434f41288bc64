"""Organizations sort as a reader expects, and are found whatever their accents."""

import common.collation
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0190_names_in_readers_order'),
        ('reference', '0190_countries_in_readers_order'),
        ('stocktaking', '0170_import_as_staff'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='organisation',
            options={'ordering': [common.collation.InReadersOrder('name'), 'pk'], 'verbose_name': 'organization', 'verbose_name_plural': 'organizations'},
        ),
        migrations.RemoveIndex(
            model_name='organisation',
            name='organisation_order',
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(common.collation.SortKey('name', 'ar'), models.F('id'), name='organisation_order_ar'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(common.collation.SortKey('name', 'zh-hans'), models.F('id'), name='organisation_order_zh_hans'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(common.collation.SortKey('name', 'en'), models.F('id'), name='organisation_order_en'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(common.collation.SortKey('name', 'fr'), models.F('id'), name='organisation_order_fr'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(common.collation.SortKey('name', 'ru'), models.F('id'), name='organisation_order_ru'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(common.collation.SortKey('name', 'es'), models.F('id'), name='organisation_order_es'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(common.collation.Folded('known_as'), name='gin_trgm_ops'), name='organisation_names_folded'),
        ),
    ]
