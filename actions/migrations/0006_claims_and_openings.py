from django.db import migrations, models

# The first of those that are one from now on; all of them were tallied, or will be as one.
ONE_OPENING = """
DELETE FROM actions_opening AS late USING actions_opening AS first
WHERE late.action_id = first.action_id AND late.client_hash = first.client_hash AND late.minute = first.minute AND late.id > first.id
"""
ONE_CLAIM = """
DELETE FROM actions_linkedpost AS late USING actions_linkedpost AS first
WHERE late.network = first.network AND late.post_id = first.post_id AND late.id > first.id
"""


class Migration(migrations.Migration):
    dependencies = [("actions", "0005_languages")]

    operations = [
        migrations.RunSQL(ONE_OPENING, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="opening", name="one_opening_a_minute"),
        migrations.AddConstraint(
            model_name="opening",
            constraint=models.UniqueConstraint(fields=("action", "client_hash", "minute"), name="one_opening_a_minute"),
        ),
        migrations.RemoveConstraint(model_name="linkedpost", name="one_link_per_post"),
        migrations.RunSQL(migrations.RunSQL.noop, ONE_CLAIM),
        migrations.AddConstraint(
            model_name="linkedpost",
            constraint=models.UniqueConstraint(fields=("action", "network", "post_id"), name="one_link_per_action_and_post"),
        ),
    ]
