from django.db import migrations

GUARD = """
CREATE FUNCTION campaigns_launch_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A campaign that was launched stays launched.' USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER launch_stays BEFORE UPDATE OF launched_at ON campaigns_campaign
FOR EACH ROW WHEN (OLD.launched_at IS NOT NULL AND NEW.launched_at IS NULL) EXECUTE FUNCTION campaigns_launch_guard();
"""
UNDO = "DROP FUNCTION campaigns_launch_guard() CASCADE"


class Migration(migrations.Migration):
    """What hangs on the launch (the address that stays, a safety level that only rises) can't be got rid of by undoing it."""

    dependencies = [("campaigns", "0006_rule_of_addresses")]
    operations = [migrations.RunSQL(GUARD, UNDO)]
