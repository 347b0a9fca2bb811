"""Two live bookings of one room never overlap."""

from django.db import migrations

from linli.facilities import exclusion


def forwards(apps, schema_editor):
    exclusion.put_up(schema_editor.connection)


def backwards(apps, schema_editor):
    exclusion.take_down(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("facilities", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
