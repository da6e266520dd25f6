"""The table of the record."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One table, read by number and by the two organisations that an entry speaks of."""

    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.CharField(max_length=32)),
                ("person", models.BigIntegerField(null=True)),
                ("who", models.CharField(max_length=200)),
                ("acting_for", models.CharField(db_index=True, max_length=40)),
                ("about", models.CharField(db_index=True, max_length=40)),
                ("action", models.CharField(max_length=40)),
                ("detail", models.TextField()),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={"ordering": ["-number"]},
        ),
    ]
