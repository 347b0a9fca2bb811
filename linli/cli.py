"""The `linli` command. Each app brings its own subcommands; this file only lists them."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")

import click
import django

django.setup()

from linli.ballots.commands import recount  # noqa: E402
from linli.bench.commands import bench  # noqa: E402
from linli.coverage.commands import coverage  # noqa: E402
from linli.demo.commands import demo  # noqa: E402
from linli.figures.commands import rates  # noqa: E402
from linli.intake.commands import import_  # noqa: E402
from linli.journal.commands import journal  # noqa: E402
from linli.letters.commands import letters  # noqa: E402
from linli.people.commands import people  # noqa: E402
from linli.places.commands import places  # noqa: E402
from linli.playbook.commands import playbook  # noqa: E402
from linli.proofs.commands import prove  # noqa: E402
from linli.reach.commands import reach  # noqa: E402
from linli.rota.commands import rota  # noqa: E402
from linli.site.commands import check, serve, worker  # noqa: E402
from linli.triage.commands import triage  # noqa: E402
from linli.vault.commands import vault  # noqa: E402
from linli.web.commands import i18n  # noqa: E402


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Linli 邻里: what people say reaches the nearest people who can act."""


main.add_command(i18n)
main.add_command(bench)
main.add_command(coverage)
main.add_command(demo)
main.add_command(import_)
main.add_command(journal)
main.add_command(letters)
main.add_command(people)
main.add_command(places)
main.add_command(playbook)
main.add_command(prove)
main.add_command(rates)
main.add_command(reach)
main.add_command(recount)
main.add_command(rota)
main.add_command(check)
main.add_command(serve)
main.add_command(triage)
main.add_command(vault)
main.add_command(worker)
