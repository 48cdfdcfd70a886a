from django.db import migrations

# The same lock as in accounts/administrators.py: of two that go at once the second one sees that the first has gone.
GUARD = """
CREATE FUNCTION accounts_keep_an_administrator() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('administrators'));
    IF NOT EXISTS (SELECT FROM accounts_user WHERE is_superuser AND is_active) THEN
        RAISE EXCEPTION 'the only administrator stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'an_administrator_stays';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER an_administrator_stays AFTER UPDATE OF is_superuser, is_active ON accounts_user
    FOR EACH ROW WHEN (OLD.is_superuser AND OLD.is_active AND NOT (NEW.is_superuser AND NEW.is_active))
    EXECUTE FUNCTION accounts_keep_an_administrator();
CREATE TRIGGER an_administrator_is_not_deleted AFTER DELETE ON accounts_user
    FOR EACH ROW WHEN (OLD.is_superuser AND OLD.is_active) EXECUTE FUNCTION accounts_keep_an_administrator();
"""
UNGUARD = "DROP FUNCTION accounts_keep_an_administrator() CASCADE;"


class Migration(migrations.Migration):
    safe_because = "it refuses only that the last administrator goes, which the form has refused before"
    dependencies = [("accounts", "0002_x_opens_no_staff_account")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
