from django.db import migrations

FORGET = """
DELETE FROM actions_tweet;
UPDATE actions_target SET committed_id = NULL;
UPDATE actions_trackingquery SET committed_id = NULL;
"""


class Migration(migrations.Migration):
    """Collected posts belong to an action from now on. They are copies: what still stands at X is simply collected again."""

    dependencies = [("actions", "0002_review")]
    operations = [migrations.RunSQL(FORGET, migrations.RunSQL.noop)]
