from django.db import migrations, models

GUARD = """
CREATE FUNCTION petitions_closing_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('outcry.closing', true) IS NOT DISTINCT FROM OLD.id::text THEN
        RETURN NEW;
    END IF;
    IF OLD.closes_at <= clock_timestamp() THEN
        RAISE EXCEPTION 'When a petition closed does not change: it is opened again by its campaign.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.closes_at <= clock_timestamp() THEN
        RAISE EXCEPTION 'A petition is not closed in the past.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER closing_stays BEFORE UPDATE OF closes_at ON petitions_petition
FOR EACH ROW WHEN (OLD.closes_at IS DISTINCT FROM NEW.closes_at) EXECUTE FUNCTION petitions_closing_guard();
"""
UNDO = "DROP FUNCTION petitions_closing_guard() CASCADE"
HELP = 'Once closed it stays: how long we know who signed counts from here. To open it again, set the campaign live again.'


class Migration(migrations.Migration):
    """How long we know who signed counts from the closing: nobody moves that by hand (petitions/closing.py)."""

    dependencies = [("petitions", "0012_guard_decisions")]
    operations = [
        migrations.AlterField(
            model_name=name, name='closes_at',
            field=models.DateTimeField(blank=True, help_text=HELP, null=True, verbose_name='closes'),
        )
        for name in ('petition', 'historicalpetition')
    ] + [migrations.RunSQL(GUARD, UNDO)]
