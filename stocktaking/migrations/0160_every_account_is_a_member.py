"""Every account has a member's profile, whoever opens it: a page, the admin, a command.

The trigger is deferred to the end of the transaction, so that whoever opens an account with a
profile of its own may write it first.
"""

from django.db import migrations

import common.addresses

MAKE = """
CREATE FUNCTION account_is_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stocktaking_member (user_id, languages, bio, listed, wants_news, created_at)
    SELECT NEW.id, '{}', '', false, false, NEW.date_joined
    WHERE EXISTS (SELECT 1 FROM accounts_user WHERE id = NEW.id)
    ON CONFLICT (user_id) DO NOTHING;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER account_is_member AFTER INSERT ON accounts_user
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION account_is_member();
INSERT INTO stocktaking_member (user_id, languages, bio, listed, wants_news, created_at)
SELECT id, '{}', '', false, false, date_joined FROM accounts_user
ON CONFLICT (user_id) DO NOTHING;
"""
UNMAKE = """
DROP TRIGGER account_is_member ON accounts_user;
DROP FUNCTION account_is_member();
"""


class Migration(migrations.Migration):
    dependencies = [("stocktaking", "0150_how_sheets_are_read"), ("accounts", "0160_one_spelling_of_addresses_and_lost_factors")]

    operations = [
        migrations.AlterField(
            model_name="coeditor",
            name="email",
            field=common.addresses.AddressField(max_length=254, verbose_name="invited address"),
        ),
        migrations.RunSQL(MAKE, UNMAKE),
    ]
