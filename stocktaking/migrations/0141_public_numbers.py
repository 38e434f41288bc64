from django.conf import settings
from django.db import migrations, models


# The number is written with the first save, whoever makes it (form, import, bulk or SQL), from the
# year of that moment and the id. It never changes afterwards, whatever the year becomes.
NUMBERS = """
UPDATE stocktaking_project SET number = 'WSIS-' || year || '-' || CASE WHEN id < 1000000 THEN lpad(id::text, 6, '0') ELSE id::text END;
CREATE FUNCTION project_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.number := 'WSIS-'
        || CASE WHEN NEW.year > 0 THEN NEW.year::int ELSE extract(year FROM now())::int END
        || '-' || CASE WHEN NEW.id < 1000000 THEN lpad(NEW.id::text, 6, '0') ELSE NEW.id::text END;
    RETURN NEW;
END $$;
CREATE FUNCTION project_number_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The number % of a project never changes.', OLD.number
        USING ERRCODE = 'check_violation', CONSTRAINT = 'project_number_stays';
END $$;
CREATE TRIGGER project_number_new BEFORE INSERT ON stocktaking_project
FOR EACH ROW EXECUTE FUNCTION project_number();
CREATE TRIGGER project_number_changed BEFORE UPDATE ON stocktaking_project
FOR EACH ROW WHEN (OLD.number IS DISTINCT FROM NEW.number AND OLD.number <> '')
EXECUTE FUNCTION project_number_stays();
"""
NO_NUMBERS = """
DROP TRIGGER project_number_changed ON stocktaking_project;
DROP TRIGGER project_number_new ON stocktaking_project;
DROP FUNCTION project_number_stays();
DROP FUNCTION project_number();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('reference', '0001_initial'),
        ('stocktaking', '0140_identity_of_organizations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='project',
            name='number',
            field=models.CharField(db_default=models.Value(''), editable=False, max_length=24, verbose_name='number'),
        ),
        migrations.RunSQL(NUMBERS, NO_NUMBERS),
        migrations.AlterField(
            model_name='project',
            name='number',
            field=models.CharField(db_default=models.Value(''), editable=False, max_length=24, unique=True, verbose_name='number'),
        ),
    ]
