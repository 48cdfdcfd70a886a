from django.db import migrations

GUARD = """
CREATE FUNCTION petitions_text_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM petitions_signature WHERE petition_id = OLD.id) THEN
        RAISE EXCEPTION 'What people have put their name to stays.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER signed_text_stays BEFORE UPDATE OF text ON petitions_petition
FOR EACH ROW WHEN (OLD.text IS DISTINCT FROM NEW.text) EXECUTE FUNCTION petitions_text_guard();
"""
UNDO = "DROP FUNCTION petitions_text_guard() CASCADE"


class Migration(migrations.Migration):
    """The admin keeps the words of a signed petition as they are; so does the database, whichever way they would be changed."""

    dependencies = [("petitions", "0007_rule_of_addresses")]
    operations = [migrations.RunSQL(GUARD, UNDO)]
