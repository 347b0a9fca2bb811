"""The `linli` command. Each app brings its own subcommands; this file only lists them."""

import os
from importlib import import_module

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")

import click
import django

# name → module and attribute. One that is called is loaded, the others are not.
COMMANDS = {
    "bench": "linli.bench.commands:bench",
    "check": "linli.site.commands:check",
    "coverage": "linli.coverage.commands:coverage",
    "demo": "linli.demo.commands:demo",
    "i18n": "linli.web.commands:i18n",
    "import": "linli.intake.commands:import_",
    "journal": "linli.journal.commands:journal",
    "letters": "linli.letters.commands:letters",
    "people": "linli.people.commands:people",
    "places": "linli.places.commands:places",
    "playbook": "linli.playbook.commands:playbook",
    "prove": "linli.proofs.commands:prove",
    "rates": "linli.figures.commands:rates",
    "reach": "linli.reach.commands:reach",
    "recount": "linli.ballots.commands:recount",
    "retention": "linli.site.commands:retain",
    "rota": "linli.rota.commands:rota",
    "serve": "linli.site.serving:serve",
    "travel": "linli.travel.commands:travel",
    "triage": "linli.triage.commands:triage",
    "vault": "linli.vault.commands:vault",
    "worker": "linli.site.commands:worker",
}
WITHOUT_DJANGO = {"recount", "reach", "serve", "triage"}


class Commands(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        if cmd_name not in WITHOUT_DJANGO:
            django.setup()
        module, _colon, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Linli 邻里: what people say reaches the nearest people who can act."""
