import linli.files.models
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Photo',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sha256', models.CharField(max_length=64)),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('size', models.PositiveIntegerField()),
                ('claimed', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=linli.files.models.this_hour)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('claimed', False)), fields=['created_at'], name='photo_unclaimed'), models.Index(fields=['sha256'], name='photo_sha256')],
                'constraints': [models.CheckConstraint(condition=models.Q(('height__gt', 0), ('size__gt', 0), ('width__gt', 0)), name='photo_has_size')],
            },
        ),
    ]
