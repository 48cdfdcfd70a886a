from django.db import migrations, models

GUARD = """
CREATE FUNCTION petitions_decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A decision that was carried out stays on record.' USING ERRCODE = 'check_violation';
    END IF;
    IF to_jsonb(OLD) - 'restored' IS DISTINCT FROM to_jsonb(NEW) - 'restored' THEN
        RAISE EXCEPTION 'A decision is taken once.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER decision_is_taken_once BEFORE UPDATE ON petitions_decision
FOR EACH ROW WHEN (OLD.outcome <> 'waiting') EXECUTE FUNCTION petitions_decision_guard();

CREATE TRIGGER decision_stays BEFORE DELETE ON petitions_decision
FOR EACH ROW WHEN (OLD.outcome = 'done') EXECUTE FUNCTION petitions_decision_guard();
"""
UNDO = "DROP FUNCTION petitions_decision_guard() CASCADE"
Q = models.Q


class Migration(migrations.Migration):
    """Who may decide, and that it is decided once."""

    dependencies = [("petitions", "0011_decisions_taken_before")]
    operations = [
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=Q(('kind', 'remove'), ('reason__in', ['automated', 'duplicate', 'impostor', 'abuse'])) | Q(('kind__in', ['quarantine', 'restore', 'release']), ('reason', '')), name='removal_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(
                condition=Q(('decided_by__isnull', True), ('outcome__in', ['waiting', 'expired']))
                | Q(('decided_by', models.F('asked_by')), ('outcome', 'withdrawn'))
                | Q(('decided_by__isnull', False), ('outcome', 'declined')) & ~Q(('decided_by', models.F('asked_by')))
                | Q(('outcome', 'done')) & (Q(('decided_by__isnull', True)) | ~Q(('decided_by', models.F('asked_by')))),
                name='decision_needs_another_person',
            ),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=Q(('decided_at__isnull', True), ('outcome', 'waiting')) | Q(('decided_at__isnull', False), ('outcome__in', ['done', 'declined', 'withdrawn', 'expired'])), name='decision_has_a_time'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=~Q(('outcome', 'declined')) | ~Q(('answer', '')), name='declined_decision_says_why'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=Q(('restored__lte', models.F('number'))), name='no_more_put_back_than_taken_out'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.CheckConstraint(condition=Q(('decision__isnull', True)) | ~Q(('review', 'none')), name='decided_signature_is_out'),
        ),
        migrations.RunSQL(GUARD, UNDO),
    ]
