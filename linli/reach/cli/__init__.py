"""The subcommands of `linli reach`; each file is imported when one of its commands is run."""
