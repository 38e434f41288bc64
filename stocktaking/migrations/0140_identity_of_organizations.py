import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("stocktaking", "0130_sounds_and_initials"), ('reference', '0001_initial'), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.RemoveConstraint(
            model_name='organisation',
            name='organisation_name_once',
        ),
        migrations.AddField(
            model_name='organisation',
            name='international',
            field=models.BooleanField(default=False, help_text='It belongs to no country: leave the country empty.', verbose_name='international'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='ror',
            field=models.CharField(blank=True, default='', help_text='Identifier of the Research Organization Registry, such as 03yrm5c26.', max_length=60, verbose_name='ROR'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='wikidata',
            field=models.CharField(blank=True, default='', help_text='Identifier of its item, such as Q33150.', max_length=60, verbose_name='Wikidata'),
        ),
        migrations.AddField(
            model_name='project',
            name='organisation_country',
            field=models.ForeignKey(blank=True, help_text='Only if it is not the country of the project.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reference.country', verbose_name='country of the organization'),
        ),
        migrations.AlterField(
            model_name='organisation',
            name='country',
            field=models.ForeignKey(blank=True, limit_choices_to=models.Q(('code', 'INTL'), _negated=True), null=True, on_delete=django.db.models.deletion.PROTECT, related_name='organisations', to='reference.country', verbose_name='country'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('name'), django.db.models.functions.comparison.Coalesce('country', models.Value(''), output_field=models.CharField()), name='organisation_name_and_country_once', violation_error_message='An organization of this name is already listed in this country.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(('successor', None), models.Q(('ror', ''), _negated=True)), fields=('ror',), name='organisation_ror_once', violation_error_message='Another organization has this identifier.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(('successor', None), models.Q(('wikidata', ''), _negated=True)), fields=('wikidata',), name='organisation_wikidata_once', violation_error_message='Another organization has this identifier.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('international', False), ('country', None), _connector='OR'), name='organisation_international_without_country', violation_error_message='An international organization has no country: leave the country empty.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('country', None), models.Q(('country', 'INTL'), _negated=True), _connector='OR'), name='organisation_country_is_one'),
        ),
    ]
