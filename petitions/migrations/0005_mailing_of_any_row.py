import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('petitions', '0004_second_review')]
    operations = [
        migrations.RenameField('mailing', 'signature', 'row'),
        migrations.AlterField(
            'mailing', 'petition',
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='petitions.petition'),
        ),
    ]
