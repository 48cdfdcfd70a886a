from __future__ import annotations

from django.db import migrations, models

import campaigns.models.campaign

FIELD = models.CharField(
    blank=True,
    db_default="",
    default="",
    help_text="They come first in the sign form's list, in this order. Two letters each: ES FR MA",
    max_length=60,
    validators=[campaigns.models.campaign.known_countries],
    verbose_name="likely countries",
)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]

    operations = [
        migrations.AddField(model_name="campaign", name="likely_countries", field=FIELD),
        migrations.AddField(model_name="historicalcampaign", name="likely_countries", field=FIELD.clone()),
    ]
