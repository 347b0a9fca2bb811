from django.db import migrations, models


def whose(apps, schema_editor):
    """The person of the card."""
    Stars, Card = (apps.get_model("points", name) for name in ("Stars", "Card"))
    card = Card.objects.filter(pk=models.OuterRef("card")).values("user")
    Stars.objects.update(user=models.Subquery(card))


class Migration(migrations.Migration):

    dependencies = [("points", "0003_stars_are_the_persons")]

    operations = [migrations.RunPython(whose, migrations.RunPython.noop)]
