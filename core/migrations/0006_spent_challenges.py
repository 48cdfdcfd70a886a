
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_no_client_keys'),
    ]

    operations = [
        migrations.CreateModel(
            name='SpentChallenge',
            fields=[
                ('id', models.CharField(max_length=22, primary_key=True, serialize=False)),
                ('spent_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
    ]
