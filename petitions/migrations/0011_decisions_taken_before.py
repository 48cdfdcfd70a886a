from django.db import migrations
from django.db.models import F
from django.db.models.functions import Greatest

VERDICTS = """
INSERT INTO petitions_verdict (petition_id, address_hash, hash_version, review, decision_id)
SELECT DISTINCT ON (petition_id, address_hash) petition_id, address_hash, hash_version, review, decision_id
FROM petitions_signature
WHERE decision_id IS NOT NULL AND confirmed_at IS NOT NULL AND address_hash IS NOT NULL AND review = 'removed'
ON CONFLICT DO NOTHING
"""


def carry_over(apps, schema_editor):
    """What people set aside before is not told from what a machine did: one person may release it."""
    Decision, Signature = apps.get_model("petitions", "Decision"), apps.get_model("petitions", "Signature")
    through = Decision.signatures.through
    Decision.objects.filter(reason="review").update(kind="quarantine", reason="")
    Decision.objects.exclude(decided_at=None).update(outcome="done")
    for decision in Decision.objects.filter(kind="remove"):
        rows = Signature.objects.filter(decision=decision)
        keys = list(rows.values_list("pk", flat=True))
        through.objects.bulk_create([through(decision=decision, signature_id=key) for key in keys], batch_size=5_000)
        if decision.outcome == "done":
            Decision.objects.filter(pk=decision.pk).update(restored=Greatest(F("number") - len(keys), 0))
    Signature.objects.filter(decision__outcome="waiting").update(decision=None)
    Signature.objects.filter(review="none").update(decision=None)
    schema_editor.execute(VERDICTS)


def carry_back(apps, schema_editor):
    Decision, Signature = apps.get_model("petitions", "Decision"), apps.get_model("petitions", "Signature")
    apps.get_model("petitions", "Verdict").objects.all().delete()
    Signature.objects.filter(decision__kind="quarantine").update(decision=None)
    for decision in Decision.objects.filter(outcome="waiting", kind="remove"):
        Signature.objects.filter(decisions=decision, decision=None).update(decision=decision)
    Decision.objects.exclude(kind__in=["remove", "quarantine"]).delete()
    Decision.objects.exclude(outcome__in=["waiting", "done"]).delete()
    Decision.objects.filter(kind="quarantine", outcome="waiting").delete()
    Decision.objects.filter(kind="quarantine").update(reason="review")


class Migration(migrations.Migration):
    """In a transaction of its own: PostgreSQL changes no table whose rows have just been written."""

    dependencies = [("petitions", "0010_decisions")]
    operations = [migrations.RunPython(carry_over, carry_back)]
