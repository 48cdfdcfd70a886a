from django.db import migrations

BATCH = 1_000


def offer(apps, schema_editor):
    """Whoever agreed before there was a page has not been read by anybody either. What is confirmed beside it, by the release before,
    is offered within the hour (petitions/voices.py: catch_up)."""
    agreed = apps.get_model("petitions", "Signature").objects.exclude(show_name_at=None).filter(voice=None)
    voice, rows = apps.get_model("petitions", "Voice"), []
    for signature in agreed.only("pk", "petition_id", "comment").iterator(BATCH):
        if signature.comment:
            rows.append(voice(signature=signature, petition_id=signature.petition_id))
        if len(rows) >= BATCH:
            voice.objects.bulk_create(rows, ignore_conflicts=True)
            rows.clear()
    voice.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    atomic = False
    safe_because = "it fills a table that the release before neither reads nor writes, and may be run again"
    dependencies = [("petitions", "0007_voices")]
    operations = [migrations.RunPython(offer, migrations.RunPython.noop, elidable=True)]
