"""The command line: `python -m chalicelib COMMAND`.

Nothing but click is needed to ask it for help: each command imports what it works with when it is called.
"""

import io
import os
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

OK, USAGE, INTERRUPTED = 0, 2, 130
NAME = "python -m chalicelib"
NO_ENVIRONMENT = (
    "{} is not installed for this Python; make an environment that has all it needs, and use that: "
    "python3 -m venv .venv && .venv/bin/pip install -qr requirements-local.txt && .venv/bin/python -m chalicelib"
)

try:
    import click

    from chalicelib.deploy import commands as deployed
    from chalicelib.errors import RetakeError
    from chalicelib.local import commands as here
    from chalicelib.stage import commands as jobs
except ModuleNotFoundError as outside:
    print(NO_ENVIRONMENT.format(outside.name), file=sys.stderr)
    sys.exit(USAGE)

SECTIONS = {
    "On this machine": (here.run, here.local, here.calibrate),
    "A deployment in your AWS account": (deployed.up, deployed.doctor, deployed.down),
    "Jobs of a deployment": (jobs.send, jobs.list_jobs, jobs.watch, jobs.get, jobs.cancel, jobs.redrive, jobs.gallery),
}


class Sections(click.Group):
    """Lists its commands under the headings of SECTIONS."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(len(name) for name in self.commands)
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                room = formatter.width - width - 6
                formatter.write_dl([(str(one.name).ljust(width), one.get_short_help_str(room)) for one in commands])


def _version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        project = Path(__file__).parent.parent / "pyproject.toml"
        click.echo(f"retake {tomllib.loads(project.read_text(encoding='utf-8'))['project']['version']}")
        ctx.exit()


@click.group(
    cls=Sections,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"`{NAME} COMMAND --help` shows a command's options and an example.",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version and exit."
)
def command_line() -> None:
    """Prompts in, checked images out."""


for section in SECTIONS.values():
    for command in section:
        command_line.add_command(command)


def main(arguments: Sequence[str], session: object = None) -> int:
    """Do what the command says; the exit code. 2 is a usage error, and a setting that is wrong.

    `session` is botocore's, for the commands that deploy; without one it is made as botocore does.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # prompts come in scripts that not every terminal can write
    if sys.stdin is None:  # closed, as a job of cron may have it: nobody answers, and no prompt comes
        sys.stdin = io.TextIOWrapper(io.BytesIO())
    if sys.stdout is None:  # likewise: nobody reads
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - until the process ends
    try:
        code = command_line.main(list(arguments), NAME, standalone_mode=False, obj=session)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except RetakeError as error:
        print(error, file=sys.stderr)
        return USAGE
    except click.Abort:
        return INTERRUPTED
    except ModuleNotFoundError as missing:  # an environment that was made for something else
        if missing.name is None or missing.name.partition(".")[0] in ("app", "chalicelib"):
            raise
        print(NO_ENVIRONMENT.format(missing.name), file=sys.stderr)
        return USAGE
    return code if isinstance(code, int) else OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
