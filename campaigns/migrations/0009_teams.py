from django.conf import settings
from django.db import migrations, models

# Nothing is lost: whoever is on the staff now goes on seeing every campaign that there is now.
EVERYBODY_ON_EVERYTHING = """
INSERT INTO campaigns_campaign_team (campaign_id, user_id)
SELECT campaigns_campaign.id, accounts_user.id FROM campaigns_campaign CROSS JOIN accounts_user
WHERE accounts_user.is_staff AND accounts_user.is_active;
"""
# A release that doesn't know this table deletes drafts and accounts too.
WITH_THEM = """
ALTER TABLE campaigns_campaign_team
    ADD CONSTRAINT team_of_a_campaign
    FOREIGN KEY (campaign_id) REFERENCES campaigns_campaign (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT team_of_accounts
    FOREIGN KEY (user_id) REFERENCES accounts_user (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    safe_because = "the table is new, and has a row for each campaign and each of the staff"

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("campaigns", "0008_switches"),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="team",
            field=models.ManyToManyField(
                blank=True,
                db_constraint=False,
                help_text='Only they and the administrators see it here, each as far as their roles go.',
                related_name="campaigns",
                to=settings.AUTH_USER_MODEL,
                verbose_name="team",
            ),
        ),
        migrations.RunSQL(EVERYBODY_ON_EVERYTHING, migrations.RunSQL.noop),
        migrations.RunSQL(WITH_THEM, migrations.RunSQL.noop),
    ]
