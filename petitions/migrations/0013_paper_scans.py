import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0012_paper"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="reveal",
            name="kind",
            field=models.CharField(
                choices=[("signature", "signature"), ("sheet", "sheet of paper")],
                db_default="signature",
                default="signature",
                max_length=12,
                verbose_name="what",
            ),
        ),
        migrations.CreateModel(
            name="PaperScan",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("content", models.BinaryField()),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "added_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="scans", to="petitions.paperbatch"
                    ),
                ),
            ],
            options={
                "ordering": ["added_at", "pk"],
                "permissions": [("open_paperscan", "Can open pictures of sheets that were signed on paper")],
                "default_permissions": ("add", "delete"),
            },
        ),
    ]
