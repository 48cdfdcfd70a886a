from django.db import migrations

GUARD = """
CREATE FUNCTION petitions_signature_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A confirmed signature is never deleted: withdraw or blank it.' USING ERRCODE = 'check_violation';
    END IF;
    RAISE EXCEPTION 'Petition, country and time of a confirmed signature never change.' USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER signature_facts_stay BEFORE UPDATE OF petition_id, country, confirmed_at ON petitions_signature
FOR EACH ROW WHEN (
    OLD.confirmed_at IS NOT NULL
    AND (OLD.petition_id, OLD.country, OLD.confirmed_at) IS DISTINCT FROM (NEW.petition_id, NEW.country, NEW.confirmed_at)
) EXECUTE FUNCTION petitions_signature_guard();

CREATE TRIGGER confirmed_signature_stays BEFORE DELETE ON petitions_signature
FOR EACH ROW WHEN (OLD.confirmed_at IS NOT NULL OR OLD.counted) EXECUTE FUNCTION petitions_signature_guard();
"""
UNDO = "DROP FUNCTION petitions_signature_guard() CASCADE"


class Migration(migrations.Migration):
    """The tally adds by petition, country and time of confirmation: what it has added must stay where it is."""

    dependencies = [("petitions", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNDO)]
