from django.db import migrations

# X opens supporters' accounts only. Whoever joins the staff loses the link at once, however that was written.
GUARD = """
CREATE FUNCTION accounts_refuse_x_of_staff() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM accounts_user WHERE id = NEW.user_id AND is_staff FOR SHARE) THEN
        RAISE EXCEPTION 'staff have no X account' USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_have_no_x';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER staff_have_no_x BEFORE INSERT OR UPDATE ON socialaccount_socialaccount
    FOR EACH ROW EXECUTE FUNCTION accounts_refuse_x_of_staff();

CREATE FUNCTION accounts_drop_x_of_staff() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM socialaccount_socialtoken WHERE account_id IN (
        SELECT id FROM socialaccount_socialaccount WHERE user_id = NEW.id);
    DELETE FROM socialaccount_socialaccount WHERE user_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER staff_lose_x AFTER UPDATE OF is_staff ON accounts_user
    FOR EACH ROW WHEN (NEW.is_staff AND NOT OLD.is_staff) EXECUTE FUNCTION accounts_drop_x_of_staff();
"""
UNGUARD = """
DROP TRIGGER staff_lose_x ON accounts_user;
DROP FUNCTION accounts_drop_x_of_staff();
DROP TRIGGER staff_have_no_x ON socialaccount_socialaccount;
DROP FUNCTION accounts_refuse_x_of_staff();
"""


class Migration(migrations.Migration):
    """Stands apart from the first migration because the tables of allauth that it guards refer to our accounts."""

    safe_because = "it belongs to the first release: none came before"
    dependencies = [
        ("accounts", "0001_initial"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
