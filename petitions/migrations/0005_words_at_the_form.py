from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("petitions", "0004_keys_without_indexes")]

    operations = [
        migrations.AddField(
            model_name="signature",
            name="form_text",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="petitions.consenttext",
            ),
        ),
    ]
