"""What somebody read cannot be rewritten; old lines may only be deleted, by the retention job."""

from django.db import migrations

from linli.journal import guards


def forwards(apps, schema_editor):
    guards.put_up(schema_editor.connection, "vault_readlog", verbs=["UPDATE"])


def backwards(apps, schema_editor):
    guards.take_down(schema_editor.connection, "vault_readlog")


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial"), ("journal", "0002_only_grows")]
    operations = [migrations.RunPython(forwards, backwards)]
