"""The ledger only grows, and a balance is the sum of its entries."""

from django.db import migrations

from linli.points import guards


def forwards(apps, schema_editor):
    guards.put_up_without_totals(schema_editor.connection)


def backwards(apps, schema_editor):
    guards.take_down(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("points", "0001_initial"), ("journal", "0002_only_grows")]
    operations = [migrations.RunPython(forwards, backwards)]
